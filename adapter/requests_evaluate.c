#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"
#include "values.h"
#include "writes.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE_S = 60 }; /* the whole repr of something large takes its time */

struct evaluation {
    struct session *session;
    struct reply reply;
    struct handle where;
    char *expression;
    uint64_t late_at; /* ms: then the time given is over */
    bool repl, hex;
    bool in_module; /* of the program that runs: version 8 */
};

static void free_evaluation(struct evaluation *evaluation) {
    free(evaluation->expression);
    free(evaluation);
}

unsigned requests_time(const struct session *session, unsigned least_s, uint64_t *late_at) {
    unsigned wanted_s = session->config.limits.eval_s;
    unsigned ms = (wanted_s > least_s ? wanted_s : least_s) * 1000;
    *late_at = uv_now(session->loop) + ms;
    return ms;
}

void requests_unanswered(struct session *session, struct reply reply, const char *why,
                         uint64_t late_at) {
    bool late = uv_now(session->loop) >= late_at;
    client_fail(&session->client, reply, "%s%s", why,
                late ? " \"evalTimeout\" in the configuration, in seconds, gives it longer." : "");
}

/* What is evaluated anew with each look at its children: at that stop alone. */
static const char *looked_at_by(const struct evaluation *evaluation) {
    const struct session *session = evaluation->session;
    bool stands = session->phase == SESSION_STOPPED &&
                  debuggee_blocked(&session->debuggee, evaluation->where.thread);
    return stands && !evaluation->in_module ? evaluation->expression : NULL;
}

static void show_result(struct evaluation *evaluation, const struct wire_object *object) {
    bool nothing = evaluation->repl && object->type && !strcmp(object->type, "NoneType");
    struct wire_object shown = *object;
    if (nothing)
        shown.repr = "";
    cJSON *body = cJSON_CreateObject();
    values_add(body, "result", evaluation->session, &evaluation->where, looked_at_by(evaluation),
               &shown, evaluation->hex);
    client_respond(&evaluation->session->client, evaluation->reply, body);
}

static void answered(void *context, const struct wire_event *answer, const char *why) {
    struct evaluation *evaluation = context;
    struct session *session = evaluation->session;
    if (!answer)
        requests_unanswered(session, evaluation->reply, why, evaluation->late_at);
    else if (answer->type == WIRE_RESULT)
        show_result(evaluation, &answer->object);
    else
        client_fail(&session->client, evaluation->reply, "%s",
                    values_failure(answer->type == WIRE_FAILED ? answer->text : NULL));
    /* A statement that failed may have done its first half. */
    if (answer && evaluation->repl && writes_may_write(evaluation->expression))
        values_invalidated(session);
    free_evaluation(evaluation);
}

static void ask_text(struct evaluation *evaluation, enum wire_frame_kind kind) {
    char *seeing =
        kind == WIRE_FRAME_PYTHON ? writes_seeing_locals(evaluation->expression, false) : NULL;
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.thread = evaluation->where.thread,
                                               .frame = (int64_t)evaluation->where.frame,
                                               .frame_kind = kind,
                                               .text = seeing ? seeing : evaluation->expression}};
    debuggee_ask(&evaluation->session->debuggee, &command, false,
                 requests_time(evaluation->session, 0, &evaluation->late_at), answered, evaluation);
    free(seeing);
}

static void whole_answered(void *context, char *rows, const char *why) {
    struct evaluation *evaluation = context;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (row) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "result", remote_reply_field(&row));
        cJSON_AddNumberToObject(body, "variablesReference", 0);
        client_respond(&evaluation->session->client, evaluation->reply, body);
    } else {
        requests_unanswered(evaluation->session, evaluation->reply,
                            why ? why : "ptvsd gave no answer.", evaluation->late_at);
    }
    free_evaluation(evaluation);
}

/* To the clipboard goes the whole repr, which ptvsd itself would cut. */
static void ask_whole(struct evaluation *evaluation) {
    char *expression = literal_text(evaluation->expression);
    char *arguments = memory_format("'expression': %s", expression);
    remote_ask(evaluation->session, &evaluation->where, REMOTE_WHOLE_VALUE, arguments,
               requests_time(evaluation->session, WHOLE_S, &evaluation->late_at), whole_answered,
               evaluation);
    free(expression);
    free(arguments);
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

int requests_find_frame(struct session *session, const struct request *request,
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
    if (found && found->kind == HANDLE_FRAME && remote_frame(session, found)) {
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
    client_fail(&session->client, request->reply,
                "The program is running. Pause it, or wait for a breakpoint, to evaluate "
                "something.");
    return -1;
}

bool requests_in_module(const struct session *session, const struct request *request) {
    return session->phase == SESSION_RUNNING && remote_while_running(session) &&
           !cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(request->dap->arguments, "frameId"));
}

/* While the program runs, where the wire can. An exception there is also printed by the program: no
 * place for what is tried in passing. */
static bool needs_no_frame(const struct session *session, const struct request *request) {
    const char *context = json_text(request->dap->arguments, "context");
    bool on_purpose = !context || !strcmp(context, "repl") || !strcmp(context, "clipboard");
    return on_purpose && requests_in_module(session, request);
}

/* In the main module, on the debugger's own thread. */
static void evaluate_in_module(struct evaluation *evaluation) {
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.frame_kind = WIRE_FRAME_NONE,
                                               .text = evaluation->expression,
                                               .module = "__main__"}};
    debuggee_ask(&evaluation->session->debuggee, &command, false,
                 requests_time(evaluation->session, 0, &evaluation->late_at), answered, evaluation);
}

/* What the mouse merely passes over calls nothing. Some editors send all that they evaluate as a
 * hover, but only a real one says where it is. */
static bool is_harmless(const struct request *request, const char *context, const char *text) {
    bool hovers = !strcmp(context, "hover") &&
                  cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(request->dap->arguments, "line"));
    return !hovers || !writes_may_write(text);
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
    struct handle where = {0};
    if (!*text) {
        client_fail(&session->client, request->reply, "The expression is empty.");
        free(text);
        return;
    }
    if (!is_harmless(request, context, text)) {
        client_fail(
            &session->client, request->reply,
            "This calls something, so it is not evaluated where the mouse rests. Select it and "
            "evaluate it in the debug console, or watch it.");
        free(text);
        return;
    }
    bool no_frame = needs_no_frame(session, request);
    if (!no_frame && requests_find_frame(session, request, &where) < 0) {
        free(text);
        return;
    }
    struct evaluation *evaluation = memory_new(sizeof *evaluation);
    *evaluation = (struct evaluation){.session = session,
                                      .reply = request->reply,
                                      .where = where,
                                      .expression = text,
                                      .repl = !strcmp(context, "repl"),
                                      .hex = values_want_hex(request->dap->arguments),
                                      .in_module = no_frame};
    if (!strcmp(context, "clipboard"))
        ask_whole(evaluation);
    else if (no_frame)
        evaluate_in_module(evaluation);
    else
        ask_text(evaluation, remote_frame(session, &where)->kind);
}
