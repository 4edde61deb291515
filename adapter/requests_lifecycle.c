#include "requests.h"

#include "candidates.h"
#include "launch_command.h"
#include "session_log.h"

#include <stdio.h>

void requests_initialize(struct session *session, const struct request *request) {
    bool lines_from_one = true, columns_from_one = true;
    struct editor *editor = &session->editor;
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_want_bool(arguments, "linesStartAt1", &lines_from_one, &error) < 0 ||
        dap_want_bool(arguments, "columnsStartAt1", &columns_from_one, &error) < 0 ||
        dap_want_bool(arguments, "supportsVariablePaging", &editor->pages, &error) < 0 ||
        dap_want_bool(arguments, "supportsInvalidatedEvent", &editor->invalidates, &error) < 0 ||
        dap_want_bool(arguments, "supportsRunInTerminalRequest", &editor->has_terminals, &error) <
            0 ||
        dap_want_bool(arguments, "supportsProgressReporting", &session->progress_wanted, &error) <
            0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct habits *habits = habits_of(json_text(arguments, "clientID"),
                                            !editor->invalidates && !session->progress_wanted);
    session->client.habits = habits;
    session->line_base = lines_from_one ? 1 : 0;
    editor->column_base = columns_from_one && !habits->columns_from_zero ? 1 : 0;
    editor->pages = editor->pages && !habits->pages_badly;
    session_enter(session, SESSION_INITIALIZED, "initialize");
    cJSON *capabilities = requests_capabilities();
    cJSON_AddTrueToObject(capabilities, "supportsHitConditionalBreakpoints");
    cJSON_AddTrueToObject(capabilities, "supportsLogPoints");
    cJSON_AddTrueToObject(capabilities, "supportsClipboardContext");
    cJSON_AddTrueToObject(capabilities, "supportsValueFormattingOptions");
    const char *dot = ".";
    cJSON_AddItemToObject(capabilities, "completionTriggerCharacters",
                          cJSON_CreateStringArray(&dot, 1));
    requests_show_filters(capabilities);
    cJSON_AddTrueToObject(capabilities, "supportsExceptionFilterOptions");
    cJSON_AddTrueToObject(capabilities, "supportsExceptionOptions");
    if (habits->resumes_one)
        cJSON_DeleteItemFromObject(capabilities, "supportsSingleThreadExecutionRequests");
    if (habits->ends_silently)
        cJSON_AddTrueToObject(capabilities, "supportsTerminateRequest");
    relay_keep_initialize(&session->relay, request->dap, capabilities);
    client_respond(&session->client, request->reply, capabilities);
}

bool requests_admitted(struct session *session, const struct request *request) {
    const struct session_owner *owner = &session->owner;
    struct dap_error error;
    if (!owner->admit || owner->admit(owner->context, request->dap->arguments, &error) == 0)
        return true;
    requests_refuse(session, request->reply, &error);
    session_quit(session, "the editor is not let in");
    return false;
}

void requests_attach(struct session *session, const struct request *request) {
    char error[400];
    if (!requests_admitted(session, request) ||
        !session_log_wanted(session, request, request->dap->arguments))
        return;
    config_finish(&session->config);
    relay_keep_attach(&session->relay, request->dap);
    if (candidates_given(request->dap->arguments)) {
        candidates_ask(session, request);
        return;
    }
    if (config_read(&session->config, request->dap->arguments, error, sizeof error) < 0) {
        client_fail(&session->client, request->reply, "%s", error);
        return;
    }
    session->attach_reply = request->reply;
    session_attach(session);
}

/* What has begun in the program ends there by itself; its value is not awaited. "cancelled" is
 * DAP's word.
 */
void requests_cancel(struct session *session, const struct request *request) {
    int64_t seq = 0;
    const char *progress = NULL;
    struct dap_error error;
    if (dap_want_int(request->dap->arguments, "requestId", &seq, &error) < 0 ||
        dap_want_text(request->dap->arguments, "progressId", &progress, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    int64_t beside = session_progress_request(session, progress);
    if (beside)
        seq = beside;
    if (seq > 0)
        debuggee_give_up_request(&session->debuggee, seq, "cancelled");
    client_respond(&session->client, request->reply, NULL);
    session_wait_cancel(session, progress, seq);
}

void requests_configuration_done(struct session *session, const struct request *request) {
    client_respond(&session->client, request->reply, NULL);
    if (session->configured || session_launch_configured(session))
        return;
    /* A breakpoint that has hit already is the entry. */
    if (session->config.stop_on_entry && !threads_any_stop(&session->threads))
        session->entry_wanted = true;
    stops_configured(session);
}

static void say_it_lives_on(struct session *session) {
    client_note(&session->client, "console",
                "The program was attached to, not started, so it is not ended: only detached from. "
                "\"allowTerminate\": true in the configuration allows ending it.");
}

void requests_disconnect(struct session *session, const struct request *request) {
    bool terminate = false;
    struct dap_error error;
    /* A wrong type must not keep anybody from leaving. */
    if (dap_want_bool(request->dap->arguments, "terminateDebuggee", &terminate, &error) < 0)
        log_line(session->log, LOG_WARNING, "disconnect: %s", error.text);
    bool attached = session->phase >= SESSION_CONFIGURING && session->phase <= SESSION_STOPPED;
    if (session->disconnect_waiting && attached) { /* the first waits for the program's end */
        client_respond(&session->client, request->reply, NULL);
        return;
    }
    if (session->launch.process) { /* what we have started ends with us, unless it is to go on */
        session->launch.keep = !terminate && cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(
                                                 request->dap->arguments, "terminateDebuggee"));
        session_disconnect(session, request->reply);
        return;
    }
    if (terminate && attached && session->config.allow_terminate) {
        session->disconnect_reply = request->reply;
        session->disconnect_waiting = true;
        session_terminate(session, true);
        return;
    }
    bool relaying = session->phase == SESSION_RELAYING;
    session->relay.end_program = terminate && session->config.allow_terminate;
    if (terminate && (attached || (relaying && !session->config.allow_terminate)))
        say_it_lives_on(session);
    session_disconnect(session, request->reply);
}

/* Several editors send it on an ordinary "stop", and dape after every end. */
void requests_terminate(struct session *session, const struct request *request) {
    bool attached = session->phase >= SESSION_CONNECTING && session->phase <= SESSION_RELAYING;
    if (!attached) {
        client_respond(&session->client, request->reply, NULL);
        return;
    }
    if (session->launch.without_debugger) { /* no ptvsd to interrupt it; its end is told */
        client_respond(&session->client, request->reply, NULL);
        launch_kill(session->launch.process);
        return;
    }
    if (session->config.allow_terminate && session->phase != SESSION_CONNECTING &&
        session->phase != SESSION_RELAYING) {
        client_respond(&session->client, request->reply, NULL);
        session_terminate(session, false);
        return;
    }
    if (session->phase == SESSION_RELAYING && session->config.allow_terminate)
        client_note(&session->client, "console",
                    "%s does not know how to end a program that was attached to: it is only "
                    "detached from.",
                    session->relay.name);
    else if (!session->launch.process)
        say_it_lives_on(session);
    session->tell_terminated = true;
    session_disconnect(session, request->reply);
}

static int read_anew(const struct session *session, struct config *config, const cJSON *arguments,
                     char *error, size_t size) {
    struct dap_error launch_error;
    if (!session->launch.process)
        return config_read(config, arguments, error, size);
    struct launch_command command;
    int result = config_read_launch(config, arguments, &launch_error);
    if (result == 0) {
        result = launch_command_read(&command, arguments, &launch_error);
        launch_command_finish(&command);
    }
    if (result < 0)
        snprintf(error, size, "%s", launch_error.text);
    return result;
}

/* VS Code sends the configuration along, as it is now; others send nothing. */
void requests_restart(struct session *session, const struct request *request) {
    const cJSON *arguments = json_object(request->dap->arguments, "arguments");
    struct config config;
    char error[400];
    bool given = arguments && arguments->child && !candidates_given(arguments);
    config_init(&config);
    if (given && read_anew(session, &config, arguments, error, sizeof error) < 0) {
        client_fail(&session->client, request->reply, "%s", error);
        return;
    }
    if (given && !session_log_wanted(session, request, arguments)) {
        config_finish(&config);
        return;
    }
    if (given) {
        if (session->launch.process) { /* where it listens is known from it alone */
            struct reach none = config.reach;
            config.reach = session->config.reach;
            session->config.reach = none;
        }
        if (!pathmap_equal(&session->config.pathmap, &config.pathmap)) {
            sources_map_anew(&session->sources);
            breakpoints_drop_empty(&session->breakpoints); /* what was cleared matches no more */
        }
        config_finish(&session->config);
        session->config = config;
        session_launch_take(session, arguments);
    }
    session_restart(session, request->reply);
}
