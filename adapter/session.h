/* One debug session: the editor on one side, the debuggee (or a relay) on the other, and everything
 * remembered between them. The only header that knows all stores. Files: session.c (life and
 * phases), session_events.c (what the debuggee tells), session_stops.c (what stops mean),
 * session_guard.c (what is executed at each attach), session_breakpoints.c (breakpoints on the
 * wire), session_handlers.c (exceptions), session_launch.c (programs that we start), requests*.c
 * (what the editor asks).
 *
 * Lines and columns here count from 1; the editor's own base is applied at the edge. */
#ifndef SESSION_H
#define SESSION_H

#include "breakpoints.h"
#include "client.h"
#include "config.h"
#include "debuggee.h"
#include "exception_modes.h"
#include "handles.h"
#include "launch.h"
#include "log.h"
#include "modules.h"
#include "relay.h"
#include "sources.h"
#include "stop_lines.h"
#include "threads.h"
#include "used_globals.h"

enum session_phase {
    SESSION_WAITING,     /* for initialize */
    SESSION_INITIALIZED, /* for attach */
    SESSION_CONNECTING,
    SESSION_CONFIGURING, /* attached; for configurationDone */
    SESSION_RUNNING,
    SESSION_STOPPED,  /* the editor knows of a stop */
    SESSION_RELAYING, /* the target speaks DAP itself; attached, or about to be */
    SESSION_ENDING,   /* detaching */
    SESSION_ENDED,    /* `terminated` is sent; for disconnect */
    SESSION_CLOSED
};

/* A setBreakpoints request that waits for ptvsd's answers. */
struct set_reply {
    struct set_reply *next;
    struct reply reply;
    int *ids; /* in the order asked */
    size_t count;
};

/* Where Python can stop, by remote file: what the debuggee was asked. */
struct line_tables {
    struct line_table {
        char *file;
        struct stop_lines stops;
    } * items;
    size_t count;
    struct stop_lines local; /* of the local file looked at last */
};

/* The programs executed in the debuggee at each attach. */
struct guard {
    bool asked; /* they are under way */
    bool done;
};

/* Ending the program, where the user allows it. */
struct terminate {
    bool begun;
    bool force;              /* not politely any more */
    bool wanted;             /* is to be executed */
    bool asked, asked_force; /* is being executed … */
    uint64_t asked_at;       /* … since, ms */
    bool listens;            /* it can be ended at once without being stopped */
    bool pausing;            /* a break-all is under way for it */
    uint64_t late_at;        /* ms: then the user is told what is waited for; 0: was told */
};

/* The program that the launch request has started. */
struct launched {
    struct launch *process; /* NULL: none was */
    cJSON *arguments;       /* of the request, for a restart */
    bool without_debugger;
    bool keep;              /* it is to go on after the session */
    bool over;              /* it has ended and all its output is told */
    bool terminated;        /* the debuggee is gone: to be told after that */
    int lingers;            /* how often its connection was waited for behind that */
    int64_t terminal_asked; /* seq of the request for a terminal, 0: none waits */
};

/* Shown to the editor while something goes on; see session_progress.c. */
struct progress {
    bool shown;
    char id[24]; /* each has its own */
};

/* For a program that is not there yet, or not any more: tries to attach go on. */
struct wait {
    uint64_t until;       /* ms; 0: nothing is waited for */
    bool told, cancelled; /* to the user; by the user */
    struct progress progress;
};

/* What gotoTargets has offered; the oldest make room for new ones. */
enum { GOTO_TARGETS = 16 };

struct goto_target {
    int id;
    int64_t line;
    char *path; /* the editor's; NULL: none was given out here */
};

struct goto_targets {
    struct goto_target items[GOTO_TARGETS];
    int given;
};

/* What stepInTargets has offered for the statement at which a thread stands. */
struct step_target {
    int id;
    char *file;         /* of the function, as the debuggee knows it … */
    int64_t first_line; /* … and the line where its code begins */
    int before;         /* calls of the same function that come first */
};

struct step_targets {
    struct step_target *items;
    int count, given;
    int64_t thread;
    int64_t first_line, last_line; /* of the statement */
};

/* A step into one of them, under way. */
struct step_into {
    bool on;
    int64_t thread;
    size_t depth; /* of the stack where it began */
    struct step_target target;
    int64_t first_line, last_line;
    int steps; /* made so far */
};

/* What the editor has said of itself in `initialize`. */
struct editor {
    int64_t column_base; /* its number of the first column: 1 or 0 */
    bool pages;          /* asks for large containers page by page */
    bool invalidates;    /* wants to be told that values have changed */
    bool has_terminals;  /* starts programs in one */
};

struct session_owner {
    void *context;
    /* May this editor attach, or launch, with these arguments? 0, or -1 with a sentence: then the
     * session ends. NULL: any may. */
    int (*admit)(void *context, const cJSON *arguments, struct dap_error *error);
    /* Nothing of the session is in use any more. */
    void (*closed)(void *context);
};

struct session {
    struct session_owner owner;
    struct editor editor;
    uv_loop_t *loop;
    struct log *log;
    bool logs; /* the log was opened for this session alone */
    enum session_phase phase;
    uint64_t phase_since; /* ms, of the loop */
    struct client client;
    struct debuggee debuggee;
    struct relay relay;
    struct config config;
    struct threads threads;
    struct handles handles;
    struct modules modules;
    struct sources sources;
    struct used_globals used_globals;
    struct breakpoints breakpoints;
    struct line_tables line_tables;

    struct candidates *candidates; /* while they are asked, else NULL */
    char *address_text;            /* without the secret; NULL before the first attach */
    struct reply attach_reply;
    bool attach_waiting; /* attach_reply is to be answered */
    int attach_tries;
    struct reply disconnect_reply;
    bool disconnect_waiting, tell_terminated;
    bool restarting;      /* detaches to attach again … */
    bool attached_before; /* … or the attach under way is that one */
    bool away;            /* meanwhile: what the editor sets is kept until then */
    int64_t line_base;    /* the editor's number of the first line: 1 or 0 */

    bool configured;
    bool attach_stop; /* held until configurationDone */
    bool pause_wanted;
    bool all_told;        /* a stop that stops all was told since all were resumed */
    unsigned entry_tries; /* how often all were set going, and stopped again, to find it */
    bool entry_wanted;    /* the next stop that no breakpoint makes is the program's entry */
    bool progress_wanted; /* by the editor */
    int progress_number;  /* of the last one shown */
    struct progress pause_progress; /* of threads inside native code */
    struct awaited *awaited;        /* requests that are not answered yet, oldest first */
    struct exception_modes exception_modes;
    bool bases_wanted, bases_asked; /* of session_bases.c */
    bool catch_all_told;            /* the console said that handlers could not be known */
    bool library_told;              /* … and that ptvsd does not step in a file */
    struct guard guard;
    struct launched launch;
    struct goto_targets goto_targets;
    struct step_targets step_targets;
    struct step_into step_into;
    struct terminate terminate;
    struct wait wait;
    struct set_reply *set_replies;

    uv_timer_t hold_timer;    /* of the attach stop */
    uv_timer_t entry_timer;   /* before it is no entry */
    uv_timer_t answers_timer; /* of set_replies */
    uv_timer_t modules_timer; /* before modules are told */
    uv_timer_t end_timer;     /* after `terminated` */
    uv_timer_t again_timer;   /* before the next try to attach */
    uv_timer_t terminate_timer;
    uv_timer_t pause_timer; /* until a remark is made */
    uv_timer_t progress_timer;
    int open_parts;
};

/* Starts a session with the editor that waits at `listener`; NULL: on stdio. 0; or -1 when that
 * cannot carry DAP: the session is closing then. It may be freed when `closed` has been told. */
int session_start(struct session *session, uv_loop_t *loop, struct log *log,
                  struct session_owner owner, uv_stream_t *listener);

/* The one place where the phase changes. */
void session_enter(struct session *session, enum session_phase phase, const char *why);

/* Detaches if attached, answers what waits, and closes. */
void session_quit(struct session *session, const char *why);

/* Attaches as session->config says; the answer goes to attach_reply. */
void session_attach(struct session *session);

/* Detaches and attaches again, as session->config says now; breakpoints and exceptions stay. */
void session_restart(struct session *session, struct reply reply);

/* One more try of the attach that is under way. */
void session_attach_later(struct session *session, uint64_t delay_ms);

/* The debuggee has gone and is to be attached to again: threads end, breakpoints stay. */
void session_lost(struct session *session);

/* Nobody waits for it any longer: the attach has failed, or the session is over. */
void session_wait_given_up(struct session *session);

/* Detaches; then answers and quits. */
void session_disconnect(struct session *session, struct reply reply);

/* The user resumes: all references die, no thread is stopped any more. */
void session_resumed(struct session *session, const char *why);

int64_t session_line(const struct session *session, int64_t line); /* for the editor */

void session_attach_failed(struct session *session, const char *text);

/* The program is gone: the editor is told, after all that it still has to say. */
void session_terminated(struct session *session, const char *why);

/* ---- session_events.c ---- */

/* These two for struct debuggee_owner, with the session as context. */
void session_attached(void *context);
void session_event(void *context, const struct wire_event *event);

/* ---- session_launch.c ---- */

/* Has a program been started whose end is not told yet? */
bool session_launch_pending(const struct session *session);

/* A message of the editor's: true if it is the answer to the request for a terminal. */
bool session_launch_heard(struct session *session, const char *text, size_t length);

/* False when there is none that has to end with the session. */
bool session_launch_kill(struct session *session);
/* True when it is not debugged, and configurationDone only lets it go. */
bool session_launch_configured(struct session *session);
/* For the next start; nothing if no program was launched. */
void session_launch_take(struct session *session, const cJSON *arguments);

void session_launch_again(struct session *session);
const char *session_launch_name(const struct session *session);
void session_launch_forget(struct session *session);

/* ---- session_stops.c ---- */

/* LOADED, HIT, STEPPED, BROKE, EXCEPTION */
void stops_take(struct session *session, const struct wire_event *event);

/* It stands without a word of ptvsd's, and is the pause that the user waits for. */
void stops_take_silent(struct session *session, struct thread *thread);
void stops_configured(struct session *session);
/* Instead of a resume: true when a further thread's stop was waiting for it. */
bool stops_show_next(struct session *session);

/* A thread has told where it is. */
void stops_frames(struct session *session);

/* What session_guard_stopped() began is done: the attach stop need not wait for it any longer. */
void stops_guarded(struct session *session);

/* ---- session_guard.c ---- */

void session_guard_attached(struct session *session);

/* True while something is being executed: the program must not be set going by us meanwhile. */
bool session_guard_stopped(struct session *session, const struct thread *thread);

/* ---- session_pause.c ---- */

void session_pause(struct session *session);

/* Something has stopped, or the program has ended. */
void session_pause_over(struct session *session);

/* What REMOTE_STACKS says, rows or NULL; the threads are given their names. The caller deletes it.
 */
cJSON *session_stacks_read(struct session *session, char *rows);

/* The frames in it of one thread, [function, file, line] each; NULL if it is not there. */
const cJSON *session_stack_of(const cJSON *stacks, const struct thread *thread);

/* ---- session_progress.c ---- */

/* Shows it, to an editor that wants to be told, if it is not shown. `request`: seq of the one that
 * a cancel ends, -1: something else can be cancelled, 0: nothing. */
void session_progress_show(struct session *session, struct progress *progress, const char *title,
                           const char *message, int64_t request);
void session_progress_end(struct session *session, struct progress *progress);

/* The request was given to its handler: a progress of this title is shown if the answer takes long.
 * NULL: none. */
void session_progress_await(struct session *session, int64_t seq, const char *title);

/* It is answered, or something else shows what it waits for. */
void session_progress_over(struct session *session, int64_t seq);

/* The request beside which this progress is shown, or 0. */
int64_t session_progress_request(const struct session *session, const char *id);
void session_progress_forget(struct session *session);

/* ---- session_terminate.c ---- */

/* Interrupts the program; by force, or the second time, ends it at once. */
void session_terminate(struct session *session, bool force);

/* A thread has stopped: true when it serves for this, and nobody is to see it. */
bool session_terminate_stopped(struct session *session);

/* ---- session_wait.c ---- */

/* The debuggee is not reached, or lost: true when another try will follow. */
bool session_wait(struct session *session, enum failure failure, const char *detail);
void session_wait_over(struct session *session);

/* The editor cancels this progress (or NULL), or this request; false when that is none of ours. */
bool session_wait_cancel(struct session *session, const char *progress, int64_t request);

/* ---- session_breakpoints.c ---- */

/* Sends what is new and removes what is unwanted (see struct
 * breakpoint); `ids` (taken over) are answered to `reply` when ptvsd has answered. */
void session_breakpoints_set(struct session *session, struct source *source, struct reply reply,
                             int *ids, size_t count);

/* ptvsd is told what changed; it keeps its count. */
void session_breakpoints_edited(struct session *session, struct breakpoint *breakpoint);

/* The debuggee is left, to be attached to again: nothing of what was sent stands any more. */
void session_breakpoints_left(struct session *session);

/* All are sent once more: ptvsd has forgotten them. */
void session_breakpoints_again(struct session *session);
void session_breakpoints_answered(struct session *session, const struct wire_event *event);
void session_breakpoints_module(struct session *session, const struct module *module);
void session_breakpoints_late(uv_timer_t *timer);
void session_breakpoints_forget(struct session *session);

/* The same for function breakpoints, of all functions. */
void session_breakpoints_set_functions(struct session *session, struct reply reply, int *ids,
                                       size_t count);

/* A function has been looked for: sets its breakpoints if it was found, or tells that they are not
 * there any more. */
void session_breakpoints_function_known(struct session *session, struct source *source);
void session_breakpoints_answer_ready(struct session *session);

enum hit { HIT_MEANT, HIT_WRONG_FILE, HIT_GHOST };

/* What a hit means; on HIT_MEANT `*id` is the editor's breakpoint. A ghost is removed again. */
enum hit session_breakpoints_hit(struct session *session, int32_t wire_id, const char *remote_file,
                                 int *id);

/* The breakpoint on this line of a remote file, or NULL. */
const struct breakpoint *session_breakpoints_at(struct session *session, const char *remote_file,
                                                int64_t line);
cJSON *session_breakpoints_show(struct session *session, int id);

/* Lines that never stop move, or are refused. */
void session_breakpoints_lines_known(struct session *session, struct source *source,
                                     const struct stop_lines *stops);

/* ---- requests_locations.c ---- */

/* Of the local text, or as the debuggee was asked before; NULL: not known. Good until the next
 * call. */
const struct stop_lines *session_lines_known(struct session *session, const struct source *source);

/* Asks the debuggee, if that can be done now; then session_breakpoints_lines_known(). */
void session_lines_ask(struct session *session, struct source *source);
void session_lines_forget(struct session *session);

/* The same for all files that it is not known of yet, when ptvsd has attached. */
void session_lines_look(struct session *session);

/* True while it is asked so of a thread: the program must not be set going by us meanwhile. */
bool session_lines_held(const struct session *session);

/* The sentence for a line that never stops; the caller frees it. */
char *session_lines_refused(const struct session *session, int64_t line);

/* ---- session_alone.c ---- */

/* A continue or step (WIRE_RESUME_THREAD, WIRE_STEP_…) of one thread, the others stay as they are;
 * answers the request. */
void session_alone_resume(struct session *session, const struct thread *thread,
                          enum wire_command_type type, struct reply reply);

/* One more step of a thread that has gone on so. */
void session_alone_step_on(struct session *session, struct thread *thread,
                           enum wire_command_type type);

/* May one of them still run, while others are stopped? */
bool session_alone_any(const struct session *session);

void session_alone_begun(struct thread *thread); /* by one of them */
void session_alone_over(struct session *session);
void session_alone_stands(void *session, int64_t thread);

/* ---- session_step_into.c ---- */

/* The next step of the thread goes into that target; false if there is no such (any more). */
bool session_step_choose(struct session *session, int64_t id, const struct thread *thread);

/* After a step: true when it was not the end of one into a target, and goes on unseen. */
bool session_step_goes_on(struct session *session, struct thread *thread);
void session_step_into_over(struct session *session);
void session_step_targets_forget(struct session *session);
void session_step_forget(struct session *session); /* both */

/* ---- session_functions.c ---- */

/* Looks for the functions that were not found yet, if the debuggee can be asked now. */
void session_functions_look(struct session *session);

/* True while it is asked: the program must not be set going by us meanwhile. */
bool session_functions_asking(const struct session *session);

/* ---- session_bases.c ---- */

/* Sets what exception types stand for, if that is new and the debuggee can be asked now. */
void session_bases_look(struct session *session);

/* ---- requests_source.c ---- */

/* A DAP Source of a remote file: the local copy, or its path there and a reference to its text. */
cJSON *session_show_source(struct session *session, const char *remote_file);

/* NULL where the editor has neither a copy of it nor a reference yet: a new reference would make a
 * copy of the editor's that has the same path count as that. */
cJSON *session_show_source_known(struct session *session, const char *remote_file);

/* At a stop: is the local copy of the file what runs? If not, the console says so, once a file. */
void session_compare_source(struct session *session, const struct thread *thread);

cJSON *session_show_module(const struct session *session, size_t index); /* requests_modules.c */

/* ---- requests_value_location.c ---- */

/* Adds a valueLocationReference to a shown function or class. `expression` NULL: it has none. */
void session_add_value_location(struct session *session, cJSON *shown, const struct handle *where,
                                const char *expression, const struct wire_object *object);

/* ---- session_handlers.c ---- */

void session_handlers_answer(struct session *session, const char *remote_file);
void session_exceptions_send(struct session *session);

#endif
