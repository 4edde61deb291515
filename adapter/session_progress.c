/* Progress: what an editor that asked for it is told when something takes longer than half a
 * second. Beside each request whose row has a title it is shown until the answer; a pause and a
 * wait, which outlast their requests, show theirs themselves. */
#include "session.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_MS = 500 };

/* A request that is not answered yet. */
struct awaited {
    struct awaited *next; /* later ones */
    int64_t seq;
    const char *title; /* lives for ever */
    uint64_t show_at;  /* ms */
    struct progress progress;
};

/* ---- one progress ---------------------------------------------------------------------------- */

static cJSON *body_of(const struct progress *progress) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "progressId", progress->id);
    return body;
}

void session_progress_show(struct session *session, struct progress *progress, const char *title,
                           const char *message, int64_t request) {
    if (!session->progress_wanted || progress->shown)
        return;
    progress->shown = true;
    snprintf(progress->id, sizeof progress->id, "progress %d", ++session->progress_number);
    cJSON *body = body_of(progress);
    cJSON_AddStringToObject(body, "title", title);
    if (message && *message)
        cJSON_AddStringToObject(body, "message", message);
    if (request)
        cJSON_AddTrueToObject(body, "cancellable");
    if (request > 0)
        cJSON_AddNumberToObject(body, "requestId", (double)request);
    client_event(&session->client, "progressStart", body);
}

void session_progress_end(struct session *session, struct progress *progress) {
    if (progress->shown)
        client_event(&session->client, "progressEnd", body_of(progress));
    progress->shown = false;
}

/* ---- beside a request ------------------------------------------------------------------------ */

/* How far an attach has come. The caller frees it. */
static char *message_for(const struct session *session, const struct awaited *awaited) {
    static const char *const stages[] = {[DEBUGGEE_CONNECTING] = "%s: name, route and connection",
                                         [DEBUGGEE_GREETING] = "%s: the debug server's greeting",
                                         [DEBUGGEE_SETTLING] = "%s: its threads and modules"};
    enum debuggee_phase phase = session->debuggee.phase;
    bool attaching = session->attach_waiting && awaited->seq == session->attach_reply.seq;
    if (!attaching || !session->address_text || phase > DEBUGGEE_SETTLING || !stages[phase])
        return memory_copy_text("");
    return memory_format(stages[phase], session->address_text);
}

static void arm(struct session *session);

static void look(uv_timer_t *timer) {
    struct session *session = timer->data;
    for (struct awaited *one = session->awaited; one; one = one->next) {
        if (one->progress.shown || uv_now(session->loop) < one->show_at)
            continue;
        char *message = message_for(session, one);
        session_progress_show(session, &one->progress, one->title, message, one->seq);
        free(message);
    }
    arm(session);
}

/* They come in order. */
static void arm(struct session *session) {
    const struct awaited *one = session->awaited;
    while (one && one->progress.shown)
        one = one->next;
    uv_timer_stop(&session->progress_timer);
    if (!one)
        return;
    uint64_t now = uv_now(session->loop);
    uv_timer_start(&session->progress_timer, look, one->show_at > now ? one->show_at - now : 1, 0);
}

void session_progress_await(struct session *session, int64_t seq, const char *title) {
    if (!session->progress_wanted || !title)
        return;
    struct awaited **link = &session->awaited;
    while (*link)
        link = &(*link)->next;
    *link = memory_new(sizeof **link);
    **link =
        (struct awaited){.seq = seq, .title = title, .show_at = uv_now(session->loop) + LONG_MS};
    arm(session);
}

void session_progress_over(struct session *session, int64_t seq) {
    for (struct awaited **link = &session->awaited; *link; link = &(*link)->next) {
        struct awaited *one = *link;
        if (one->seq != seq)
            continue;
        *link = one->next;
        session_progress_end(session, &one->progress);
        free(one);
        arm(session);
        return;
    }
}

int64_t session_progress_request(const struct session *session, const char *id) {
    for (const struct awaited *one = session->awaited; one && id; one = one->next)
        if (one->progress.shown && !strcmp(one->progress.id, id))
            return one->seq;
    return 0;
}

void session_progress_forget(struct session *session) {
    while (session->awaited) {
        struct awaited *one = session->awaited;
        session->awaited = one->next;
        free(one);
    }
}
