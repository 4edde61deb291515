/* One thread goes on while the others stay stopped. ptvsd has a resume of one thread; its steps are
 * those of all, and so is that resume on the thread that told of the attach stop: hence
 * remote/alone.py before each. */
#include "session.h"

#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { READY_MS = 5000 };

struct alone {
    struct session *session;
    int64_t thread;
    enum wire_command_type as;
    struct reply reply; /* of no command: nobody waits for an answer */
};

static const char *step_name(enum wire_command_type type) {
    switch ((int)type) {
    case WIRE_STEP_INTO:
        return "INTO";
    case WIRE_STEP_OVER:
        return "OVER";
    case WIRE_STEP_OUT:
        return "OUT";
    }
    return "NONE";
}

/* All are stopped again, or all run. */
void session_alone_over(struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        session->threads.items[i]->alone = false;
}

/* As far as the user knows. */
static bool any_stands(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (!thread->alone && (thread->told || session->all_told) &&
            debuggee_blocked(&session->debuggee, thread->ident))
            return true;
    }
    return false;
}

static void goes_alone(struct thread *thread, enum wire_command_type as) {
    thread->alone = true;
    thread->alone_as = as;
}

void session_alone_begun(struct thread *thread) {
    goes_alone(thread, WIRE_RESUME_THREAD);
}

bool session_alone_any(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        if (session->threads.items[i]->alone)
            return true;
    return false;
}

static bool is_continue(const struct alone *alone) {
    return !strcmp(alone->reply.command, "continue");
}

static void answer(const struct alone *alone, bool all) {
    cJSON *body = is_continue(alone) ? cJSON_CreateObject() : NULL;
    if (body)
        cJSON_AddBoolToObject(body, "allThreadsContinued", all);
    client_respond(&alone->session->client, alone->reply, body);
}

/* It was the last that the user knew to stand. ptvsd may have stopped others since, of which nobody
 * was told: they go on with it. */
static void let_all_go_on(const struct alone *alone, const struct thread *thread) {
    struct session *session = alone->session;
    session_alone_over(session);
    session->all_told = false;
    answer(alone, true);
    if (!is_continue(alone))
        client_continued(&session->client, thread->id);
    session_enter(session, SESSION_RUNNING, "the last thread that had stopped goes on");
    debuggee_pass_over(&session->debuggee);
}

static void set_going(const struct alone *alone, struct thread *thread) {
    struct session *session = alone->session;
    handles_end(&session->handles, thread->ident);
    session_step_targets_forget(session);
    threads_clear_stop(thread);
    goes_alone(thread, alone->as);
    if (any_stands(session)) {
        answer(alone, false);
        debuggee_resume_alone(&session->debuggee, thread->ident);
    } else {
        let_all_go_on(alone, thread);
    }
}

static void ready_for_request(const struct alone *alone, struct thread *thread, bool done,
                              const char *why) {
    struct session *session = alone->session;
    bool stands = thread && session->phase == SESSION_STOPPED &&
                  debuggee_blocked(&session->debuggee, thread->ident);
    if (done && stands) {
        set_going(alone, thread);
        return;
    }
    session_step_into_over(session);
    if (stands)
        client_fail(&session->client, alone->reply,
                    "The thread cannot be set going alone: %s Try again, or let all of them go on.",
                    why);
    else
        answer(alone, true); /* it runs, or has ended */
}

static void ready(void *context, char *rows, const char *why) {
    struct alone alone = *(struct alone *)context;
    free(context);
    struct session *session = alone.session;
    struct thread *thread = threads_find(&session->threads, alone.thread);
    if (alone.reply.command)
        ready_for_request(&alone, thread, rows != NULL, why);
    else if (thread && thread->alone && rows)
        debuggee_resume_alone(&session->debuggee, alone.thread);
    else if (thread && thread->alone)
        debuggee_look_again(&session->debuggee, alone.thread);
}

void session_alone_resume(struct session *session, const struct thread *thread,
                          enum wire_command_type type, struct reply reply) {
    struct alone *alone = memory_new(sizeof *alone);
    *alone = (struct alone){session, thread->ident, type, reply};
    struct handle top = {.kind = HANDLE_FRAME, .thread = thread->ident};
    char *arguments = memory_format("'step': '%s'", step_name(type));
    debuggee_made_ready(&session->debuggee, thread->ident);
    remote_ask(session, &top, REMOTE_ALONE, arguments, READY_MS, ready, alone);
    free(arguments);
}

void session_alone_step_on(struct session *session, struct thread *thread,
                           enum wire_command_type type) {
    thread->alone_as = type;
    session_alone_resume(session, thread, type, (struct reply){0});
}

/* ptvsd stops all for one's stop, and that one's was passed over. */
void session_alone_stands(void *context, int64_t ident) {
    struct session *session = context;
    struct thread *thread = threads_find(&session->threads, ident);
    if (!thread || !thread->alone)
        return;
    if (session->pause_wanted)
        stops_take_silent(session, thread);
    else
        session_alone_step_on(session, thread, thread->alone_as);
}
