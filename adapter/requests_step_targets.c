/* stepInTargets: which calls of the statement at which a thread stands can be stepped into. */
#include "requests.h"

#include "json.h"
#include "memory.h"
#include "remote_call.h"

#include <stdlib.h>
#include <string.h>

/* ---- targets -------------------------------------------------------------------------------- */

struct inquiry {
    struct session *session;
    struct reply reply;
    int64_t thread;
};

/* [text, line, file, first line, how many of the same function before it], or false. */
static bool read_target(struct step_targets *targets, const cJSON *row) {
    const char *file = cJSON_GetStringValue(cJSON_GetArrayItem(row, 2));
    const cJSON *first_line = cJSON_GetArrayItem(row, 3), *before = cJSON_GetArrayItem(row, 4);
    if (!file || !cJSON_IsNumber(first_line) || !cJSON_IsNumber(before))
        return false;
    targets->items[targets->count++] =
        (struct step_target){++targets->given, memory_copy_text(file),
                             (int64_t)first_line->valuedouble, (int)before->valuedouble};
    return true;
}

static cJSON *show_target(const struct session *session, const cJSON *row) {
    const char *text = cJSON_GetStringValue(cJSON_GetArrayItem(row, 0));
    const cJSON *line = cJSON_GetArrayItem(row, 1);
    cJSON *shown = cJSON_CreateObject();
    char *label = memory_format("%s()", text ? text : "?");
    cJSON_AddNumberToObject(shown, "id", session->step_targets.given);
    cJSON_AddStringToObject(shown, "label", label);
    if (cJSON_IsNumber(line))
        cJSON_AddNumberToObject(shown, "line",
                                (double)session_line(session, (int64_t)line->valuedouble));
    free(label);
    return shown;
}

static void targets_came(void *context, const cJSON *value, const char *why) {
    struct inquiry inquiry = *(struct inquiry *)context;
    free(context);
    struct session *session = inquiry.session;
    const struct thread *thread = threads_find(&session->threads, inquiry.thread);
    const char *failed = value ? json_text(value, "error") : why;
    if (failed || !thread || !thread->told) {
        client_fail(&session->client, inquiry.reply, "%s", failed ? failed : "The stop is over.");
        return;
    }
    struct step_targets *targets = &session->step_targets;
    const cJSON *rows = json_array(value, "targets"), *lines = json_array(value, "lines"), *row;
    cJSON *body = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(body, "targets");
    session_step_targets_forget(session);
    targets->items =
        memory_resize(NULL, (size_t)cJSON_GetArraySize(rows) + 1, sizeof *targets->items);
    targets->thread = inquiry.thread;
    const cJSON *first = cJSON_GetArrayItem(lines, 0), *last = cJSON_GetArrayItem(lines, 1);
    targets->first_line = cJSON_IsNumber(first) ? (int64_t)first->valuedouble : 0;
    targets->last_line = cJSON_IsNumber(last) ? (int64_t)last->valuedouble : 0;
    cJSON_ArrayForEach(row, rows) if (read_target(targets, row))
        cJSON_AddItemToArray(list, show_target(session, row));
    client_respond(&session->client, inquiry.reply, body);
}

void requests_step_in_targets(struct session *session, const struct request *request) {
    struct handle where;
    if (requests_find_frame(session, request, &where) < 0)
        return;
    if (where.frame) { /* what it calls is running already */
        cJSON *body = cJSON_CreateObject();
        cJSON_AddArrayToObject(body, "targets");
        client_respond(&session->client, request->reply, body);
        return;
    }
    struct inquiry *inquiry = memory_new(sizeof *inquiry);
    *inquiry = (struct inquiry){session, request->reply, where.thread};
    char *arguments = memory_format("'thread': %lld", (long long)where.thread);
    remote_call(session, REMOTE_CALL_TARGETS, arguments, targets_came, inquiry);
    free(arguments);
}
