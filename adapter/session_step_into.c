/* A step into one chosen call of a statement (requests_step_targets.c offers them). ptvsd steps
 * into the next; so this steps out of those that are not meant, and in again, unseen, until the
 * right one is entered, the statement is left, or something else stops the thread. */
#include "session.h"

#include <stdlib.h>
#include <string.h>

/* A statement can call others without end, `while f(g()): pass`. */
enum { STEPS_LIMIT = 500 };

void session_step_targets_forget(struct session *session) {
    struct step_targets *targets = &session->step_targets;
    for (int i = 0; i < targets->count; i++)
        free(targets->items[i].file);
    free(targets->items);
    *targets = (struct step_targets){.given = targets->given};
}

void session_step_into_over(struct session *session) {
    free(session->step_into.target.file);
    session->step_into = (struct step_into){0};
}

void session_step_forget(struct session *session) {
    session_step_into_over(session);
    session_step_targets_forget(session);
}

bool session_step_choose(struct session *session, int64_t id, const struct thread *thread) {
    struct step_targets *targets = &session->step_targets;
    for (int i = 0; i < targets->count; i++) {
        if (targets->items[i].id != id || targets->thread != thread->ident)
            continue;
        session_step_into_over(session);
        session->step_into = (struct step_into){.on = true,
                                                .thread = thread->ident,
                                                .depth = thread->frame_count,
                                                .target = targets->items[i],
                                                .first_line = targets->first_line,
                                                .last_line = targets->last_line};
        targets->items[i].file = NULL;
        return true;
    }
    return false;
}

/* Between the statement and the function there may be frames of Python's library, which no step
 * enters. */
static bool entered(struct step_into *into, const struct thread *thread) {
    const struct wire_frame *frame = thread->frames;
    return thread->frame_count > into->depth && frame->file &&
           frame->first_line == into->target.first_line &&
           !strcmp(frame->file, into->target.file) && into->target.before-- <= 0;
}

static bool in_statement(const struct step_into *into, const struct thread *thread) {
    return thread->frame_count == into->depth && thread->frames[0].line >= into->first_line &&
           thread->frames[0].line <= into->last_line;
}

bool session_step_goes_on(struct session *session, struct thread *thread) {
    struct step_into *into = &session->step_into;
    bool undisturbed = session->phase == SESSION_RUNNING && !threads_any_stop(&session->threads);
    bool ours = into->on && into->thread == thread->ident && thread->frame_count &&
                (undisturbed || thread->alone) && !session->pause_wanted &&
                ++into->steps < STEPS_LIMIT;
    bool out = ours && !entered(into, thread) && thread->frame_count == into->depth + 1;
    if (!out && !(ours && in_statement(into, thread))) {
        session_step_into_over(session);
        return false;
    }
    enum wire_command_type type = out ? WIRE_STEP_OUT : WIRE_STEP_INTO;
    if (thread->alone)
        session_alone_step_on(session, thread, type);
    else
        debuggee_step(&session->debuggee, thread->ident, type);
    return true;
}
