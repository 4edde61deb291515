#include "session.h"

#include "memory.h"
#include "requests.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_MS = 5000,
    ATTACH_TRIES = 3,
    AGAIN_MS = 150,
    SOON_MS = 20,
    MODULES_DELAY_MS = 30,
    AFTER_TERMINATED_MS = 1000
};

/* ---- phases
 * -------------------------------------------------------------------------------------- */

static const char *phase_name(enum session_phase phase) {
    static const char *const names[] = {"waiting", "initialized", "connecting", "configuring",
                                        "running", "stopped",     "relaying",   "ending",
                                        "ended",   "closed"};
    return names[phase];
}

static void forget_debuggee(struct session *session) {
    threads_finish(&session->threads);
    handles_clear(&session->handles);
    modules_finish(&session->modules);
    sources_finish(&session->sources);
    used_globals_finish(&session->used_globals);
    session_breakpoints_forget(session);
    session_lines_forget(session);
    uv_timer_stop(&session->hold_timer);
    uv_timer_stop(&session->modules_timer);
    uv_timer_stop(&session->terminate_timer);
    session->terminate = (struct terminate){0};
    session->configured = session->attach_stop = session->pause_wanted = false;
    session->catch_all_told = false;
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
    if (phase == SESSION_INITIALIZED || phase == SESSION_ENDED || phase == SESSION_CLOSED)
        forget_debuggee(session);
}

void session_resumed(struct session *session, const char *why) {
    handles_clear(&session->handles);
    session->attach_stop = false;
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
    free(session->address_text);
}

static void handle_closed(uv_handle_t *handle) {
    part_closed(handle->data);
}

/* The loop ends by itself when the last part has closed. */
static void close_session(struct session *session, const char *why) {
    if (session->phase == SESSION_CLOSED)
        return;
    session_enter(session, SESSION_CLOSED, why);
    uv_handle_t *handles[] = {
        (uv_handle_t *)&session->hold_timer,    (uv_handle_t *)&session->answers_timer,
        (uv_handle_t *)&session->modules_timer, (uv_handle_t *)&session->end_timer,
        (uv_handle_t *)&session->again_timer,   (uv_handle_t *)&session->terminate_timer,
        (uv_handle_t *)&session->pause_timer,   (uv_handle_t *)&session->signals[0],
        (uv_handle_t *)&session->signals[1],    (uv_handle_t *)&session->signals[2],
    };
    enum { HANDLES = sizeof handles / sizeof *handles };
    session->open_parts = 3 + HANDLES;
    debuggee_finish(&session->debuggee, part_closed);
    relay_finish(&session->relay, part_closed);
    client_close(&session->client, part_closed);
    for (int i = 0; i < HANDLES; i++)
        uv_close(handles[i], handle_closed);
}

static void terminated(struct session *session, const char *why);
static void attach_failed(struct session *session, const char *text);

static void attach_again(struct session *session);

static void left(struct session *session) {
    if (session->restarting) {
        attach_again(session);
        return;
    }
    if (session->attach_waiting)
        attach_failed(session, "The attach was given up.");
    if (session->disconnect_waiting)
        client_respond(&session->client, session->disconnect_reply, NULL);
    session->disconnect_waiting = false;
    if (session->tell_terminated)
        terminated(session, "terminate was asked for");
    else
        close_session(session, "detached");
}

static void leave(struct session *session, const char *why) {
    session_enter(session, SESSION_ENDING, why);
    if (!relay_leave(&session->relay) && !debuggee_detach(&session->debuggee))
        left(session); /* between two tries to attach */
}

void session_quit(struct session *session, const char *why) {
    session->restarting = false;
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
    session->restarting = false;
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

/* ---- what the debuggee tells
 * ------------------------------------------------------------------------ */

static void thread_event(struct session *session, const struct thread *thread, const char *reason) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", reason);
    cJSON_AddNumberToObject(body, "threadId", thread->id);
    client_event(&session->client, "thread", body);
}

static void process_event(struct session *session) {
    const char *host = session->config.reach.address.host;
    bool local = !strcmp(host, "127.0.0.1") || !strcmp(host, "localhost") || !strcmp(host, "::1");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "name", session->address_text);
    cJSON_AddNumberToObject(body, "systemProcessId", (double)session->debuggee.pid);
    cJSON_AddBoolToObject(body, "isLocalProcess", local);
    cJSON_AddStringToObject(body, "startMethod", "attach");
    client_event(&session->client, "process", body);
}

/* Editors that see these two end the program on an ordinary "stop". */
static void capabilities_event(struct session *session) {
    if (!session->config.allow_terminate)
        return;
    cJSON *body = cJSON_CreateObject();
    cJSON *shown = cJSON_AddObjectToObject(body, "capabilities");
    cJSON_AddTrueToObject(shown, "supportsTerminateRequest");
    cJSON_AddTrueToObject(shown, "supportTerminateDebuggee");
    client_event(&session->client, "capabilities", body);
}

/* The editor has configured the session once, and does not do it again. */
static void configured_again(struct session *session) {
    session->attached_before = false;
    session_breakpoints_again(session);
    session_exceptions_send(session);
    stops_configured(session);
}

static void debuggee_attached(void *context) {
    struct session *session = context;
    if (session->phase != SESSION_CONNECTING)
        return;
    session_enter(session, SESSION_CONFIGURING, "ptvsd accepted");
    if (session->attach_waiting)
        client_respond(&session->client, session->attach_reply, NULL);
    session->attach_waiting = false;
    capabilities_event(session);
    bool again = session->attached_before;
    if (!again)
        process_event(session);
    for (size_t i = 0; i < session->threads.count; i++)
        thread_event(session, session->threads.items[i], "started");
    if (!again)
        client_event(&session->client, "initialized", NULL);
    session_guard_attached(session);
    if (again)
        configured_again(session);
}

/* ---- a target that speaks DAP itself
 * ------------------------------------------------------------------ */

static void debuggee_speaks_dap(void *context, struct stream *stream, const struct buf *heard) {
    struct session *session = context;
    relay_start(&session->relay, stream, heard, &session->config.reach,
                session->config.allow_terminate, session->attached_before);
}

static void relay_opened(void *context) {
    session_enter(context, SESSION_RELAYING, "the target speaks DAP itself");
}

static void relay_attached(void *context) {
    struct session *session = context;
    session->attach_waiting = session->attached_before = false;
}

static bool client_message(void *context, const char *text, size_t length) {
    struct session *session = context;
    return session->phase == SESSION_RELAYING && relay_take(&session->relay, text, length);
}

static void module_event(struct session *session, size_t index) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", "new");
    cJSON_AddItemToObject(body, "module", session_show_module(session, index));
    client_event(&session->client, "module", body);
}

/* Modules come a hundred at a time while the editor waits for its first stop; they can wait. */
static void tell_modules(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (session->phase == SESSION_CONFIGURING) {
        uv_timer_start(timer, tell_modules, MODULES_DELAY_MS, 0);
        return;
    }
    while (session->modules.told < session->modules.count)
        module_event(session, session->modules.told++);
}

static void take_module(struct session *session, const char *file) {
    if (!file || !*file)
        return;
    const struct module *module = modules_add(&session->modules, file);
    if (!module)
        return;
    session_breakpoints_module(session, module);
    if (!uv_is_active((uv_handle_t *)&session->modules_timer))
        uv_timer_start(&session->modules_timer, tell_modules, MODULES_DELAY_MS, 0);
}

static void take_thread(struct session *session, int64_t ident, bool started) {
    bool tell = session->phase >= SESSION_CONFIGURING;
    if (started) {
        bool known = threads_find(&session->threads, ident) != NULL;
        struct thread *thread = threads_add(&session->threads, ident);
        if (tell && !known)
            thread_event(session, thread, "started");
        return;
    }
    struct thread *thread = threads_find(&session->threads, ident);
    if (thread && tell)
        thread_event(session, thread, "exited");
    threads_remove(&session->threads, ident);
}

static const char *category_of(enum wire_channel channel) {
    switch (channel) {
    case WIRE_STDOUT:
        return "stdout";
    case WIRE_STDERR:
        return "stderr";
    case WIRE_DEBUG:
        break;
    }
    return "console";
}

static void take_frames(struct session *session, const struct wire_event *event) {
    struct thread *thread = threads_find(&session->threads, event->thread);
    if (!thread)
        return;
    /* Frame ids follow each other: a stack of another length needs new ones. */
    if (event->frames.count != thread->frame_count)
        thread->first_frame = 0;
    threads_set_frames(thread, &event->frames);
    if (debuggee_version(&session->debuggee) > 2)
        return;
    /* Version 2 tells no modules at the first attach. */
    for (size_t i = 0; i < thread->frame_count; i++)
        take_module(session, thread->frames[i].file);
}

static void debuggee_event(void *context, const struct wire_event *event) {
    struct session *session = context;
    switch (event->type) {
    case WIRE_THREAD_STARTED:
        take_thread(session, event->thread, true);
        break;
    case WIRE_THREAD_ENDED:
        take_thread(session, event->thread, false);
        break;
    case WIRE_MODULE:
        take_module(session, event->module.file);
        break;
    case WIRE_FRAMES:
        take_frames(session, event);
        break;
    case WIRE_BOUND:
    case WIRE_PENDING:
        session_breakpoints_answered(session, event);
        break;
    case WIRE_OUTPUT:
        client_output(&session->client, category_of(event->channel), event->text);
        break;
    case WIRE_WANTS_HANDLERS:
        session_handlers_answer(session, event->text);
        break;
    case WIRE_LOADED:
    case WIRE_HIT:
    case WIRE_STEPPED:
    case WIRE_BROKE:
    case WIRE_EXCEPTION:
        stops_take(session, event);
        break;
    case WIRE_MODULES_CHANGED:
    case WIRE_HIT_COUNT:
    case WIRE_RESULT:
    case WIRE_FAILED:
    case WIRE_CHILDREN_ARE:
    case WIRE_LINE_SET:
    case WIRE_DETACHED:
    case WIRE_REFUSED:
    case WIRE_RESUMED:
    case WIRE_FAREWELL_DONE:
        break;
    }
}

static char *explain_end(struct session *session, enum failure failure, const char *detail) {
    const struct address *address = &session->config.reach.address;
    const char *stalled = greeting_stalled(&session->debuggee.greeting);
    if (failure == FAILURE_SILENT && stalled) {
        failure = FAILURE_STALLED;
        detail = stalled;
    }
    struct failure_facts facts = {
        .failure = failure,
        .address = session->address_text,
        .host = address->host,
        .port = address->port,
        .secret_given = address->secret && *address->secret,
        .version = session->debuggee.greeting.version,
        .detail = detail,
    };
    return explain(&facts);
}

static void end_is_late(uv_timer_t *timer) {
    session_quit(timer->data, "no disconnect came after the end");
}

static void terminated(struct session *session, const char *why) {
    session_pause_over(session);
    client_event(&session->client, "terminated", NULL);
    session_enter(session, SESSION_ENDED, why);
    uv_timer_start(&session->end_timer, end_is_late, AFTER_TERMINATED_MS, 0);
}

static void attach_failed(struct session *session, const char *text) {
    if (session->attach_waiting)
        client_fail(&session->client, session->attach_reply, "%s", text);
    session->attach_waiting = false;
    if (!session->attached_before) {
        session_enter(session, SESSION_INITIALIZED, "the attach failed");
        return;
    }
    session->attached_before = false;
    client_note(&session->client, "important", "The program could not be attached to again. %s",
                text);
    terminated(session, "the restart failed");
}

static void connect_once(struct session *session) {
    session->attach_tries++;
    char *options = config_debug_options(&session->config);
    debuggee_attach(&session->debuggee, &session->config.reach, options, CONNECT_MS);
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
        attach_failed(session, text);
    } else {
        client_note(&session->client, "important", "%s", text);
        terminated(session, "the debuggee is lost");
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
        attach_failed(session, "The program ended. Start it again, then attach.");
    else if (!session_wait(session, FAILURE_LOST, ""))
        terminated(session, "the program ended");
}

void session_attach(struct session *session) {
    free(session->address_text);
    session->address_text = address_show(&session->config.reach.address);
    session->attach_waiting = true;
    session->attach_tries = 0;
    session_enter(session, SESSION_CONNECTING, "attach");
    connect_once(session);
}

/* What the debuggee forgets at a detach; the editor is told that all threads go and come. */
static void forget_threads(struct session *session) {
    int next_id = session->threads.next_id;
    for (size_t i = 0; i < session->threads.count; i++)
        thread_event(session, session->threads.items[i], "exited");
    threads_finish(&session->threads);
    session->threads.next_id = next_id;
    handles_clear(&session->handles);
    session->configured = session->attach_stop = session->pause_wanted = false;
    session->terminate = (struct terminate){0};
    uv_timer_stop(&session->terminate_timer);
}

void session_lost(struct session *session) {
    session->attached_before = true;
    session_breakpoints_late(&session->answers_timer);
    forget_threads(session);
    relay_lost(&session->relay);
    free(session->address_text);
    session->address_text = address_show(&session->config.reach.address);
    session->attach_tries = 0;
    session_enter(session, SESSION_CONNECTING, "attach again");
}

void session_attach_later(struct session *session, uint64_t delay_ms) {
    uv_timer_start(&session->again_timer, try_again, delay_ms, 0);
}

void session_wait_given_up(struct session *session) {
    attach_failed(session, "Waiting for the program was given up. Start it, then attach again.");
}

static void attach_again(struct session *session) {
    session->restarting = false;
    session_lost(session);
    session_attach_later(session, SOON_MS);
}

void session_restart(struct session *session, struct reply reply) {
    session->attach_reply = reply;
    session->attach_waiting = session->restarting = true;
    session_breakpoints_late(&session->answers_timer);
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

static void signal_came(uv_signal_t *handle, int number) {
    (void)number;
    session_quit(handle->data, "a signal asks to end");
}

static void start_timers(struct session *session) {
    uv_timer_t *timers[] = {&session->hold_timer,    &session->answers_timer,
                            &session->modules_timer, &session->end_timer,
                            &session->again_timer,   &session->terminate_timer,
                            &session->pause_timer};
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        uv_timer_init(session->loop, timers[i]);
        timers[i]->data = session;
    }
}

static void start_signals(struct session *session) {
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    for (int i = 0; i < 3; i++) {
        uv_signal_init(session->loop, &session->signals[i]);
        session->signals[i].data = session;
        uv_signal_start(&session->signals[i], signal_came, numbers[i]);
    }
}

static int32_t random_base(void) {
    uint32_t random = 0;
    uv_random(NULL, NULL, &random, sizeof random, 0, NULL);
    return (int32_t)(random % 1000000000u) + 1;
}

int session_start(struct session *session, uv_loop_t *loop, struct log *log) {
    *session = (struct session){.loop = loop, .log = log, .line_base = 1};
    config_init(&session->config);
    threads_init(&session->threads);
    handles_init(&session->handles);
    modules_init(&session->modules);
    sources_init(&session->sources);
    used_globals_init(&session->used_globals);
    breakpoints_init(&session->breakpoints, random_base());
    start_timers(session);
    start_signals(session);
    struct debuggee_owner debuggee = {session, debuggee_attached, debuggee_event,
                                      debuggee_speaks_dap, debuggee_ended};
    debuggee_init(&session->debuggee, loop, log, debuggee);
    struct relay_owner relay = {session, relay_opened, relay_attached, debuggee_ended};
    relay_init(&session->relay, loop, log, &session->client, relay);
    struct client_owner client = {session, client_message, client_request, client_gone};
    return client_open(&session->client, loop, log, client);
}
