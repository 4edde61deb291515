/* The launch request: a program of our own is started (launch.c) and attached to; it ends with the
 * session, unless the editor wants it to go on. */
#include "requests.h"

#include "json.h"
#include "memory.h"
#include "session_log.h"

#include <stdlib.h>
#include <string.h>

enum { LINGER_MS = 500, LINGER_TURNS = 10 };

void session_launch_forget(struct session *session) {
    launch_close(session->launch.process, !session->launch.keep);
    cJSON_Delete(session->launch.arguments);
    session->launch = (struct launched){0};
}

bool session_launch_pending(const struct session *session) {
    return session->launch.process && !session->launch.over;
}

bool session_launch_kill(struct session *session) {
    if (!session_launch_pending(session) || session->launch.keep)
        return false;
    launch_kill(session->launch.process);
    return true;
}

const char *session_launch_name(const struct session *session) {
    static const char *const names[] = {"program", "module"};
    const char *name = NULL;
    for (int i = 0; i < 2 && !name; i++)
        name = json_text(session->launch.arguments, names[i]);
    return name ? name : "python";
}

/* ---- what it tells -------------------------------------------------------------------------- */

static void ready(void *context, int port, const char *secret) {
    struct session *session = context;
    if (session->phase != SESSION_CONNECTING) /* it is being ended */
        return;
    struct address *address = &session->config.reach.address;
    address_finish(address);
    *address = (struct address){.scheme = ADDRESS_TCP,
                                .host = memory_copy_text("127.0.0.1"),
                                .port = port,
                                .path = memory_copy_text("")};
    address_set_secret(address, secret);
    session_attach(session);
}

static void failed(void *context, const char *text) {
    struct session *session = context;
    bool tell = session->launch.terminated;
    session->launch.over = true;
    session_attach_failed(session, text);
    session_launch_forget(session);
    if (tell)
        session_terminated(session, "the program was ended before it began");
}

static void output(void *context, const char *category, const char *text) {
    struct session *session = context;
    client_output(&session->client, category, text);
}

static void terminal(void *context, cJSON *arguments) {
    struct session *session = context;
    session->launch.terminal_asked = client_ask(&session->client, "runInTerminal", arguments);
}

bool session_launch_heard(struct session *session, const char *text, size_t length) {
    struct launched *launched = &session->launch;
    if (!launched->terminal_asked)
        return false;
    cJSON *message = json_parse(text, length);
    const char *type = json_text(message, "type"), *why = json_text(message, "message");
    bool meant = type && !strcmp(type, "response") &&
                 json_int(message, "request_seq", 0) == launched->terminal_asked;
    bool opened = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(message, "success"));
    if (meant) {
        launched->terminal_asked = 0;
        launch_terminal_answered(launched->process, opened ? NULL
                                                    : why  ? why
                                                           : "it does not say why");
    }
    cJSON_Delete(message);
    return meant;
}

/* Commonly ptvsd says that the program ends, or the connection does, before this is due. */
static void still_connected(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (!session->launch.over) /* restarted */
        return;
    if (session->launch.lingers < LINGER_TURNS && /* there may be more to read */
        uv_now(session->loop) - session->debuggee.heard_at < LINGER_MS) {
        session->launch.lingers++;
        uv_timer_start(timer, still_connected, LINGER_MS, 0);
        return;
    }
    log_line(session->log, LOG_INFO, "a child of the program keeps its connection open");
    debuggee_gone(&session->debuggee);
}

static void ended(void *context, int64_t code) {
    struct session *session = context;
    session->launch.over = true;
    cJSON *body = code < 0 ? NULL : cJSON_CreateObject();
    cJSON_AddNumberToObject(body, "exitCode", (double)code);
    if (body)
        client_event(&session->client, "exited", body);
    session->launch.lingers = 0;
    if (session->launch.without_debugger || session->launch.terminated)
        session_terminated(session, "the program ended");
    else if (session->debuggee.phase >= DEBUGGEE_SETTLING)
        uv_timer_start(&session->end_timer, still_connected, LINGER_MS, 0);
}

bool session_launch_configured(struct session *session) {
    if (!session->launch.without_debugger)
        return false;
    session->configured = true;
    session_enter(session, SESSION_RUNNING, "configured");
    launch_go(session->launch.process, session->launch.arguments);
    return true;
}

/* ---- the request ---------------------------------------------------------------------------- */

/* DAP's kind of terminal, or NULL for none; -1 with a sentence. */
static int read_console(const struct session *session, const char **kind, struct dap_error *error) {
    static const char *const consoles[][2] = {{"internalConsole", NULL},
                                              {"integratedTerminal", "integrated"},
                                              {"externalTerminal", "external"}};
    const char *console = consoles[0][0];
    if (dap_want_text(session->launch.arguments, "console", &console, error) < 0)
        return -1;
    for (size_t i = 0; i < sizeof consoles / sizeof *consoles; i++)
        if (!strcmp(console, consoles[i][0])) {
            *kind = consoles[i][1];
            return 0;
        }
    return dap_refuse(
        error, "\"console\" must be internalConsole, integratedTerminal or externalTerminal.");
}

static int start(struct session *session, struct dap_error *error) {
    struct launched *launched = &session->launch;
    struct launch_owner owner = {session, ready, failed, output, terminal, ended};
    const char *kind = NULL;
    launched->over = launched->terminated = false;
    launched->process = NULL;
    launched->terminal_asked = 0;
    if (read_console(session, &kind, error) < 0)
        return -1;
    if (kind && !session->editor.has_terminals) {
        client_note(
            &session->client, "console",
            "This editor opens no terminals for a debug adapter: the program's output is shown "
            "here, and it "
            "has no input. A program that asks for some is best started by hand and attached to.");
        kind = NULL;
    }
    launched->process = launch_start(session->loop, launched->arguments, kind, owner, error);
    session->entry_wanted =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(launched->arguments, "stopOnEntry"));
    return launched->process ? 0 : -1;
}

static bool without_debugger(const struct session *session) {
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(session->launch.arguments, "noDebug"));
}

void session_launch_take(struct session *session, const cJSON *arguments) {
    if (!session->launch.process)
        return;
    cJSON_Delete(session->launch.arguments);
    session->launch.arguments = cJSON_Duplicate(arguments, true);
}

/* Nothing but a console and an exit code. */
static void answer_without_debugger(struct session *session) {
    session->launch.without_debugger = true;
    session->attach_waiting = session->attached_before = session->away = false;
    client_respond(&session->client, session->attach_reply, NULL);
}

void session_launch_again(struct session *session) {
    struct dap_error error;
    launch_close(session->launch.process, true);
    if (start(session, &error) < 0) {
        session_attach_failed(session, error.text);
        return;
    }
    session->launch.without_debugger = false;
    if (!without_debugger(session))
        return;
    answer_without_debugger(session);
    session_launch_configured(session); /* the editor says so once only */
}

void requests_launch(struct session *session, const struct request *request) {
    struct dap_error error;
    if (!requests_admitted(session, request) ||
        !session_log_wanted(session, request, request->dap->arguments))
        return;
    session_launch_forget(session);
    config_finish(&session->config);
    if (config_read_launch(&session->config, request->dap->arguments, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    session->attach_reply = request->reply;
    session->launch.arguments = cJSON_Duplicate(request->dap->arguments, true);
    if (start(session, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        session_launch_forget(session);
        return;
    }
    session->attach_waiting = true;
    session_enter(session, SESSION_CONNECTING, "launch");
    if (!without_debugger(session))
        return;
    session_enter(session, SESSION_CONFIGURING, "started without a debugger");
    client_event(&session->client, "initialized", NULL);
    answer_without_debugger(session);
}
