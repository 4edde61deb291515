/* What the debuggee tells, as the editor's events and in the stores. */
#include "session.h"

#include <string.h>

enum { MODULES_DELAY_MS = 30 };

/* An attached program's process id is not told: Eclipse (LSP4E) kills the process of that number on
 * its own machine when the session ends, whatever it is. */
static void process_event(struct session *session) {
    const char *host = session->config.reach.address.host;
    bool local = !strcmp(host, "127.0.0.1") || !strcmp(host, "localhost") || !strcmp(host, "::1");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "name",
                            session->launch.process ? session_launch_name(session)
                                                    : session->address_text);
    if (session->launch.process)
        cJSON_AddNumberToObject(body, "systemProcessId", (double)session->debuggee.pid);
    cJSON_AddBoolToObject(body, "isLocalProcess", local);
    cJSON_AddStringToObject(body, "startMethod", session->launch.process ? "launch" : "attach");
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

/* What the configuration names holds also for an editor that says nothing. */
static void begin_exceptions(struct session *session) {
    if (session->config.exceptions.count)
        session_exceptions_send(session);
}

/* The program is not ours to make wait. */
static void tell_unsent_options(struct session *session) {
    const struct config *config = &session->config;
    if (session->launch.process || (!config->wait_on_normal_exit && !config->wait_on_abnormal_exit))
        return;
    bool both = config->wait_on_normal_exit && config->wait_on_abnormal_exit;
    client_note(&session->client, "console",
                "%s%s%s in \"debugOptions\" %s not passed on: at its end the program would block "
                "on its own stdin until somebody presses Enter there. Take %s out of the "
                "configuration.",
                config->wait_on_normal_exit ? "WaitOnNormalExit" : "", both ? " and " : "",
                config->wait_on_abnormal_exit ? "WaitOnAbnormalExit" : "", both ? "are" : "is",
                both ? "them" : "it");
}

/* The editor has configured the session once, and does not do it again. */
static void configured_again(struct session *session) {
    session->attached_before = session->away = false;
    session_breakpoints_again(session);
    session_exceptions_send(session);
    stops_configured(session);
}

void session_attached(void *context) {
    struct session *session = context;
    if (session->phase != SESSION_CONNECTING)
        return;
    session_enter(session, SESSION_CONFIGURING, "ptvsd accepted");
    if (session->attach_waiting)
        client_respond(&session->client, session->attach_reply, NULL);
    session->attach_waiting = false;
    capabilities_event(session);
    bool again = session->attached_before;
    if (!again) {
        process_event(session);
        begin_exceptions(session);
        tell_unsent_options(session);
    }
    for (size_t i = 0; i < session->threads.count; i++)
        client_thread(&session->client, session->threads.items[i]->id, "started");
    if (!again)
        client_event(&session->client, "initialized", NULL);
    session_guard_attached(session);
    if (session->launch.process)
        launch_attached(session->launch.process);
    if (again)
        configured_again(session);
}

static void module_event(struct session *session, size_t index) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", "new");
    cJSON_AddItemToObject(body, "module", session_show_module(session, index));
    client_event(&session->client, "module", body);
}

/* Of a module that loads late; those that were there, and more than so many, are in the answer to
 * loadedSources alone. */
enum { SOURCES_TOLD = 2000 };

static void loaded_source_event(struct session *session, size_t index) {
    cJSON *source = session_show_source_known(session, session->modules.items[index].source);
    if (!source)
        return;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", "new");
    cJSON_AddItemToObject(body, "source", source);
    client_event(&session->client, "loadedSource", body);
}

/* Modules come a hundred at a time while the editor waits for its first stop; they can wait. */
static void tell_modules(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (session->phase == SESSION_CONFIGURING) {
        uv_timer_start(timer, tell_modules, MODULES_DELAY_MS, 0);
        return;
    }
    bool late = session->modules.told > 0;
    for (; session->modules.told < session->modules.count; session->modules.told++) {
        module_event(session, session->modules.told);
        if (late && session->modules.told < SOURCES_TOLD)
            loaded_source_event(session, session->modules.told);
    }
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
        if (!known && session_alone_any(session))
            session_alone_begun(thread);
        if (tell && !known)
            client_thread(&session->client, thread->id, "started");
        return;
    }
    struct thread *thread = threads_find(&session->threads, ident);
    if (thread && tell)
        client_thread(&session->client, thread->id, "exited");
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

/* remote/hit_test.py begins the line of a log point so: to ptvsd it is output like the program's.
 */
static const char log_mark[] = "\036bridge.log\036";

static void take_output(struct session *session, const struct wire_event *event) {
    size_t mark = sizeof log_mark - 1;
    bool logged = !strncmp(event->text, log_mark, mark);
    if (!logged && session->config.hide_output && event->channel != WIRE_DEBUG)
        return;
    client_output(&session->client, category_of(event->channel), event->text + (logged ? mark : 0));
}

static void take_frames(struct session *session, const struct wire_event *event) {
    struct thread *thread = threads_find(&session->threads, event->thread);
    if (!thread)
        return;
    /* Frame ids follow each other: a stack of another length needs new ones. */
    if (event->frames.count != thread->frame_count)
        thread->first_frame = 0;
    threads_set_frames(thread, &event->frames);
    /* Version 2 tells no modules at the first attach. */
    size_t places = debuggee_version(&session->debuggee) <= 2 ? thread->frame_count : 0;
    for (size_t i = 0; i < places; i++)
        take_module(session, thread->frames[i].file);
    stops_frames(session);
}

void session_event(void *context, const struct wire_event *event) {
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
        take_output(session, event);
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
