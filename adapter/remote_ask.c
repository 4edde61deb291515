#include "remote_ask.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_WHILE_RUNNING = 8 };

struct asked {
    remote_answer *answer;
    void *context;
};

static const char running[] =
    "The program is running, and this version of ptvsd can be asked only while it is stopped. "
    "Pause it, or wait for a breakpoint, then try again.";

bool remote_while_running(const struct session *session) {
    return debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING;
}

static const struct thread *stopped_thread(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        if (debuggee_blocked(&session->debuggee, session->threads.items[i]->ident))
            return session->threads.items[i];
    return NULL;
}

bool remote_possible(const struct session *session) {
    return remote_while_running(session) || stopped_thread(session);
}

const struct wire_frame *remote_frame(const struct session *session, const struct handle *where) {
    const struct thread *thread = threads_find(&session->threads, where->thread);
    return thread && where->frame < thread->frame_count ? &thread->frames[where->frame] : NULL;
}

/* ---- the answer
 * ---------------------------------------------------------------------------------------- */

static void take_rows(const struct asked *asked, char *text) {
    char *rest = text, *first = remote_reply_row(&rest);
    if (!first)
        asked->answer(asked->context, NULL,
                      "This thread is running or inside native code: nothing can be asked of it "
                      "until it returns to Python. Choose a thread that is stopped.");
    else if (!strcmp(remote_reply_field(&first), "yes"))
        asked->answer(asked->context, rest, NULL);
    else
        asked->answer(asked->context, NULL, *first ? remote_reply_field(&first) : text);
}

static const char *why_failed(const struct wire_event *event, const char *why) {
    if (event && event->type == WIRE_FAILED && event->text && strstr(event->text, "at this time"))
        return running;
    return why ? why : "ptvsd gave no answer; a log of level trace has more.";
}

static void answered(void *context, const struct wire_event *event, const char *why) {
    struct asked asked = *(struct asked *)context;
    free(context);
    char *text = NULL;
    if (event && event->type == WIRE_CHILDREN_ARE)
        text = remote_reply_text(&event->children);
    else if (event && event->type == WIRE_RESULT && event->object.repr)
        text = remote_reply_literal(event->object.repr);
    if (text)
        take_rows(&asked, text);
    else
        asked.answer(asked.context, NULL, why_failed(event, why));
    free(text);
}

/* ---- the question
 * -------------------------------------------------------------------------------------- */

static void ask(struct session *session, struct wire_command *command, const char *form,
                enum remote_program program, const char *arguments, unsigned timeout_ms,
                struct asked asked) {
    char *all =
        memory_format("%s%s'form': '%s'", arguments ? arguments : "", arguments ? ", " : "", form);
    char *text = remote_text(program, all);
    struct asked *kept = memory_new(sizeof *kept);
    *kept = asked;
    command->execute.text = text;
    debuggee_ask(&session->debuggee, command, command->type == WIRE_CHILDREN, timeout_ms, answered,
                 kept);
    free(text);
    free(all);
}

static struct wire_command in_module(const char *module) {
    return (struct wire_command){
        .type = WIRE_EXECUTE,
        .execute = {.frame_kind = WIRE_FRAME_NONE, .repr = WIRE_REPR_RAW, .module = module}};
}

static struct wire_command in_frame(const struct session *session, const struct handle *where,
                                    enum remote_program program) {
    const struct wire_frame *frame = remote_frame(session, where);
    return (struct wire_command){
        .type = program == REMOTE_JUMP ? WIRE_EXECUTE : WIRE_CHILDREN,
        .execute = {.thread = where->thread,
                    .frame = (int64_t)where->frame,
                    .frame_kind = frame ? frame->kind : WIRE_FRAME_PYTHON}};
}

void remote_ask(struct session *session, const struct handle *where, enum remote_program program,
                const char *arguments, unsigned timeout_ms, remote_answer *answer, void *context) {
    struct handle anywhere = {0};
    const char *module = where && !where->thread ? "__main__" : NULL;
    if (!where && remote_while_running(session)) {
        module = "ptvsd";
    } else if (!where) {
        const struct thread *thread = stopped_thread(session);
        anywhere.thread = thread ? thread->ident : 0;
        where = &anywhere;
        if (!thread) {
            answer(context, NULL, running);
            return;
        }
    }
    struct wire_command command = module ? in_module(module) : in_frame(session, where, program);
    const char *form = command.type == WIRE_CHILDREN ? "slices" : module ? "literal" : "text";
    ask(session, &command, form, program, arguments, timeout_ms, (struct asked){answer, context});
}
