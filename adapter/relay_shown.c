/* What the target can do, and what the editor is told of it. */
#include "relay_parts.h"

#include "memory.h"

#include <string.h>

/* debugpy never answers such a request when it does not know it, and nothing behind it; so only a
 * target that announces the capability is asked. */
static const struct {
    const char *command, *capability;
} needs[] = {
    {"breakpointLocations", "supportsBreakpointLocationsRequest"},
    {"cancel", "supportsCancelRequest"},
    {"completions", "supportsCompletionsRequest"},
    {"dataBreakpointInfo", "supportsDataBreakpoints"},
    {"disassemble", "supportsDisassembleRequest"},
    {"exceptionInfo", "supportsExceptionInfoRequest"},
    {"goto", "supportsGotoTargetsRequest"},
    {"gotoTargets", "supportsGotoTargetsRequest"},
    {"loadedSources", "supportsLoadedSourcesRequest"},
    {"locations", "supportsLocationsRequest"}, /* no capability of DAP's: nobody has it */
    {"modules", "supportsModulesRequest"},
    {"readMemory", "supportsReadMemoryRequest"},
    {"restart", "supportsRestartRequest"},
    {"restartFrame", "supportsRestartFrame"},
    {"reverseContinue", "supportsStepBack"},
    {"setDataBreakpoints", "supportsDataBreakpoints"},
    {"setExpression", "supportsSetExpression"},
    {"setFunctionBreakpoints", "supportsFunctionBreakpoints"},
    {"setInstructionBreakpoints", "supportsInstructionBreakpoints"},
    {"setVariable", "supportsSetVariable"},
    {"stepBack", "supportsStepBack"},
    {"stepInTargets", "supportsStepInTargetsRequest"},
    {"terminate", "supportsTerminateRequest"},
    {"terminateThreads", "supportsTerminateThreadsRequest"},
    {"writeMemory", "supportsWriteMemoryRequest"},
};

bool relay_can(const struct relay *relay, const char *capability) {
    return json_bool(relay->capabilities, capability, false);
}

const char *relay_lacks(const struct relay *relay, const char *command) {
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (!strcmp(needs[i].command, command))
            return relay_can(relay, needs[i].capability) ? NULL : needs[i].capability;
    return NULL;
}

/* debugpy spells one of them with an s too many. Editors that see these two end the program on an
 * ordinary "stop". */
static void settle_ending(struct relay *relay) {
    static const char terminate[] = "supportsTerminateRequest", ends[] = "supportTerminateDebuggee",
                      misspelt[] = "supportsTerminateDebuggee";
    bool can = relay_can(relay, ends) || relay_can(relay, misspelt);
    cJSON_DeleteItemFromObjectCaseSensitive(relay->capabilities, misspelt);
    cJSON_DeleteItemFromObjectCaseSensitive(relay->capabilities, ends);
    if (!relay->allow_terminate) {
        cJSON_DeleteItemFromObjectCaseSensitive(relay->capabilities, terminate);
        /* To whom it was announced nonetheless, for him it means to leave. */
        if (json_bool(relay->announced, terminate, false))
            cJSON_AddTrueToObject(relay->capabilities, terminate);
    } else if (can)
        cJSON_AddTrueToObject(relay->capabilities, ends);
}

/* What we announced and it lacks; then what it has and we did not, or otherwise. */
static cJSON *difference(const cJSON *ours, const cJSON *theirs) {
    cJSON *found = cJSON_CreateObject();
    const cJSON *one;
    cJSON_ArrayForEach(one, ours) {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(theirs, one->string);
        if (cJSON_IsTrue(one) && !cJSON_IsTrue(other))
            cJSON_AddFalseToObject(found, one->string);
        else if (cJSON_IsArray(one) && !other)
            cJSON_AddArrayToObject(found, one->string);
    }
    cJSON_ArrayForEach(one, theirs) {
        const cJSON *own = cJSON_GetObjectItemCaseSensitive(ours, one->string);
        bool none = cJSON_IsFalse(one) && !own;
        if (!none && !cJSON_IsNull(one) && !cJSON_Compare(own, one, true) &&
            !cJSON_HasObjectItem(found, one->string))
            cJSON_AddItemToObject(found, one->string, cJSON_Duplicate(one, true));
    }
    return found;
}

void relay_show_capabilities(struct relay *relay, const char *body, size_t length) {
    relay->capabilities = body ? json_parse(body, length) : NULL;
    if (!cJSON_IsObject(relay->capabilities)) {
        cJSON_Delete(relay->capabilities);
        relay->capabilities = cJSON_CreateObject();
    }
    settle_ending(relay);
    cJSON *different = difference(relay->announced, relay->capabilities);
    if (!different->child) {
        cJSON_Delete(different);
        return;
    }
    cJSON *event = cJSON_CreateObject();
    cJSON_AddItemToObject(event, "capabilities", different);
    client_event(relay->client, "capabilities", event);
}

char *relay_replaced(const char *message, size_t length, struct span part, const char *by) {
    size_t before = (size_t)(part.at - message), behind = before + part.length;
    return memory_format("%.*s%s%.*s", (int)before, message, by, (int)(length - behind),
                         message + behind);
}

char *relay_without_process_id(const struct envelope *envelope, const char *message,
                               size_t length) {
    struct span body = envelope->body;
    struct members members;
    struct member member;
    if (strcmp(envelope->name, "process") != 0 || !body.at ||
        !span_is_text(members_find(body.at, body.length, "startMethod"), "attach") ||
        members_begin(&members, body.at, body.length) < 0)
        return NULL;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    buf_append_text(&out, "{");
    while (members_next(&members, &member) > 0) {
        if (span_is(member.name, "systemProcessId"))
            continue;
        buf_append_text(&out, out.length > 1 ? ", " : "");
        buf_append(&out, member.whole.at, member.whole.length);
    }
    buf_append_text(&out, "}");
    char *rest = memory_copy_bytes(out.bytes, out.length);
    char *text = relay_replaced(message, length, body, rest);
    buf_finish(&out);
    free(rest);
    return text;
}
