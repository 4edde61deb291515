/* stepInTargets, and stepIn with a target: which call of a line to step into. ptvsd steps into the
 * next; so this steps out of those that are not meant, and in again, unseen, until the right one is
 * entered, the statement is left, or something else stops the thread. */
#include "requests.h"

#include "json.h"
#include "memory.h"
#include "remote_call.h"

#include <stdlib.h>
#include <string.h>

/* A statement can call others without end, `while f(g()): pass`. */
enum { STEPS_LIMIT = 500 };

void requests_step_targets_forget(struct session *session) {
    struct step_targets *targets = &session->step_targets;
    for (int i = 0; i < targets->count; i++)
        free(targets->items[i].file);
    free(targets->items);
    *targets = (struct step_targets){.given = targets->given};
}

void requests_step_into_over(struct session *session) {
    free(session->step_into.target.file);
    session->step_into = (struct step_into){0};
}

void requests_step_forget(struct session *session) {
    requests_step_into_over(session);
    requests_step_targets_forget(session);
}

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
    requests_step_targets_forget(session);
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

/* ---- the steps ------------------------------------------------------------------------------ */

bool requests_choose_target(struct session *session, int64_t id, const struct thread *thread) {
    struct step_targets *targets = &session->step_targets;
    for (int i = 0; i < targets->count; i++) {
        if (targets->items[i].id != id || targets->thread != thread->ident)
            continue;
        requests_step_into_over(session);
        session->step_into = (struct step_into){.on = true,
                                                .thread = thread->ident,
                                                .depth = thread->frame_count,
                                                .target = targets->items[i],
                                                .first_line = targets->first_line,
                                                .last_line = targets->last_line};
        targets->items[i].file = NULL;
        return true;
    }
    return false;
}

/* Between the statement and the function there may be frames of Python's library, which no step
 * enters. */
static bool entered(struct step_into *into, const struct thread *thread) {
    const struct wire_frame *frame = thread->frames;
    return thread->frame_count > into->depth && frame->file &&
           frame->first_line == into->target.first_line &&
           !strcmp(frame->file, into->target.file) && into->target.before-- <= 0;
}

static bool in_statement(const struct step_into *into, const struct thread *thread) {
    return thread->frame_count == into->depth && thread->frames[0].line >= into->first_line &&
           thread->frames[0].line <= into->last_line;
}

bool requests_step_goes_on(struct session *session, const struct thread *thread) {
    struct step_into *into = &session->step_into;
    bool ours = into->on && into->thread == thread->ident && thread->frame_count &&
                session->phase == SESSION_RUNNING && !session->pause_wanted &&
                !threads_any_stop(&session->threads) && ++into->steps < STEPS_LIMIT;
    bool out = ours && !entered(into, thread) && thread->frame_count == into->depth + 1;
    if (!out && !(ours && in_statement(into, thread))) {
        requests_step_into_over(session);
        return false;
    }
    debuggee_step(&session->debuggee, thread->ident, out ? WIRE_STEP_OUT : WIRE_STEP_INTO);
    return true;
}
