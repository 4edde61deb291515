/* Versions 2, 4 and 6: commands to bytes. Layouts: binary.md section 4. */
#include "wire_codecs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct writer {
    struct buf *out;
    int version;
    bool full;
};

static void put(struct writer *to, const void *bytes, size_t length) {
    if (buf_append(to->out, bytes, length) < 0)
        to->full = true;
}

static void put_tag(struct writer *to, const char *tag) {
    put(to, tag, 4);
}

static void put_int(struct writer *to, int64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
    put(to, bytes, sizeof bytes);
}

/* No prefix in this direction; NULL is sent as empty. */
static void put_text(struct writer *to, const char *text) {
    size_t length = text ? strlen(text) : 0;
    put_int(to, (int64_t)length);
    put(to, text, length);
}

/* A condition without text would be an error in the debuggee and so hit each time. */
static enum wire_condition condition_kind(const struct wire_breakpoint *breakpoint) {
    bool none = !breakpoint->condition || !*breakpoint->condition;
    return none ? WIRE_CONDITION_ALWAYS : breakpoint->condition_kind;
}

/* Up to 4 the text comes first and an empty one means always. */
static void put_condition(struct writer *to, const struct wire_breakpoint *breakpoint) {
    enum wire_condition kind = condition_kind(breakpoint);
    const char *text = kind == WIRE_CONDITION_ALWAYS ? "" : breakpoint->condition;
    if (to->version >= 6) {
        put_int(to, kind);
        put_text(to, text);
    } else {
        put_text(to, text);
        put_int(to, kind == WIRE_CONDITION_CHANGED);
    }
}

/* "Every 0th" would raise ZeroDivisionError in the debugged program. */
static void put_pass_count(struct writer *to, const struct wire_breakpoint *breakpoint) {
    bool impossible = breakpoint->pass_kind == WIRE_PASS_EVERY && breakpoint->pass_count < 1;
    put_int(to, impossible ? WIRE_PASS_ALWAYS : breakpoint->pass_kind);
    put_int(to, breakpoint->pass_count);
}

static void put_set_breakpoint(struct writer *to, const struct wire_breakpoint *breakpoint) {
    bool template = breakpoint->language == WIRE_LANGUAGE_DJANGO;
    put_tag(to, template ? "bkda" : "brkp");
    put_int(to, breakpoint->id);
    put_int(to, breakpoint->line);
    put_text(to, breakpoint->file);
    if (template)
        return;
    put_condition(to, breakpoint);
    if (to->version >= 6)
        put_pass_count(to, breakpoint);
}

static void put_remove_breakpoint(struct writer *to, const struct wire_breakpoint *breakpoint) {
    bool template = breakpoint->language == WIRE_LANGUAGE_DJANGO;
    put_tag(to, template ? "bkdr" : "brkr");
    put_int(to, breakpoint->line); /* the line first, unlike in the other commands */
    put_int(to, breakpoint->id);
    if (template)
        put_text(to, breakpoint->file);
}

static void put_breakpoint_command(struct writer *to, const char *tag,
                                   const struct wire_breakpoint *breakpoint) {
    put_tag(to, tag);
    put_int(to, breakpoint->id);
}

static void put_get_hit_count(struct writer *to, const struct wire_breakpoint *breakpoint) {
    put_tag(to, "bkgh");
    put_int(to, breakpoint->token);
    put_int(to, breakpoint->id);
}

static void put_thread_command(struct writer *to, const char *tag, int64_t thread) {
    put_tag(to, tag);
    put_int(to, thread);
}

static void put_question(struct writer *to, const char *tag, const struct wire_execute *execute) {
    put_tag(to, tag);
    put_text(to, execute->text);
    put_int(to, execute->thread);
    put_int(to, execute->frame);
    put_int(to, execute->token);
    put_int(to, execute->frame_kind);
}

static void put_execute(struct writer *to, const struct wire_execute *execute) {
    put_question(to, "exec", execute);
    if (to->version >= 4)
        put_int(to, execute->repr);
}

static void put_children(struct writer *to, const struct wire_execute *execute) {
    put_question(to, "chld", execute);
    if (to->version < 4)
        put_int(to, execute->enumerate);
}

static void put_set_line(struct writer *to, const struct wire_set_line *set_line) {
    put_thread_command(to, "setl", set_line->thread);
    put_int(to, set_line->frame);
    put_int(to, set_line->line);
}

static void put_exceptions(struct writer *to, const struct wire_exceptions *exceptions) {
    put_tag(to, "sexi");
    put_int(to, exceptions->mode);
    put_int(to, (int64_t)exceptions->count);
    for (size_t i = 0; i < exceptions->count; i++) {
        put_int(to, exceptions->names[i].mode);
        put_text(to, exceptions->names[i].name);
    }
}

static void put_handler(struct writer *to, const struct wire_handler *handler) {
    put_int(to, handler->first);
    put_int(to, handler->end);
    for (size_t i = 0; i < handler->name_count; i++)
        put_text(to, handler->names[i]);
    put_text(to, "-");
}

static void put_handlers(struct writer *to, const struct wire_handlers *handlers) {
    put_tag(to, "sehi");
    put_text(to, handlers->file);
    put_int(to, (int64_t)handlers->count);
    for (size_t i = 0; i < handlers->count; i++)
        put_handler(to, &handlers->handlers[i]);
}

static void put_command(struct writer *to, const struct wire_command *command) {
    switch (command->type) {
    case WIRE_SET_BREAKPOINT:
        put_set_breakpoint(to, &command->breakpoint);
        break;
    case WIRE_REMOVE_BREAKPOINT:
        put_remove_breakpoint(to, &command->breakpoint);
        break;
    case WIRE_SET_CONDITION:
        put_breakpoint_command(to, "brkc", &command->breakpoint);
        put_condition(to, &command->breakpoint);
        break;
    case WIRE_SET_PASS_COUNT:
        put_breakpoint_command(to, "bkpc", &command->breakpoint);
        put_pass_count(to, &command->breakpoint);
        break;
    case WIRE_GET_HIT_COUNT:
        put_get_hit_count(to, &command->breakpoint);
        break;
    case WIRE_SET_HIT_COUNT:
        put_breakpoint_command(to, "bksh", &command->breakpoint);
        put_int(to, command->breakpoint.pass_count);
        break;
    case WIRE_BREAK_ALL:
        put_tag(to, "brka");
        break;
    case WIRE_RESUME_ALL:
        put_tag(to, "resa");
        break;
    case WIRE_RESUME_THREAD:
        put_thread_command(to, "rest", command->thread);
        break;
    case WIRE_CLEAR_STEPPING:
        put_thread_command(to, "clst", command->thread);
        break;
    case WIRE_STEP_INTO:
        put_thread_command(to, "stpi", command->thread);
        break;
    case WIRE_STEP_OVER:
        put_thread_command(to, "stpv", command->thread);
        break;
    case WIRE_STEP_OUT:
        put_thread_command(to, "stpo", command->thread);
        break;
    case WIRE_EXECUTE:
        put_execute(to, &command->execute);
        break;
    case WIRE_CHILDREN:
        put_children(to, &command->execute);
        break;
    case WIRE_SET_LINE:
        put_set_line(to, &command->set_line);
        break;
    case WIRE_SET_EXCEPTIONS:
        put_exceptions(to, &command->exceptions);
        break;
    case WIRE_SET_HANDLERS:
        put_handlers(to, &command->handlers);
        break;
    case WIRE_DETACH:
        put_tag(to, "detc");
        break;
    case WIRE_FAREWELL:
    case WIRE_COMMAND_TYPES:
        assert(!"a command that no binary version has");
        break;
    }
}

/* Half a command would make the server misread all later ones, so a full `out` gets none of it. */
static void encode(struct wire *wire, const struct wire_command *command) {
    struct writer writer = {.out = &wire->out, .version = wire->version->number};
    size_t before = wire->out.length;
    put_command(&writer, command);
    if (!writer.full)
        return;
    wire->out.length = before;
    snprintf(wire->error, sizeof wire->error, "the server does not read our commands any more");
}

const struct wire_ops wire_binary = {"binary", wire_binary_decode, encode};
