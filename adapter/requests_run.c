#include "requests.h"

static bool alone_wanted(const struct request *request) {
    return json_bool(request->dap->arguments, "singleThread", false);
}

static const char choose[] = "Choose a thread that is stopped.";

struct thread *requests_stopped_thread(struct session *session, const struct request *request,
                                       const char *advice) {
    int64_t id = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "threadId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return NULL;
    }
    struct thread *thread = threads_by_id(&session->threads, id);
    if (!thread) {
        client_fail(&session->client, request->reply, "There is no thread %lld.", (long long)id);
        return NULL;
    }
    if (!debuggee_blocked(&session->debuggee, thread->ident)) {
        client_fail(&session->client, request->reply,
                    "%s has not stopped: it is running or inside native code. %s", thread->name,
                    advice);
        return NULL;
    }
    return thread;
}

/* Answering comes first: a stop that follows must not overtake the answer. */
void requests_continue(struct session *session, const struct request *request) {
    if (alone_wanted(request) && session->phase == SESSION_STOPPED) {
        struct thread *thread = requests_stopped_thread(session, request, choose);
        if (thread)
            session_alone_resume(session, thread, WIRE_RESUME_THREAD, request->reply);
        return;
    }
    cJSON *body = cJSON_CreateObject();
    cJSON_AddTrueToObject(body, "allThreadsContinued");
    client_respond(&session->client, request->reply, body);
    if (session->phase != SESSION_STOPPED || stops_show_next(session))
        return;
    session_resumed(session, "continue");
    debuggee_resume(&session->debuggee);
}

static bool target_wanted(const struct request *request, enum wire_command_type type,
                          int64_t *target) {
    struct dap_error error;
    return type == WIRE_STEP_INTO && dap_given(request->dap->arguments, "targetId") &&
           dap_want_int(request->dap->arguments, "targetId", target, &error) == 0;
}

static void step(struct session *session, const struct request *request,
                 enum wire_command_type type) {
    int64_t target = 0;
    struct thread *thread = requests_stopped_thread(session, request, choose);
    if (!thread)
        return;
    if (target_wanted(request, type, &target) && !session_step_choose(session, target, thread)) {
        client_fail(&session->client, request->reply,
                    "There is no target %lld to step into (any more). Ask for the targets again.",
                    (long long)target);
        return;
    }
    if (alone_wanted(request)) {
        session_alone_resume(session, thread, type, request->reply);
        return;
    }
    client_respond(&session->client, request->reply, NULL);
    if (session->threads.count > 1) /* VS Code believes it of the one that steps, and of no other */
        client_continued(&session->client, thread->id);
    session_resumed(session, request->reply.command);
    debuggee_step(&session->debuggee, thread->ident, type);
}

void requests_next(struct session *session, const struct request *request) {
    step(session, request, WIRE_STEP_OVER);
}

void requests_step_in(struct session *session, const struct request *request) {
    step(session, request, WIRE_STEP_INTO);
}

void requests_step_out(struct session *session, const struct request *request) {
    step(session, request, WIRE_STEP_OUT);
}

void requests_pause(struct session *session, const struct request *request) {
    client_respond(&session->client, request->reply, NULL);
    if (session->phase == SESSION_RUNNING || session_alone_any(session))
        session_pause(session);
}
