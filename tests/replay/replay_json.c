/* Feeds the JSON recordings to the codec: the servers' bytes whole, byte by byte and cut in two,
 * which must all give the same events, and those must agree with the messages as cJSON alone reads
 * them; each message of the client, read and encoded again, must have the same arguments. And plays
 * the server in the handshakes of all recordings, JSON and binary, to the greeting. */
#include "digest.h"
#include "frame.h"
#include "greeting_player.h"
#include "json_client.h"
#include "memory.h"
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every message is cut within 3 bytes of its beginning, of its body's beginning and of its end; the
 * first ones of a recording, up to DENSE_CUTS, also at each of their first DENSE_BYTES bytes,
 * modules apart: they are many. */
enum {
    DIGEST_LIMIT = 64 << 20,
    HEAD_BYTES = 23, /* 22 to 25: "Content-Length: 1234\r\n\r\n" */
    DENSE_CUTS = 2000,
    DENSE_BYTES = 600,
    CUT_STEP = 997
};

struct counts {
    int failures, events, swallowed, commands, cuts, dense_left, sessions, greetings;
};

static void fail(struct counts *counts, const struct replay *replay, const char *what,
                 const char *detail) {
    if (counts->failures++ < 20)
        fprintf(stderr, "%s: %s: %.300s\n", replay->name, what, detail);
}

/* A recorded line's message by plain cJSON; NULL for lines that hold none. */
static cJSON *parse(const struct replay_line *line) {
    const char *body = line->length ? strstr(line->bytes, "\r\n\r\n") : NULL;
    return body ? cJSON_Parse(body + 4) : NULL;
}

static const cJSON *at(const cJSON *object, const char *name) {
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text_at(const cJSON *object, const char *name) {
    const cJSON *item = at(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static int64_t int_at(const cJSON *object, const char *name) {
    const cJSON *item = at(object, name);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static bool same_text(const char *one, const char *other) {
    return one && other ? !strcmp(one, other) : one == other;
}

/* ---- what an event must say ------------------------------------------------------------------ */

struct meaning {
    const char *name;
    enum wire_event_type type;
};

static const struct meaning event_meanings[] = {
    {"legacyThreadCreate", WIRE_THREAD_STARTED},
    {"legacyThreadExit", WIRE_THREAD_ENDED},
    {"legacyModuleLoad", WIRE_MODULE},
    {"legacyModulesChanged", WIRE_MODULES_CHANGED},
    {"legacyThreadFrameList", WIRE_FRAMES},
    {"legacyProcessLoad", WIRE_LOADED},
    {"legacyBreakpointSet", WIRE_BOUND},
    {"legacyBreakpointFailed", WIRE_PENDING},
    {"legacyBreakpointHit", WIRE_HIT},
    {"legacyStepDone", WIRE_STEPPED},
    {"legacyAsyncBreak", WIRE_BROKE},
    {"legacyException", WIRE_EXCEPTION},
    {"legacyExecutionResult", WIRE_RESULT},
    {"legacyExecutionException", WIRE_FAILED},
    {"legacyEnumChildrenResult", WIRE_CHILDREN_ARE},
    {"legacyDebuggerOutput", WIRE_OUTPUT},
    {"legacyRequestHandlers", WIRE_WANTS_HANDLERS},
    {"legacyDetach", WIRE_DETACHED},
};

static const struct meaning response_meanings[] = {
    {"legacyResumeAll", WIRE_RESUMED},      {"legacyResumeThread", WIRE_RESUMED},
    {"legacyStepInto", WIRE_RESUMED},       {"legacyStepOver", WIRE_RESUMED},
    {"legacyStepOut", WIRE_RESUMED},        {"legacyGetBreakpointHitCount", WIRE_HIT_COUNT},
    {"legacySetLineNumber", WIRE_LINE_SET}, {"legacyGoodbye", WIRE_FAREWELL_DONE},
};

/* The type of event that the message must become, or -1 when it must be swallowed. */
static int meaning_of(const cJSON *message) {
    bool event = same_text(text_at(message, "type"), "event");
    const char *name = text_at(message, event ? "event" : "command");
    const struct meaning *table = event ? event_meanings : response_meanings;
    size_t count = event ? sizeof event_meanings / sizeof *event_meanings
                         : sizeof response_meanings / sizeof *response_meanings;
    for (size_t i = 0; i < count; i++)
        if (same_text(table[i].name, name))
            return (int)table[i].type;
    return -1;
}

static bool object_agrees(const cJSON *from, const struct wire_object *object) {
    return same_text(text_at(from, "objRepr"), object->repr) &&
           same_text(text_at(from, "hexRepr"), object->hex) &&
           same_text(text_at(from, "typeName"), object->type) &&
           int_at(from, "length") == object->length && int_at(from, "flags") == object->flags;
}

static bool variables_agree(const cJSON *from, const struct wire_variable *variables,
                            size_t count) {
    if ((size_t)cJSON_GetArraySize(from) != count)
        return false;
    const cJSON *item;
    cJSON_ArrayForEach(item, from) {
        if (!same_text(text_at(item, "name"), variables->name) ||
            !same_text(text_at(item, "expression"), variables->expression) ||
            !object_agrees(at(item, "obj"), &variables->object))
            return false;
        variables++;
    }
    return true;
}

static bool frames_agree(const cJSON *body, const struct wire_frames *frames) {
    const cJSON *list = at(body, "threadFrames"), *item;
    if (!same_text(text_at(body, "threadName"), frames->thread_name) ||
        (size_t)cJSON_GetArraySize(list) != frames->count)
        return false;
    const struct wire_frame *frame = frames->frames;
    cJSON_ArrayForEach(item, list) {
        if (!same_text(text_at(item, "frameName"), frame->name) ||
            !same_text(text_at(item, "fileName"), frame->file) ||
            int_at(item, "startLine") != frame->first_line ||
            int_at(item, "endLine") != frame->last_line || int_at(item, "lineNo") != frame->line ||
            int_at(item, "argCount") != frame->argument_count ||
            int_at(item, "frameKind") != (int64_t)frame->kind ||
            !variables_agree(at(item, "variables"), frame->variables, frame->variable_count))
            return false;
        frame++;
    }
    return true;
}

static bool exception_agrees(const cJSON *data, const struct wire_exception *exception) {
    return same_text(text_at(data, "typename"), exception->type) &&
           same_text(text_at(data, "message"), exception->message) &&
           same_text(text_at(data, "trace"), exception->trace) &&
           same_text(text_at(data, "excvalue"), exception->value) &&
           !at(data, "breaktype") == (exception->handled == WIRE_HANDLED);
}

static bool output_agrees(const cJSON *body, const struct wire_event *event) {
    const char *channel = text_at(body, "channel");
    enum wire_channel wanted = same_text(channel, "stderr")          ? WIRE_STDERR
                               : same_text(channel, "debug")         ? WIRE_DEBUG
                               : cJSON_IsFalse(at(body, "isStdOut")) ? WIRE_STDERR
                                                                     : WIRE_STDOUT;
    return same_text(text_at(body, "output"), event->text) && event->channel == wanted;
}

static bool rest_agrees(const cJSON *message, const cJSON *body, const struct wire_event *event) {
    switch (event->type) {
    case WIRE_MODULE:
        return event->module.id == int_at(body, "moduleId") &&
               same_text(event->module.file, text_at(body, "moduleFileName"));
    case WIRE_FRAMES:
        return frames_agree(body, &event->frames);
    case WIRE_HIT_COUNT:
        return event->token == int_at(message, "request_seq") &&
               event->count == int_at(body, "hitCount");
    case WIRE_EXCEPTION:
        return exception_agrees(at(body, "data"), &event->exception);
    case WIRE_RESULT:
        return object_agrees(at(body, "obj"), &event->object);
    case WIRE_FAILED:
        return same_text(event->text, text_at(body, "exceptionText"));
    case WIRE_CHILDREN_ARE:
        return variables_agree(at(body, "children"), event->children.children,
                               event->children.count);
    case WIRE_OUTPUT:
        return output_agrees(body, event);
    case WIRE_WANTS_HANDLERS:
        return same_text(event->text, text_at(body, "fileName"));
    case WIRE_LINE_SET:
        return event->line_set.ok == (int_at(body, "result") == 1) &&
               event->line_set.line == int_at(body, "newLineNo");
    case WIRE_THREAD_STARTED:
    case WIRE_THREAD_ENDED:
    case WIRE_MODULES_CHANGED:
    case WIRE_LOADED:
    case WIRE_BOUND:
    case WIRE_PENDING:
    case WIRE_HIT:
    case WIRE_STEPPED:
    case WIRE_BROKE:
    case WIRE_DETACHED:
    case WIRE_REFUSED:
    case WIRE_RESUMED:
    case WIRE_FAREWELL_DONE:
        break;
    }
    return true;
}

static bool agrees(const cJSON *message, const struct wire_event *event) {
    const cJSON *body = at(message, "body");
    bool is_answer = at(body, "executionId") != NULL;
    return (int)event->type == meaning_of(message) && event->thread == int_at(body, "threadId") &&
           event->breakpoint == int_at(body, "breakpointId") &&
           (!is_answer || event->token == int_at(body, "executionId")) &&
           rest_agrees(message, body, event);
}

/* ---- the servers' bytes ---------------------------------------------------------------------- */

/* Digests of all events that stand in `wire->in`; false when it broke. */
static bool decode_all(struct wire *wire, struct buf *digest) {
    struct wire_event event;
    int result;
    while ((result = wire_decode(wire, &event)) > 0)
        digest_event(digest, &event);
    return result == 0;
}

static bool same(const struct buf *one, const struct buf *other) {
    return one->length == other->length &&
           (!one->length || memcmp(one->bytes, other->bytes, one->length) == 0);
}

static void check_bytewise(struct counts *counts, const struct replay *replay,
                           const struct wire_version *version, const struct buf *all,
                           const struct buf *expected) {
    struct wire wire;
    struct buf digest;
    wire_init(&wire, version);
    buf_init(&digest, DIGEST_LIMIT);
    for (size_t i = 0; i < all->length; i++) {
        buf_append(&wire.in, all->bytes + i, 1);
        if (!decode_all(&wire, &digest))
            fail(counts, replay, "byte by byte", wire.error);
    }
    if (!same(&digest, expected) || wire.in.length)
        fail(counts, replay, "byte by byte", "other events than whole");
    buf_finish(&digest);
    wire_finish(&wire);
}

static void check_cut(struct counts *counts, const struct replay *replay, struct wire *wire,
                      const struct replay_line *line, size_t cut, const struct buf *expected) {
    struct buf digest;
    buf_init(&digest, DIGEST_LIMIT);
    buf_append(&wire->in, line->bytes, cut);
    bool fine = decode_all(wire, &digest) && !digest.length;
    buf_append(&wire->in, line->bytes + cut, line->length - cut);
    if (!fine || !decode_all(wire, &digest) || wire->in.length || !same(&digest, expected))
        fail(counts, replay, "cut in two", line->bytes);
    counts->cuts++;
    buf_finish(&digest);
}

static size_t next_cut(size_t cut, size_t length, bool dense) {
    bool at_head = cut < 3 || (cut >= HEAD_BYTES - 4 && cut < HEAD_BYTES + 5);
    if (dense || at_head || cut + 4 > length)
        return cut + 1;
    if (cut < HEAD_BYTES)
        return HEAD_BYTES - 4;
    return cut + CUT_STEP + 4 < length ? cut + CUT_STEP : length - 3;
}

/* Between two messages the codec remembers nothing, and each line is one message, so cutting each
 * line at each point is cutting the session at each point. */
static void check_cuts(struct counts *counts, const struct replay *replay, struct wire *wire,
                       const struct replay_line *line, const struct buf *expected) {
    bool module = strstr(line->bytes, "legacyModuleLoad") != NULL;
    bool dense = true;
    for (size_t cut = 1; cut < line->length; cut = next_cut(cut, line->length, dense)) {
        check_cut(counts, replay, wire, line, cut, expected);
        dense = !module && cut < DENSE_BYTES && counts->dense_left > 0;
        counts->dense_left -= dense;
    }
}

/* Decodes one line, which is one message, whole and compares it with what cJSON makes of it. */
static void check_line(struct counts *counts, const struct replay *replay, struct wire *wire,
                       const struct replay_line *line, struct buf *digest) {
    struct wire_event event;
    cJSON *message = parse(line);
    buf_append(&wire->in, line->bytes, line->length);
    int result = wire_decode(wire, &event);
    if (result < 0 || wire->in.length)
        fail(counts, replay, result < 0 ? wire->error : "not decoded to its end", line->bytes);
    else if (result != (meaning_of(message) >= 0))
        fail(counts, replay, result ? "not swallowed" : "swallowed", line->bytes);
    else if (result && !agrees(message, &event))
        fail(counts, replay, "decoded to something else", line->bytes);
    if (result > 0) {
        digest_event(digest, &event);
        counts->events++;
    } else {
        counts->swallowed++;
    }
    cJSON_Delete(message);
}

static void check_server(struct counts *counts, const struct replay *replay, size_t from,
                         const struct wire_version *version) {
    struct wire wire;
    struct buf all, digest, one;
    wire_init(&wire, version);
    buf_init(&all, WIRE_MESSAGE_LIMIT);
    buf_init(&digest, DIGEST_LIMIT);
    for (size_t i = from; i < replay->count; i++) {
        const struct replay_line *line = &replay->lines[i];
        if (!line->from_server || !line->length)
            continue;
        buf_init(&one, DIGEST_LIMIT);
        check_line(counts, replay, &wire, line, &one);
        check_cuts(counts, replay, &wire, line, &one);
        buf_append(&all, line->bytes, line->length);
        buf_append(&digest, one.bytes, one.length);
        buf_finish(&one);
    }
    if (wire.out.length)
        fail(counts, replay, "sent unasked", wire.out.bytes);
    wire_finish(&wire);
    check_bytewise(counts, replay, version, &all, &digest);
    buf_finish(&all);
    buf_finish(&digest);
}

/* ---- the client's messages ------------------------------------------------------------------- */

static cJSON *take_sent(struct buf *out) {
    const char *body, *error;
    size_t length, whole;
    if (frame_next(out, out->limit, &body, &length, &whole, &error) <= 0)
        return NULL;
    cJSON *message = cJSON_ParseWithLength(body, length);
    buf_consume(out, whole);
    return message;
}

/* Type, command and arguments; seq is each client's own. */
static bool same_request(const cJSON *one, const cJSON *other) {
    static const char *const names[] = {"type", "command", "arguments"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!cJSON_Compare(at(one, names[i]), at(other, names[i]), true))
            return false;
    return one && other;
}

static void check_command(struct counts *counts, const struct replay *replay, struct wire *wire,
                          const struct replay_line *line) {
    struct arena arena;
    struct wire_command command;
    cJSON *request = parse(line);
    arena_init(&arena);
    if (!json_client_read(&command, &arena, request)) {
        fail(counts, replay, "no such command", line->bytes);
    } else {
        wire_encode(wire, &command);
        cJSON *sent = take_sent(&wire->out);
        if (!same_request(request, sent) || wire->out.length)
            fail(counts, replay, "encoded to something else", line->bytes);
        cJSON_Delete(sent);
    }
    counts->commands++;
    arena_finish(&arena);
    cJSON_Delete(request);
}

static void check_client(struct counts *counts, const struct replay *replay, size_t from,
                         const struct wire_version *version) {
    struct wire wire;
    wire_init(&wire, version);
    for (size_t i = from; i < replay->count; i++)
        if (!replay->lines[i].from_server)
            check_command(counts, replay, &wire, &replay->lines[i]);
    wire_finish(&wire);
}

/* The wire begins behind the server's answer to attach; a refused client has none. */
static void check_session(struct counts *counts, const struct replay *replay) {
    cJSON *first = parse(&replay->lines[0]);
    const struct wire_version *version =
        wire_version_find(int_at(at(first, "body"), "debuggerProtocolVersion"));
    cJSON_Delete(first);
    if (!version) {
        fail(counts, replay, "unknown version", replay->lines[0].bytes);
        return;
    }
    for (size_t i = 0; i < replay->count; i++) {
        cJSON *message = parse(&replay->lines[i]);
        bool attached = same_text(text_at(message, "type"), "response") &&
                        same_text(text_at(message, "command"), "legacyRemoteDebuggerAttach") &&
                        cJSON_IsTrue(at(at(message, "body"), "accepted"));
        cJSON_Delete(message);
        if (!attached)
            continue;
        counts->dense_left = DENSE_CUTS;
        check_server(counts, replay, i + 1, version);
        check_client(counts, replay, i + 1, version);
        counts->sessions++;
        return;
    }
}

/* ---- all recordings -------------------------------------------------------------------------- */

static void check_greetings(struct counts *counts, const struct replay *replay) {
    char error[200];
    for (int bytewise = 0; bytewise < 2; bytewise++) {
        int connections = greeting_player_run(replay, bytewise, error);
        if (connections < 0)
            fail(counts, replay, "handshake", error);
        else if (connections == 0)
            fail(counts, replay, "handshake", "none found");
        else
            counts->greetings += connections;
    }
}

/* The JSON recordings' directory has the binary ones' beside it. */
static void check_directory(struct counts *counts, const char *directory, bool json) {
    struct replay_set set;
    replay_set_read(&set, directory);
    for (size_t i = 0; i < set.count; i++) {
        check_greetings(counts, &set.replays[i]);
        if (json)
            check_session(counts, &set.replays[i]);
    }
    replay_set_finish(&set);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    struct counts counts = {.failures = 0};
    char *binary = memory_format("%s/../binary", argv[1]);
    check_directory(&counts, argv[1], true);
    check_directory(&counts, binary, false);
    free(binary);
    printf(
        "%d sessions: %d events, %d swallowed, %d cuts, %d commands; %d greetings, %d failures\n",
        counts.sessions, counts.events, counts.swallowed, counts.cuts, counts.commands,
        counts.greetings, counts.failures);
    return counts.failures || !counts.events || !counts.commands || !counts.greetings;
}
