/* The one place that talks to a ptvsd server. It connects, greets, attaches, turns bytes into
 * events, and guards the server against what would wreck it (binary.md sections 7 and 8, json.md
 * section 13):
 *
 *  - a resume or step goes out only when some thread is stopped, at most one a stop, and not while
 * a thread that the last resume released may still be asleep;
 *  - a step goes only to a thread known to be stopped;
 *  - one question at a time for each thread, asked again when ptvsd says it is busy;
 *  - a stop that may have crossed a resume is looked into before it is believed;
 *  - a thread that stopped without a report, after a resume, is set going again;
 *  - a detach waits for what a detach must not meet, and is done in each wire's own way.
 *
 * It knows nothing of DAP. Thread ids are the server's. */
#ifndef DEBUGGEE_H
#define DEBUGGEE_H

#include "explain.h"
#include "greeting.h"
#include "log.h"
#include "reach.h"
#include "stream.h"
#include "wire.h"

#include <stdbool.h>
#include <uv.h>

enum debuggee_end {
    DEBUGGEE_FAILED,  /* never attached, or attached and lost: `failure` and `detail` say why */
    DEBUGGEE_EXITED,  /* the program ended */
    DEBUGGEE_DETACHED /* as we asked */
};

struct debuggee_owner {
    void *context;
    /* The server accepted and has told its modules; threads and modules came as events before. */
    void (*attached)(void *context);
    /* A fact: everything but answers to questions. Stops come only once they are believed. The
     * frames of a stopped thread always come before its stop. */
    void (*event)(void *context, const struct wire_event *event);
    /* Since some thread was set going alone: this one stopped for another's stop, 0.2 s ago. */
    void (*stands_again)(void *context, int64_t thread);
    /* The server speaks DAP itself: whoever is told takes the connection over, on which `heard` has
     * come. Nothing follows. */
    void (*speaks_dap)(void *context, struct stream *stream, const struct buf *heard);
    /* Nothing follows. */
    void (*ended)(void *context, enum debuggee_end end, enum failure failure, const char *detail);
    /* A sentence for the user, of the way to the server. */
    void (*note)(void *context, bool important, const char *text);
};

/* `answer` is NULL when there will be none; then `why` is a sentence. */
typedef void debuggee_answer(void *context, const struct wire_event *answer, const char *why);

enum thread_run {
    THREAD_RUNNING,  /* or inside a C call: it cannot be asked */
    THREAD_RELEASED, /* a resume was sent, it has shown no sign of life yet */
    THREAD_BLOCKED
};

struct debuggee_thread {
    int64_t id;
    enum thread_run run;
    bool quiet_block;      /* sent its frames while all ran: it may have stopped unreported */
    bool reported;         /* a stop of its own was told since it last ran … */
    bool was_reported;     /* … or before the last resume */
    bool doubted;          /* sent its frames behind the last resume: from before, or stopped */
    bool alone_wanted;     /* it is to be set going alone … */
    bool went_alone;       /* … and was, or made ready for it: maybe with a step */
    uint64_t stands_since; /* ms: stopped after that, unreported; 0: not */
    uint64_t frames_at;    /* ms: its last own report of its stack */
    int64_t frame_count;   /* of its last stack */
    uint64_t resumed_at;
    struct question *asked; /* the one under way, or NULL */
};

/* A stop that may have been sent before the server saw our last resume, or that came before the
 * attach stop: until ptvsd is through with its side of the attach, no thread that says so stops. */
struct held_stop {
    struct wire_event event; /* its texts are copied */
    unsigned number;         /* by which the probe knows it */
    uint64_t look_at;        /* ms: when to look into it */
    bool probing;
    bool early; /* before the attach stop */
};

enum debuggee_phase {
    DEBUGGEE_IDLE,
    DEBUGGEE_CONNECTING,
    DEBUGGEE_GREETING,
    DEBUGGEE_SETTLING, /* attached; the module list is arriving */
    DEBUGGEE_ATTACHED,
    DEBUGGEE_LEAVING_SOON, /* waits until a detach is safe */
    DEBUGGEE_LEAVING,      /* the detach is sent */
    DEBUGGEE_FAREWELL,     /* JSON: the last unknown command is sent */
    DEBUGGEE_EXITING,      /* the interpreter has said that it exits */
    DEBUGGEE_OVER
};

enum { DEBUGGEE_HELD_STOPS = 64 };

struct debuggee {
    uv_loop_t *loop;
    struct log *log;
    struct debuggee_owner owner;
    enum debuggee_phase phase;
    struct stream *stream;
    struct greeting greeting;
    char *secret, *options;
    unsigned greeting_ms, detach_ms;
    bool may_execute;
    uint64_t heard_at; /* ms: when the last bytes came */
    struct wire wire;
    bool wire_open;
    int64_t pid;
    int python[3];

    uv_timer_t deadline; /* of the way, the greeting, or the detach */
    uv_timer_t pump;     /* looks again at what could not be done at once */
    bool pump_again;
    int timers_open;
    void (*finished)(void *context);

    struct debuggee_thread *threads;
    size_t thread_count;
    bool attach_stop_seen;
    bool early_stop; /* a thread reported a stop before that one */
    bool leave_once_attached;
    bool guarded;      /* the drop guard is in: ptvsd's own detach is safe */
    uint64_t leave_at; /* ms: the attach stop is awaited no longer */
    bool quieted;      /* leaving: nobody is to stop or ask any more */
    uint64_t quiet_at; /* ms, while leaving: nobody asks for handlers any more */

    bool resume_wanted;
    enum wire_command_type resume_as;    /* WIRE_RESUME_ALL or a step */
    int64_t resume_thread;               /* of the step */
    enum wire_command_type dropped_step; /* wanted when another thread stopped … */
    int64_t dropped_thread;              /* … in this one; 0: none */
    bool keep_stepping;                  /* do not forget a step under way */
    bool pause_after;                    /* break-all is to follow the resume */
    bool break_sent;                     /* and neither answered nor cancelled by a resume */
    uint64_t resume_not_before, resumed_at, settle_at, settle_until;
    int64_t stepping_thread; /* with a step under way, or 0 */
    int32_t barrier;         /* token of the open barrier, 0: none */
    uint64_t barrier_until;  /* ms: then it is taken as answered */
    uint64_t quiet_since;    /* when a thread may have stopped unreported, 0: none */

    bool watching;     /* whether ptvsd is still attached is being asked */
    uint64_t watch_at; /* ms: when to ask next, 0: not decided */

    int64_t request; /* the editor's request for which questions are asked now, 0: for none */
    struct question *questions;    /* oldest first */
    struct question *module_asked; /* the one under way on the debugger's own thread */
    int32_t next_token;
    struct held_stop held[DEBUGGEE_HELD_STOPS];
    size_t held_count;
    unsigned held_number; /* of the last one */
};

/* `first_token` is positive and best random: what the last session asked may be answered in this
 * one, to whoever has the same token. */
void debuggee_init(struct debuggee *debuggee, uv_loop_t *loop, struct log *log,
                   struct debuggee_owner owner, int32_t first_token);

/* Frees everything but the struct; calls `done` when the last handle has closed. A connection still
 * open is reset. */
void debuggee_finish(struct debuggee *debuggee, void (*done)(void *context));

struct debuggee_terms {
    const char *options; /* ptvsd's debug options */
    unsigned detach_ms;  /* for the detach */
    bool may_execute;    /* by itself, to see whether ptvsd is still attached */
};

/* Connects and attaches. May be called again after `ended`. */
void debuggee_attach(struct debuggee *debuggee, const struct reach *reach,
                     const struct debuggee_terms *terms);

/* The drop guard is in place: leaving needs less care. */
void debuggee_guarded(struct debuggee *debuggee);

/* Ends in `ended`: after an orderly detach, or when the time for it is over. False when
 * there is nothing to detach from: then `ended` does not come (again). */
bool debuggee_detach(struct debuggee *debuggee);

/* The process has ended, but a child that it has forked keeps the connection open: ends in `ended`
 * as if that had been closed. */
void debuggee_gone(struct debuggee *debuggee);

/* Commands that need no care: breakpoints, exceptions, handlers. Dropped after the end.
 */
void debuggee_send(struct debuggee *debuggee, const struct wire_command *command);

bool debuggee_can(const struct debuggee *debuggee, enum wire_command_type type);
int debuggee_version(const struct debuggee *debuggee);

/* The user's "continue": forgets a step under way, sends one resume when it is safe. */
void debuggee_resume(struct debuggee *debuggee);

/* A resume of our own, past the attach stop or a stop that the user does not want to see: a step
 * under way goes on. Waits a moment for other threads that may be about to stop. */
void debuggee_pass_over(struct debuggee *debuggee);

/* Sets one thread going, which REMOTE_ALONE has made ready, and with it the step that this has
 * armed; nothing when it is not known to be stopped. */
void debuggee_resume_alone(struct debuggee *debuggee, int64_t thread);

/* REMOTE_ALONE is executed in it. */
void debuggee_made_ready(struct debuggee *debuggee, int64_t thread);

/* That it stands is to be told once more, later. */
void debuggee_look_again(struct debuggee *debuggee, int64_t thread);

/* The user knows of a stop, and what was wanted before it is over; `all`: all are to stand. */
void debuggee_stop_told(struct debuggee *debuggee, bool all);

/* 0, or -1 when the thread is not known to be stopped. */
int debuggee_step(struct debuggee *debuggee, int64_t thread, enum wire_command_type step);

/* Of a step that was begun over there: it is under way, as one of ours. */
void debuggee_step_begun(struct debuggee *debuggee, int64_t thread);

/* Break-all; after a resume that is about to be sent, as that would cancel it. */
void debuggee_pause(struct debuggee *debuggee);

bool debuggee_blocked(const struct debuggee *debuggee, int64_t thread);

/* Asks WIRE_EXECUTE or WIRE_CHILDREN (the token is chosen here); with a module, on version 8, it
 * need not be stopped. `expandable`: an empty list of children is not believed at once, as a busy
 * server gives one. The answer comes in a later turn.
 */
void debuggee_ask(struct debuggee *debuggee, const struct wire_command *command, bool expandable,
                  unsigned timeout_ms, debuggee_answer *answer, void *context);

/* Questions asked from now on, and those that their answers lead to, belong to this request; 0: to
 * none. */
void debuggee_asks_for(struct debuggee *debuggee, int64_t request);

/* Its open questions are given up with this sentence, at once; those not sent yet never are. */
void debuggee_give_up_request(struct debuggee *debuggee, int64_t request, const char *why);

/* Every open question is given up with this sentence, at once. */
void debuggee_give_up_questions(struct debuggee *debuggee, const char *why);

#endif
