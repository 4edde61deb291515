/* exceptionInfo. The wire brings type and text; the rest ptvsd has in the function in which the
 * thread was stopped, on every version. */
#include "requests.h"

#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { EXCEPTION_MS = 5000 };

struct inquiry {
    struct session *session;
    struct reply reply;
    int64_t thread;
};

/* Versions 2 and 4 write the module of builtins, too. */
static const char *without_builtins(const char *type) {
    static const char *const modules[] = {"builtins.", "exceptions.", "__builtin__."};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (!strncmp(type, modules[i], strlen(modules[i])))
            return type + strlen(modules[i]);
    return type;
}

static const char *last_name(const char *type) {
    const char *dot = strrchr(type, '.');
    return dot ? dot + 1 : type;
}

/* Where the wire does not tell, a stop at what is not wanted always can only be for one uncaught.
 */
static const char *break_mode(const struct session *session, const struct stop *stop) {
    bool always =
        stop->handled == WIRE_HANDLED_UNKNOWN
            ? exception_modes_of(&session->exception_modes, stop->exception) & WIRE_BREAK_ALWAYS
            : stop->handled == WIRE_HANDLED;
    return always ? "always" : "unhandled";
}

/* Each within the one before, which came from it. */
static void add_origins(cJSON *details, char *rows) {
    for (char *row; rows && (row = remote_reply_row(&rows));) {
        const char *type = remote_reply_field(&row);
        cJSON *inner = cJSON_CreateObject();
        cJSON_AddStringToObject(inner, "fullTypeName", type);
        cJSON_AddStringToObject(inner, "typeName", last_name(type));
        cJSON_AddStringToObject(inner, "message", remote_reply_field(&row));
        cJSON_AddStringToObject(inner, "stackTrace", remote_reply_field(&row));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(details, "innerException"), inner);
        details = inner;
    }
}

static void respond(struct inquiry *inquiry, const struct stop *stop, const char *message,
                    const char *trace, char *origins) {
    const char *type = without_builtins(stop->exception ? stop->exception : "exception");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "exceptionId", type);
    cJSON_AddStringToObject(body, "description", message);
    cJSON_AddStringToObject(body, "breakMode", break_mode(inquiry->session, stop));
    cJSON *details = cJSON_AddObjectToObject(body, "details");
    cJSON_AddStringToObject(details, "message", message);
    cJSON_AddStringToObject(details, "typeName", last_name(type));
    cJSON_AddStringToObject(details, "fullTypeName", type);
    if (stop->value) {
        char *expression = memory_format("%s['exception']", stop->value);
        cJSON_AddStringToObject(details, "evaluateName", expression);
        free(expression);
    }
    if (trace)
        cJSON_AddStringToObject(details, "stackTrace", trace);
    add_origins(details, origins);
    client_respond(&inquiry->session->client, inquiry->reply, body);
}

static const struct thread *stopped_at_exception(const struct inquiry *inquiry) {
    const struct thread *thread = threads_find(&inquiry->session->threads, inquiry->thread);
    return thread && thread->stop.reason == STOP_EXCEPTION ? thread : NULL;
}

static void answered(void *context, char *rows, const char *why) {
    struct inquiry *inquiry = context;
    const struct thread *thread = stopped_at_exception(inquiry);
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!thread) {
        client_fail(&inquiry->session->client, inquiry->reply, "The stop is over.");
    } else if (row) {
        const char *message = remote_reply_field(&row);
        respond(inquiry, &thread->stop, message, remote_reply_field(&row), rows);
    } else {
        log_line(inquiry->session->log, LOG_INFO, "exceptionInfo: no traceback: %s",
                 why ? why : "?");
        respond(inquiry, &thread->stop, thread->stop.message ? thread->stop.message : "", NULL,
                NULL);
    }
    free(inquiry);
}

void requests_exception_info(struct session *session, const struct request *request) {
    int64_t id = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "threadId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct thread *thread = threads_by_id(&session->threads, id);
    if (!thread || thread->stop.reason != STOP_EXCEPTION) {
        client_fail(&session->client, request->reply,
                    "Thread %lld has not stopped at an exception.", (long long)id);
        return;
    }
    struct inquiry *inquiry = memory_new(sizeof *inquiry);
    *inquiry = (struct inquiry){session, request->reply, thread->ident};
    struct handle where = {.kind = HANDLE_FRAME, .thread = thread->ident};
    remote_ask(session, &where, REMOTE_EXCEPTION, NULL, EXCEPTION_MS, answered, inquiry);
}
