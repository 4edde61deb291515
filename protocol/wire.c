#include "wire.h"

#include "memory.h"
#include "wire_codecs.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_LIMIT = 64 << 20 };

enum {
    LACKS_FAREWELL = 1 << WIRE_FAREWELL,
    LACKS_COUNTS = 1 << WIRE_SET_PASS_COUNT | 1 << WIRE_GET_HIT_COUNT | 1 << WIRE_SET_HIT_COUNT
};

static const struct wire_version versions[] = {
    {2, &wire_binary, "2.0.x", LACKS_FAREWELL | LACKS_COUNTS, NULL},
    {4, &wire_binary, "2.1.x", LACKS_FAREWELL | LACKS_COUNTS, "2010 and 2012"},
    {6, &wire_binary, "2.2.x and 3.0.0", LACKS_FAREWELL, "2013 and 2015 (2.2.x), 2017 (3.0.0)"},
    {7, &wire_json, "3.1.x", 0, "2017"},
    {8, &wire_json, "3.2.x", 0, "2017"},
};

enum { VERSIONS = sizeof versions / sizeof *versions };

const struct wire_version *wire_version_find(int64_t number) {
    for (size_t i = 0; i < VERSIONS; i++)
        if (versions[i].number == number)
            return &versions[i];
    return NULL;
}

const char *wire_version_unknown(int64_t number) {
    if (number < versions[0].number)
        return "older than ptvsd 2.0, the first release that could be attached to";
    if (number > versions[VERSIONS - 1].number)
        return "newer than ptvsd 3.2, the last release with this protocol";
    return number == 3 ? "from between ptvsd 2.0 and 2.1, and was never released"
                       : "from between ptvsd 2.1 and 2.2, and was never released";
}

char *wire_versions_show(void) {
    struct buf text;
    buf_init(&text, 1000);
    for (int i = 0; i < VERSIONS; i++) {
        const struct wire_version *row = &versions[i];
        char *one = memory_format("%s%d is ptvsd %s%s%s", i ? "; " : "", row->number, row->releases,
                                  row->visual_studio ? ", of Visual Studio " : "",
                                  row->visual_studio ? row->visual_studio : "");
        buf_append_text(&text, one);
        free(one);
    }
    buf_append_text(&text, "; ptvsd 4 and debugpy speak the Debug Adapter Protocol");
    char *shown = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return shown;
}

void wire_init(struct wire *wire, const struct wire_version *version) {
    *wire = (struct wire){.version = version};
    buf_init(&wire->in, WIRE_MESSAGE_LIMIT);
    buf_init(&wire->out, OUT_LIMIT);
    arena_init(&wire->arena);
}

static void forget_event(struct wire *wire) {
    arena_reset(&wire->arena);
    cJSON_Delete(wire->document);
    wire->document = NULL;
}

void wire_finish(struct wire *wire) {
    forget_event(wire);
    arena_finish(&wire->arena);
    buf_finish(&wire->in);
    buf_finish(&wire->out);
}

int wire_decode(struct wire *wire, struct wire_event *event) {
    forget_event(wire);
    if (wire->error[0]) /* a broken wire stays broken */
        return -1;
    if (wire->in.length < wire->needed)
        return 0;
    wire->needed = 0;
    *event = (struct wire_event){.thread = 0};
    int result = wire->version->ops->decode(wire, event);
    if (result < 0 && !wire->error[0])
        snprintf(wire->error, sizeof wire->error, "the server broke the protocol");
    return result;
}

bool wire_can(const struct wire *wire, enum wire_command_type type) {
    return !(wire->version->lacks & (uint32_t)1 << type);
}

void wire_encode(struct wire *wire, const struct wire_command *command) {
    assert(wire_can(wire, command->type));
    wire->version->ops->encode(wire, command);
}

bool wire_undefined(const struct wire_object *object) {
    const char *repr = object->repr, *type = object->type;
    if (!repr || !type)
        return false;
    return (!strcmp(repr, "<undefined>") && !*type) ||
           (!strcmp(repr, "'<undefined>'") && !strcmp(type, "unknown"));
}

const char *wire_command_name(enum wire_command_type type) {
    switch (type) {
    case WIRE_SET_BREAKPOINT:
        return "set breakpoint";
    case WIRE_REMOVE_BREAKPOINT:
        return "remove breakpoint";
    case WIRE_SET_CONDITION:
        return "set condition";
    case WIRE_SET_PASS_COUNT:
        return "set pass count";
    case WIRE_GET_HIT_COUNT:
        return "get hit count";
    case WIRE_SET_HIT_COUNT:
        return "set hit count";
    case WIRE_BREAK_ALL:
        return "break all";
    case WIRE_RESUME_ALL:
        return "resume all";
    case WIRE_RESUME_THREAD:
        return "resume thread";
    case WIRE_CLEAR_STEPPING:
        return "clear stepping";
    case WIRE_STEP_INTO:
        return "step into";
    case WIRE_STEP_OVER:
        return "step over";
    case WIRE_STEP_OUT:
        return "step out";
    case WIRE_EXECUTE:
        return "execute";
    case WIRE_CHILDREN:
        return "children";
    case WIRE_SET_LINE:
        return "set line";
    case WIRE_SET_EXCEPTIONS:
        return "set exceptions";
    case WIRE_SET_HANDLERS:
        return "set handlers";
    case WIRE_DETACH:
        return "detach";
    case WIRE_FAREWELL:
        return "farewell";
    case WIRE_COMMAND_TYPES:
        break;
    }
    return "?";
}

const char *wire_event_name(enum wire_event_type type) {
    switch (type) {
    case WIRE_THREAD_STARTED:
        return "thread started";
    case WIRE_THREAD_ENDED:
        return "thread ended";
    case WIRE_MODULE:
        return "module";
    case WIRE_MODULES_CHANGED:
        return "modules changed";
    case WIRE_LOADED:
        return "loaded";
    case WIRE_FRAMES:
        return "frames";
    case WIRE_BOUND:
        return "bound";
    case WIRE_PENDING:
        return "pending";
    case WIRE_HIT:
        return "hit";
    case WIRE_HIT_COUNT:
        return "hit count";
    case WIRE_STEPPED:
        return "stepped";
    case WIRE_BROKE:
        return "broke";
    case WIRE_EXCEPTION:
        return "exception";
    case WIRE_RESULT:
        return "result";
    case WIRE_FAILED:
        return "failed";
    case WIRE_CHILDREN_ARE:
        return "children are";
    case WIRE_OUTPUT:
        return "output";
    case WIRE_WANTS_HANDLERS:
        return "wants handlers";
    case WIRE_LINE_SET:
        return "line set";
    case WIRE_DETACHED:
        return "detached";
    case WIRE_REFUSED:
        return "refused";
    case WIRE_RESUMED:
        return "resumed";
    case WIRE_FAREWELL_DONE:
        return "farewell done";
    }
    return "?";
}
