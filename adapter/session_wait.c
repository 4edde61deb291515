/* Waiting for a program that does not listen yet ("waitForServer"), or that was lost and may come
 * back ("restart"): one try to attach after the other, until one succeeds, fails for another
 * reason, the time is over, or the user gives up. */
#include "session.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { BETWEEN_TRIES_MS = 500 };

/* ---- the editor is told ---------------------------------------------------------------------- */

static void say(struct session *session) {
    struct wait *wait = &session->wait;
    if (wait->told)
        return;
    wait->told = true;
    client_note(&session->client, "console",
                "Waiting until the program at %s %s. A disconnect ends "
                "this.",
                session->address_text, session->attached_before ? "is back" : "listens");
    session_progress_over(session, session->attach_reply.seq);
    session_progress_show(session, &wait->progress, "Waiting for the program",
                          session->address_text, -1);
}

void session_wait_over(struct session *session) {
    struct wait *wait = &session->wait;
    session_progress_end(session, &wait->progress);
    *wait = (struct wait){0};
}

/* ---- is it worth another try? ---------------------------------------------------------------- */

static bool is_among(enum failure failure, const enum failure *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (list[i] == failure)
            return true;
    return false;
}

/* A proxy or a tunnel in front of nothing accepts, and closes without a word. */
static bool nobody_listens(enum failure failure, const char *detail) {
    static const enum failure list[] = {
        FAILURE_REFUSED,      FAILURE_TIMED_OUT,        FAILURE_UNREACHABLE, FAILURE_UNKNOWN_HOST,
        FAILURE_NO_WEBSOCKET, FAILURE_WEBSOCKET_CLOSED, FAILURE_NO_TUNNEL,   FAILURE_LOST};
    return is_among(failure, list, sizeof list / sizeof *list) ||
           (failure == FAILURE_NOT_PTVSD && (!detail || !*detail));
}

/* The server of a broken link learns of its end later than we do. */
static bool may_come_back(enum failure failure, const char *detail) {
    static const enum failure list[] = {
        FAILURE_ALREADY_DEBUGGED, FAILURE_BROKEN_GREETING, FAILURE_STALLED, FAILURE_SILENT,
        FAILURE_LET_GO,           FAILURE_TARGET_BUSY,     FAILURE_OTHER};
    return nobody_listens(failure, detail) || is_among(failure, list, sizeof list / sizeof *list);
}

static void begin(struct session *session) {
    struct wait *wait = &session->wait;
    int64_t seconds = session->config.reach.wait.seconds;
    if (!wait->until)
        wait->until = seconds ? uv_now(session->loop) + (uint64_t)seconds * 1000 : UINT64_MAX;
}

static bool try_later(struct session *session) {
    session_enter(session, SESSION_CONNECTING, "not yet");
    begin(session);
    if (uv_now(session->loop) >= session->wait.until)
        return false;
    say(session);
    session_attach_later(session, BETWEEN_TRIES_MS);
    return true;
}

/* Lost in mid-session: only what was configured can be configured again, and who asked for the end
 * got it. */
static bool just_lost(const struct session *session) {
    if (session->phase == SESSION_RELAYING)
        return session->relay.configured;
    return session->phase >= SESSION_CONFIGURING && session->phase <= SESSION_STOPPED &&
           session->configured && !session->terminate.begun;
}

bool session_wait(struct session *session, enum failure failure, const char *detail) {
    const struct reach_wait *wanted = &session->config.reach.wait;
    bool trying = session->phase == SESSION_CONNECTING || session->attach_waiting;
    if (trying && !session->attached_before)
        return wanted->wanted && nobody_listens(failure, detail) && try_later(session);
    if (!wanted->restart || !may_come_back(failure, detail))
        return false;
    if (trying || session->attached_before)
        return try_later(session);
    if (!just_lost(session))
        return false;
    session_lost(session);
    return try_later(session);
}

/* ---- giving up ------------------------------------------------------------------------------- */

bool session_wait_cancel(struct session *session, const char *progress, int64_t request) {
    struct wait *wait = &session->wait;
    bool attaching = session->attach_waiting && session->phase == SESSION_CONNECTING &&
                     !session->candidates && !session->launch.process;
    bool meant = wait->progress.shown && progress && !strcmp(progress, wait->progress.id);
    if (!meant && !(attaching && request == session->attach_reply.seq))
        return false;
    wait->cancelled = true;
    if (!relay_leave(&session->relay) && !debuggee_detach(&session->debuggee))
        session_wait_given_up(session);
    return true;
}
