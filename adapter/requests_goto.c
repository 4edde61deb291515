/* gotoTargets, goto and restartFrame: the innermost frame of a stopped thread jumps to another line
 * of its function (remote/jump.py). Facts: features.md W9, executed-code.md section C. */
#include "requests.h"

#include "address.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { GOTO_MS = 5000 };

void requests_goto_forget(struct session *session) {
    for (int i = 0; i < GOTO_TARGETS; i++)
        free(session->goto_targets.items[i].path);
    session->goto_targets = (struct goto_targets){.given = session->goto_targets.given};
}

/* ---- targets
 * ------------------------------------------------------------------------------------------- */

static struct goto_target *new_target(struct goto_targets *targets, const char *path,
                                      int64_t line) {
    struct goto_target *target = &targets->items[targets->given % GOTO_TARGETS];
    free(target->path);
    *target = (struct goto_target){++targets->given, line, memory_copy_text(path)};
    return target;
}

static const struct goto_target *find_target(const struct goto_targets *targets, int64_t id) {
    for (int i = 0; i < GOTO_TARGETS; i++)
        if (targets->items[i].path && targets->items[i].id == id)
            return &targets->items[i];
    return NULL;
}

/* Is the innermost frame of the thread, which is stopped, in that file of the editor's? */
static bool stands_in(struct session *session, const struct thread *thread, const char *path) {
    if (!thread->frame_count || !debuggee_blocked(&session->debuggee, thread->ident))
        return false;
    const struct wire_frame *frame = &thread->frames[0];
    if (frame->kind != WIRE_FRAME_PYTHON || !frame->file)
        return false;
    const char *local = sources_local(&session->sources, &session->config.pathmap, frame->file);
    return pathmap_same(local ? local : frame->file, path);
}

/* Which lines Python can reach is known to Python alone: it says so when it is asked to jump. */
static bool can_be_tried(struct session *session, const char *path, int64_t line) {
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (stands_in(session, thread, path) && line >= thread->frames[0].first_line)
            return true;
    }
    return false;
}

/* nvim-dap's goto_() names the file by its URI, though the editor announces paths. */
static char *path_of(const char *named) {
    static const char scheme[] = "file://";
    if (!named || strncmp(named, scheme, sizeof scheme - 1) != 0)
        return named ? memory_copy_text(named) : NULL;
    char *path = address_unquoted(named + sizeof scheme - 1);
    if (path && *path && pathmap_is_windows(path + 1)) /* /C:/… */
        memmove(path, path + 1, strlen(path));
    return path;
}

void requests_goto_targets(struct session *session, const struct request *request) {
    int64_t line = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "line", &line, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    line += 1 - session->line_base;
    char *path = path_of(json_text(json_object(request->dap->arguments, "source"), "path"));
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "targets");
    if (path && can_be_tried(session, path, line)) {
        const struct goto_target *target = new_target(&session->goto_targets, path, line);
        char *label =
            memory_format("%s:%lld", pathmap_base(path), (long long)session_line(session, line));
        cJSON *shown = cJSON_CreateObject();
        cJSON_AddNumberToObject(shown, "id", target->id);
        cJSON_AddStringToObject(shown, "label", label);
        cJSON_AddNumberToObject(shown, "line", (double)session_line(session, line));
        cJSON_AddItemToArray(list, shown);
        free(label);
    }
    free(path);
    client_respond(&session->client, request->reply, body);
}

/* ---- the jump
 * ------------------------------------------------------------------------------------------ */

struct jump {
    struct session *session;
    struct reply reply;
    int64_t thread;     /* ptvsd's ident */
    const char *reason; /* of the stop that is told then */
    char *where;        /* "to line 12", for a refusal */
};

static void tell_jumped(struct session *session, struct thread *thread, const char *reason) {
    thread->first_frame = 0;
    thread->told = true;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", reason);
    cJSON_AddNumberToObject(body, "threadId", thread->id);
    cJSON_AddBoolToObject(body, "allThreadsStopped",
                          thread->stop.reason != STOP_EXCEPTION && !session_alone_any(session));
    client_event(&session->client, "stopped", body);
}

/* A row: the line, or nothing and Python's reason. */
static void jumped(void *context, char *rows, const char *why) {
    struct jump jump = *(struct jump *)context;
    free(context);
    struct session *session = jump.session;
    struct thread *thread = threads_find(&session->threads, jump.thread);
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!row) {
        client_fail(&session->client, jump.reply, "%s", why ? why : "ptvsd gave no answer.");
    } else if (!remote_reply_number(&row)) {
        client_fail(&session->client, jump.reply,
                    "Python does not jump to %s: %s. The thread stays where it is.", jump.where,
                    remote_reply_field(&row));
    } else {
        client_respond(&session->client, jump.reply, NULL);
        if (thread && session->phase == SESSION_STOPPED)
            tell_jumped(session, thread, jump.reason);
    }
    free(jump.where);
}

/* `where` is taken over. */
static void start_jump(struct session *session, struct reply reply, int64_t thread,
                       const char *reason, const char *arguments, char *where) {
    struct jump *jump = memory_new(sizeof *jump);
    *jump = (struct jump){session, reply, thread, reason, where};
    struct handle top = {.kind = HANDLE_FRAME, .thread = thread};
    remote_ask(session, &top, REMOTE_JUMP, arguments, GOTO_MS, jumped, jump);
}

/* The stopped thread that the request means, or NULL after a refusal. */
static struct thread *thread_to_jump(struct session *session, const struct request *request,
                                     const struct goto_target *target) {
    struct thread *thread =
        requests_stopped_thread(session, request, "Only a thread that is stopped can jump.");
    if (!thread || stands_in(session, thread, target->path))
        return thread;
    client_fail(&session->client, request->reply,
                "%s is not stopped in %s: a thread can jump only within the function in which "
                "it is stopped.",
                thread->name, pathmap_base(target->path));
    return NULL;
}

void requests_goto(struct session *session, const struct request *request) {
    int64_t id = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "targetId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct goto_target *target = find_target(&session->goto_targets, id);
    if (!target) {
        client_fail(&session->client, request->reply,
                    "There is no goto target %lld (any more). Ask for the targets of the line "
                    "again.",
                    (long long)id);
        return;
    }
    struct thread *thread = thread_to_jump(session, request, target);
    if (!thread)
        return;
    char *arguments = memory_format("'line': %lld", (long long)target->line);
    start_jump(session, request->reply, thread->ident, "goto", arguments,
               memory_format("line %lld", (long long)session_line(session, target->line)));
    free(arguments);
}

void requests_restart_frame(struct session *session, const struct request *request) {
    struct handle where;
    int64_t id;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "frameId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    if (requests_find_frame(session, request, &where) < 0)
        return;
    if (where.frame)
        client_fail(&session->client, request->reply,
                    "Only the innermost frame can begin again: Python cannot drop the ones it has "
                    "called. Step out to this frame, then restart it.");
    else
        start_jump(session, request->reply, where.thread, "restart", "'line': None",
                   memory_copy_text("the beginning"));
}
