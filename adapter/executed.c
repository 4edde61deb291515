#include "executed.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_WHILE_RUNNING = 8, HAS_RAW_TEXT = 4 };

struct execution {
    executed_answer *answer;
    void *context;
};

bool executed_while_running(const struct session *session) {
    return debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING;
}

/* Version 2 sends the repr of a text. Ours are plain ASCII: what may stand in them is a quote. */
static char *without_quotes(const char *repr) {
    size_t length = strlen(repr);
    bool quoted = length >= 2 && strchr("'\"", repr[0]) && repr[length - 1] == repr[0];
    char *text = quoted ? memory_copy_bytes(repr + 1, length - 2) : memory_copy_text(repr);
    char *to = text;
    for (const char *from = text; quoted && *from; from++) {
        if (*from == '\\' && from[1] && strchr("\\'\"", from[1]))
            from++;
        *to++ = *from;
    }
    if (quoted)
        *to = '\0';
    return text;
}

static void answered(void *context, const struct wire_event *event, const char *why) {
    struct execution execution = *(struct execution *)context;
    free(context);
    char *said = event && event->type == WIRE_RESULT && event->object.repr
                     ? without_quotes(event->object.repr)
                     : NULL;
    if (!said && !why)
        why = event->type == WIRE_FAILED && event->text && *event->text
                  ? event->text
                  : "The program's debug server gave no answer.";
    execution.answer(execution.context, said, why);
    free(said);
}

void executed_ask(struct session *session, int64_t thread, enum remote_program program,
                  const char *arguments, unsigned timeout_ms, executed_answer *answer,
                  void *context) {
    struct execution *execution = memory_new(sizeof *execution);
    *execution = (struct execution){answer, context};
    char *text = remote_text(program, arguments);
    bool raw = debuggee_version(&session->debuggee) >= HAS_RAW_TEXT;
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread,
                    .frame_kind = thread ? WIRE_FRAME_PYTHON : WIRE_FRAME_NONE,
                    .text = text,
                    .repr = raw ? WIRE_REPR_RAW : WIRE_REPR_NORMAL,
                    .module = thread ? NULL : "ptvsd"}};
    debuggee_ask(&session->debuggee, &command, false, timeout_ms, answered, execution);
    free(text);
}
