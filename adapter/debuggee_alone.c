/* One thread goes on while the others stay stopped. */
#include "debuggee_parts.h"

bool alone_any_went(const struct debuggee *debuggee) {
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (debuggee->threads[i].went_alone)
            return true;
    return false;
}

static void send_resume_alone(struct debuggee *debuggee, struct debuggee_thread *thread) {
    int64_t id = thread->id;
    debuggee_write(debuggee, &(struct wire_command){.type = WIRE_RESUME_THREAD, .thread = id});
    run_released(debuggee, thread);
    thread->went_alone = true;
    if (!thread->was_reported)
        run_begin_barrier(debuggee);
    if (debuggee->break_sent) /* its mark was taken away when it was made ready */
        debuggee_write(debuggee, &(struct wire_command){.type = WIRE_BREAK_ALL});
    debuggee_flush(debuggee);
    ask_give_up_thread(debuggee, id, "The thread was resumed.");
}

uint64_t alone_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        if (!thread->alone_wanted || debuggee->phase != DEBUGGEE_ATTACHED || debuggee->barrier)
            continue;
        if (!thread->asked && !run_report_may_come(debuggee, thread, &due))
            send_resume_alone(debuggee, thread);
    }
    return due;
}

/* ptvsd stops all for one's stop; where that one's is passed over nobody resumes the others. */
uint64_t alone_stands_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        uint64_t at = thread->stands_since + QUIET_MS;
        if (!thread->stands_since || debuggee->phase != DEBUGGEE_ATTACHED)
            continue;
        if (debuggee_now(debuggee) < at) {
            due = sooner(due, at);
            continue;
        }
        thread->stands_since = 0;
        debuggee->owner.stands_again(debuggee->owner.context, thread->id);
    }
    return due;
}

void debuggee_resume_alone(struct debuggee *debuggee, int64_t id) {
    struct debuggee_thread *thread = run_thread(debuggee, id);
    if (thread && thread->run == THREAD_BLOCKED && !debuggee->resume_wanted) {
        thread->alone_wanted = true;
        thread->stands_since = 0;
    }
    debuggee_pump(debuggee);
}

void debuggee_made_ready(struct debuggee *debuggee, int64_t id) {
    struct debuggee_thread *thread = run_thread(debuggee, id);
    if (thread)
        thread->went_alone = true;
}

void debuggee_look_again(struct debuggee *debuggee, int64_t id) {
    struct debuggee_thread *thread = run_thread(debuggee, id);
    if (thread && thread->run == THREAD_BLOCKED)
        thread->stands_since = debuggee_now(debuggee);
    debuggee_pump_soon(debuggee);
}

void debuggee_stop_told(struct debuggee *debuggee, bool all) {
    debuggee->dropped_thread = 0;
    for (size_t i = 0; all && i < debuggee->thread_count; i++)
        debuggee->threads[i].alone_wanted = false;
}
