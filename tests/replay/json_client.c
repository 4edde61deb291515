#include "json_client.h"

#include "json.h"

#include <string.h>

struct input {
    struct arena *arena;
    const cJSON *arguments;
    struct wire_command *command;
};

static int64_t int_at(const struct input *input, const char *name) {
    return json_int(input->arguments, name, -1);
}

static const char *text_at(const struct input *input, const char *name) {
    return json_text(input->arguments, name);
}

static void read_nothing(const struct input *input) {
    (void)input;
}

static void read_thread(const struct input *input) {
    input->command->thread = int_at(input, "threadId");
}

/* Reads every field a breakpoint command may have; those it lacks are not encoded either. */
static void read_breakpoint(const struct input *input) {
    input->command->breakpoint = (struct wire_breakpoint){
        .id = (int32_t)int_at(input, "breakpointId"),
        .line = int_at(input, "breakpointLineNo"),
        .file = text_at(input, "breakpointFileName"),
        .condition_kind = (enum wire_condition)int_at(input, "conditionKind"),
        .condition = text_at(input, "condition"),
        .pass_kind = (enum wire_pass_count)int_at(input, "passCountKind"),
        .pass_count = json_int(input->arguments, "hitCount", int_at(input, "passCount")),
        .language = (enum wire_language)int_at(input, "language"),
    };
}

static void read_question(const struct input *input) {
    input->command->execute = (struct wire_execute){
        .text = text_at(input, "text"),
        .thread = int_at(input, "threadId"),
        .frame = int_at(input, "frameId"),
        .token = (int32_t)int_at(input, "executionId"),
        .frame_kind = (enum wire_frame_kind)int_at(input, "frameKind"),
        .repr = (enum wire_repr)int_at(input, "reprKind"),
        .module = text_at(input, "moduleName"),
    };
}

static void read_set_line(const struct input *input) {
    input->command->set_line = (struct wire_set_line){
        int_at(input, "threadId"), int_at(input, "frameId"), int_at(input, "lineNo")};
}

static void read_exceptions(const struct input *input) {
    const cJSON *list = json_array(input->arguments, "breakOn"), *item;
    size_t count = (size_t)cJSON_GetArraySize(list);
    struct wire_exception_mode *modes = arena_alloc(input->arena, count * sizeof *modes);
    input->command->exceptions =
        (struct wire_exceptions){(int)int_at(input, "defaultBreakOnMode"), modes, count};
    cJSON_ArrayForEach(item, list) {
        modes->name = json_text(item, "name");
        modes++->mode = (int)json_int(item, "mode", -1);
    }
}

static void read_handler(struct wire_handler *handler, struct arena *arena, const cJSON *from) {
    const cJSON *list = json_array(from, "expressions"), *item;
    handler->first = json_int(from, "lineStart", -1);
    handler->end = json_int(from, "lineEnd", -1);
    handler->name_count = (size_t)cJSON_GetArraySize(list);
    const char **names = arena_alloc(arena, handler->name_count * sizeof *names);
    handler->names = names;
    cJSON_ArrayForEach(item, list) {
        *names++ = item->valuestring;
    }
}

static void read_handlers(const struct input *input) {
    const cJSON *list = json_array(input->arguments, "statements"), *item;
    size_t count = (size_t)cJSON_GetArraySize(list);
    struct wire_handler *handlers = arena_alloc(input->arena, count * sizeof *handlers);
    input->command->handlers = (struct wire_handlers){text_at(input, "fileName"), handlers, count};
    cJSON_ArrayForEach(item, list) {
        read_handler(handlers++, input->arena, item);
    }
}

static const struct {
    const char *name;
    enum wire_command_type type;
    void (*read)(const struct input *input);
} kinds[] = {
    {"legacySetBreakpoint", WIRE_SET_BREAKPOINT, read_breakpoint},
    {"legacyRemoveBreakpoint", WIRE_REMOVE_BREAKPOINT, read_breakpoint},
    {"legacySetBreakpointCondition", WIRE_SET_CONDITION, read_breakpoint},
    {"legacySetBreakpointPassCount", WIRE_SET_PASS_COUNT, read_breakpoint},
    {"legacyGetBreakpointHitCount", WIRE_GET_HIT_COUNT, read_breakpoint},
    {"legacySetBreakpointHitCount", WIRE_SET_HIT_COUNT, read_breakpoint},
    {"legacyBreakAll", WIRE_BREAK_ALL, read_nothing},
    {"legacyResumeAll", WIRE_RESUME_ALL, read_nothing},
    {"legacyResumeThread", WIRE_RESUME_THREAD, read_thread},
    {"legacyClearStepping", WIRE_CLEAR_STEPPING, read_thread},
    {"legacyStepInto", WIRE_STEP_INTO, read_thread},
    {"legacyStepOver", WIRE_STEP_OVER, read_thread},
    {"legacyStepOut", WIRE_STEP_OUT, read_thread},
    {"legacyExecuteText", WIRE_EXECUTE, read_question},
    {"legacyEnumChildren", WIRE_CHILDREN, read_question},
    {"legacySetLineNumber", WIRE_SET_LINE, read_set_line},
    {"legacySetExceptionInfo", WIRE_SET_EXCEPTIONS, read_exceptions},
    {"legacySetExceptionHandlerInfo", WIRE_SET_HANDLERS, read_handlers},
    {"legacyDetach", WIRE_DETACH, read_nothing},
    {"legacyGoodbye", WIRE_FAREWELL, read_nothing},
};

bool json_client_read(struct wire_command *command, struct arena *arena, const cJSON *request) {
    const struct input input = {arena, json_object(request, "arguments"), command};
    const char *name = json_text(request, "command");
    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) != 0)
            continue;
        *command = (struct wire_command){.type = kinds[i].type};
        kinds[i].read(&input);
        if (command->type == WIRE_GET_HIT_COUNT)
            command->breakpoint.token = (int32_t)json_int(request, "seq", -1);
        return true;
    }
    return false;
}
