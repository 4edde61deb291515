#include "binary_client.h"

#include <string.h>

struct input {
    struct arena *arena;
    const unsigned char *bytes;
    size_t left;
    bool bad;
};

static const unsigned char *take(struct input *input, size_t count) {
    static const unsigned char nothing[8];
    if (count > input->left) {
        input->bad = true;
        return nothing;
    }
    const unsigned char *bytes = input->bytes;
    input->bytes += count;
    input->left -= count;
    return bytes;
}

static int64_t take_int(struct input *input) {
    const unsigned char *bytes = take(input, 8);
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value * 256 + bytes[i];
    return (int64_t)value;
}

static int take_small(struct input *input) {
    return (int)take_int(input);
}

static const char *take_text(struct input *input) {
    size_t length = (size_t)take_int(input);
    const unsigned char *bytes = take(input, length);
    return input->bad ? "" : arena_copy_bytes(input->arena, (const char *)bytes, length);
}

static void take_condition(struct input *input, struct wire_breakpoint *breakpoint, int version) {
    if (version >= 6)
        breakpoint->condition_kind = (enum wire_condition)take_small(input);
    breakpoint->condition = take_text(input);
    if (version < 6) {
        bool changed = take_int(input);
        breakpoint->condition_kind = changed                  ? WIRE_CONDITION_CHANGED
                                     : *breakpoint->condition ? WIRE_CONDITION_TRUE
                                                              : WIRE_CONDITION_ALWAYS;
    }
}

static void take_pass_count(struct input *input, struct wire_breakpoint *breakpoint) {
    breakpoint->pass_kind = (enum wire_pass_count)take_small(input);
    breakpoint->pass_count = take_int(input);
}

static void take_breakpoint(struct input *input, struct wire_breakpoint *breakpoint, int version) {
    breakpoint->id = take_small(input);
    breakpoint->line = take_int(input);
    breakpoint->file = take_text(input);
    take_condition(input, breakpoint, version);
    if (version >= 6)
        take_pass_count(input, breakpoint);
}

static void take_question(struct input *input, struct wire_execute *execute) {
    execute->text = take_text(input);
    execute->thread = take_int(input);
    execute->frame = take_int(input);
    execute->token = take_small(input);
    execute->frame_kind = (enum wire_frame_kind)take_small(input);
}

static void take_exceptions(struct input *input, struct wire_exceptions *exceptions) {
    exceptions->mode = take_small(input);
    exceptions->count = (size_t)take_int(input);
    if (exceptions->count > input->left) {
        input->bad = true;
        return;
    }
    struct wire_exception_mode *names =
        arena_alloc(input->arena, exceptions->count * sizeof *names);
    for (size_t i = 0; i < exceptions->count; i++) {
        names[i].mode = take_small(input);
        names[i].name = take_text(input);
    }
    exceptions->names = names;
}

static void take_handler(struct input *input, struct wire_handler *handler) {
    enum { MOST_NAMES = 16 };
    const char **names = arena_alloc(input->arena, MOST_NAMES * sizeof *names);
    handler->first = take_int(input);
    handler->end = take_int(input);
    handler->names = names;
    for (;;) {
        const char *name = take_text(input);
        if (strcmp(name, "-") == 0)
            return;
        if (input->bad || handler->name_count == MOST_NAMES) {
            input->bad = true;
            return;
        }
        names[handler->name_count++] = name;
    }
}

static void take_handlers(struct input *input, struct wire_handlers *handlers) {
    handlers->file = take_text(input);
    handlers->count = (size_t)take_int(input);
    if (handlers->count > input->left) {
        input->bad = true;
        return;
    }
    struct wire_handler *list = arena_alloc(input->arena, handlers->count * sizeof *list);
    for (size_t i = 0; i < handlers->count; i++)
        take_handler(input, &list[i]);
    handlers->handlers = list;
}

/* Commands of a bare tag or of a tag and a thread. */
static bool take_simple(struct input *input, const char *tag, struct wire_command *command) {
    static const struct {
        const char *tag;
        enum wire_command_type type;
        bool thread;
    } simple[] = {
        {"brka", WIRE_BREAK_ALL, false}, {"resa", WIRE_RESUME_ALL, false},
        {"detc", WIRE_DETACH, false},    {"clst", WIRE_CLEAR_STEPPING, true},
        {"stpi", WIRE_STEP_INTO, true},  {"stpv", WIRE_STEP_OVER, true},
        {"stpo", WIRE_STEP_OUT, true},   {"rest", WIRE_RESUME_THREAD, true},
    };
    for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
        if (strcmp(tag, simple[i].tag) != 0)
            continue;
        command->type = simple[i].type;
        if (simple[i].thread)
            command->thread = take_int(input);
        return true;
    }
    return false;
}

static bool take_breakpoint_command(struct input *input, const char *tag, int version,
                                    struct wire_command *command) {
    struct wire_breakpoint *breakpoint = &command->breakpoint;
    if (strcmp(tag, "brkp") == 0) {
        command->type = WIRE_SET_BREAKPOINT;
        take_breakpoint(input, breakpoint, version);
    } else if (strcmp(tag, "brkr") == 0) {
        command->type = WIRE_REMOVE_BREAKPOINT;
        breakpoint->line = take_int(input);
        breakpoint->id = take_small(input);
    } else if (strcmp(tag, "brkc") == 0) {
        command->type = WIRE_SET_CONDITION;
        breakpoint->id = take_small(input);
        take_condition(input, breakpoint, version);
    } else if (strcmp(tag, "bkpc") == 0) {
        command->type = WIRE_SET_PASS_COUNT;
        breakpoint->id = take_small(input);
        take_pass_count(input, breakpoint);
    } else if (strcmp(tag, "bkgh") == 0) {
        command->type = WIRE_GET_HIT_COUNT;
        breakpoint->token = take_small(input);
        breakpoint->id = take_small(input);
    } else if (strcmp(tag, "bksh") == 0) {
        command->type = WIRE_SET_HIT_COUNT;
        breakpoint->id = take_small(input);
        breakpoint->pass_count = take_int(input);
    } else {
        return false;
    }
    return true;
}

static bool take_other(struct input *input, const char *tag, int version,
                       struct wire_command *command) {
    if (strcmp(tag, "exec") == 0) {
        command->type = WIRE_EXECUTE;
        take_question(input, &command->execute);
        if (version >= 4)
            command->execute.repr = (enum wire_repr)take_small(input);
    } else if (strcmp(tag, "chld") == 0) {
        command->type = WIRE_CHILDREN;
        take_question(input, &command->execute);
        if (version == 2)
            command->execute.enumerate = take_int(input);
    } else if (strcmp(tag, "sexi") == 0) {
        command->type = WIRE_SET_EXCEPTIONS;
        take_exceptions(input, &command->exceptions);
    } else if (strcmp(tag, "sehi") == 0) {
        command->type = WIRE_SET_HANDLERS;
        take_handlers(input, &command->handlers);
    } else {
        return false;
    }
    return true;
}

bool binary_client_read(struct wire_command *command, struct arena *arena, int version,
                        const char *bytes, size_t length) {
    struct input input = {.arena = arena, .bytes = (const unsigned char *)bytes, .left = length};
    *command = (struct wire_command){.type = WIRE_COMMAND_TYPES};
    char tag[5] = "";
    memcpy(tag, take(&input, 4), 4);
    bool known = take_simple(&input, tag, command) ||
                 take_breakpoint_command(&input, tag, version, command) ||
                 take_other(&input, tag, version, command);
    return known && !input.bad && !input.left;
}
