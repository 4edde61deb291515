#include "session.h"

#include "candidates.h"
#include "explain_variables.h"
#include "memory.h"
#include "requests.h"
#include "session_log.h"

#include <stdlib.h>
#include <string.h>

enum { ATTACH_TRIES = 3, AGAIN_MS = 150, SOON_MS = 20, AFTER_TERMINATED_MS = 1000 };

/* ---- phases
 * -------------------------------------------------------------------------------------- */

static const char *phase_name(enum session_phase phase) {
    static const char *const names[] = {"waiting", "initialized", "connecting", "configuring",
                                        "running", "stopped",     "relaying",   "ending",
                                        "ended",   "closed"};
    return names[phase];
}

/* What no attach leaves to the next. */
static void forget_attach(struct session *session) {
    threads_finish(&session->threads);
    handles_clear(&session->handles);
    session_step_forget(session);
    session->configured = session->attach_stop = false;
    session->pause_wanted = session->entry_wanted = false;
    session->entry_tries = 0;
    session->away = false;
    session->terminate = (struct terminate){0};
    uv_timer_stop(&session->terminate_timer);
    uv_timer_stop(&session->entry_timer);
}

static void forget_debuggee(struct session *session) {
    forget_attach(session);
    modules_finish(&session->modules);
    sources_finish(&session->sources);
    used_globals_finish(&session->used_globals);
    session_breakpoints_forget(session);
    session_lines_forget(session);
    uv_timer_stop(&session->hold_timer);
    uv_timer_stop(&session->modules_timer);
    session->catch_all_told = false;
    session->bases_wanted = session->bases_asked = false;
    exception_modes_finish(&session->exception_modes);
}

void session_enter(struct session *session, enum session_phase phase, const char *why) {
    if (session->phase == phase)
        return;
    if (phase != SESSION_RUNNING)
        session_pause_over(session);
    if (phase != SESSION_CONNECTING)
        session_wait_over(session);
    log_line(session->log, LOG_INFO, "session: %s -> %s, %s", phase_name(session->phase),
             phase_name(phase), why);
    session->phase = phase;
    session->phase_since = uv_now(session->loop);
    if (phase == SESSION_INITIALIZED || phase == SESSION_ENDED || phase == SESSION_CLOSED)
        forget_debuggee(session);
}

void session_resumed(struct session *session, const char *why) {
    handles_clear(&session->handles);
    session_step_targets_forget(session);
    session->attach_stop = session->pause_wanted = session->all_told = false;
    session_pause_over(session);
    for (size_t i = 0; i < session->threads.count; i++)
        threads_clear_stop(session->threads.items[i]);
    session_enter(session, SESSION_RUNNING, why);
}

int64_t session_line(const struct session *session, int64_t line) {
    return line - 1 + session->line_base;
}

/* ---- closing
 * --------------------------------------------------------------------------------------- */

static void part_closed(void *context) {
    struct session *session = context;
    if (--session->open_parts)
        return;
    threads_finish(&session->threads);
    handles_finish(&session->handles);
    modules_finish(&session->modules);
    sources_finish(&session->sources);
    used_globals_finish(&session->used_globals);
    breakpoints_finish(&session->breakpoints);
    session_lines_forget(session);
    config_finish(&session->config);
    requests_goto_forget(session);
    session_step_forget(session);
    session_progress_forget(session);
    free(session->address_text);
    session_log_close(session);
    session->owner.closed(session->owner.context);
}

static void handle_closed(uv_handle_t *handle) {
    part_closed(handle->data);
}

static void close_session(struct session *session, const char *why) {
    if (session->phase == SESSION_CLOSED)
        return;
    session_enter(session, SESSION_CLOSED, why);
    session_launch_forget(session);
    uv_handle_t *handles[] = {
        (uv_handle_t *)&session->hold_timer,    (uv_handle_t *)&session->answers_timer,
        (uv_handle_t *)&session->modules_timer, (uv_handle_t *)&session->end_timer,
        (uv_handle_t *)&session->again_timer,   (uv_handle_t *)&session->terminate_timer,
        (uv_handle_t *)&session->pause_timer,   (uv_handle_t *)&session->progress_timer,
        (uv_handle_t *)&session->entry_timer,
    };
    enum { HANDLES = sizeof handles / sizeof *handles };
    session->open_parts = 3 + HANDLES;
    debuggee_finish(&session->debuggee, part_closed);
    relay_finish(&session->relay, part_closed);
    client_close(&session->client, part_closed);
    for (int i = 0; i < HANDLES; i++)
        uv_close(handles[i], handle_closed);
}

static void attach_again(struct session *session);

static void left(struct session *session) {
    if (session->restarting) {
        attach_again(session);
        return;
    }
    if (session->attach_waiting)
        session_attach_failed(session, "The attach was given up.");
    if (session->disconnect_waiting)
        client_respond(&session->client, session->disconnect_reply, NULL);
    session->disconnect_waiting = false;
    if (session->tell_terminated)
        session_terminated(session, "terminate was asked for");
    else
        close_session(session, "detached");
}

static void leave(struct session *session, const char *why) {
    session_enter(session, SESSION_ENDING, why);
    candidates_abandon(session);
    bool attached =
        session->debuggee.phase >= DEBUGGEE_SETTLING && session->debuggee.phase < DEBUGGEE_OVER;
    bool killed = session_launch_kill(session); /* before a resume could let it run on */
    if (!(killed && attached) && !relay_leave(&session->relay) &&
        !debuggee_detach(&session->debuggee))
        left(session); /* between two tries to attach */
}

void session_quit(struct session *session, const char *why) {
    session->restarting = session->away = false;
    switch (session->phase) {
    case SESSION_CONNECTING:
    case SESSION_CONFIGURING:
    case SESSION_RUNNING:
    case SESSION_STOPPED:
    case SESSION_RELAYING:
        leave(session, why);
        break;
    case SESSION_WAITING:
    case SESSION_INITIALIZED:
    case SESSION_ENDED:
        close_session(session, why);
        break;
    case SESSION_ENDING:
    case SESSION_CLOSED:
        break;
    }
}

void session_disconnect(struct session *session, struct reply reply) {
    session->restarting = session->away = false;
    if (session->phase >= SESSION_CONNECTING && session->phase <= SESSION_RELAYING) {
        session->disconnect_reply = reply;
        session->disconnect_waiting = true;
        leave(session, "the editor disconnects");
        return;
    }
    client_respond(&session->client, reply, NULL);
    if (session->phase != SESSION_ENDING)
        close_session(session, "disconnected");
}

/* ---- a target that speaks DAP itself
 * ------------------------------------------------------------------ */

static void debuggee_speaks_dap(void *context, struct stream *stream, const struct buf *heard) {
    struct session *session = context;
    session->relay.leave_ms = session->config.limits.detach_s * 1000;
    relay_start(&session->relay, stream, heard, &session->config.reach,
                session->config.allow_terminate, session->attached_before);
}

static void relay_opened(void *context) {
    struct session *session = context;
    session->away = false;
    session_enter(session, SESSION_RELAYING, "the target speaks DAP itself");
    if (session->config.exceptions.count && !session->attached_before)
        client_note(
            &session->client, "console",
            "\"exceptionHandling\" does nothing here: the program's debugger takes exception "
            "types from the editor alone. Choose them there, beside the breakpoints.");
}

static void relay_attached(void *context) {
    struct session *session = context;
    session->attach_waiting = session->attached_before = false;
}

static bool client_message(void *context, const char *text, size_t length) {
    struct session *session = context;
    return session_launch_heard(session, text, length) ||
           (session->phase == SESSION_RELAYING && relay_take(&session->relay, text, length));
}

static void client_answered(void *context, int64_t seq) {
    session_progress_over(context, seq);
}

static long long seconds_since(const struct session *session) {
    return (long long)(uv_now(session->loop) - session->phase_since) / 1000;
}

static char *explain_end(struct session *session, enum failure failure, const char *detail) {
    struct failure_facts facts = explain_facts(failure, detail, &session->config.reach,
                                               session->address_text, &session->debuggee.greeting);
    facts.stood_s = session->phase == SESSION_STOPPED ? seconds_since(session) : 0;
    return explain(&facts);
}

static void end_is_late(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (client_is_read(&session->client)) /* a slow editor does not know of the end yet */
        uv_timer_start(timer, end_is_late, AFTER_TERMINATED_MS, 0);
    else
        session_quit(session, "no disconnect came after the end");
}

void session_terminated(struct session *session, const char *why) {
    if (session_launch_pending(session)) {
        session->launch.terminated = true;
        return;
    }
    session_pause_over(session);
    client_event(&session->client, "terminated", NULL);
    session_enter(session, SESSION_ENDED, why);
    uv_timer_start(&session->end_timer, end_is_late, AFTER_TERMINATED_MS, 0);
}

/* Takes `variables`. */
static void attach_failed(struct session *session, const char *text, cJSON *variables) {
    if (session->attach_waiting)
        client_fail_with(&session->client, session->attach_reply, variables, text);
    else
        cJSON_Delete(variables);
    session->attach_waiting = false;
    if (!session->attached_before) {
        session_enter(session, SESSION_INITIALIZED, "the attach failed");
        return;
    }
    session->attached_before = false;
    client_note(&session->client, "important", "The program could not be attached to again. %s",
                text);
    session_terminated(session, "the restart failed");
}

void session_attach_failed(struct session *session, const char *text) {
    attach_failed(session, text, NULL);
}

static void connect_once(struct session *session) {
    session->attach_tries++;
    char *options = config_debug_options(&session->config);
    struct debuggee_terms terms = {.options = options,
                                   .detach_ms = session->config.limits.detach_s * 1000,
                                   .may_execute = session->config.code_on_attach};
    debuggee_attach(&session->debuggee, &session->config.reach, &terms);
    free(options);
}

static void try_again(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (session->phase == SESSION_CONNECTING)
        connect_once(session);
}

/* ptvsd says goodbye to one debugger a moment before it lets in the next. */
static bool may_try_again(const struct session *session, enum failure failure) {
    bool busy = failure == FAILURE_ALREADY_DEBUGGED || failure == FAILURE_TARGET_BUSY;
    return busy && session->attach_waiting && session->attach_tries < ATTACH_TRIES;
}

static void debuggee_failed(struct session *session, enum failure failure, const char *detail) {
    if (may_try_again(session, failure)) {
        session_enter(session, SESSION_CONNECTING, "once more");
        uv_timer_start(&session->again_timer, try_again, AGAIN_MS, 0);
        return;
    }
    char *text = explain_end(session, failure, detail);
    log_line(session->log, LOG_INFO, "%s", text);
    bool again = session->attach_waiting || session->attached_before;
    if (!again && session->config.reach.wait.restart)
        client_note(&session->client, "important", "%s", text);
    if (session_wait(session, failure, detail)) {
        free(text);
        return;
    }
    if (again) {
        attach_failed(session, text, explain_variables(failure, detail));
    } else if (session->launch.process) { /* its exit code says it */
        session_terminated(session, "the program was killed");
    } else {
        client_note(&session->client, "important", "%s", text);
        session_terminated(session, "the debuggee is lost");
    }
    free(text);
}

static void debuggee_ended(void *context, enum debuggee_end end, enum failure failure,
                           const char *detail) {
    struct session *session = context;
    if (session->phase == SESSION_CLOSED)
        return;
    if (session->phase == SESSION_ENDING || session->disconnect_waiting)
        left(session);
    else if (session->wait.cancelled)
        session_wait_given_up(session);
    else if (end == DEBUGGEE_FAILED && !session->terminate.force)
        debuggee_failed(session, failure, detail);
    else if (session->attach_waiting)
        session_attach_failed(session, "The program ended. Start it again, then attach.");
    else if (!session_wait(session, FAILURE_LOST, ""))
        session_terminated(session, "the program ended");
}

/* Each try would say the same. */
static void debuggee_note(void *context, bool important, const char *text) {
    struct session *session = context;
    log_line(session->log, LOG_WARNING, "%s", text);
    if (session->attach_tries == 1)
        client_note(&session->client, important ? "important" : "console", "%s", text);
}

void session_attach(struct session *session) {
    free(session->address_text);
    session->address_text = address_show(&session->config.reach.address);
    session->attach_waiting = true;
    session->attach_tries = 0;
    if (session->config.reach.warning)
        client_note(&session->client, "important", "%s", session->config.reach.warning);
    session_enter(session, SESSION_CONNECTING, "attach");
    connect_once(session);
}

/* What the debuggee forgets at a detach; the editor is told that all threads go and come. */
static void forget_threads(struct session *session) {
    int next_id = session->threads.next_id;
    const struct thread *told = threads_told(&session->threads, NULL);
    if (told) /* nvim-dap goes on looking at a thread that has ended */
        client_continued(&session->client, told->id);
    for (size_t i = 0; i < session->threads.count; i++)
        client_thread(&session->client, session->threads.items[i]->id, "exited");
    forget_attach(session);
    session->threads.next_id = next_id;
}

void session_lost(struct session *session) {
    session->attached_before = true;
    session_breakpoints_late(&session->answers_timer);
    forget_threads(session);
    session->away = session->phase != SESSION_RELAYING; /* the relay has a memory of its own */
    session_breakpoints_left(session);
    modules_leave(&session->modules); /* it may come back from elsewhere, and with other text */
    session_lines_forget(session);
    relay_lost(&session->relay);
    free(session->address_text);
    const struct address *address = &session->config.reach.address;
    session->address_text = address->host ? address_show(address) : NULL; /* "noDebug": nowhere */
    session->attach_tries = 0;
    session_enter(session, SESSION_CONNECTING, "attach again");
}

void session_attach_later(struct session *session, uint64_t delay_ms) {
    uv_timer_start(&session->again_timer, try_again, delay_ms, 0);
}

void session_wait_given_up(struct session *session) {
    session_attach_failed(session, session->wait.until
                                       ? "Waiting for the program was given up. Start it, then "
                                         "attach again."
                                       : "cancelled"); /* DAP's word */
}

static void attach_again(struct session *session) {
    session->restarting = false;
    session_lost(session);
    if (session->launch.process)
        session_launch_again(session);
    else
        session_attach_later(session, SOON_MS);
}

void session_restart(struct session *session, struct reply reply) {
    session->attach_reply = reply;
    session->attach_waiting = session->restarting = session->away = true;
    session_breakpoints_late(&session->answers_timer);
    session_breakpoints_left(session);
    leave(session, "restart");
}

/* ---- start
 * ----------------------------------------------------------------------------------------- */

static void client_request(void *context, const struct dap_request *request) {
    requests_dispatch(context, request);
}

static void client_gone(void *context, const char *why) {
    session_quit(context, why);
}

static void start_timers(struct session *session) {
    uv_timer_t *timers[] = {
        &session->hold_timer,  &session->answers_timer,  &session->modules_timer,
        &session->end_timer,   &session->again_timer,    &session->terminate_timer,
        &session->pause_timer, &session->progress_timer, &session->entry_timer};
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        uv_timer_init(session->loop, timers[i]);
        timers[i]->data = session;
    }
}

static int32_t random_base(void) {
    uint32_t random = 0;
    uv_random(NULL, NULL, &random, sizeof random, 0, NULL);
    return (int32_t)(random % 1000000000u) + 1;
}

static void init(struct session *session, uv_loop_t *loop, struct log *log,
                 struct session_owner owner) {
    *session = (struct session){.owner = owner, .loop = loop, .log = log, .line_base = 1};
    config_init(&session->config);
    session->exception_modes.beneath = &session->config.exceptions;
    threads_init(&session->threads);
    handles_init(&session->handles);
    modules_init(&session->modules);
    sources_init(&session->sources);
    used_globals_init(&session->used_globals);
    breakpoints_init(&session->breakpoints, random_base());
    start_timers(session);
    struct debuggee_owner debuggee = {
        session,        session_attached, session_event, session_alone_stands, debuggee_speaks_dap,
        debuggee_ended, debuggee_note};
    debuggee_init(&session->debuggee, loop, log, debuggee, random_base());
    struct relay_owner relay = {session, relay_opened, relay_attached, debuggee_ended};
    relay_init(&session->relay, loop, log, &session->client, relay);
    struct client_owner client = {session, client_message, client_request, client_answered,
                                  client_gone};
    client_init(&session->client, loop, log, client);
}

int session_start(struct session *session, uv_loop_t *loop, struct log *log,
                  struct session_owner owner, uv_stream_t *listener) {
    init(session, loop, log, owner);
    int result =
        listener ? client_accept(&session->client, listener) : client_open_stdio(&session->client);
    if (result < 0)
        close_session(session, "there is no editor");
    return result;
}
