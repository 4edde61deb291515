/* A target that speaks DAP itself (ptvsd 4.x, debugpy): its messages and the editor's pass from one
 * to the other as they are written, but for `seq` towards the editor. Of its own the relay only
 * says what the editor has said before there was a target (initialize, attach), says goodbye, and
 * keeps from the target what would freeze it. Stands in the debuggee's place and ends as that does.
 * Facts: relay-and-tls.md sections 2 to 4. */
#ifndef RELAY_H
#define RELAY_H

#include "client.h"
#include "debuggee.h"

struct relay_owner {
    void *context;
    void (*opened)(void *context);   /* from now on relay_take() wants the editor's messages */
    void (*attached)(void *context); /* the target has answered the attach request itself */
    void (*ended)(void *context, enum debuggee_end end, enum failure failure, const char *detail);
};

enum relay_phase {
    RELAY_IDLE,
    RELAY_INITIALIZING,
    RELAY_ATTACHING, /* until the editor has its `initialized` */
    RELAY_OPEN,
    RELAY_LEAVING /* the goodbye is sent */
};

/* A request of the target to the editor, such as startDebugging; the oldest are forgotten. */
enum { RELAY_REVERSE = 64, RELAY_THREADS = 256 };

struct relay_reverse {
    int64_t theirs, ours; /* its seq, and the one under which the editor knows it */
};

struct relay {
    uv_loop_t *loop;
    struct log *log;
    struct client *client;
    struct relay_owner owner;
    enum relay_phase phase;
    struct stream *stream;
    struct buf in;
    uv_timer_t deadline;
    void (*finished)(void *context);

    char *initialize, *attach; /* the editor's arguments as written, "{}" for none */
    int64_t attach_seq;
    cJSON *announced;    /* capabilities, by us */
    cJSON *capabilities; /* by the target */

    bool again;              /* the target has come back: the editor is told nothing of it … */
    struct relay_kept *kept; /* … and what it has set is set again */
    int64_t threads[RELAY_THREADS]; /* that the editor was told of */
    size_t thread_count;

    char *address;       /* of this target, without its secret */
    char name[48];       /* "ptvsd 4.3.2" */
    bool in_process;     /* ptvsd 4.x: one process, and other habits */
    unsigned connect_ms; /* for its answer to initialize, and at least for that to attach */
    bool allow_terminate;
    unsigned leave_ms; /* for its answer to the goodbye; the session sets it */
    bool end_program;  /* the goodbye is to end it */
    bool initialized_held, attach_answered;
    bool configured;     /* or being so: from the first breakpoints on */
    bool looking;        /* ptvsd 4.x: whether a vanished debugger left it suspended … */
    bool left_suspended; /* … which it did, and the editor was told */
    bool running;        /* a resume or step was passed on, no stop came since */
    struct relay_reverse reverse[RELAY_REVERSE];
    unsigned reverse_count; /* ever */
};

void relay_init(struct relay *relay, uv_loop_t *loop, struct log *log, struct client *client,
                struct relay_owner owner);

/* As debuggee_finish(). */
void relay_finish(struct relay *relay, void (*done)(void *context));

/* What the editor said, for a target that may come. `capabilities` is copied. */
void relay_keep_initialize(struct relay *relay, const struct dap_request *request,
                           const cJSON *capabilities);
void relay_keep_attach(struct relay *relay, const struct dap_request *request);

/* Takes over a connection on which `heard` has been received. `again`: to a target that has come
 * back, within the editor's session. */
void relay_start(struct relay *relay, struct stream *stream, const struct buf *heard,
                 const struct reach *reach, bool allow_terminate, bool again);

/* The target has gone and may come back: the editor is told that its threads have ended. */
void relay_lost(struct relay *relay);

/* A message of the editor. False: it is not for the target, but for us. */
bool relay_take(struct relay *relay, const char *text, size_t length);

/* Says goodbye, and lets the program live unless `end_program` is set; `ended` comes within
 * `leave_ms`. False when there is nobody to say it to. */
bool relay_leave(struct relay *relay);

#endif
