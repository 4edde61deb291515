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

static bool any_stands(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (!thread->alone && debuggee_blocked(&session->debuggee, thread->ident))
            return true;
    }
    return false;
}

bool session_alone_any(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        if (session->threads.items[i]->alone)
            return true;
    return false;
}

static void answer(struct session *session, struct reply reply, bool is_continue) {
    cJSON *body = is_continue ? cJSON_CreateObject() : NULL;
    if (body)
        cJSON_AddFalseToObject(body, "allThreadsContinued");
    client_respond(&session->client, reply, body);
}

static void forget_stop(struct session *session, struct thread *thread) {
    handles_end(&session->handles, thread->ident);
    session_step_targets_forget(session);
    threads_clear_stop(thread);
    thread->alone = true;
    if (any_stands(session))
        return;
    session_alone_over(session);
    session_enter(session, SESSION_RUNNING, "the last thread that had stopped goes on");
}

static void ready(void *context, char *rows, const char *why) {
    struct alone alone = *(struct alone *)context;
    free(context);
    struct session *session = alone.session;
    struct thread *thread = threads_find(&session->threads, alone.thread);
    bool stands = thread && session->phase == SESSION_STOPPED &&
                  debuggee_blocked(&session->debuggee, alone.thread);
    if (!alone.reply.command) {
        if (thread && thread->alone)
            debuggee_resume_alone(&session->debuggee, alone.thread);
        return;
    }
    if (!rows && stands) {
        client_fail(&session->client, alone.reply,
                    "The thread cannot be set going alone: %s Try again, or let all of them go on.",
                    why);
        return;
    }
    answer(session, alone.reply, !strcmp(alone.reply.command, "continue"));
    if (!stands)
        return; /* it runs, or has ended */
    forget_stop(session, thread);
    debuggee_resume_alone(&session->debuggee, alone.thread);
}

/* ptvsd stops all for one's stop, and that one's was passed over. */
void session_alone_stands(void *context, int64_t ident) {
    struct session *session = context;
    const struct thread *thread = threads_find(&session->threads, ident);
    if (thread && thread->alone)
        session_alone_step_on(session, thread, WIRE_RESUME_THREAD);
}

static void make_ready(struct session *session, const struct thread *thread,
                       enum wire_command_type type, struct reply reply) {
    struct alone *alone = memory_new(sizeof *alone);
    *alone = (struct alone){session, thread->ident, reply};
    struct handle top = {.kind = HANDLE_FRAME, .thread = thread->ident};
    char *arguments = memory_format("'step': '%s'", step_name(type));
    remote_ask(session, &top, REMOTE_ALONE, arguments, READY_MS, ready, alone);
    free(arguments);
}

void session_alone_resume(struct session *session, const struct thread *thread,
                          enum wire_command_type type, struct reply reply) {
    make_ready(session, thread, type, reply);
}

void session_alone_step_on(struct session *session, const struct thread *thread,
                           enum wire_command_type type) {
    make_ready(session, thread, type, (struct reply){0});
}
