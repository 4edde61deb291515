#include "requests.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { BREAKPOINT_LIMIT = 10000 };

static bool same_text(const char *one, const char *other) {
    return !strcmp(one ? one : "", other ? other : "");
}

/* One of an earlier request on the same line, the one with the same condition first: it keeps its
 * id, and ptvsd its hit count. */
static struct breakpoint *find_earlier(struct source *source, int64_t line, const char *condition) {
    struct breakpoint *found = NULL;
    for (size_t i = 0; i < source->count; i++) {
        struct breakpoint *breakpoint = &source->items[i];
        if (breakpoint->wanted || breakpoint->line != line || breakpoint->refused)
            continue;
        if (same_text(breakpoint->condition, condition))
            return breakpoint;
        found = breakpoint;
    }
    return found;
}

static void change_condition(struct session *session, struct breakpoint *breakpoint,
                             const char *condition) {
    if (same_text(breakpoint->condition, condition))
        return;
    free(breakpoint->condition);
    breakpoint->condition = memory_copy_text(condition);
    struct wire_command command = {
        .type = WIRE_SET_CONDITION,
        .breakpoint = {.id = breakpoint->wire_id,
                       .condition_kind = condition ? WIRE_CONDITION_TRUE : WIRE_CONDITION_ALWAYS,
                       .condition = condition}};
    if (breakpoint->sent_path)
        debuggee_send(&session->debuggee, &command);
}

/* A log point that stops the program would be worse than none. */
static const char *not_built(const cJSON *asked) {
    const char *log = json_text(asked, "logMessage"), *hits = json_text(asked, "hitCondition");
    if (log && *log)
        return "Log points are not supported by this version; use a breakpoint without a message.";
    if (hits && *hits)
        return "Hit counts are not supported by this version; use a condition instead.";
    return NULL;
}

static int want_breakpoint(struct session *session, struct source *source, const cJSON *asked,
                           int64_t line, const char *condition) {
    const char *refused = not_built(asked);
    struct breakpoint *breakpoint = refused ? NULL : find_earlier(source, line, condition);
    if (breakpoint) {
        change_condition(session, breakpoint, condition);
    } else {
        breakpoint = breakpoints_add(&session->breakpoints, source, line, condition);
        breakpoint->refused = memory_copy_text(refused);
    }
    breakpoint->wanted = true;
    return breakpoint->id;
}

/* 0, or -1 after the request was refused. */
static int read_line_and_condition(struct session *session, const struct request *request,
                                   const cJSON *asked, int64_t *line, const char **condition) {
    struct dap_error error;
    if (dap_need_int(asked, "line", line, &error) < 0 ||
        dap_want_text(asked, "condition", condition, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return -1;
    }
    *line += 1 - session->line_base;
    if (*condition && !**condition)
        *condition = NULL;
    return 0;
}

static int check_all(struct session *session, const struct request *request, const cJSON *list) {
    if (cJSON_GetArraySize(list) > BREAKPOINT_LIMIT) {
        client_fail(&session->client, request->reply, "More than %d breakpoints in one file.",
                    BREAKPOINT_LIMIT);
        return -1;
    }
    const cJSON *asked;
    cJSON_ArrayForEach(asked, list) {
        int64_t line;
        const char *condition = NULL;
        if (read_line_and_condition(session, request, asked, &line, &condition) < 0)
            return -1;
    }
    return 0;
}

void requests_set_breakpoints(struct session *session, const struct request *request) {
    const cJSON *about = json_object(request->dap->arguments, "source");
    const cJSON *list = json_array(request->dap->arguments, "breakpoints");
    const char *path = json_text(about, "path");
    if (!path || !*path) {
        client_fail(&session->client, request->reply,
                    "\"source.path\" is missing: breakpoints need the path of a file.");
        return;
    }
    if (check_all(session, request, list) < 0)
        return;
    struct source *source = breakpoints_source(&session->breakpoints, path);
    for (size_t i = 0; i < source->count; i++)
        source->items[i].wanted = false;
    size_t count = 0;
    int *ids = memory_resize(NULL, (size_t)cJSON_GetArraySize(list), sizeof *ids);
    const cJSON *asked;
    cJSON_ArrayForEach(asked, list) {
        int64_t line = 0;
        const char *condition = NULL;
        read_line_and_condition(session, request, asked, &line, &condition);
        ids[count++] = want_breakpoint(session, source, asked, line, condition);
    }
    session_breakpoints_set(session, source, request->reply, ids, count);
}

void requests_set_exception_breakpoints(struct session *session, const struct request *request) {
    const cJSON *filters = json_array(request->dap->arguments, "filters");
    bool raised = false, uncaught = false;
    cJSON *body = cJSON_CreateObject();
    cJSON *shown = cJSON_AddArrayToObject(body, "breakpoints");
    const cJSON *filter;
    cJSON_ArrayForEach(filter, filters) {
        const char *name = cJSON_GetStringValue(filter);
        bool is_raised = name && !strcmp(name, "raised");
        bool is_uncaught = name && !strcmp(name, "uncaught");
        raised = raised || is_raised;
        uncaught = uncaught || is_uncaught;
        cJSON *one = cJSON_CreateObject();
        cJSON_AddBoolToObject(one, "verified", is_raised || is_uncaught);
        if (!is_raised && !is_uncaught)
            cJSON_AddStringToObject(one, "message", "The filters are \"raised\" and \"uncaught\".");
        cJSON_AddItemToArray(shown, one);
    }
    session->break_raised = raised;
    session->break_uncaught = uncaught;
    session_exceptions_send(session);
    client_respond(&session->client, request->reply, body);
}
