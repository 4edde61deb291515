#include "requests.h"

#include "frame_title.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MS = 1000 };

static void show_threads(struct session *session, struct reply reply) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "threads");
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        cJSON *shown = cJSON_CreateObject();
        cJSON_AddNumberToObject(shown, "id", thread->id);
        cJSON_AddStringToObject(shown, "name", thread->name);
        cJSON_AddItemToArray(list, shown);
    }
    client_respond(&session->client, reply, body);
}

struct asked_names {
    struct session *session;
    struct reply reply;
};

/* Names that did not come are a want, not a failure. */
static void names_came(void *context, char *rows, const char *why) {
    struct asked_names asked = *(struct asked_names *)context;
    free(context);
    if (!rows)
        log_line(asked.session->log, LOG_INFO, "no names of the threads: %s", why);
    cJSON_Delete(session_stacks_read(asked.session, rows));
    show_threads(asked.session, asked.reply);
}

/* A thread's name comes with its first stop. */
static bool all_have_names(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        int id = 0, length = 0;
        if (sscanf(thread->name, "Thread %d%n", &id, &length) == 1 && id == thread->id &&
            !thread->name[length])
            return false;
    }
    return true;
}

void requests_threads(struct session *session, const struct request *request) {
    bool ask = remote_while_running(session) && session->config.code_on_attach;
    if (!ask || all_have_names(session)) {
        show_threads(session, request->reply);
        return;
    }
    struct asked_names *asked = memory_new(sizeof *asked);
    *asked = (struct asked_names){session, request->reply};
    remote_ask(session, NULL, REMOTE_STACKS, NULL, NAMES_MS, names_came, asked);
}

/* ---- stackTrace
 * --------------------------------------------------------------------------------------- */

/* 0 is DAP's word for no line. */
static double show_line(const struct session *session, int64_t line) {
    return line > 0 && line <= INT32_MAX - 1 ? (double)session_line(session, line) : 0;
}

struct part {
    size_t first, end;
};

/* Of a stack of `count` frames; `levels` 0 means all. */
static struct part part_of(size_t count, int64_t start, int64_t levels) {
    struct part part = {start > 0 ? (size_t)start : 0, count};
    if (levels > 0 && part.first < part.end && (size_t)levels < part.end - part.first)
        part.end = part.first + (size_t)levels;
    return part;
}

static void add_title(cJSON *shown, const struct wire_frame *frame, const cJSON *format,
                      double line) {
    char *title = format ? frame_title(frame, format, (int64_t)line) : NULL;
    cJSON_AddStringToObject(shown, "name", title ? title : frame->name ? frame->name : "?");
    free(title);
}

static cJSON *show_frame(struct session *session, const struct thread *thread, size_t index,
                         const cJSON *format) {
    const struct wire_frame *frame = &thread->frames[index];
    cJSON *shown = cJSON_CreateObject();
    double line = show_line(session, frame->line);
    cJSON_AddNumberToObject(shown, "id", thread->first_frame + (double)index);
    add_title(shown, frame, format, line);
    if (frame->file && *frame->file)
        cJSON_AddItemToObject(shown, "source", session_show_source(session, frame->file));
    cJSON_AddNumberToObject(shown, "line", line);
    cJSON_AddNumberToObject(shown, "column", (double)session->line_base);
    cJSON_AddBoolToObject(shown, "canRestart", index == 0);
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

/* ---- the stack of a running thread, version 8
 * --------------------------------------------------- */

/* Above all handles. */
enum { RUNNING_FRAMES = 1500000000, OF_A_THREAD = 10000, THREADS_NUMBERED = 50000 };

struct asked_stack {
    struct session *session;
    struct reply reply;
    int64_t thread; /* ptvsd's ident */
    int64_t start, levels;
    cJSON *format; /* a copy */
};

/* Its id is no handle's: the frame goes on, and nothing more can be asked about it. */
static cJSON *show_running_frame(const struct asked_stack *asked, const struct thread *thread,
                                 const cJSON *frame, size_t index) {
    struct session *session = asked->session;
    const char *file = cJSON_GetStringValue(cJSON_GetArrayItem(frame, 1));
    const cJSON *line_item = cJSON_GetArrayItem(frame, 2);
    double line = show_line(session, cJSON_IsNumber(line_item) ? line_item->valueint : 0);
    struct wire_frame plain = {.name = cJSON_GetStringValue(cJSON_GetArrayItem(frame, 0)),
                               .file = file};
    cJSON *shown = cJSON_CreateObject();
    int first = RUNNING_FRAMES + thread->id % THREADS_NUMBERED * OF_A_THREAD;
    cJSON_AddNumberToObject(shown, "id", first + (double)index);
    add_title(shown, &plain, asked->format, line);
    if (file && *file)
        cJSON_AddItemToObject(shown, "source", session_show_source(session, file));
    cJSON_AddNumberToObject(shown, "line", line);
    cJSON_AddNumberToObject(shown, "column", (double)session->line_base);
    return shown;
}

static void show_running_stack(const struct asked_stack *asked, const struct thread *thread,
                               const cJSON *frames) {
    struct part part = part_of((size_t)cJSON_GetArraySize(frames), asked->start, asked->levels);
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "stackFrames");
    size_t index = 0;
    const cJSON *frame;
    cJSON_ArrayForEach(frame, frames) {
        if (index >= part.first && index < part.end)
            cJSON_AddItemToArray(list, show_running_frame(asked, thread, frame, index));
        index++;
    }
    cJSON_AddNumberToObject(body, "totalFrames", (double)index);
    client_respond(&asked->session->client, asked->reply, body);
}

static void running_stack_came(void *context, char *rows, const char *why) {
    struct asked_stack asked = *(struct asked_stack *)context;
    free(context);
    struct session *session = asked.session;
    const struct thread *thread = threads_find(&session->threads, asked.thread);
    cJSON *stacks = session_stacks_read(session, rows);
    if (thread && rows)
        show_running_stack(&asked, thread, session_stack_of(stacks, thread));
    else
        client_fail(&session->client, asked.reply, "The stack could not be looked at: %s",
                    thread ? why : "the thread has ended.");
    cJSON_Delete(stacks);
    cJSON_Delete(asked.format);
}

static void ask_running_stack(struct session *session, struct reply reply,
                              const struct thread *thread, int64_t start, int64_t levels,
                              const cJSON *format) {
    if (!remote_while_running(session) || !session->config.code_on_attach) {
        client_fail(&session->client, reply,
                    "\"stackTrace\" is not possible while the program is running; pause it "
                    "first.");
        return;
    }
    struct asked_stack *asked = memory_new(sizeof *asked);
    *asked = (struct asked_stack){session, reply,  thread->ident,
                                  start,   levels, cJSON_Duplicate(format, true)};
    remote_ask(session, NULL, REMOTE_STACKS, NULL, NAMES_MS, running_stack_came, asked);
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
    const cJSON *format = json_object(arguments, "format");
    if (!thread) {
        client_fail(&session->client, request->reply, "There is no thread %lld.", (long long)id);
        return;
    }
    if (session->phase == SESSION_RUNNING || thread->alone) {
        ask_running_stack(session, request->reply, thread, start, levels, format);
        return;
    }
    if (!thread->first_frame)
        give_frame_ids(session, thread);
    struct part part = part_of(thread->frame_count, start, levels);
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "stackFrames");
    for (size_t i = part.first; i < part.end; i++)
        cJSON_AddItemToArray(list, show_frame(session, thread, i, format));
    cJSON_AddNumberToObject(body, "totalFrames", (double)thread->frame_count);
    client_respond(&session->client, request->reply, body);
}
