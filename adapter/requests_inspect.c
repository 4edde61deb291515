#include "requests.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void requests_threads(struct session *session, const struct request *request) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "threads");
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        cJSON *shown = cJSON_CreateObject();
        cJSON_AddNumberToObject(shown, "id", thread->id);
        cJSON_AddStringToObject(shown, "name", thread->name);
        cJSON_AddItemToArray(list, shown);
    }
    client_respond(&session->client, request->reply, body);
}

/* ---- stackTrace
 * --------------------------------------------------------------------------------------- */

/* 0 is DAP's word for no line. */
static double show_line(const struct session *session, int64_t line) {
    return line > 0 && line <= INT32_MAX - 1 ? (double)session_line(session, line) : 0;
}

static cJSON *show_frame(struct session *session, const struct thread *thread, size_t index) {
    const struct wire_frame *frame = &thread->frames[index];
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddNumberToObject(shown, "id", thread->first_frame + (double)index);
    cJSON_AddStringToObject(shown, "name", frame->name ? frame->name : "?");
    if (frame->file && *frame->file)
        cJSON_AddItemToObject(shown, "source", session_show_source(session, frame->file));
    cJSON_AddNumberToObject(shown, "line", show_line(session, frame->line));
    cJSON_AddNumberToObject(shown, "column", (double)session->line_base);
    return shown;
}

/* Frame ids follow each other, so one number tells them all. */
static void give_frame_ids(struct session *session, struct thread *thread) {
    for (size_t i = 0; i < thread->frame_count; i++) {
        int id = handles_add(&session->handles, HANDLE_FRAME, thread->ident, i, NULL);
        if (!i)
            thread->first_frame = id;
    }
}

void requests_stack_trace(struct session *session, const struct request *request) {
    int64_t id = 0, start = 0, levels = 0;
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_need_int(arguments, "threadId", &id, &error) < 0 ||
        dap_want_int(arguments, "startFrame", &start, &error) < 0 ||
        dap_want_int(arguments, "levels", &levels, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    struct thread *thread = threads_by_id(&session->threads, id);
    if (!thread) {
        client_fail(&session->client, request->reply, "There is no thread %lld.", (long long)id);
        return;
    }
    if (!thread->first_frame)
        give_frame_ids(session, thread);
    size_t first = start > 0 ? (size_t)start : 0;
    size_t end = thread->frame_count;
    if (levels > 0 && first < end && (size_t)levels < end - first)
        end = first + (size_t)levels;
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "stackFrames");
    for (size_t i = first; i < end; i++)
        cJSON_AddItemToArray(list, show_frame(session, thread, i));
    cJSON_AddNumberToObject(body, "totalFrames", (double)thread->frame_count);
    client_respond(&session->client, request->reply, body);
}

/* ---- scopes
 * -------------------------------------------------------------------------------------------- */

static void add_scope(cJSON *list, const char *name, const char *hint, int reference,
                      bool expensive) {
    cJSON *scope = cJSON_CreateObject();
    cJSON_AddStringToObject(scope, "name", name);
    if (hint)
        cJSON_AddStringToObject(scope, "presentationHint", hint);
    cJSON_AddNumberToObject(scope, "variablesReference", reference);
    cJSON_AddBoolToObject(scope, "expensive", expensive);
    cJSON_AddItemToArray(list, scope);
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
    struct handle frame = *found;
    struct handles *handles = &session->handles;
    const struct thread *thread = threads_find(&session->threads, frame.thread);
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "scopes");
    add_scope(list, "Locals", "locals",
              handles_add(handles, HANDLE_LOCALS, frame.thread, frame.frame, NULL), false);
    if (thread && thread->stop.reason == STOP_EXCEPTION && frame.frame == 0)
        add_scope(list, "Exception", NULL,
                  handles_add(handles, HANDLE_EXCEPTION, frame.thread, 0, NULL), false);
    add_scope(list, "Globals", NULL,
              handles_add(handles, HANDLE_GLOBALS, frame.thread, frame.frame, NULL), true);
    client_respond(&session->client, request->reply, body);
}
