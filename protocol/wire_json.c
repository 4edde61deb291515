/* Versions 7 and 8: commands to bytes. Commands: json.md section 4. Every argument is required
 * there; a server that misses one refuses the request. */
#include "wire_json.h"

#include "frame.h"
#include "wire_codecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *command_name(enum wire_command_type type) {
    static const char *const names[WIRE_COMMAND_TYPES] = {
        [WIRE_SET_BREAKPOINT] = "legacySetBreakpoint",
        [WIRE_REMOVE_BREAKPOINT] = "legacyRemoveBreakpoint",
        [WIRE_SET_CONDITION] = "legacySetBreakpointCondition",
        [WIRE_SET_PASS_COUNT] = "legacySetBreakpointPassCount",
        [WIRE_GET_HIT_COUNT] = "legacyGetBreakpointHitCount",
        [WIRE_SET_HIT_COUNT] = "legacySetBreakpointHitCount",
        [WIRE_BREAK_ALL] = "legacyBreakAll",
        [WIRE_RESUME_ALL] = "legacyResumeAll",
        [WIRE_RESUME_THREAD] = "legacyResumeThread",
        [WIRE_CLEAR_STEPPING] = "legacyClearStepping",
        [WIRE_STEP_INTO] = "legacyStepInto",
        [WIRE_STEP_OVER] = "legacyStepOver",
        [WIRE_STEP_OUT] = "legacyStepOut",
        [WIRE_EXECUTE] = "legacyExecuteText",
        [WIRE_CHILDREN] = "legacyEnumChildren",
        [WIRE_SET_LINE] = "legacySetLineNumber",
        [WIRE_SET_EXCEPTIONS] = "legacySetExceptionInfo",
        [WIRE_SET_HANDLERS] = "legacySetExceptionHandlerInfo",
        [WIRE_DETACH] = "legacyDetach",
        [WIRE_FAREWELL] = WIRE_JSON_FAREWELL,
    };
    return names[type];
}

/* ---- pieces of arguments --------------------------------------------------------------------- */

/* The server's json module makes no difference between NULL and "" here but fails on null. */
static void put_text(cJSON *to, const char *name, const char *text) {
    cJSON_AddStringToObject(to, name, text ? text : "");
}

static void put_int(cJSON *to, const char *name, int64_t value) {
    cJSON_AddNumberToObject(to, name, (double)value);
}

static void put_place(cJSON *to, const struct wire_breakpoint *breakpoint) {
    put_int(to, "language", breakpoint->language);
    put_int(to, "breakpointId", breakpoint->id);
    put_int(to, "breakpointLineNo", breakpoint->line);
    put_text(to, "breakpointFileName", breakpoint->file);
}

/* A condition without text would be an error in the debuggee and so hit each time. */
static void put_condition(cJSON *to, const struct wire_breakpoint *breakpoint) {
    bool none = !breakpoint->condition || !*breakpoint->condition;
    put_int(to, "conditionKind", none ? WIRE_CONDITION_ALWAYS : breakpoint->condition_kind);
    bool always = none || breakpoint->condition_kind == WIRE_CONDITION_ALWAYS;
    put_text(to, "condition", always ? "" : breakpoint->condition);
}

/* "Every 0th" would raise ZeroDivisionError in the debugged program. */
static void put_pass_count(cJSON *to, const struct wire_breakpoint *breakpoint) {
    bool impossible = breakpoint->pass_kind == WIRE_PASS_EVERY && breakpoint->pass_count < 1;
    put_int(to, "passCountKind", impossible ? WIRE_PASS_ALWAYS : breakpoint->pass_kind);
    put_int(to, "passCount", breakpoint->pass_count);
}

static void put_question(cJSON *to, const struct wire_execute *execute) {
    put_text(to, "text", execute->text);
    put_int(to, "threadId", execute->thread);
    put_int(to, "frameId", execute->frame);
    put_int(to, "executionId", execute->token);
    put_int(to, "frameKind", execute->frame_kind);
}

static void put_execute(cJSON *to, const struct wire_execute *execute, int version) {
    put_question(to, execute);
    put_int(to, "reprKind", execute->repr);
    if (version < 8)
        return;
    cJSON_AddItemToObject(to, "moduleName",
                          execute->module ? cJSON_CreateString(execute->module)
                                          : cJSON_CreateNull());
    cJSON_AddBoolToObject(to, "printResult", false);
}

static void put_set_line(cJSON *to, const struct wire_set_line *set_line) {
    put_int(to, "threadId", set_line->thread);
    put_int(to, "frameId", set_line->frame);
    put_int(to, "lineNo", set_line->line);
}

static void put_exceptions(cJSON *to, const struct wire_exceptions *exceptions) {
    put_int(to, "defaultBreakOnMode", exceptions->mode);
    cJSON *list = cJSON_AddArrayToObject(to, "breakOn");
    for (size_t i = 0; i < exceptions->count; i++) {
        cJSON *item = cJSON_CreateObject();
        put_text(item, "name", exceptions->names[i].name);
        put_int(item, "mode", exceptions->names[i].mode);
        cJSON_AddItemToArray(list, item);
    }
}

static cJSON *statement_create(const struct wire_handler *handler) {
    cJSON *statement = cJSON_CreateObject();
    put_int(statement, "lineStart", handler->first);
    put_int(statement, "lineEnd", handler->end);
    cJSON *names = cJSON_AddArrayToObject(statement, "expressions");
    for (size_t i = 0; i < handler->name_count; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(handler->names[i]));
    return statement;
}

static void put_handlers(cJSON *to, const struct wire_handlers *handlers) {
    put_text(to, "fileName", handlers->file);
    cJSON *statements = cJSON_AddArrayToObject(to, "statements");
    for (size_t i = 0; i < handlers->count; i++)
        cJSON_AddItemToArray(statements, statement_create(&handlers->handlers[i]));
}

/* ---- commands -------------------------------------------------------------------------------- */

static void put_arguments(cJSON *to, const struct wire_command *command, int version) {
    const struct wire_breakpoint *breakpoint = &command->breakpoint;
    switch (command->type) {
    case WIRE_SET_BREAKPOINT:
        put_place(to, breakpoint);
        put_condition(to, breakpoint);
        put_pass_count(to, breakpoint);
        break;
    case WIRE_REMOVE_BREAKPOINT:
        put_place(to, breakpoint);
        break;
    case WIRE_SET_CONDITION:
        put_int(to, "breakpointId", breakpoint->id);
        put_condition(to, breakpoint);
        break;
    case WIRE_SET_PASS_COUNT:
        put_int(to, "breakpointId", breakpoint->id);
        put_pass_count(to, breakpoint);
        break;
    case WIRE_GET_HIT_COUNT:
        put_int(to, "breakpointId", breakpoint->id);
        break;
    case WIRE_SET_HIT_COUNT:
        put_int(to, "breakpointId", breakpoint->id);
        put_int(to, "hitCount", breakpoint->pass_count);
        break;
    case WIRE_RESUME_THREAD:
    case WIRE_CLEAR_STEPPING:
    case WIRE_STEP_INTO:
    case WIRE_STEP_OVER:
    case WIRE_STEP_OUT:
        put_int(to, "threadId", command->thread);
        break;
    case WIRE_EXECUTE:
        put_execute(to, &command->execute, version);
        break;
    case WIRE_CHILDREN:
        put_question(to, &command->execute);
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
    case WIRE_BREAK_ALL:
    case WIRE_RESUME_ALL:
    case WIRE_DETACH:
    case WIRE_FAREWELL:
    case WIRE_COMMAND_TYPES:
        break;
    }
}

void wire_json_ask(struct wire *wire, int64_t seq, const char *command, cJSON *arguments) {
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "type", "request");
    put_int(request, "seq", seq);
    cJSON_AddStringToObject(request, "command", command);
    cJSON_AddItemToObject(request, "arguments", arguments);
    char *text = json_print(request);
    if (frame_append(&wire->out, text, strlen(text)) < 0)
        snprintf(wire->error, sizeof wire->error, "the server does not read our commands any more");
    free(text);
    cJSON_Delete(request);
}

static void encode(struct wire *wire, const struct wire_command *command) {
    cJSON *arguments = cJSON_CreateObject();
    put_arguments(arguments, command, wire->version->number);
    /* The hit count's answer names no breakpoint: it is known by the request it answers. */
    int64_t seq =
        command->type == WIRE_GET_HIT_COUNT ? command->breakpoint.token : wire->next_seq++;
    wire_json_ask(wire, seq, command_name(command->type), arguments);
}

const struct wire_ops wire_json = {"JSON", wire_json_decode, encode};
