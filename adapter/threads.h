/* The debuggee's threads as the editor sees them: small ids, names, the last known stack of each
 * and why it stopped. Pointers to a thread are good until it ends or threads_finish(). */
#ifndef THREADS_H
#define THREADS_H

#include "arena.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stop_reason { STOP_NONE, STOP_BREAKPOINT, STOP_STEP, STOP_PAUSE, STOP_ENTRY, STOP_EXCEPTION };

struct stop {
    enum stop_reason reason;
    int breakpoint;  /* DAP id, STOP_BREAKPOINT */
    char *exception; /* STOP_EXCEPTION: type name … */
    char *message;   /* … its text … */
    char *value;     /* … and the dict in frame 0 that holds it, or NULL */
    enum wire_handled handled;
};

/* Where an exception was last seen, to know it again in the callers that it passes through. */
struct raised {
    char *type, *message;
    char *stack; /* file, name and line of each frame, outermost last */
};

struct thread {
    int64_t ident; /* ptvsd's */
    int id;        /* ours, from 1 */
    char *name;    /* never NULL */
    struct arena arena;
    struct wire_frame *frames; /* innermost first, in the arena */
    size_t frame_count;
    struct stop stop; /* a stop the user is to know of; STOP_NONE if there is none */
    struct raised raised;
    bool told;           /* the editor knows of it, or will before it can resume all … */
    bool waits_its_turn; /* … since it is shown one stop after the other */
    bool alone; /* set going while the others stay as they are, and not stopped since … */
    enum wire_command_type alone_as; /* … by a step or WIRE_RESUME_THREAD */
    int first_frame;                 /* handle of frame 0 while stopped, 0: none given out */
};

struct threads {
    struct thread **items;
    size_t count;
    int next_id;
};

void threads_init(struct threads *threads);
void threads_finish(struct threads *threads);

/* The thread, made if it is not known. */
struct thread *threads_add(struct threads *threads, int64_t ident);
void threads_remove(struct threads *threads, int64_t ident);
struct thread *threads_find(const struct threads *threads, int64_t ident); /* NULL if unknown */
struct thread *threads_by_id(const struct threads *threads, int64_t id);   /* NULL if unknown */

/* Copies the stack; a reported name replaces the old one. */
void threads_set_frames(struct thread *thread, const struct wire_frames *frames);

/* Texts are copied; NULL stays NULL. */
void threads_set_exception(struct thread *thread, const struct wire_exception *exception);

/* Is it the last exception of this thread, seen again in a caller of the frame where it was seen?
 * If not, it is remembered as the last. */
bool threads_exception_passes(struct thread *thread, const struct wire_exception *exception);

void threads_clear_stop(struct thread *thread);

/* One whose stop the editor knows of, other than `but` (may be NULL); NULL if there is none. */
struct thread *threads_told(const struct threads *threads, const struct thread *but);

/* Is there a stop that the user knows of or is to know of? */
bool threads_any_stop(const struct threads *threads);

#endif
