/* Ending the program, where "allowTerminate" allows it: first politely, by a KeyboardInterrupt in
 * its main thread, and when that was asked for already, at once (remote/end.py). Where nothing can
 * be executed while the program runs, it is paused, and nobody is told of that stop. */
#include "session.h"

#include "remote_ask.h"

#include <stdlib.h>

enum { END_MS = 60000, POLITE_MS = 1500, FORCE_MS = 3000, TICK_MS = 50 };

static bool attached(const struct session *session) {
    return session->phase >= SESSION_CONFIGURING && session->phase <= SESSION_STOPPED;
}

/* A stopped thread, or NULL. One whose stack ptvsd hides will do, too. */
static const struct thread *stopped_thread(const struct session *session) {
    const struct thread *found = NULL;
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (!debuggee_blocked(&session->debuggee, thread->ident))
            continue;
        if (thread->frame_count)
            return thread;
        found = thread;
    }
    return found;
}

static void set_going(struct session *session) {
    const struct thread *thread = stopped_thread(session);
    if (!thread)
        return;
    bool seen = session->phase == SESSION_STOPPED;
    session_resumed(session, "terminate");
    if (seen)
        client_continued(&session->client, thread->id);
    debuggee_resume(&session->debuggee);
}

/* The program listens for this name: see remote/end.py. */
static void end_now(struct session *session) {
    static const struct wire_exception_mode end = {"bridge.end", WIRE_BREAK_NEVER};
    struct wire_command command = {.type = WIRE_SET_EXCEPTIONS,
                                   .exceptions = {.names = &end, .count = 1}};
    debuggee_send(&session->debuggee, &command);
}

/* Without an answer the program has ended, or the stop was over too soon: then it is tried again.
 */
static void executed(void *context, char *rows, const char *why) {
    struct session *session = context;
    struct terminate *terminate = &session->terminate;
    bool politely = !terminate->asked_force;
    terminate->asked = false;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    const char *wrong = row ? remote_reply_field(&row) : NULL;
    log_line(session->log, LOG_INFO, "end the program: %s", wrong ? wrong : why ? why : "?");
    if (!wrong && uv_now(session->loop) >= terminate->asked_at + END_MS)
        terminate->wanted = false; /* it may still come to it: once is enough */
    if (!wrong || !attached(session))
        return;
    if (*wrong) {
        terminate->wanted = false;
        client_note(&session->client, "important", "The program could not be ended (%s).", wrong);
    } else {
        terminate->listens = true;
        if (politely && terminate->force) /* asked for meanwhile */
            end_now(session);
    }
    terminate->wanted = false;
    set_going(session);
}

static void execute(struct session *session) {
    struct terminate *terminate = &session->terminate;
    if (terminate->asked || !remote_possible(session))
        return;
    terminate->asked = true;
    terminate->asked_at = uv_now(session->loop);
    terminate->asked_force = terminate->force;
    remote_ask(session, NULL, REMOTE_END, terminate->force ? "'force': True" : "'force': False",
               END_MS, executed, session);
}

static void takes_long(struct session *session) {
    const struct terminate *terminate = &session->terminate;
    if (session->disconnect_waiting) /* the editor must not wait for ever, and asks nothing more */
        client_note(&session->client, "important",
                    "The program could not be ended within %d s: it is inside native code, or it "
                    "cleans up. It is only detached from, and runs on; end its process where it "
                    "runs.",
                    FORCE_MS / 1000);
    else if (terminate->wanted)
        client_note(&session->client, "console",
                    "The program is inside native code, and its debug server can do nothing until "
                    "it returns to Python: then the program is ended.");
    else
        client_note(&session->client, "console",
                    "The program was interrupted (KeyboardInterrupt) and has not ended yet: its "
                    "main thread is inside native code, or it cleans up, or it goes on. "
                    "\"terminate\" once more ends it at once.");
    if (session->disconnect_waiting)
        session_disconnect(session, session->disconnect_reply);
}

static void try_again(struct session *session) {
    struct terminate *terminate = &session->terminate;
    if (!terminate->wanted)
        return;
    execute(session);
    if (terminate->asked || terminate->pausing)
        return;
    terminate->pausing = true;
    debuggee_pause(&session->debuggee);
}

static void tick(uv_timer_t *timer) {
    struct session *session = timer->data;
    struct terminate *terminate = &session->terminate;
    if (!attached(session)) {
        uv_timer_stop(timer);
        return;
    }
    try_again(session);
    if (!terminate->late_at || uv_now(session->loop) < terminate->late_at)
        return;
    terminate->late_at = 0;
    takes_long(session);
}

void session_terminate(struct session *session, bool force) {
    struct terminate *terminate = &session->terminate;
    terminate->force = terminate->force || force || terminate->begun;
    terminate->begun = true;
    terminate->wanted = !terminate->listens;
    if (terminate->listens)
        end_now(session);
    if (!session->configured)
        stops_configured(session);
    try_again(session);
    terminate->late_at = uv_now(session->loop) + (terminate->force ? FORCE_MS : POLITE_MS);
    uv_timer_start(&session->terminate_timer, tick, TICK_MS, TICK_MS);
}

bool session_terminate_stopped(struct session *session) {
    if (!session->terminate.wanted)
        return false;
    session->terminate.pausing = false;
    execute(session);
    return true;
}
