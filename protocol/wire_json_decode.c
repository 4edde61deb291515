/* Versions 7 and 8: messages to events. Events and responses: json.md sections 4 to 6.
 *
 * What is missing or of the wrong type becomes a neutral value, so that one odd field does not cost
 * the session; only broken framing, what is no JSON object and impossible counts end it. */
#include "frame.h"
#include "wire_json.h"

#include <stdio.h>
#include <string.h>

enum { BODY_LIMIT = WIRE_MESSAGE_LIMIT - FRAME_HEAD_LIMIT };

struct message {
    struct wire *wire;
    const cJSON *body; /* an object or NULL */
    struct wire_event *event;
};

/* How a reader ends. */
enum outcome { BROKEN = -1, SWALLOWED, FILLED };

static enum outcome broken(struct wire *wire, const char *why) {
    snprintf(wire->error, sizeof wire->error, "%s", why);
    return BROKEN;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const char *text_or_empty(const cJSON *object, const char *name) {
    const char *text = json_text(object, name);
    return text ? text : "";
}

/* Ids are 32 bits wide, as the bridge chose them; any other is none of its own. */
static int32_t id_of(const cJSON *object, const char *name) {
    int64_t value = json_int(object, name, 0);
    return value >= INT32_MIN && value <= INT32_MAX ? (int32_t)value : 0;
}

/* 0 with the number of items, or -1 when there are more than `limit`. */
static int count_of(size_t *count, const cJSON *array, size_t limit) {
    *count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) {
        if (++*count > limit)
            return -1;
    }
    return 0;
}

static struct wire_object read_object(const cJSON *object) {
    return (struct wire_object){
        .repr = json_text(object, "objRepr"),
        .hex = json_text(object, "hexRepr"),
        .type = text_or_empty(object, "typeName"),
        .length = json_int(object, "length", 0),
        .flags = (unsigned)id_of(object, "flags"),
    };
}

/* The variables of a frame or the children of a value; `*items` is in the arena. */
static enum outcome read_variables(struct wire *wire, struct wire_variable **items, size_t *count,
                                   const cJSON *array, size_t limit) {
    if (count_of(count, array, limit) < 0)
        return broken(wire, "more variables than any program has");
    *items = arena_alloc(&wire->arena, *count * sizeof **items);
    struct wire_variable *to = *items;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) {
        *to++ = (struct wire_variable){
            .name = text_or_empty(item, "name"),
            .expression = json_text(item, "expression"),
            .object = read_object(json_object(item, "obj")),
        };
    }
    return FILLED;
}

static enum wire_frame_kind frame_kind(const cJSON *frame) {
    int64_t kind = json_int(frame, "frameKind", WIRE_FRAME_PYTHON);
    return kind == WIRE_FRAME_DJANGO ? WIRE_FRAME_DJANGO
           : kind == WIRE_FRAME_NONE ? WIRE_FRAME_NONE
                                     : WIRE_FRAME_PYTHON;
}

static enum outcome read_frame(struct wire *wire, struct wire_frame *frame, const cJSON *from) {
    *frame = (struct wire_frame){
        .first_line = json_int(from, "startLine", 0),
        .last_line = json_int(from, "endLine", -1),
        .line = json_int(from, "lineNo", 0),
        .name = text_or_empty(from, "frameName"),
        .file = text_or_empty(from, "fileName"),
        .argument_count = json_int(from, "argCount", 0),
        .kind = frame_kind(from),
    };
    if (frame->kind == WIRE_FRAME_DJANGO) {
        frame->python_file = text_or_empty(from, "djangoSourceFile");
        frame->python_line = json_int(from, "djangoSourceLine", 0);
    }
    return read_variables(wire, &frame->variables, &frame->variable_count,
                          json_array(from, "variables"), WIRE_VARIABLE_LIMIT);
}

/* ---- events ---------------------------------------------------------------------------------- */

/* Thread and breakpoint, which is all that most events have, are read for every event. */
static enum outcome read_plain(const struct message *message) {
    (void)message;
    return FILLED;
}

static enum outcome read_module(const struct message *message) {
    message->event->module.id = json_int(message->body, "moduleId", 0);
    message->event->module.file = text_or_empty(message->body, "moduleFileName");
    return FILLED;
}

static enum outcome read_frames(const struct message *message) {
    struct wire *wire = message->wire;
    struct wire_frames *frames = &message->event->frames;
    const cJSON *array = json_array(message->body, "threadFrames");
    if (count_of(&frames->count, array, WIRE_FRAME_LIMIT) < 0)
        return broken(wire, "more frames than any program has");
    frames->thread_name = json_text(message->body, "threadName");
    frames->frames = arena_alloc(&wire->arena, frames->count * sizeof *frames->frames);
    struct wire_frame *to = frames->frames;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) {
        if (read_frame(wire, to++, item) == BROKEN)
            return BROKEN;
    }
    return FILLED;
}

static enum outcome read_exception(const struct message *message) {
    const cJSON *data = json_object(message->body, "data");
    message->event->exception = (struct wire_exception){
        .type = text_or_empty(data, "typename"),
        .message = text_or_empty(data, "message"),
        .handled =
            strcmp(text_or_empty(data, "breaktype"), "unhandled") ? WIRE_HANDLED : WIRE_UNHANDLED,
        .trace = json_text(data, "trace"),
        .value = json_text(data, "excvalue"),
    };
    return FILLED;
}

static enum outcome read_result(const struct message *message) {
    message->event->object = read_object(json_object(message->body, "obj"));
    return FILLED;
}

static enum outcome read_failure(const struct message *message) {
    message->event->text = text_or_empty(message->body, "exceptionText");
    return FILLED;
}

static enum outcome read_children(const struct message *message) {
    struct wire_children *children = &message->event->children;
    return read_variables(message->wire, &children->children, &children->count,
                          json_array(message->body, "children"), WIRE_CHILD_LIMIT);
}

/* 3.2.1 names the channel, 3.2.0 has a flag, 3.1.0 nothing. */
static enum wire_channel channel_of(const cJSON *body) {
    const char *channel = text_or_empty(body, "channel");
    if (!strcmp(channel, "debug"))
        return WIRE_DEBUG;
    bool on_stderr = !strcmp(channel, "stderr") || !json_bool(body, "isStdOut", true);
    return on_stderr ? WIRE_STDERR : WIRE_STDOUT;
}

static enum outcome read_output(const struct message *message) {
    message->event->text = text_or_empty(message->body, "output");
    message->event->channel = channel_of(message->body);
    return FILLED;
}

static enum outcome read_wanted_handlers(const struct message *message) {
    message->event->text = text_or_empty(message->body, "fileName");
    return FILLED;
}

static enum outcome acknowledge_last(const struct message *message) {
    wire_json_ask(message->wire, message->wire->next_seq++, "legacyLastAck", cJSON_CreateObject());
    return SWALLOWED;
}

static const struct event_kind {
    const char *name;
    enum wire_event_type type;
    enum outcome (*read)(const struct message *message);
} event_kinds[] = {
    {"legacyDebuggerOutput", WIRE_OUTPUT, read_output},
    {"legacyThreadFrameList", WIRE_FRAMES, read_frames},
    {"legacyModuleLoad", WIRE_MODULE, read_module},
    {"legacyModulesChanged", WIRE_MODULES_CHANGED, read_plain},
    {"legacyThreadCreate", WIRE_THREAD_STARTED, read_plain},
    {"legacyThreadExit", WIRE_THREAD_ENDED, read_plain},
    {"legacyProcessLoad", WIRE_LOADED, read_plain},
    {"legacyBreakpointSet", WIRE_BOUND, read_plain},
    {"legacyBreakpointFailed", WIRE_PENDING, read_plain},
    {"legacyBreakpointHit", WIRE_HIT, read_plain},
    {"legacyStepDone", WIRE_STEPPED, read_plain},
    {"legacyAsyncBreak", WIRE_BROKE, read_plain},
    {"legacyException", WIRE_EXCEPTION, read_exception},
    {"legacyRequestHandlers", WIRE_WANTS_HANDLERS, read_wanted_handlers},
    {"legacyExecutionResult", WIRE_RESULT, read_result},
    {"legacyExecutionException", WIRE_FAILED, read_failure},
    {"legacyEnumChildrenResult", WIRE_CHILDREN_ARE, read_children},
    {"legacyDetach", WIRE_DETACHED, read_plain},
    {"legacyLast", WIRE_DETACHED, acknowledge_last},
};

static enum outcome take_event(struct wire *wire, struct wire_event *event) {
    const struct message message = {wire, json_object(wire->document, "body"), event};
    const char *name = text_or_empty(wire->document, "event");
    for (size_t i = 0; i < sizeof event_kinds / sizeof *event_kinds; i++) {
        if (strcmp(event_kinds[i].name, name) != 0)
            continue;
        event->type = event_kinds[i].type;
        event->thread = json_int(message.body, "threadId", 0);
        event->breakpoint = id_of(message.body, "breakpointId");
        event->token = id_of(message.body, "executionId");
        return event_kinds[i].read(&message);
    }
    return SWALLOWED;
}

/* ---- responses ------------------------------------------------------------------------------- */

static enum outcome read_hit_count(const struct message *message) {
    message->event->token = id_of(message->wire->document, "request_seq");
    message->event->count = json_int(message->body, "hitCount", 0);
    return FILLED;
}

static enum outcome read_line_set(const struct message *message) {
    message->event->thread = json_int(message->body, "threadId", 0);
    message->event->line_set.ok = json_int(message->body, "result", 0) == 1;
    message->event->line_set.line = json_int(message->body, "newLineNo", 0);
    return FILLED;
}

/* The successful responses that tell something. */
static const struct event_kind response_kinds[] = {
    {"legacyResumeAll", WIRE_RESUMED, read_plain},
    {"legacyResumeThread", WIRE_RESUMED, read_plain},
    {"legacyStepInto", WIRE_RESUMED, read_plain},
    {"legacyStepOver", WIRE_RESUMED, read_plain},
    {"legacyStepOut", WIRE_RESUMED, read_plain},
    {"legacyGetBreakpointHitCount", WIRE_HIT_COUNT, read_hit_count},
    {"legacySetLineNumber", WIRE_LINE_SET, read_line_set},
};

static enum outcome take_success(struct wire *wire, struct wire_event *event, const char *command) {
    const struct message message = {wire, json_object(wire->document, "body"), event};
    for (size_t i = 0; i < sizeof response_kinds / sizeof *response_kinds; i++) {
        if (strcmp(response_kinds[i].name, command) != 0)
            continue;
        event->type = response_kinds[i].type;
        return response_kinds[i].read(&message);
    }
    return SWALLOWED;
}

static enum outcome take_refusal(struct wire *wire, struct wire_event *event, const char *command) {
    const char *why = text_or_empty(wire->document, "message");
    size_t room = strlen(command) + strlen(why) + 3;
    char *text = arena_alloc(&wire->arena, room);
    snprintf(text, room, "%s: %s", command, why);
    event->type = WIRE_REFUSED;
    event->text = text;
    return FILLED;
}

static enum outcome take_response(struct wire *wire, struct wire_event *event) {
    const char *command = text_or_empty(wire->document, "command");
    if (!strcmp(command, WIRE_JSON_FAREWELL)) {
        event->type = WIRE_FAREWELL_DONE;
        return FILLED;
    }
    if (json_bool(wire->document, "success", true))
        return take_success(wire, event, command);
    /* A detach is always answered a second time, with the exception that ended the session. */
    if (!strcmp(command, "legacyDetach"))
        return SWALLOWED;
    return take_refusal(wire, event, command);
}

/* ---- messages -------------------------------------------------------------------------------- */

static enum outcome take_message(struct wire *wire, struct wire_event *event) {
    if (!cJSON_IsObject(wire->document))
        return broken(wire, "a message is no JSON object, or has more values than any program");
    const char *type = text_or_empty(wire->document, "type");
    if (!strcmp(type, "event"))
        return take_event(wire, event);
    if (!strcmp(type, "response"))
        return take_response(wire, event);
    return SWALLOWED;
}

int wire_json_decode(struct wire *wire, struct wire_event *event) {
    enum outcome outcome = SWALLOWED;
    while (outcome == SWALLOWED) {
        const char *bytes, *error;
        size_t length, whole;
        int found = frame_next(&wire->in, BODY_LIMIT, &bytes, &length, &whole, &error);
        if (found < 0)
            return broken(wire, error);
        if (!found) {
            wire->needed = whole;
            return 0;
        }
        cJSON_Delete(wire->document);
        *event = (struct wire_event){.thread = 0};
        wire->document = json_parse(bytes, length);
        buf_consume(&wire->in, whole);
        outcome = take_message(wire, event);
    }
    return outcome;
}
