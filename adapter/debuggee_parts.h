/* What the files of the debuggee share: debuggee.c (connection, life), debuggee_run.c (who
 * runs, resumes, stops), debuggee_alone.c (one thread goes on), debuggee_ask.c (questions),
 * debuggee_watch.c (is it still there?). Nobody else includes this. */
#ifndef DEBUGGEE_PARTS_H
#define DEBUGGEE_PARTS_H

#include "debuggee.h"

enum {
    RELEASE_MS = 100,   /* so long a released thread may still be asleep ... */
    UNGUARDED_MS = 500, /* ... before a detach that the drop guard does not make safe */
    STEP_MS = 1000,     /* so long a step may take to end, before such a detach */
    QUESTION_MS = 150,  /* so long a sent question may not have been picked up */
    BARRIER_MS = 300,   /* a barrier not answered by then is given up */
    NO_BARRIER_MS = 50, /* stands for a barrier on wires that have none */
    HELD_MS = 100,      /* before a doubtful stop is looked into */
    QUIET_MS = 200,     /* a thread that stopped unreported so long ago is set going */
    DOUBT_MS = 1000,    /* a doubt that has not been looked into for so long is dropped */
    GATHER_MS = 30      /* other threads may be about to stop */
};

static const uint64_t NEVER = UINT64_MAX;

static inline uint64_t sooner(uint64_t one, uint64_t other) {
    return one < other ? one : other;
}

uint64_t debuggee_now(const struct debuggee *debuggee);
void debuggee_write(struct debuggee *debuggee, const struct wire_command *command);
void debuggee_flush(struct debuggee *debuggee);
/* Ends the session from our side: there is nothing to detach from. */
void debuggee_lose(struct debuggee *debuggee, enum failure failure);

/* Does what can be done now, and comes back when more can. */
void debuggee_pump(struct debuggee *debuggee);
void debuggee_pump_soon(struct debuggee *debuggee);

/* run: each pump function gives the time when it wants to be called again. */
struct debuggee_thread *run_thread(struct debuggee *debuggee, int64_t id); /* NULL if unknown */
void run_thread_started(struct debuggee *debuggee, int64_t id);
void run_thread_ended(struct debuggee *debuggee, int64_t id);
/* False: they are outdated. */
bool run_frames(struct debuggee *debuggee, const struct wire_event *event);
/* It has stopped, and reports nothing. */
void run_stands_silently(struct debuggee *debuggee, struct debuggee_thread *thread);
/* A resume of it was sent. */
void run_released(const struct debuggee *debuggee, struct debuggee_thread *thread);
void run_stop(struct debuggee *debuggee, const struct wire_event *event);
/* Sends the command and a barrier behind it. */
void run_open_barrier(struct debuggee *debuggee, const struct wire_command *command);
void run_begin_barrier(struct debuggee *debuggee);
void run_barrier_answered(struct debuggee *debuggee);
bool run_report_may_come(const struct debuggee *debuggee, const struct debuggee_thread *thread,
                         uint64_t *due);
bool run_may_interrupt(struct debuggee *debuggee, uint64_t *due);
/* While leaving without the guard: is a step under way that will still end? */
bool run_step_may_end(struct debuggee *debuggee, uint64_t *due);
void run_clear_stepping(struct debuggee *debuggee);
uint64_t run_pump(struct debuggee *debuggee);
void run_forget(struct debuggee *debuggee);

/* alone */
bool alone_any_went(const struct debuggee *debuggee);
uint64_t alone_pump(struct debuggee *debuggee);
uint64_t alone_stands_pump(struct debuggee *debuggee);

/* watch */
uint64_t watch_pump(struct debuggee *debuggee);

/* ask */
void ask_answered(struct debuggee *debuggee, const struct wire_event *event);
void ask_give_up_thread(struct debuggee *debuggee, int64_t thread, const char *why);
void ask_give_up_unsent(struct debuggee *debuggee, const char *why);

/* The same for what threads were to be asked: who is asked in a module (version 8) answers while
 * the program runs. */
void ask_resumed(struct debuggee *debuggee);

/* The thread stopped anew, so that what it was asked before the last resume has ended unanswered.
 */
void ask_thread_stopped(struct debuggee *debuggee, const struct debuggee_thread *thread);
bool ask_in_flight(const struct debuggee *debuggee, uint64_t *due);
uint64_t ask_pump(struct debuggee *debuggee);

#endif
