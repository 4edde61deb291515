/* One debug session: the editor on one side, the debuggee on the other, and everything remembered
 * between them. The only header that knows all stores. Files: session.c (life and phases),
 * session_stops.c (what stops mean), session_guard.c (what is executed at each attach),
 * session_breakpoints.c (breakpoints on the wire),
 * session_handlers.c (exceptions), requests*.c (what the editor asks).
 *
 * Lines and columns here count from 1; the editor's own base is applied at the edge. */
#ifndef SESSION_H
#define SESSION_H

#include "breakpoints.h"
#include "client.h"
#include "config.h"
#include "debuggee.h"
#include "handles.h"
#include "log.h"
#include "modules.h"
#include "sources.h"
#include "threads.h"
#include "used_globals.h"

enum session_phase {
    SESSION_WAITING,     /* for initialize */
    SESSION_INITIALIZED, /* for attach */
    SESSION_CONNECTING,
    SESSION_CONFIGURING, /* attached; for configurationDone */
    SESSION_RUNNING,
    SESSION_STOPPED, /* the editor knows of a stop */
    SESSION_ENDING,  /* detaching */
    SESSION_ENDED,   /* `terminated` is sent; for disconnect */
    SESSION_CLOSED
};

/* A setBreakpoints request that waits for ptvsd's answers. */
struct set_reply {
    struct set_reply *next;
    struct reply reply;
    int *ids; /* in the order asked */
    size_t count;
};

/* The programs executed in the debuggee at each attach. */
struct guard {
    bool asked; /* they are under way */
    bool done;
};

/* What the editor has said of itself in `initialize`. */
struct editor {
    int64_t column_base; /* its number of the first column: 1 or 0 */
    bool pages;          /* asks for large containers page by page */
    bool invalidates;    /* wants to be told that values have changed */
};

struct session {
    struct editor editor;
    uv_loop_t *loop;
    struct log *log;
    enum session_phase phase;
    struct client client;
    struct debuggee debuggee;
    struct config config;
    struct threads threads;
    struct handles handles;
    struct modules modules;
    struct sources sources;
    struct used_globals used_globals;
    struct breakpoints breakpoints;

    char *address_text; /* without the secret; NULL before the first attach */
    struct reply attach_reply;
    bool attach_waiting; /* attach_reply is to be answered */
    int attach_tries;
    struct reply disconnect_reply;
    bool disconnect_waiting, tell_terminated;
    int64_t line_base; /* the editor's number of the first line: 1 or 0 */

    bool configured;
    bool attach_stop; /* held until configurationDone */
    bool pause_wanted;
    bool break_raised, break_uncaught;
    bool catch_all_told; /* the console said that handlers could not be known */
    struct guard guard;
    struct set_reply *set_replies;

    uv_timer_t hold_timer;    /* of the attach stop */
    uv_timer_t answers_timer; /* of set_replies */
    uv_timer_t modules_timer; /* before modules are told */
    uv_timer_t end_timer;     /* after `terminated` */
    uv_timer_t again_timer;   /* before the next try to attach */
    uv_signal_t signals[3];
    int open_parts;
};

/* Starts a session on stdio. 0, or -1 when stdin or stdout cannot carry DAP. */
int session_start(struct session *session, uv_loop_t *loop, struct log *log);

/* The one place where the phase changes. */
void session_enter(struct session *session, enum session_phase phase, const char *why);

/* Detaches if attached, answers what waits, closes, and lets the loop end. */
void session_quit(struct session *session, const char *why);

/* Attaches as session->config says; the answer goes to attach_reply. */
void session_attach(struct session *session);

/* Detaches; then answers and quits. */
void session_disconnect(struct session *session, struct reply reply);

/* The user resumes: all references die, no thread is stopped any more. */
void session_resumed(struct session *session, const char *why);

int64_t session_line(const struct session *session, int64_t line); /* for the editor */

/* ---- session_stops.c ---- */

/* LOADED, HIT, STEPPED, BROKE, EXCEPTION */
void stops_take(struct session *session, const struct wire_event *event);
void stops_configured(struct session *session);

/* What session_guard_stopped() began is done: the attach stop need not wait for it any longer. */
void stops_guarded(struct session *session);

/* ---- session_guard.c ---- */

void session_guard_attached(struct session *session);

/* True while something is being executed: the program must not be set going by us meanwhile. */
bool session_guard_stopped(struct session *session, const struct thread *thread);

/* ---- session_breakpoints.c ---- */

/* Sends what is new and removes what is unwanted (see struct
 * breakpoint); `ids` (taken over) are answered to `reply` when ptvsd has answered. */
void session_breakpoints_set(struct session *session, struct source *source, struct reply reply,
                             int *ids, size_t count);

/* ptvsd is told what changed; it keeps its count. */
void session_breakpoints_edited(struct session *session, struct breakpoint *breakpoint);
void session_breakpoints_answered(struct session *session, const struct wire_event *event);
void session_breakpoints_module(struct session *session, const struct module *module);
void session_breakpoints_late(uv_timer_t *timer);
void session_breakpoints_forget(struct session *session);

enum hit { HIT_MEANT, HIT_WRONG_FILE, HIT_GHOST };

/* What a hit means; on HIT_MEANT `*id` is the editor's breakpoint. A ghost is removed again. */
enum hit session_breakpoints_hit(struct session *session, int32_t wire_id, const char *remote_file,
                                 int *id);

/* The breakpoint on this line of a remote file, or NULL. */
const struct breakpoint *session_breakpoints_at(struct session *session, const char *remote_file,
                                                int64_t line);
cJSON *session_breakpoints_show(struct session *session, int id);

/* ---- session_handlers.c ---- */

void session_handlers_answer(struct session *session, const char *remote_file);
void session_exceptions_send(struct session *session);

#endif
