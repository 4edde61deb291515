/* stepInTargets: which calls of the statement at which a thread stands can be stepped into. */
#include "requests.h"

#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { TARGETS_MS = 15000 };

/* ---- targets -------------------------------------------------------------------------------- */

struct inquiry {
    struct session *session;
    struct reply reply;
    int64_t thread;
};

/* Text, line, file, first line, how many of the same function come before it. */
static cJSON *take_target(struct session *session, char *row) {
    struct step_targets *targets = &session->step_targets;
    char *label = memory_format("%s()", remote_reply_field(&row));
    int64_t line = remote_reply_number(&row);
    struct step_target *target = &targets->items[targets->count++];
    *target = (struct step_target){.id = ++targets->given,
                                   .file = memory_copy_text(remote_reply_field(&row))};
    target->first_line = remote_reply_number(&row);
    target->before = (int)remote_reply_number(&row);
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddNumberToObject(shown, "id", target->id);
    cJSON_AddStringToObject(shown, "label", label);
    cJSON_AddNumberToObject(shown, "line", (double)session_line(session, line));
    free(label);
    return shown;
}

static void targets_came(void *context, char *rows, const char *why) {
    struct inquiry inquiry = *(struct inquiry *)context;
    free(context);
    struct session *session = inquiry.session;
    const struct thread *thread = threads_find(&session->threads, inquiry.thread);
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!row || !thread || !thread->told) {
        client_fail(&session->client, inquiry.reply, "%s", why ? why : "The stop is over.");
        return;
    }
    struct step_targets *targets = &session->step_targets;
    cJSON *body = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(body, "targets");
    session_step_targets_forget(session);
    targets->thread = inquiry.thread;
    targets->first_line = remote_reply_number(&row);
    targets->last_line = remote_reply_number(&row);
    while ((row = remote_reply_row(&rows))) {
        targets->items =
            memory_resize(targets->items, (size_t)targets->count + 1, sizeof *targets->items);
        cJSON_AddItemToArray(list, take_target(session, row));
    }
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
    remote_ask(session, NULL, REMOTE_CALL_TARGETS, arguments, TARGETS_MS, targets_came, inquiry);
    free(arguments);
}
