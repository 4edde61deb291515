#include "remote_ask.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

struct asked {
    remote_answer *answer;
    void *context;
};

static void answered(void *context, const struct wire_event *event, const char *why) {
    struct asked asked = *(struct asked *)context;
    free(context);
    if (!event || event->type != WIRE_CHILDREN_ARE) {
        asked.answer(asked.context, NULL, why ? why : "ptvsd gave no answer.");
        return;
    }
    char *text = remote_reply_text(&event->children), *rest = text;
    char *first = remote_reply_row(&rest);
    if (!first)
        asked.answer(asked.context, NULL,
                     "This thread is running or inside native code: nothing can be asked of it "
                     "until it returns to Python. Choose a thread that is stopped.");
    else if (!strcmp(remote_reply_field(&first), "yes"))
        asked.answer(asked.context, rest, NULL);
    else
        asked.answer(asked.context, NULL, *first ? remote_reply_field(&first) : text);
    free(text);
}

void remote_ask(struct session *session, const struct handle *where, enum remote_program program,
                const char *arguments, unsigned timeout_ms, remote_answer *answer, void *context) {
    const struct wire_frame *frame = remote_frame(session, where);
    struct asked *asked = memory_new(sizeof *asked);
    *asked = (struct asked){answer, context};
    char *text = remote_text(program, arguments);
    struct wire_command command = {
        .type = WIRE_CHILDREN,
        .execute = {.thread = where->thread,
                    .frame = (int64_t)where->frame,
                    .frame_kind = frame ? frame->kind : WIRE_FRAME_PYTHON,
                    .text = text}};
    debuggee_ask(&session->debuggee, &command, true, timeout_ms, answered, asked);
    free(text);
}

const struct wire_frame *remote_frame(const struct session *session, const struct handle *where) {
    const struct thread *thread = threads_find(&session->threads, where->thread);
    return thread && where->frame < thread->frame_count ? &thread->frames[where->frame] : NULL;
}
