/* Who runs and who is stopped, resumes and steps, and stops that may not be what they seem. */
#include "debuggee_parts.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- threads
 * ------------------------------------------------------------------------------------- */

struct debuggee_thread *run_thread(struct debuggee *debuggee, int64_t id) {
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (debuggee->threads[i].id == id)
            return &debuggee->threads[i];
    return NULL;
}

void run_thread_started(struct debuggee *debuggee, int64_t id) {
    if (run_thread(debuggee, id))
        return; /* told again */
    debuggee->threads =
        memory_resize(debuggee->threads, debuggee->thread_count + 1, sizeof *debuggee->threads);
    debuggee->threads[debuggee->thread_count++] =
        (struct debuggee_thread){.id = id, .resumed_at = debuggee->resumed_at};
}

void run_thread_ended(struct debuggee *debuggee, int64_t id) {
    ask_give_up_thread(debuggee, id, "The thread has ended.");
    if (debuggee->stepping_thread == id)
        debuggee->stepping_thread = 0;
    struct debuggee_thread *thread = run_thread(debuggee, id);
    if (thread)
        *thread = debuggee->threads[--debuggee->thread_count];
}

static bool any_in_state(const struct debuggee *debuggee, enum thread_run run) {
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (debuggee->threads[i].run == run)
            return true;
    return false;
}

bool debuggee_blocked(const struct debuggee *debuggee, int64_t id) {
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (debuggee->threads[i].id == id)
            return debuggee->threads[i].run == THREAD_BLOCKED;
    return false;
}

static void free_held(struct held_stop *held) {
    if (held->event.type != WIRE_EXCEPTION)
        return;
    struct wire_exception *exception = &held->event.exception;
    free((void *)(uintptr_t)exception->type);
    free((void *)(uintptr_t)exception->message);
    free((void *)(uintptr_t)exception->trace);
    free((void *)(uintptr_t)exception->value);
}

static void drop_held(struct debuggee *debuggee, size_t index) {
    free_held(&debuggee->held[index]);
    debuggee->held[index] = debuggee->held[--debuggee->held_count];
}

void run_forget(struct debuggee *debuggee) {
    while (debuggee->held_count)
        drop_held(debuggee, debuggee->held_count - 1);
    debuggee->thread_count = 0;
    debuggee->resume_wanted = debuggee->pause_after = debuggee->break_sent = false;
    debuggee->stepping_thread = 0;
    debuggee->barrier = 0;
    debuggee->quiet_since = 0;
}

/* ---- stops
 * ------------------------------------------------------------------------------------------- */

/* Threads that sent their frames shortly before this stop have stopped with it. */
static void block_quiet_threads(struct debuggee *debuggee) {
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        if (thread->quiet_block)
            thread->run = THREAD_BLOCKED;
        thread->quiet_block = false;
    }
    debuggee->quiet_since = 0;
}

/* A thread that stops again went on from where it stood before. */
static void drop_held_of(struct debuggee *debuggee, int64_t thread) {
    for (size_t i = debuggee->held_count; i-- > 0;)
        if (debuggee->held[i].event.thread == thread)
            drop_held(debuggee, i);
}

/* A resume that was wanted but not sent is dropped: whoever wanted it is told of this stop; a step
 * goes on if that is passed over. */
static void believe_stop(struct debuggee *debuggee, const struct wire_event *event) {
    struct debuggee_thread *thread = run_thread(debuggee, event->thread);
    drop_held_of(debuggee, event->thread);
    if (thread) {
        thread->run = THREAD_BLOCKED;
        thread->reported = true;
        thread->quiet_block = thread->alone_wanted = false;
        thread->went_alone = thread->went_alone && event->type != WIRE_STEPPED;
        thread->stands_since = 0;
        ask_thread_stopped(debuggee, thread);
    }
    block_quiet_threads(debuggee);
    if (debuggee->resume_wanted && debuggee->resume_as != WIRE_RESUME_ALL) {
        debuggee->dropped_step = debuggee->resume_as;
        debuggee->dropped_thread = debuggee->resume_thread;
    }
    debuggee->resume_wanted = debuggee->pause_after = false;
    debuggee->attach_stop_seen = true;
    if (event->type == WIRE_STEPPED && debuggee->stepping_thread == event->thread)
        debuggee->stepping_thread = 0;
    debuggee->owner.event(debuggee->owner.context, event);
}

static void hold_stop(struct debuggee *debuggee, const struct wire_event *event) {
    drop_held_of(debuggee, event->thread);
    if (debuggee->held_count == DEBUGGEE_HELD_STOPS) {
        believe_stop(debuggee, event);
        return;
    }
    struct held_stop *held = &debuggee->held[debuggee->held_count++];
    *held = (struct held_stop){.event = *event,
                               .number = ++debuggee->held_number,
                               .look_at = debuggee_now(debuggee) + HELD_MS,
                               .early = !debuggee->attach_stop_seen};
    debuggee->early_stop = debuggee->early_stop || held->early;
    if (event->type == WIRE_EXCEPTION) {
        struct wire_exception *exception = &held->event.exception;
        exception->type = memory_copy_text(exception->type);
        exception->message = memory_copy_text(exception->message);
        exception->trace = memory_copy_text(exception->trace);
        exception->value = memory_copy_text(exception->value);
    }
    log_line(debuggee->log, LOG_DEBUG, "a stop may %s: looking into it",
             held->early ? "be too early" : "have crossed the resume");
}

/* A thread that had not reported a stop when the resume went out may have stopped just before the
 * server saw the resume, and be released by it. One that had cannot have stopped again before it.
 */
void run_stop(struct debuggee *debuggee, const struct wire_event *event) {
    struct debuggee_thread *thread = run_thread(debuggee, event->thread);
    if (event->type == WIRE_BROKE)
        debuggee->break_sent = false;
    bool early = !debuggee->attach_stop_seen && event->type != WIRE_LOADED;
    if ((debuggee->barrier && !thread->was_reported) || early)
        hold_stop(debuggee, event);
    else
        believe_stop(debuggee, event);
}

void run_stands_silently(struct debuggee *debuggee, struct debuggee_thread *thread) {
    thread->run = THREAD_BLOCKED;
    thread->stands_since = alone_any_went(debuggee) ? debuggee_now(debuggee) : 0;
}

static void silent_stop(struct debuggee *debuggee, struct debuggee_thread *thread) {
    if (any_in_state(debuggee, THREAD_BLOCKED)) {
        run_stands_silently(debuggee, thread);
    } else {
        thread->quiet_block = true; /* before the attach stop, too: it is released with it */
        if (debuggee->attach_stop_seen)
            debuggee->quiet_since = debuggee_now(debuggee);
    }
}

/* Whether it stands is to be asked. */
static void doubt(struct debuggee *debuggee, struct debuggee_thread *thread) {
    thread->frames_at = debuggee_now(debuggee);
    thread->doubted = true;
}

/* One that stops beside it has taken them while it ran, and sends them behind its own report. */
static bool are_outdated(const struct debuggee_thread *thread, bool its_own_report) {
    return !its_own_report && (thread->run == THREAD_BLOCKED || thread->quiet_block);
}

bool run_frames(struct debuggee *debuggee, const struct wire_event *event) {
    struct debuggee_thread *thread = run_thread(debuggee, event->thread);
    if (!thread)
        return true;
    bool its_own_report = event->frames.thread_name != NULL;
    if (are_outdated(thread, its_own_report))
        return false;
    thread->frame_count = (int64_t)event->frames.count;
    if (its_own_report && thread->asked && thread->run != THREAD_BLOCKED)
        doubt(debuggee, thread);
    if (debuggee->barrier) { /* it may have stopped before the resume, and still be asleep */
        if (its_own_report && thread->run == THREAD_RUNNING)
            thread->run = THREAD_RELEASED;
        if (its_own_report)
            doubt(debuggee, thread);
        return true;
    }
    if (thread->run == THREAD_RELEASED)
        thread->run = THREAD_RUNNING;
    if (its_own_report)
        thread->frames_at = debuggee_now(debuggee);
    if (!its_own_report || thread->asked || thread->run == THREAD_BLOCKED)
        return true;
    silent_stop(debuggee, thread);
    return true;
}

struct probe {
    struct debuggee *debuggee;
    unsigned number;     /* of the held stop … */
    int64_t thread;      /* … or the thread … */
    uint64_t resumed_at; /* … that is doubted since then */
};

/* It went by; the pause that was asked for is still to come. */
static void pass_early(struct debuggee *debuggee, const struct wire_event *event) {
    struct debuggee_thread *thread = run_thread(debuggee, event->thread);
    if (thread) {
        thread->run = THREAD_RUNNING;
        thread->quiet_block = false;
    }
    if (event->type == WIRE_BROKE)
        debuggee_pause(debuggee);
}

static void probe_answered(void *context, const struct wire_event *answer, const char *why) {
    (void)why;
    struct probe probe = *(struct probe *)context;
    free(context);
    struct debuggee *debuggee = probe.debuggee;
    for (size_t i = 0; i < debuggee->held_count; i++) {
        struct held_stop held = debuggee->held[i];
        if (held.number != probe.number)
            continue;
        bool stopped = answer && answer->type == WIRE_RESULT;
        log_line(debuggee->log, LOG_DEBUG, "the doubtful stop is %s", stopped ? "one" : "over");
        debuggee->held[i] = debuggee->held[--debuggee->held_count];
        if (stopped)
            believe_stop(debuggee, &held.event);
        else if (held.early)
            pass_early(debuggee, &held.event);
        free_held(&held);
        debuggee_pump_soon(debuggee); /* a resume may have waited for this */
        return;
    }
}

/* Any answer but a refusal comes from a thread that stands. */
static void ask_whether_stopped(struct debuggee *debuggee, int64_t thread, struct probe probe,
                                debuggee_answer *answer) {
    struct probe *kept = memory_new(sizeof *kept);
    *kept = probe;
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread, .frame_kind = WIRE_FRAME_PYTHON, .text = "0"}};
    debuggee_ask(debuggee, &command, false, 2000, answer, kept);
}

static void probe_held(struct debuggee *debuggee, struct held_stop *held) {
    held->probing = true;
    ask_whether_stopped(debuggee, held->event.thread,
                        (struct probe){.debuggee = debuggee, .number = held->number},
                        probe_answered);
}

static uint64_t held_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    for (size_t i = 0; i < debuggee->held_count; i++) {
        struct held_stop *held = &debuggee->held[i];
        if (held->probing)
            continue;
        struct debuggee_thread *thread = run_thread(debuggee, held->event.thread);
        if (!thread)
            drop_held(debuggee, i--);
        else if (debuggee_now(debuggee) < held->look_at)
            due = sooner(due, held->look_at);
        else
            probe_held(debuggee, held);
    }
    return due;
}

static void doubt_answered(void *context, const struct wire_event *answer, const char *why) {
    (void)why;
    struct probe probe = *(struct probe *)context;
    free(context);
    struct debuggee *debuggee = probe.debuggee;
    struct debuggee_thread *thread = run_thread(debuggee, probe.thread);
    bool stands = answer && answer->type == WIRE_RESULT && thread &&
                  thread->run != THREAD_BLOCKED && thread->resumed_at == probe.resumed_at;
    if (stands) {
        thread->doubted = false; /* by the stack that came before this answer */
        silent_stop(debuggee, thread);
    }
    debuggee_pump_soon(debuggee);
}

static uint64_t doubt_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    if (debuggee->barrier || debuggee->held_count || debuggee->phase != DEBUGGEE_ATTACHED)
        return due;
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        uint64_t at = thread->frames_at + HELD_MS; /* it has sent them before it stands */
        if (thread->doubted && debuggee_now(debuggee) < at) {
            due = sooner(due, at);
            continue;
        }
        bool old = debuggee_now(debuggee) >= at + DOUBT_MS; /* and of another stop than this */
        if (thread->doubted && !old && thread->run != THREAD_BLOCKED && !thread->asked)
            ask_whether_stopped(debuggee, thread->id,
                                (struct probe){.debuggee = debuggee,
                                               .thread = thread->id,
                                               .resumed_at = thread->resumed_at},
                                doubt_answered);
        thread->doubted = false;
    }
    return due;
}

/* ---- resumes
 * ------------------------------------------------------------------------------------- */

/* How long after a resume a thread that shows no sign of life is taken to be awake. */
static uint64_t awake_at(const struct debuggee *debuggee, const struct debuggee_thread *thread) {
    bool careful = debuggee->phase == DEBUGGEE_LEAVING_SOON && !debuggee->guarded;
    return thread->resumed_at + (careful ? UNGUARDED_MS : RELEASE_MS);
}

static bool may_be_asleep(const struct debuggee *debuggee, const struct debuggee_thread *thread,
                          uint64_t *due) {
    if (thread->run != THREAD_RELEASED || debuggee_now(debuggee) >= awake_at(debuggee, thread))
        return false;
    *due = sooner(*due, awake_at(debuggee, thread));
    return true;
}

/* True when neither a thread that may still be asleep from the last resume nor a question that may
 * not have been picked up yet is in the way of releasing ptvsd's locks. */
bool run_may_interrupt(struct debuggee *debuggee, uint64_t *due) {
    bool may = true;
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (may_be_asleep(debuggee, &debuggee->threads[i], due))
            may = false;
    if (ask_in_flight(debuggee, due))
        may = false;
    return may;
}

bool run_step_may_end(struct debuggee *debuggee, uint64_t *due) {
    uint64_t until = debuggee->resumed_at + STEP_MS;
    if (debuggee->guarded || !debuggee->stepping_thread || debuggee_now(debuggee) >= until)
        return false;
    *due = sooner(*due, until);
    return true;
}

void run_clear_stepping(struct debuggee *debuggee) {
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct wire_command clear = {.type = WIRE_CLEAR_STEPPING,
                                     .thread = debuggee->threads[i].id};
        debuggee_write(debuggee, &clear);
    }
}

/* But for that of one thread, which is to make another. */
static void forget_steps(struct debuggee *debuggee, int64_t but) {
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        struct wire_command clear = {.type = WIRE_CLEAR_STEPPING, .thread = thread->id};
        if ((thread->went_alone || thread->id == debuggee->stepping_thread) && thread->id != but)
            debuggee_write(debuggee, &clear);
        thread->went_alone = false;
    }
    debuggee->stepping_thread = 0;
}

/* The server answers the barrier after the resume: stops that come before the answer are doubtful.
 */
void run_begin_barrier(struct debuggee *debuggee) {
    debuggee->barrier = debuggee->next_token++;
    uint64_t wait = NO_BARRIER_MS;
    if (wire_can(&debuggee->wire, WIRE_GET_HIT_COUNT)) {
        struct wire_command ask = {.type = WIRE_GET_HIT_COUNT,
                                   .breakpoint = {.token = debuggee->barrier}};
        debuggee_write(debuggee, &ask);
        wait = BARRIER_MS;
    }
    debuggee->barrier_until = debuggee_now(debuggee) + wait;
}

void run_open_barrier(struct debuggee *debuggee, const struct wire_command *command) {
    debuggee_write(debuggee, command);
    run_begin_barrier(debuggee);
    debuggee_flush(debuggee);
}

void run_barrier_answered(struct debuggee *debuggee) {
    debuggee->barrier = 0;
}

/* A thread that has just sent its stack may be about to report why it stopped. */
bool run_report_may_come(const struct debuggee *debuggee, const struct debuggee_thread *thread,
                         uint64_t *due) {
    uint64_t until = thread->frames_at + GATHER_MS;
    if (thread->run != THREAD_BLOCKED || thread->reported || debuggee_now(debuggee) >= until)
        return false;
    *due = sooner(*due, until);
    return true;
}

static bool report_may_come(const struct debuggee *debuggee, uint64_t *due) {
    bool may = false;
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (run_report_may_come(debuggee, &debuggee->threads[i], due))
            may = true;
    return may;
}

static bool any_unreported(const struct debuggee *debuggee) {
    for (size_t i = 0; i < debuggee->thread_count; i++)
        if (!debuggee->threads[i].reported)
            return true;
    return false;
}

void run_released(const struct debuggee *debuggee, struct debuggee_thread *thread) {
    if (thread->run == THREAD_BLOCKED)
        thread->run = THREAD_RELEASED;
    thread->was_reported = thread->reported;
    thread->reported = thread->quiet_block = thread->alone_wanted = thread->doubted = false;
    thread->stands_since = 0;
    thread->resumed_at = debuggee_now(debuggee);
}

static void send_resume(struct debuggee *debuggee) {
    bool some_unreported = any_unreported(debuggee);
    bool is_step = debuggee->resume_as != WIRE_RESUME_ALL;
    debuggee->resume_wanted = false;
    ask_resumed(debuggee);
    debuggee->dropped_thread = 0;
    if (!debuggee->keep_stepping)
        forget_steps(debuggee, is_step ? debuggee->resume_thread : 0);
    struct wire_command command = {.type = debuggee->resume_as};
    if (is_step)
        command.thread = debuggee->stepping_thread = debuggee->resume_thread;
    debuggee_write(debuggee, &command);
    for (size_t i = 0; i < debuggee->thread_count; i++)
        run_released(debuggee, &debuggee->threads[i]);
    debuggee->quiet_since = 0;
    debuggee->resumed_at = debuggee_now(debuggee);
    if (some_unreported)
        run_begin_barrier(debuggee);
    if (debuggee->pause_after)
        debuggee_write(debuggee, &(struct wire_command){.type = WIRE_BREAK_ALL});
    debuggee->break_sent = debuggee->pause_after;
    debuggee->pause_after = false;
    debuggee_flush(debuggee);
}

static uint64_t resume_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    if (!debuggee->resume_wanted || debuggee->phase != DEBUGGEE_ATTACHED)
        return due;
    if (!any_in_state(debuggee, THREAD_BLOCKED)) {
        debuggee->resume_wanted = false;
        if (debuggee->pause_after)
            debuggee_pause(debuggee);
        return due;
    }
    if (debuggee->barrier || debuggee->held_count)
        return due;
    if (debuggee_now(debuggee) < debuggee->resume_not_before)
        return debuggee->resume_not_before;
    if (!report_may_come(debuggee, &due) && run_may_interrupt(debuggee, &due))
        send_resume(debuggee);
    return due;
}

static uint64_t barrier_pump(struct debuggee *debuggee) {
    if (!debuggee->barrier)
        return NEVER;
    if (debuggee_now(debuggee) < debuggee->barrier_until)
        return debuggee->barrier_until;
    run_barrier_answered(debuggee);
    return NEVER;
}

/* A fast resume can overtake ptvsd while it still marks the other threads for the last stop: a
 * thread marked after the resume then stops for nobody. */
static uint64_t quiet_pump(struct debuggee *debuggee) {
    if (!debuggee->quiet_since || debuggee->phase != DEBUGGEE_ATTACHED || debuggee->held_count)
        return NEVER;
    if (debuggee_now(debuggee) < debuggee->quiet_since + QUIET_MS)
        return debuggee->quiet_since + QUIET_MS;
    log_line(debuggee->log, LOG_INFO, "a thread stopped without a report: setting it going");
    block_quiet_threads(debuggee);
    debuggee_pass_over(debuggee);
    return NEVER;
}

/* A released thread that shows no sign of life for so long runs, or sits in a C call. */
static uint64_t released_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    for (size_t i = 0; i < debuggee->thread_count; i++) {
        struct debuggee_thread *thread = &debuggee->threads[i];
        if (thread->run == THREAD_RELEASED && !may_be_asleep(debuggee, thread, &due))
            thread->run = THREAD_RUNNING;
    }
    return due;
}

uint64_t run_pump(struct debuggee *debuggee) {
    uint64_t due = barrier_pump(debuggee);
    due = sooner(due, released_pump(debuggee));
    due = sooner(due, held_pump(debuggee));
    due = sooner(due, quiet_pump(debuggee));
    due = sooner(due, doubt_pump(debuggee));
    due = sooner(due, alone_stands_pump(debuggee));
    due = sooner(due, alone_pump(debuggee));
    return sooner(due, resume_pump(debuggee));
}

static void want_resume(struct debuggee *debuggee, enum wire_command_type as, int64_t thread) {
    debuggee->resume_wanted = true;
    debuggee->resume_as = as;
    debuggee->resume_thread = thread;
    debuggee->keep_stepping = false;
    debuggee->resume_not_before = 0;
}

void debuggee_resume(struct debuggee *debuggee) {
    debuggee->dropped_thread = 0;
    want_resume(debuggee, WIRE_RESUME_ALL, 0);
    debuggee_pump(debuggee);
}

void debuggee_pass_over(struct debuggee *debuggee) {
    if (debuggee->dropped_thread && debuggee_blocked(debuggee, debuggee->dropped_thread))
        want_resume(debuggee, debuggee->dropped_step, debuggee->dropped_thread);
    else
        want_resume(debuggee, WIRE_RESUME_ALL, 0);
    debuggee->keep_stepping = true;
    if (any_in_state(debuggee, THREAD_RUNNING))
        debuggee->resume_not_before = debuggee_now(debuggee) + GATHER_MS;
    debuggee_pump_soon(debuggee);
}

int debuggee_step(struct debuggee *debuggee, int64_t thread, enum wire_command_type step) {
    if (!debuggee_blocked(debuggee, thread))
        return -1;
    debuggee->dropped_thread = 0;
    want_resume(debuggee, step, thread);
    debuggee_pump(debuggee);
    return 0;
}

void debuggee_step_begun(struct debuggee *debuggee, int64_t thread) {
    debuggee->stepping_thread = thread;
}

/* A second one would have two threads tell of it, of which each waits for the other, for ever, if
 * the drop guard is not in. */
void debuggee_pause(struct debuggee *debuggee) {
    debuggee->pause_after = debuggee->resume_wanted;
    if (debuggee->pause_after || debuggee->break_sent)
        return;
    debuggee->break_sent = true;
    debuggee_send(debuggee, &(struct wire_command){.type = WIRE_BREAK_ALL});
}
