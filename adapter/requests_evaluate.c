#include "requests.h"

#include "executed.h"
#include "memory.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { EVALUATE_MS = 15000 };

struct evaluation {
    struct session *session;
    struct reply reply;
    struct handle where;
    char *expression;
    bool repl;
    bool in_module; /* of the program that runs: version 8 */
};

static void free_evaluation(struct evaluation *evaluation) {
    free(evaluation->expression);
    free(evaluation);
}

/* ptvsd sends str(exception) alone, and says in its own words that a thread cannot be asked. */
static const char *explain_failure(const char *text) {
    if (!text || !*text)
        return "The expression raised an exception that has no message.";
    if (!strcmp(text, "<expression cannot be evaluated at this time>"))
        return "This thread is running or inside native code: nothing can be evaluated in it until "
               "it returns to Python. Choose a thread that is stopped.";
    return text;
}

static void show_result(struct evaluation *evaluation, const struct wire_object *object) {
    bool nothing = evaluation->repl && object->type && !strcmp(object->type, "NoneType");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "result", nothing ? "" : object->repr ? object->repr : "");
    if (object->type && *object->type)
        cJSON_AddStringToObject(body, "type", object->type);
    cJSON_AddNumberToObject(body, "variablesReference",
                            evaluation->in_module
                                ? 0
                                : values_reference(evaluation->session, &evaluation->where,
                                                   evaluation->expression, object));
    client_respond(&evaluation->session->client, evaluation->reply, body);
}

static void answered(void *context, const struct wire_event *answer, const char *why) {
    struct evaluation *evaluation = context;
    if (!answer)
        client_fail(&evaluation->session->client, evaluation->reply, "%s", why);
    else if (answer->type == WIRE_RESULT)
        show_result(evaluation, &answer->object);
    else
        client_fail(&evaluation->session->client, evaluation->reply, "%s",
                    explain_failure(answer->type == WIRE_FAILED ? answer->text : NULL));
    free_evaluation(evaluation);
}

/* ---- the text
 * ------------------------------------------------------------------------------------------ */

static size_t indentation(const char *line) {
    return strspn(line, " \t");
}

static bool is_blank(const char *line) {
    char end = line[indentation(line)];
    return end == '\0' || end == '\n' || end == '\r';
}

static const char *next_line(const char *line) {
    const char *end = strchr(line, '\n');
    return end ? end + 1 : NULL;
}

static size_t common_indentation(const char *text) {
    size_t least = SIZE_MAX;
    for (const char *line = text; line; line = next_line(line))
        if (!is_blank(line) && indentation(line) < least)
            least = indentation(line);
    return least == SIZE_MAX ? 0 : least;
}

/* A selection sent from an editor is often indented as a whole; Python would refuse it. */
static char *tidy(const char *text) {
    size_t indent = common_indentation(text);
    char *tidied = memory_new(strlen(text) + 1), *to = tidied;
    for (const char *line = text; line; line = next_line(line)) {
        const char *end = next_line(line);
        size_t length = end ? (size_t)(end - line) : strlen(line);
        size_t skip = is_blank(line) ? 0 : indent;
        memcpy(to, line + skip, length - skip);
        to += length - skip;
    }
    while (to > tidied && strchr(" \t\r\n", to[-1]))
        *--to = '\0';
    return tidied;
}

/* ---- the request
 * -------------------------------------------------------------------------------------- */

/* The frame asked for; without one, the innermost of a thread that has stopped, or, while the
 * program runs, none (thread 0) where the wire can do without. 0, or -1 after a refusal. */
static int find_frame(struct session *session, const struct request *request,
                      struct handle *where) {
    int64_t id = 0;
    struct dap_error error;
    if (dap_want_int(request->dap->arguments, "frameId", &id, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return -1;
    }
    bool asked =
        cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(request->dap->arguments, "frameId"));
    const struct handle *found = handles_find(&session->handles, id);
    if (found && found->kind == HANDLE_FRAME) {
        *where = *found;
        return 0;
    }
    if (asked && session->phase == SESSION_STOPPED) {
        client_fail(&session->client, request->reply, "Frame %lld belongs to a stop that is over.",
                    (long long)id);
        return -1;
    }
    for (size_t i = 0; !asked && i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (thread->told && thread->frame_count) {
            *where = (struct handle){.kind = HANDLE_FRAME, .thread = thread->ident};
            return 0;
        }
    }
    /* An exception there is also printed by the program: no place for what is tried in passing. */
    const char *context = json_text(request->dap->arguments, "context");
    bool on_purpose = !context || !strcmp(context, "repl") || !strcmp(context, "clipboard");
    if (!asked && on_purpose && session->phase == SESSION_RUNNING &&
        executed_while_running(session)) {
        *where = (struct handle){.thread = 0};
        return 0;
    }
    client_fail(&session->client, request->reply,
                "The program is running. Pause it, or wait for a breakpoint, to evaluate "
                "something.");
    return -1;
}

/* In the main module, on the debugger's own thread. */
static void evaluate_in_module(struct evaluation *evaluation) {
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.frame_kind = WIRE_FRAME_NONE,
                                               .text = evaluation->expression,
                                               .module = "__main__"}};
    evaluation->in_module = true;
    debuggee_ask(&evaluation->session->debuggee, &command, false, EVALUATE_MS, answered,
                 evaluation);
}

void requests_evaluate(struct session *session, const struct request *request) {
    const char *expression = NULL, *context = "";
    struct dap_error error;
    if (dap_need_text(request->dap->arguments, "expression", &expression, &error) < 0 ||
        dap_want_text(request->dap->arguments, "context", &context, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    char *text = tidy(expression);
    struct handle where;
    if (!*text) {
        client_fail(&session->client, request->reply, "The expression is empty.");
        free(text);
        return;
    }
    if (find_frame(session, request, &where) < 0) {
        free(text);
        return;
    }
    struct evaluation *evaluation = memory_new(sizeof *evaluation);
    *evaluation =
        (struct evaluation){session, request->reply, where, text, !strcmp(context, "repl"), false};
    if (!where.thread) {
        evaluate_in_module(evaluation);
        return;
    }
    const struct thread *thread = threads_find(&session->threads, where.thread);
    if (!thread || where.frame >= thread->frame_count) {
        client_fail(&session->client, request->reply, "The thread of that frame has ended.");
        free_evaluation(evaluation);
        return;
    }
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.thread = where.thread,
                                               .frame = (int64_t)where.frame,
                                               .frame_kind = thread->frames[where.frame].kind,
                                               .text = text}};
    debuggee_ask(&session->debuggee, &command, false, EVALUATE_MS, answered, evaluation);
}
