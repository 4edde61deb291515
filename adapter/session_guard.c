/* What is executed in the debuggee at each attach: the drop guard, without which a lost connection
 * freezes the program for good, and the undoing of doubled output. At the first chance: at once
 * where the wire can while the program runs (version 8), else at the first stop that has a frame,
 * the attach stop as a rule. Facts: executed-code.md sections A and E, features.md W1 to W3, W13.
 */
#include "session.h"

#include "remote.h"

#include <stdlib.h>
#include <string.h>

enum { REMOTE_MS = 3000, RUNS_WHILE_RUNNING = 8 };

static void next_program(struct session *session, int64_t thread);

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
    if (guard->next == REMOTE_DROP_GUARD)
        note_guard(session, answer, why);
    /* Not answered: the stop was over too soon. It is tried again at the next. */
    if (answer)
        guard->next++;
    if (answer && guard->next <= REMOTE_UNWRAP_OUTPUT)
        next_program(session, guard->thread);
    else
        stops_guarded(session);
}

static void next_program(struct session *session, int64_t thread) {
    struct guard *guard = &session->guard;
    bool while_running = debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING;
    char *text = remote_text((enum remote_program)guard->next, NULL);
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread,
                    .frame_kind = while_running ? WIRE_FRAME_NONE : WIRE_FRAME_PYTHON,
                    .text = text,
                    .module = while_running ? "ptvsd" : NULL}};
    guard->asked = true;
    guard->thread = thread;
    debuggee_ask(&session->debuggee, &command, false, REMOTE_MS, executed, session);
    free(text);
}

static bool is_done(const struct guard *guard) {
    return guard->asked || guard->next > REMOTE_UNWRAP_OUTPUT;
}

void session_guard_attached(struct session *session) {
    session->guard = (struct guard){.next = session->config.drop_guard ? REMOTE_DROP_GUARD
                                                                       : REMOTE_UNWRAP_OUTPUT};
    if (debuggee_version(&session->debuggee) >= RUNS_WHILE_RUNNING)
        next_program(session, 0);
}

bool session_guard_stopped(struct session *session, const struct thread *thread) {
    struct guard *guard = &session->guard;
    bool can = thread->frame_count && debuggee_blocked(&session->debuggee, thread->ident) &&
               debuggee_version(&session->debuggee) < RUNS_WHILE_RUNNING;
    if (!is_done(guard) && can)
        next_program(session, thread->ident);
    return guard->asked;
}
