/* Versions 2, 4 and 6: bytes to events. Layouts: binary.md section 3.
 *
 * A message has no length field, and the server sends each of its fields by itself, so a large one
 * may arrive in tens of thousands of pieces. Therefore a message is first skimmed along its layout,
 * going on where it stopped when more bytes have come, and is read once, when it is whole. Nothing
 * is allocated before that. */
#include "cursor.h"
#include "wire_codecs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TAG_BYTES = 4, BEFORE_OUTPUT = TAG_BYTES + 8, EXCEPTION_FIELD_LIMIT = 64 };

struct reader {
    struct cursor cursor;
    struct arena *arena;
    int version;
};

struct message {
    char tag[TAG_BYTES + 1];
    int first_version, last_version;
    /* i integer, s text, o object, k frame kind with what it brings along;
     * F V C X count of frames, variables, children, fields of an exception;
     * (…) so many times as the counts since the last list say */
    const char *layout;
    void (*read)(struct reader *reader, struct wire_event *event); /* NULL: a chore, no event */
    enum wire_event_type type;
};

/* ---- values of all messages ---------------------------------------------------------------------
 */

static int64_t read_int(struct reader *reader) {
    return cursor_int(&reader->cursor);
}

/* For texts that are never None in a sane message. */
static const char *read_text(struct reader *reader) {
    const char *text = cursor_text(&reader->cursor, reader->arena);
    return text ? text : "";
}

static const char *read_text_or_none(struct reader *reader) {
    return cursor_text(&reader->cursor, reader->arena);
}

/* A number that the bridge chose and the server gives back. */
static int32_t read_id(struct reader *reader) {
    int64_t id = read_int(reader);
    if (id >= INT32_MIN && id <= INT32_MAX)
        return (int32_t)id;
    reader->cursor.bad = "an id is none of ours";
    return 0;
}

/* The skim has compared it with the limit. */
static size_t read_count(struct reader *reader) {
    return (size_t)read_int(reader);
}

static void read_object(struct reader *reader, struct wire_object *object) {
    object->repr = read_text_or_none(reader);
    object->hex = read_text_or_none(reader);
    object->type = read_text(reader);
    if (reader->version >= 4) {
        object->length = read_int(reader);
        object->flags = (unsigned)read_int(reader);
    } else {
        object->flags = read_int(reader) ? WIRE_EXPANDABLE : 0;
    }
}

/* Locals, and version 2's children. */
static struct wire_variable *read_variables(struct reader *reader, size_t count) {
    struct wire_variable *variables = arena_alloc(reader->arena, count * sizeof *variables);
    for (size_t i = 0; i < count; i++) {
        variables[i].name = read_text(reader);
        read_object(reader, &variables[i].object);
    }
    return variables;
}

/* ---- one function a message ---------------------------------------------------------------------
 */

static void read_nothing(struct reader *reader, struct wire_event *event) {
    (void)reader;
    (void)event;
}

static void read_thread(struct reader *reader, struct wire_event *event) {
    event->thread = read_int(reader);
}

static void read_module(struct reader *reader, struct wire_event *event) {
    event->module.id = read_int(reader);
    event->module.file = read_text(reader);
}

static void read_frame(struct reader *reader, struct wire_frame *frame) {
    frame->first_line = read_int(reader);
    frame->last_line = read_int(reader);
    frame->line = read_int(reader);
    frame->name = read_text(reader);
    frame->file = read_text(reader);
    frame->argument_count = read_int(reader);
    frame->kind = (enum wire_frame_kind)read_int(reader);
    if (frame->kind == WIRE_FRAME_DJANGO) {
        frame->python_file = read_text(reader);
        frame->python_line = read_int(reader);
    }
    frame->variable_count = read_count(reader);
    frame->variables = read_variables(reader, frame->variable_count);
}

static void read_frames(struct reader *reader, struct wire_event *event) {
    event->thread = read_int(reader);
    struct wire_frames *frames = &event->frames;
    frames->thread_name = read_text_or_none(reader);
    frames->count = read_count(reader);
    frames->frames = arena_alloc(reader->arena, frames->count * sizeof *frames->frames);
    for (size_t i = 0; i < frames->count; i++)
        read_frame(reader, &frames->frames[i]);
}

static void read_breakpoint(struct reader *reader, struct wire_event *event) {
    event->breakpoint = read_id(reader);
}

static void read_hit(struct reader *reader, struct wire_event *event) {
    event->breakpoint = read_id(reader);
    event->thread = read_int(reader);
}

static void read_hit_count(struct reader *reader, struct wire_event *event) {
    event->token = read_id(reader);
    event->count = read_int(reader);
}

/* Up to version 4 the number 2 is sent for handled exceptions and, by mistake, also for unhandled
 * ones when only those were asked for. 3.0.0 sends 0 for handled ones. */
static enum wire_handled handled(int version, int64_t break_type) {
    if (break_type == 1)
        return WIRE_UNHANDLED;
    bool says_handled = version >= 6 && (break_type == 0 || break_type == 2);
    return says_handled ? WIRE_HANDLED : WIRE_HANDLED_UNKNOWN;
}

static void read_exception(struct reader *reader, struct wire_event *event) {
    event->exception.type = read_text(reader);
    event->thread = read_int(reader);
    event->exception.handled = handled(reader->version, read_int(reader));
    event->exception.message = read_text(reader);
}

static void read_exception_field(struct reader *reader, struct wire_exception *exception) {
    const char *key = read_text(reader), *value = read_text(reader);
    if (strcmp(key, "typename") == 0)
        exception->type = value;
    else if (strcmp(key, "message") == 0)
        exception->message = value;
    else if (strcmp(key, "trace") == 0)
        exception->trace = value;
    else if (strcmp(key, "excvalue") == 0)
        exception->value = value;
    else if (strcmp(key, "breaktype") == 0 && strcmp(value, "unhandled") == 0)
        exception->handled = WIRE_UNHANDLED;
}

static void read_rich_exception(struct reader *reader, struct wire_event *event) {
    event->thread = read_int(reader);
    event->exception = (struct wire_exception){.type = "", .message = "", .handled = WIRE_HANDLED};
    size_t count = read_count(reader);
    for (size_t i = 0; i < count; i++)
        read_exception_field(reader, &event->exception);
}

static void read_result(struct reader *reader, struct wire_event *event) {
    event->token = read_id(reader);
    read_object(reader, &event->object);
}

static void read_failure(struct reader *reader, struct wire_event *event) {
    event->token = read_id(reader);
    event->text = read_text(reader);
}

static void read_children(struct reader *reader, struct wire_event *event) {
    event->token = read_id(reader);
    struct wire_children *children = &event->children;
    children->count = read_count(reader);
    children->children = arena_alloc(reader->arena, children->count * sizeof *children->children);
    for (size_t i = 0; i < children->count; i++) {
        children->children[i].name = read_text(reader);
        children->children[i].expression = read_text_or_none(reader);
        read_object(reader, &children->children[i].object);
    }
}

static void read_two_lists(struct reader *reader, struct wire_event *event) {
    event->token = read_id(reader);
    struct wire_children *children = &event->children;
    children->attributes = read_count(reader);
    children->count = children->attributes + read_count(reader);
    children->indexable = read_int(reader) != 0;
    children->enumerate = read_int(reader) != 0;
    children->children = read_variables(reader, children->count);
}

static void read_output(struct reader *reader, struct wire_event *event) {
    event->thread = read_int(reader);
    event->text = read_text(reader);
}

static void read_wanted_file(struct reader *reader, struct wire_event *event) {
    event->text = read_text(reader);
}

static void read_line_set(struct reader *reader, struct wire_event *event) {
    event->line_set.ok = read_int(reader) != 0;
    event->thread = read_int(reader);
    event->line_set.line = read_int(reader);
}

static const struct message messages[] = {
    {"NEWT", 2, 6, "i", read_thread, WIRE_THREAD_STARTED},
    {"EXTT", 2, 6, "i", read_thread, WIRE_THREAD_ENDED},
    {"MODL", 2, 6, "is", read_module, WIRE_MODULE},
    {"LOAD", 2, 6, "i", read_thread, WIRE_LOADED},
    {"THRF", 2, 6, "isF(iiissikV(so))", read_frames, WIRE_FRAMES},
    {"BRKS", 2, 6, "i", read_breakpoint, WIRE_BOUND},
    {"BRKF", 2, 6, "i", read_breakpoint, WIRE_PENDING},
    {"BRKH", 2, 6, "ii", read_hit, WIRE_HIT},
    {"BKHC", 6, 6, "ii", read_hit_count, WIRE_HIT_COUNT},
    {"STPD", 2, 6, "i", read_thread, WIRE_STEPPED},
    {"ASBR", 2, 6, "i", read_thread, WIRE_BROKE},
    {"EXCP", 2, 6, "siis", read_exception, WIRE_EXCEPTION},
    {"EXC2", 6, 6, "iX(ss)", read_rich_exception, WIRE_EXCEPTION},
    {"EXCR", 2, 6, "io", read_result, WIRE_RESULT},
    {"EXCE", 2, 6, "is", read_failure, WIRE_FAILED},
    {"CHLD", 2, 2, "iCCii(so)", read_two_lists, WIRE_CHILDREN_ARE},
    {"CHLD", 4, 6, "iC(sso)", read_children, WIRE_CHILDREN_ARE},
    {"OUTP", 2, 6, "is", read_output, WIRE_OUTPUT},
    {"REQH", 2, 6, "s", read_wanted_file, WIRE_WANTS_HANDLERS},
    {"SETL", 2, 6, "iii", read_line_set, WIRE_LINE_SET},
    {"DETC", 2, 6, "", read_nothing, WIRE_DETACHED},
    {"LAST", 2, 6, "", NULL, WIRE_DETACHED},
};

/* ---- is the message whole?
 * ----------------------------------------------------------------------- */

static void skim_object(struct cursor *cursor, int version) {
    for (int i = 0; i < 3; i++)
        cursor_text(cursor, NULL);
    cursor_int(cursor);
    if (version >= 4)
        cursor_int(cursor);
}

static void skim_kind(struct cursor *cursor) {
    int64_t kind = cursor_int(cursor);
    if (kind < WIRE_FRAME_NONE || kind > WIRE_FRAME_DJANGO)
        cursor->bad = "a frame has an unknown kind";
    if (kind != WIRE_FRAME_DJANGO)
        return;
    cursor_text(cursor, NULL);
    cursor_int(cursor);
}

/* On to the list's end, where it is decided whether there is a (next) round. */
static void enter_list(struct wire_skim *skim) {
    assert(skim->depth < sizeof skim->lists / sizeof skim->lists[0]);
    skim->lists[skim->depth].body = skim->field + 1;
    skim->lists[skim->depth++].left = skim->items;
    skim->items = 0;
    for (size_t open = 1; open > 0;) {
        skim->field++;
        open += *skim->field == '(';
        open -= *skim->field == ')';
    }
}

static void end_round(struct wire_skim *skim) {
    size_t inner = skim->depth - 1;
    if (skim->lists[inner].left > 0) {
        skim->lists[inner].left--;
        skim->field = skim->lists[inner].body;
    } else {
        skim->depth--;
        skim->field++;
    }
}

static void skim_count(struct wire_skim *skim, struct cursor *cursor) {
    size_t limit = *skim->field == 'F'   ? WIRE_FRAME_LIMIT
                   : *skim->field == 'V' ? WIRE_VARIABLE_LIMIT
                   : *skim->field == 'C' ? WIRE_CHILD_LIMIT
                                         : EXCEPTION_FIELD_LIMIT;
    skim->items += cursor_count(cursor, limit, "a count is impossible");
}

static void skim_field(struct wire_skim *skim, struct cursor *cursor, int version) {
    if (*skim->field == 'i')
        cursor_int(cursor);
    else if (*skim->field == 's')
        cursor_text(cursor, NULL);
    else if (*skim->field == 'o')
        skim_object(cursor, version);
    else if (*skim->field == 'k')
        skim_kind(cursor);
    else
        skim_count(skim, cursor);
}

/* Goes on until the message's end or until `cursor` is short or bad; then `skim` stands at the
 * field that could not be read, which is the only thing that is looked at twice. */
static void skim_message(struct wire_skim *skim, struct cursor *cursor, int version) {
    while (*skim->field) {
        if (*skim->field == '(') {
            enter_list(skim);
        } else if (*skim->field == ')') {
            end_round(skim);
        } else {
            skim_field(skim, cursor, version);
            if (cursor->short_by || cursor->bad)
                return;
            skim->at = cursor->at;
            skim->field++;
        }
    }
}

/* ---- the next message ---------------------------------------------------------------------------
 */

/* The message whose tag begins with these, at most four, bytes. */
static const struct message *find(const struct wire *wire, const char *bytes, size_t length) {
    int version = wire->version->number;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        if (memcmp(messages[i].tag, bytes, length) == 0 && version >= messages[i].first_version &&
            version <= messages[i].last_version)
            return &messages[i];
    return NULL;
}

static int fail_unknown(struct wire *wire) {
    char shown[4 * TAG_BYTES + 1];
    size_t at = 0;
    for (size_t i = 0; i < TAG_BYTES; i++) {
        unsigned char byte = (unsigned char)wire->in.bytes[i];
        bool plain = byte >= ' ' && byte <= '~';
        at += (size_t)snprintf(shown + at, sizeof shown - at, plain ? "%c" : "\\x%02x", byte);
    }
    snprintf(wire->error, sizeof wire->error, "unknown message '%s'", shown);
    return -1;
}

static int fail(struct wire *wire, const struct message *message, const char *why) {
    snprintf(wire->error, sizeof wire->error, "message %s: %s", message->tag, why);
    return -1;
}

static int wait_for(struct wire *wire, size_t more) {
    wire->needed = wire->in.length + more;
    if (wire->needed <= wire->in.limit)
        return 0;
    snprintf(wire->error, sizeof wire->error, "a message is longer than %zu bytes", wire->in.limit);
    return -1;
}

/* A program that writes something else than a text makes the server stop after the thread id; the
 * next tag follows at once. It is known when it is whole: the N of NEWT alone is the text None, and
 * what begins with U is a text, be it with an impossible length. */
enum break_off { WHOLE, BROKEN_OFF, NOT_KNOWN_YET };

static enum break_off broken_off(const struct wire *wire, const struct message *message,
                                 const char *bad) {
    if (message->type != WIRE_OUTPUT || (bad && wire->skim.at != BEFORE_OUTPUT))
        return WHOLE;
    const char *text = wire->in.bytes + BEFORE_OUTPUT;
    size_t left = wire->in.length - BEFORE_OUTPUT;
    if ((!bad && *text != 'N') || !find(wire, text, left < TAG_BYTES ? left : TAG_BYTES))
        return WHOLE;
    return left < TAG_BYTES ? NOT_KNOWN_YET : BROKEN_OFF;
}

static void consume(struct wire *wire, size_t count) {
    buf_consume(&wire->in, count);
    wire->skim = (struct wire_skim){.field = NULL};
}

/* As wire_decode(); `message` stands whole in the first `length` bytes. */
static int read_message(struct wire *wire, const struct message *message, size_t length,
                        struct wire_event *event) {
    struct reader reader = {.arena = &wire->arena, .version = wire->version->number};
    cursor_init(&reader.cursor, wire->in.bytes, length);
    cursor_tag(&reader.cursor);
    event->type = message->type;
    message->read(&reader, event);
    if (reader.cursor.bad)
        return fail(wire, message, reader.cursor.bad);
    assert(reader.cursor.at == length); /* or layout and function disagree */
    consume(wire, length);
    return 1;
}

static int read_broken_off(struct wire *wire, const struct message *message,
                           struct wire_event *event) {
    struct cursor cursor;
    cursor_init(&cursor, wire->in.bytes, BEFORE_OUTPUT);
    cursor_tag(&cursor);
    event->type = message->type;
    event->thread = cursor_int(&cursor);
    event->text = "";
    consume(wire, BEFORE_OUTPUT);
    return 1;
}

static int do_chore(struct wire *wire, const struct message *message) {
    consume(wire, TAG_BYTES);
    if (buf_append_text(&wire->out, "lack") < 0)
        return fail(wire, message, "the server does not read our commands any more");
    return 1;
}

/* As wire_decode(), but 1 also after a chore. */
static int decode_message(struct wire *wire, const struct message *message,
                          struct wire_event *event) {
    struct cursor cursor;
    cursor_init(&cursor, wire->in.bytes, wire->in.length);
    if (!wire->skim.field)
        wire->skim = (struct wire_skim){.field = message->layout, .at = TAG_BYTES};
    cursor.at = wire->skim.at;
    skim_message(&wire->skim, &cursor, wire->version->number);
    if (cursor.short_by)
        return wait_for(wire, cursor.short_by);
    enum break_off off = broken_off(wire, message, cursor.bad);
    if (off == NOT_KNOWN_YET)
        return wait_for(wire, 1);
    if (off == BROKEN_OFF)
        return read_broken_off(wire, message, event);
    if (cursor.bad)
        return fail(wire, message, cursor.bad);
    if (!message->read)
        return do_chore(wire, message);
    return read_message(wire, message, wire->skim.at, event);
}

int wire_binary_decode(struct wire *wire, struct wire_event *event) {
    for (;;) {
        if (wire->in.length < TAG_BYTES)
            return wait_for(wire, TAG_BYTES - wire->in.length);
        const struct message *message = find(wire, wire->in.bytes, TAG_BYTES);
        if (!message)
            return fail_unknown(wire);
        int result = decode_message(wire, message, event);
        if (result <= 0 || message->read)
            return result;
    }
}
