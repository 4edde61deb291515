#include "remote_call.h"

#include "buf.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { CALL_MS = 15000, RUNS_WHILE_RUNNING = 8, HAS_RAW_REPR = 4, TEXT_LIMIT = 64 << 20 };

struct call {
    struct session *session;
    enum remote_program program;
    char *arguments;
    struct buf text; /* of the answer so far, if it comes in parts */
    size_t total;    /* of all parts; 0: not known yet */
    remote_answer *answer;
    void *context;
};

static const char running[] =
    "The program is running, and this version of ptvsd can be asked only while it is stopped. "
    "Pause it, or wait for a breakpoint, then try again.";

static bool in_module(const struct session *session) {
    return debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING;
}

static const struct thread *stopped_thread(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        if (debuggee_blocked(&session->debuggee, session->threads.items[i]->ident))
            return session->threads.items[i];
    return NULL;
}

bool remote_call_possible(const struct session *session) {
    return in_module(session) || stopped_thread(session);
}

static void finish(struct call *call, const cJSON *value, const char *why) {
    call->answer(call->context, value, why);
    buf_finish(&call->text);
    free(call->arguments);
    free(call);
}

static void finish_text(struct call *call, const char *text, size_t length) {
    cJSON *value = json_parse(text, length);
    if (cJSON_IsObject(value))
        finish(call, value, NULL);
    else
        finish(call, NULL, "The program's answer was not understood; the log has more.");
    cJSON_Delete(value);
}

static void answered(void *context, const struct wire_event *answer, const char *why);

static void ask(struct call *call) {
    struct session *session = call->session;
    bool raw = debuggee_version(&session->debuggee) >= HAS_RAW_REPR;
    const struct thread *thread = in_module(session) ? NULL : stopped_thread(session);
    if (!in_module(session) && !thread) {
        finish(call, NULL, running);
        return;
    }
    char *arguments = raw ? memory_format("%s, 'part': None", call->arguments)
                          : memory_format("%s, 'part': %zu", call->arguments, call->text.length);
    char *text = remote_text(call->program, arguments);
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread ? thread->ident : 0,
                    .frame_kind = thread ? WIRE_FRAME_PYTHON : WIRE_FRAME_NONE,
                    .text = text,
                    .repr = raw ? WIRE_REPR_RAW : WIRE_REPR_NORMAL,
                    .module = thread ? NULL : "ptvsd"}};
    debuggee_ask(&session->debuggee, &command, false, CALL_MS, answered, call);
    free(text);
    free(arguments);
}

/* The JSON holds no control character, so its repr escapes backslashes and quotes alone. */
static size_t take_quotes_off(char *text) {
    size_t length = strlen(text), to = 0;
    for (size_t at = 1; at + 1 < length; at++) {
        if (text[at] == '\\' && at + 2 < length)
            at++;
        text[to++] = text[at];
    }
    text[to] = '\0';
    return to;
}

/* "total:text"; -1 if it is not that, or of a file that has changed meanwhile. */
static int take_part(struct call *call, char *part) {
    take_quotes_off(part);
    char *text;
    size_t total = strtoul(part, &text, 10);
    if (*text++ != ':' || !*text || total > TEXT_LIMIT || (call->total && call->total != total))
        return -1;
    call->total = total;
    return buf_append(&call->text, text, strlen(text));
}

static void take_result(struct call *call, const char *repr) {
    if (debuggee_version(&call->session->debuggee) >= HAS_RAW_REPR) {
        finish_text(call, repr, strlen(repr));
        return;
    }
    char *part = memory_copy_text(repr);
    bool taken = take_part(call, part) >= 0;
    free(part);
    if (!taken)
        finish(call, NULL, "The answer changed while it was read; try again.");
    else if (call->text.length < call->total)
        ask(call);
    else
        finish_text(call, call->text.bytes, call->text.length);
}

static void answered(void *context, const struct wire_event *answer, const char *why) {
    struct call *call = context;
    if (!answer)
        finish(call, NULL, why);
    else if (answer->type == WIRE_RESULT && answer->object.repr)
        take_result(call, answer->object.repr);
    else if (answer->type == WIRE_FAILED && answer->text && strstr(answer->text, "at this time"))
        finish(call, NULL, running);
    else
        finish(call, NULL,
               answer->type == WIRE_FAILED && answer->text && *answer->text
                   ? answer->text
                   : "ptvsd could not be asked; the log has more.");
}

void remote_call(struct session *session, enum remote_program program, const char *arguments,
                 remote_answer *answer, void *context) {
    struct call *call = memory_new(sizeof *call);
    *call = (struct call){session, program, memory_copy_text(arguments), {0}, 0, answer, context};
    buf_init(&call->text, TEXT_LIMIT);
    ask(call);
}
