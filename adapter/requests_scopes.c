/* Scopes, and which of a frame's variables are its own. */
#include "requests.h"

#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { SCOPES_MS = 500 };

/* ---- what ptvsd lists with a frame: its own variables, and globals that its code uses ----------
 */

struct question_of_used {
    struct session *session;
    struct handle where;
    requests_used_known *known;
    void *context;
};

static void answered(void *context, const struct wire_event *answer, const char *why) {
    struct question_of_used question = *(struct question_of_used *)context;
    struct session *session = question.session;
    free(context);
    const struct wire_frame *frame = remote_frame(session, &question.where);
    if (!frame || session->phase != SESSION_STOPPED) {
        question.known(question.context, NULL, why ? why : "The stop is over.");
        return;
    }
    if (answer)
        used_globals_learn(&session->used_globals, frame,
                           answer->type == WIRE_RESULT ? answer->object.repr : NULL);
    question.known(question.context, used_globals_find(&session->used_globals, frame), NULL);
}

void requests_learn_used(struct session *session, const struct handle *where, unsigned ms,
                         requests_used_known *known, void *context) {
    const struct wire_frame *frame = remote_frame(session, where);
    const char *mask = frame ? used_globals_find(&session->used_globals, frame) : NULL;
    char *text = frame && !mask ? used_globals_question(frame) : NULL;
    if (!text) {
        known(context, mask, NULL);
        return;
    }
    struct question_of_used *question = memory_new(sizeof *question);
    *question = (struct question_of_used){session, *where, known, context};
    question->where.expression = NULL;
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.thread = where->thread,
                                               .frame = (int64_t)where->frame,
                                               .frame_kind = frame->kind,
                                               .text = text}};
    debuggee_ask(&session->debuggee, &command, false, ms, answered, question);
    free(text);
}

/* ---- scopes ------------------------------------------------------------------------------------
 */

struct scopes {
    struct session *session;
    struct reply reply;
    struct handle frame;
};

static void add_scope(const struct scopes *scopes, cJSON *list, const char *name, const char *hint,
                      enum handle_kind kind) {
    const struct handle *frame = &scopes->frame;
    cJSON *scope = cJSON_CreateObject();
    cJSON_AddStringToObject(scope, "name", name);
    if (hint)
        cJSON_AddStringToObject(scope, "presentationHint", hint);
    cJSON_AddNumberToObject(
        scope, "variablesReference",
        handles_add(&scopes->session->handles, kind, frame->thread, frame->frame, NULL));
    cJSON_AddBoolToObject(scope, "expensive", kind == HANDLE_GLOBALS);
    cJSON_AddItemToArray(list, scope);
}

static void respond(void *context, const char *mask, const char *why) {
    struct scopes *scopes = context;
    struct session *session = scopes->session;
    if (session->phase != SESSION_STOPPED) {
        client_fail(&session->client, scopes->reply, "%s", why ? why : "The stop is over.");
        free(scopes);
        return;
    }
    const struct thread *thread = threads_find(&session->threads, scopes->frame.thread);
    bool globals = !session->config.presentation.no_globals;
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "scopes");
    add_scope(scopes, list, "Locals", "locals", HANDLE_LOCALS);
    if (thread && thread->stop.reason == STOP_EXCEPTION && scopes->frame.frame == 0)
        add_scope(scopes, list, "Exception", NULL, HANDLE_EXCEPTION);
    if (globals && mask && strchr(mask, '0'))
        add_scope(scopes, list, "Used globals", NULL, HANDLE_USED_GLOBALS);
    if (globals)
        add_scope(scopes, list, "Globals", NULL, HANDLE_GLOBALS);
    client_respond(&session->client, scopes->reply, body);
    free(scopes);
}

void requests_scopes(struct session *session, const struct request *request) {
    int64_t id = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "frameId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct handle *found = handles_find(&session->handles, id);
    if (!found || found->kind != HANDLE_FRAME) {
        client_fail(&session->client, request->reply, "Frame %lld belongs to a stop that is over.",
                    (long long)id);
        return;
    }
    struct scopes *scopes = memory_new(sizeof *scopes);
    *scopes = (struct scopes){session, request->reply, *found};
    requests_learn_used(session, found, SCOPES_MS, respond, scopes);
}
