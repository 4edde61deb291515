/* What is executed in the debuggee at each attach: the drop guard, without which a lost connection
 * freezes the program for good, and the undoing of doubled output. At the first chance: at once
 * where the wire can while the program runs (version 8), else at the first stop, the
 * attach stop as a rule, even where that shows no frame: ptvsd hides its own, but can execute
 * there. Facts: executed-code.md sections A and E, features.md W1 to W3, W13.
 */
#include "session.h"

#include "memory.h"
#include "remote.h"

#include <stdlib.h>
#include <string.h>

enum { REMOTE_MS = 3000, RUNS_WHILE_RUNNING = 8, SENT_OPTIONS = 6, WRAPS_OUTPUT = 6 };

static void note_guard(struct session *session, const struct wire_event *answer, const char *why) {
    const char *said = why;
    if (answer)
        said = answer->type == WIRE_RESULT   ? answer->object.repr
               : answer->type == WIRE_FAILED ? answer->text
                                             : NULL;
    log_line(session->log, LOG_INFO, "drop guard: %s", said ? said : "?");
    if (!answer)
        return;
    if (said && (strstr(said, "guarded") || strstr(said, "again"))) {
        debuggee_guarded(&session->debuggee);
        return;
    }
    client_note(&session->client, "console",
                "The drop guard could not be installed (%s): if the connection breaks while the "
                "program is stopped, it stays stopped.",
                said ? said : "no reason given");
}

static void executed(void *context, const struct wire_event *answer, const char *why) {
    struct session *session = context;
    struct guard *guard = &session->guard;
    guard->asked = false;
    /* Not answered: the stop was over too soon. It is tried again at the next. */
    guard->done = answer != NULL;
    if (session->config.drop_guard)
        note_guard(session, answer, why);
    stops_guarded(session);
}

static char *guard_program(const struct session *session) {
    char *arguments =
        memory_format("'dead_after': %lld", (long long)session->config.drop_guard_seconds);
    char *text = session->config.drop_guard ? remote_text(REMOTE_DROP_GUARD, arguments)
                                            : memory_copy_text("'not wanted'");
    free(arguments);
    return text;
}

/* Older versions cannot be sent debug options. What another session set stays there, if no guard
 * has put it back: so it is done at each attach. */
static char *options_program(const struct session *session) {
    const struct config *config = &session->config;
    if (debuggee_version(&session->debuggee) >= SENT_OPTIONS)
        return memory_copy_text("'sent'");
    bool any = config->debug_stdlib || config->break_on_system_exit_zero || config->django;
    if (!any && config->drop_guard)
        return memory_copy_text("'none'");
    const char *names[] = {config->debug_stdlib ? "'DEBUG_STDLIB': True, " : "",
                           config->break_on_system_exit_zero ? "'BREAK_ON_SYSTEMEXIT_ZERO': True, "
                                                             : "",
                           config->django ? "'DJANGO_DEBUG': True" : ""};
    char *arguments = memory_format("'options': {%s%s%s}", names[0], names[1], names[2]);
    char *text = remote_text(REMOTE_DEBUG_OPTIONS, arguments);
    free(arguments);
    return text;
}

/* All in one go: each answer of an older ptvsd brings the whole stack with it. */
static char *programs(const struct session *session) {
    char *guard = guard_program(session), *options = options_program(session);
    char *unwrap = remote_text(REMOTE_UNWRAP_OUTPUT, NULL);
    char *all = memory_format("(%s, %s, %s)", guard, unwrap, options);
    free(guard);
    free(options);
    free(unwrap);
    return all;
}

static void execute(struct session *session, int64_t thread, const char *module) {
    char *text = programs(session);
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread,
                    .frame_kind = module ? WIRE_FRAME_NONE : WIRE_FRAME_PYTHON,
                    .text = text,
                    .module = module}};
    session->guard.asked = true;
    debuggee_ask(&session->debuggee, &command, false, REMOTE_MS, executed, session);
    free(text);
}

/* In ptvsd's words, those that are set by code. */
static char *options_lost(const struct session *session) {
    const struct config *config = &session->config;
    bool any = config->debug_stdlib || config->break_on_system_exit_zero || config->django;
    if (!any || debuggee_version(&session->debuggee) >= SENT_OPTIONS)
        return memory_copy_text("");
    return memory_format(" To this ptvsd options cannot be sent, so these have no effect:%s%s%s.",
                         config->debug_stdlib ? " DebugStdLib" : "",
                         config->break_on_system_exit_zero ? " BreakOnSystemExitZero" : "",
                         config->django ? " DjangoDebugging" : "");
}

static void say_what_is_lost(struct session *session) {
    const struct debuggee *debuggee = &session->debuggee;
    int version = debuggee_version(debuggee);
    char *options = options_lost(session);
    client_note(
        &session->client, "console",
        "Nothing is executed in the program by itself (\"allowCodeOnAttach\": false). If the "
        "connection breaks while it is stopped, it stays stopped.%s%s%s",
        version >= WRAPS_OUTPUT ? " What it prints comes once more with each attach to come." : "",
        version >= RUNS_WHILE_RUNNING && debuggee->python[0] == 2
            ? " If it prints bytes that are not UTF-8, ptvsd ends the session, and nobody "
              "is told."
            : "",
        options);
    free(options);
}

void session_guard_attached(struct session *session) {
    session->guard = (struct guard){.done = !session->config.code_on_attach};
    if (session->guard.done)
        say_what_is_lost(session);
    else if (debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING)
        execute(session, 0, "ptvsd");
}

bool session_guard_stopped(struct session *session, const struct thread *thread) {
    struct guard *guard = &session->guard;
    bool can = debuggee_blocked(&session->debuggee, thread->ident) &&
               debuggee_version(&session->debuggee) < RUNS_WHILE_RUNNING;
    if (!guard->done && !guard->asked && can)
        execute(session, thread->ident, NULL);
    return guard->asked;
}
