/* The launch request: a program of our own is started (launch.c) and attached to; it ends with the
 * session, unless the editor wants it to go on. */
#include "requests.h"

#include "json.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

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
    session_attach_failed(session, text);
    session_launch_forget(session);
}

static void output(void *context, const char *category, const char *text) {
    struct session *session = context;
    client_output(&session->client, category, text);
}

static void ended(void *context, int64_t code) {
    struct session *session = context;
    session->launch.over = true;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddNumberToObject(body, "exitCode", (double)code);
    client_event(&session->client, "exited", body);
    if (session->launch.without_debugger || session->launch.terminated)
        session_terminated(session, "the program ended");
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

static int start(struct session *session, struct dap_error *error) {
    struct launched *launched = &session->launch;
    struct launch_owner owner = {session, ready, failed, output, ended};
    launched->over = launched->terminated = false;
    launched->process = launch_start(session->loop, launched->arguments, owner, error);
    launched->entry_wanted =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(launched->arguments, "stopOnEntry"));
    return launched->process ? 0 : -1;
}

void session_launch_again(struct session *session) {
    struct dap_error error;
    launch_close(session->launch.process, true);
    if (start(session, &error) < 0)
        session_attach_failed(session, error.text);
}

/* Nothing but a console and an exit code. */
static void go_without_debugger(struct session *session) {
    session->launch.without_debugger = true;
    session->attach_waiting = false;
    session_enter(session, SESSION_CONFIGURING, "started without a debugger");
    client_event(&session->client, "initialized", NULL);
    client_respond(&session->client, session->attach_reply, NULL);
}

void requests_launch(struct session *session, const struct request *request) {
    struct dap_error error;
    if (!requests_admitted(session, request))
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
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->dap->arguments, "noDebug")))
        go_without_debugger(session);
}
