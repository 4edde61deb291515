#include "requests.h"

#include <string.h>

struct row {
    const char *name;
    void (*handle)(struct session *session, const struct request *request);
    unsigned phases;        /* 1 << enum session_phase: where it is allowed */
    const char *capability; /* what its presence lets us claim, or NULL */
    const char *title;      /* shown beside it when it takes long, or NULL */
};

enum {
    WAITING = 1 << SESSION_WAITING,
    INITIALIZED = 1 << SESSION_INITIALIZED,
    CONFIGURING = 1 << SESSION_CONFIGURING,
    RUNNING = 1 << SESSION_RUNNING,
    STOPPED = 1 << SESSION_STOPPED,
    AWAY = 1 << 30, /* while the program is left, to be attached to again */
    ATTACHED = CONFIGURING | RUNNING | STOPPED,
    ANY = ~0
};

static const struct row rows[] = {
    {"attach", requests_attach, INITIALIZED, NULL, "Attaching"},
    {"breakpointLocations", requests_breakpoint_locations, ATTACHED,
     "supportsBreakpointLocationsRequest", "Reading line numbers"},
    {"cancel", requests_cancel, ANY, "supportsCancelRequest", NULL},
    {"completions", requests_completions, ATTACHED, "supportsCompletionsRequest",
     "Looking for completions"},
    {"configurationDone", requests_configuration_done, ATTACHED, "supportsConfigurationDoneRequest",
     NULL},
    {"continue", requests_continue, RUNNING | STOPPED, NULL, NULL},
    {"disconnect", requests_disconnect, ANY, NULL, NULL},
    {"evaluate", requests_evaluate, ATTACHED, "supportsEvaluateForHovers", "Evaluating"},
    {"goto", requests_goto, STOPPED, NULL, "Jumping"},
    {"gotoTargets", requests_goto_targets, STOPPED, "supportsGotoTargetsRequest", NULL},
    {"exceptionInfo", requests_exception_info, STOPPED, "supportsExceptionInfoRequest",
     "Reading the exception"},
    {"initialize", requests_initialize, WAITING, NULL, NULL},
    {"launch", requests_launch, INITIALIZED, NULL, "Starting the program"},
    {"loadedSources", requests_loaded_sources, ATTACHED, "supportsLoadedSourcesRequest", NULL},
    {"locations", requests_locations, STOPPED, NULL, "Looking for the definition"},
    {"modules", requests_modules, ATTACHED, "supportsModulesRequest", NULL},
    {"next", requests_next, STOPPED, "supportsSingleThreadExecutionRequests", NULL},
    {"pause", requests_pause, RUNNING | STOPPED, NULL, NULL},
    {"restart", requests_restart, RUNNING | STOPPED, "supportsRestartRequest", NULL},
    {"restartFrame", requests_restart_frame, STOPPED, "supportsRestartFrame", "Jumping"},
    {"scopes", requests_scopes, STOPPED, NULL, NULL},
    {"setBreakpoints", requests_set_breakpoints, ATTACHED | AWAY, "supportsConditionalBreakpoints",
     "Setting breakpoints"},
    {"setExceptionBreakpoints", requests_set_exception_breakpoints, ATTACHED | AWAY, NULL, NULL},
    {"setExpression", requests_set_expression, STOPPED, "supportsSetExpression",
     "Setting the value"},
    {"setVariable", requests_set_variable, STOPPED, "supportsSetVariable", "Setting the value"},
    {"setFunctionBreakpoints", requests_set_function_breakpoints, ATTACHED | AWAY,
     "supportsFunctionBreakpoints", "Looking for functions"},
    {"source", requests_source, ATTACHED, NULL, "Fetching the text"},
    {"stackTrace", requests_stack_trace, RUNNING | STOPPED, "supportsDelayedStackTraceLoading",
     "Reading the stack"},
    {"stepIn", requests_step_in, STOPPED, NULL, NULL},
    {"stepInTargets", requests_step_in_targets, STOPPED, "supportsStepInTargetsRequest",
     "Looking for calls"},
    {"stepOut", requests_step_out, STOPPED, NULL, NULL},
    {"terminate", requests_terminate, ANY, NULL, NULL},
    {"threads", requests_threads, ATTACHED, NULL, "Reading threads"},
    {"variables", requests_variables, STOPPED, NULL, "Reading values"},
};

enum { ROWS = sizeof rows / sizeof *rows };

cJSON *requests_capabilities(void) {
    cJSON *capabilities = cJSON_CreateObject();
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].capability)
            cJSON_AddTrueToObject(capabilities, rows[i].capability);
    return capabilities;
}

static const char *where_we_are(enum session_phase phase) {
    switch (phase) {
    case SESSION_WAITING:
        return "before \"initialize\"";
    case SESSION_INITIALIZED:
        return "before \"attach\" has succeeded";
    case SESSION_CONNECTING:
        return "while the attach is under way";
    case SESSION_CONFIGURING:
        return "before \"configurationDone\"";
    case SESSION_RUNNING:
        return "while the program is running; pause it first";
    case SESSION_STOPPED:
        return "while the program is stopped";
    case SESSION_RELAYING:
        return "here: the message is no text in UTF-8";
    case SESSION_ENDING:
    case SESSION_ENDED:
    case SESSION_CLOSED:
        break;
    }
    return "after the end of the session";
}

void requests_refuse(struct session *session, struct reply reply, const struct dap_error *error) {
    client_fail(&session->client, reply, "%s", error->text);
}

static bool allowed(const struct session *session, const struct row *row) {
    return row->phases & (1u << session->phase) || (session->away && row->phases & AWAY);
}

static const struct row *find_row(const char *name) {
    for (size_t i = 0; i < ROWS; i++)
        if (!strcmp(rows[i].name, name))
            return &rows[i];
    return NULL;
}

void requests_dispatch(struct session *session, const struct dap_request *dap) {
    const struct row *row = find_row(dap->command);
    if (!row) {
        struct reply unknown = {dap->seq, dap->command};
        client_fail(&session->client, unknown,
                    "The request \"%s\" is not supported by this debug adapter.", dap->command);
        return;
    }
    struct request request = {dap, {dap->seq, row->name}};
    if (allowed(session, row)) {
        debuggee_asks_for(&session->debuggee, dap->seq);
        session_progress_await(session, dap->seq, row->title);
        row->handle(session, &request);
        debuggee_asks_for(&session->debuggee, 0);
    } else
        client_fail(&session->client, request.reply, "\"%s\" is not possible %s.", row->name,
                    where_we_are(session->phase));
}
