/* What a stop means: the attach stop, which nobody is to see; a ghost or a wrong file, to pass
 * over; or one that the user wanted. Facts: binary.md section 5, json.md sections 6, 7, 11,
 * features.md W11, W12. */
#include "session.h"

#include "hit_count.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { HOLD_MS = 30000, CONDITION_MS = 5000, ENTRY_MS = 200, ENTRY_TRIES = 5 };

static const size_t NOT_ITS_OWN = SIZE_MAX;

static const char *reason_name(enum stop_reason reason) {
    switch (reason) {
    case STOP_BREAKPOINT:
        return "breakpoint";
    case STOP_STEP:
        return "step";
    case STOP_PAUSE:
        return "pause";
    case STOP_ENTRY:
        return "entry";
    case STOP_EXCEPTION:
        return "exception";
    case STOP_NONE:
        break;
    }
    return "pause";
}

static void add_exception(cJSON *body, const struct stop *stop) {
    const char *type = stop->exception ? stop->exception : "exception";
    const char *message = stop->message ? stop->message : "";
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s", type, *message ? ": " : "", message);
    cJSON_AddStringToObject(body, "text", text);
    cJSON_AddStringToObject(body, "description",
                            stop->handled == WIRE_UNHANDLED ? "Paused on an uncaught exception"
                                                            : "Paused on an exception");
}

static bool at_function(struct session *session, const struct stop *stop) {
    struct source *source;
    return stop->reason == STOP_BREAKPOINT &&
           breakpoints_by_id(&session->breakpoints, stop->breakpoint, &source) &&
           source->kind == SOURCE_FUNCTION;
}

static void show_stop(struct session *session, const struct thread *thread, bool second) {
    const struct stop *stop = &thread->stop;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason",
                            at_function(session, stop) ? "function breakpoint"
                                                       : reason_name(stop->reason));
    cJSON_AddNumberToObject(body, "threadId", thread->id);
    /* ptvsd stops only the raising thread at an exception. */
    cJSON_AddBoolToObject(body, "allThreadsStopped", stop->reason != STOP_EXCEPTION);
    if (stop->reason == STOP_BREAKPOINT)
        cJSON_AddItemToObject(body, "hitBreakpointIds", cJSON_CreateIntArray(&stop->breakpoint, 1));
    if (stop->reason == STOP_EXCEPTION)
        add_exception(body, stop);
    if (second)
        cJSON_AddTrueToObject(body, "preserveFocusHint");
    client_event(&session->client, "stopped", body);
}

static void tell_stop(struct session *session, struct thread *thread) {
    bool all = thread->stop.reason != STOP_EXCEPTION;
    bool second = threads_told(&session->threads, thread) && !thread->alone;
    thread->told = true;
    thread->alone = false;
    thread->waits_its_turn = second && session->client.habits->resumes_the_second;
    session->all_told = session->all_told || all;
    if (all)
        session_alone_over(session);
    debuggee_stop_told(&session->debuggee, all);
    session_enter(session, SESSION_STOPPED, reason_name(thread->stop.reason));
    if (thread->waits_its_turn)
        client_note(&session->client, "console",
                    "Thread \"%s\" has stopped, too (%s): \"continue\" goes there first, a step "
                    "takes it along.",
                    thread->name, reason_name(thread->stop.reason));
    else
        show_stop(session, thread, second);
    session_functions_look(session); /* first: the user may go on at once */
    session_bases_look(session);
    session_compare_source(session, thread);
}

bool stops_show_next(struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++) {
        struct thread *thread = session->threads.items[i];
        if (thread->waits_its_turn) {
            thread->waits_its_turn = false;
            show_stop(session, thread, false);
            return true;
        }
    }
    return false;
}

/* The guard also makes ptvsd show a stack that it has lost sight of. */
static bool guard_may_find_stack(struct session *session, const struct thread *thread) {
    return !thread->frame_count && session_guard_stopped(session, thread);
}

/* A pause that the user asks for meanwhile is one. */
static bool seeks_entry(const struct session *session) {
    return session->entry_wanted && !session->pause_wanted;
}

static bool is_entry(const struct session *session, enum stop_reason reason) {
    return seeks_entry(session) && (reason == STOP_PAUSE || reason == STOP_STEP);
}

/* ptvsd can report the attach stop of a thread and then its hit of a breakpoint on that very line.
 */
static void take_wanted(struct session *session, struct thread *thread, enum stop_reason reason) {
    if (thread->told) {
        log_line(session->log, LOG_DEBUG, "this stop is told already");
        return;
    }
    thread->stop.reason = is_entry(session, reason) ? STOP_ENTRY : reason;
    if (session->entry_wanted && session->launch.process && reason != STOP_STEP) /* see launch.py */
        debuggee_step_begun(&session->debuggee, thread->ident);
    session->pause_wanted = session->entry_wanted = false;
    session_pause_over(session);
    uv_timer_stop(&session->entry_timer);
    session_step_into_over(session);
    if (session->configured && !guard_may_find_stack(session, thread))
        tell_stop(session, thread);
}

void stops_take_silent(struct session *session, struct thread *thread) {
    take_wanted(session, thread, STOP_PAUSE);
}

static void tell_stops_kept_back(struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++) {
        struct thread *thread = session->threads.items[i];
        if (thread->stop.reason != STOP_NONE && !thread->told)
            tell_stop(session, thread);
    }
}

/* Nobody is to see this stop. While the user looks at another one the thread stays where it is, as
 * a resume would free all; and a user who waits for a pause has one here, which a resume would
 * cancel. */
static void pass_over(struct session *session, struct thread *thread, const char *why) {
    if (session->pause_wanted) {
        take_wanted(session, thread, STOP_PAUSE);
        return;
    }
    if (thread->alone) {
        log_line(session->log, LOG_DEBUG, "passing over a stop of one thread: %s", why);
        debuggee_resume_alone(&session->debuggee, thread->ident);
        return;
    }
    bool leave = threads_any_stop(&session->threads) || !session->configured;
    log_line(session->log, LOG_DEBUG, "passing over a stop: %s%s", why,
             leave ? "; it stays until the next resume" : "");
    if (!leave)
        debuggee_pass_over(&session->debuggee);
}

/* ---- the attach stop --------------------------------------------------------------------------
 */

struct doubt {
    struct session *session;
    int64_t thread;
    int breakpoint;
    uint64_t late_at; /* no answer before that: the thread went on, or the session is over */
};

static bool take_entry(struct session *session, bool wait);
static void entry_is_late(uv_timer_t *timer);

/* What is late, or no condition, is told as a hit: one stop too many is better than a program that
 * stands still and nobody knows. */
static void condition_known(void *context, const struct wire_event *answer, const char *why) {
    struct doubt doubt = *(struct doubt *)context;
    free(context);
    struct session *session = doubt.session;
    struct thread *thread = threads_find(&session->threads, doubt.thread);
    (void)why;
    if (session->phase != SESSION_RUNNING || !thread ||
        (!answer && uv_now(session->loop) < doubt.late_at))
        return;
    bool untrue = answer && answer->type == WIRE_RESULT && answer->object.repr &&
                  !strcmp(answer->object.repr, "0");
    if (untrue) {
        if (!take_entry(session, true))
            pass_over(session, thread, "attach stop");
        return;
    }
    thread->stop.breakpoint = doubt.breakpoint;
    take_wanted(session, thread, STOP_BREAKPOINT);
}

static void ask_condition(struct session *session, const struct thread *thread,
                          const struct breakpoint *breakpoint, const char *condition) {
    struct doubt *doubt = memory_new(sizeof *doubt);
    *doubt = (struct doubt){session, thread->ident, breakpoint->id,
                            uv_now(session->loop) + CONDITION_MS};
    /* On a line of its own the bracket is no part of a comment that ends the condition. */
    char *text = memory_format("1 if (%s\n) else 0", condition);
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = thread->ident, .frame_kind = WIRE_FRAME_PYTHON, .text = text}};
    debuggee_ask(&session->debuggee, &command, false, CONDITION_MS, condition_known, doubt);
    free(text);
}

/* The attach stop can stand on the very line of a breakpoint that was set only now: ptvsd has
 * looked for breakpoints of this line already, and would miss it. */
static bool attach_stop_on_breakpoint(struct session *session, struct thread *thread) {
    if (!thread->frame_count || !debuggee_blocked(&session->debuggee, thread->ident))
        return false;
    const struct breakpoint *breakpoint =
        session_breakpoints_at(session, thread->frames[0].file, thread->frames[0].line);
    if (!breakpoint)
        return false;
    char *condition = hit_count_question(breakpoint);
    if (condition) {
        ask_condition(session, thread, breakpoint, condition);
        free(condition);
        return true;
    }
    thread->stop.breakpoint = breakpoint->id;
    take_wanted(session, thread, STOP_BREAKPOINT);
    return true;
}

/* A thread that stands in the program's own code; else one that stands in what that code called;
 * else any. `*own_at`: the frame of the program's own. */
static struct thread *best_entry(const struct session *session, size_t *own_at) {
    struct thread *best = NULL;
    size_t best_at = NOT_ITS_OWN;
    for (size_t i = 0; i < session->threads.count; i++) {
        struct thread *thread = session->threads.items[i];
        size_t at = 0;
        if (!debuggee_blocked(&session->debuggee, thread->ident))
            continue;
        while (at < thread->frame_count && pathmap_in_library(thread->frames[at].file))
            at++;
        bool known = at < thread->frame_count;
        if (!best || (known && at < best_at)) {
            best = thread;
            best_at = known ? at : NOT_ITS_OWN;
        }
    }
    *own_at = best_at;
    return best;
}

static bool any_runs(const struct session *session) {
    for (size_t i = 0; i < session->threads.count; i++)
        if (!debuggee_blocked(&session->debuggee, session->threads.items[i]->ident))
            return true;
    return false;
}

/* The others may wait for this very thread, as one does for a thread that it starts. */
static void break_once_more(struct session *session) {
    session->entry_tries++;
    debuggee_pass_over(&session->debuggee);
    debuggee_pause(&session->debuggee);
}

static void wait_for_entry(struct session *session) {
    if (!uv_is_active((uv_handle_t *)&session->entry_timer))
        uv_timer_start(&session->entry_timer, entry_is_late, ENTRY_MS, 0);
}

/* The attach stop is the entry where it stands in the program's own code. From 2.1.0 on it can be
 * in threading's wait(), in a thread that never leaves it: so the others, which ptvsd stops as
 * they come, have some time. Then it is the next line of the program's own, where a step ends. */
static bool take_entry(struct session *session, bool wait) {
    if (!session->config.stop_on_entry || !seeks_entry(session))
        return false;
    size_t own_at = 0;
    struct thread *thread = best_entry(session, &own_at);
    if (!thread)
        return false;
    if (own_at == 0 || (own_at == NOT_ITS_OWN && !wait && session->entry_tries == ENTRY_TRIES))
        take_wanted(session, thread, STOP_PAUSE);
    else if (wait)
        wait_for_entry(session);
    else if (own_at != NOT_ITS_OWN || !any_runs(session))
        return debuggee_step(&session->debuggee, thread->ident, WIRE_STEP_INTO) == 0;
    else
        break_once_more(session);
    return true;
}

static void entry_is_late(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (session->phase != SESSION_RUNNING || session->terminate.wanted ||
        take_entry(session, false))
        return;
    size_t own_at = 0;
    struct thread *thread = best_entry(session, &own_at);
    if (thread)
        pass_over(session, thread, "attach stop");
}

void stops_frames(struct session *session) {
    if (uv_is_active((uv_handle_t *)&session->entry_timer) && session->phase == SESSION_RUNNING &&
        !session->terminate.wanted)
        take_entry(session, true);
}

/* Once the editor is ready and the guard is in. */
static void leave_attach_stop(struct session *session) {
    if (session->guard.asked || session->terminate.wanted || session->bases_asked ||
        session_functions_asking(session) || session_lines_held(session))
        return;
    session->attach_stop = false;
    for (size_t i = 0; i < session->threads.count; i++) {
        struct thread *thread = session->threads.items[i];
        if (attach_stop_on_breakpoint(session, thread))
            return;
        if (session->pause_wanted && debuggee_blocked(&session->debuggee, thread->ident)) {
            pass_over(session, thread, "attach stop");
            return;
        }
    }
    if (!take_entry(session, true))
        debuggee_pass_over(&session->debuggee);
}

static void hold_is_over(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (session->configured || session->phase != SESSION_CONFIGURING)
        return;
    client_note(&session->client, "console",
                "No configurationDone came within 30 seconds; the program was set going.");
    stops_configured(session);
}

static void take_attach_stop(struct session *session, struct thread *thread) {
    bool seen =
        session->configured && (session->pause_wanted || threads_any_stop(&session->threads));
    session->attach_stop = !seen;
    if (!session->configured)
        uv_timer_start(&session->hold_timer, hold_is_over, HOLD_MS, 0);
    else if (seen)
        pass_over(session, thread, "attach stop");
    else
        leave_attach_stop(session);
}

static const char *top_file(const struct thread *thread) {
    return thread->frame_count ? thread->frames[0].file : "";
}

/* ptvsd may not have known yet what was edited: then this asks. Once it has answered it knows. */
static bool hit_is_doubted(struct session *session, const struct thread *thread, int id) {
    struct breakpoint *breakpoint = breakpoints_by_id(&session->breakpoints, id, NULL);
    if (!breakpoint->doubted || session->phase != SESSION_RUNNING)
        return false;
    char *condition = hit_count_question(breakpoint);
    breakpoint->doubted = false;
    if (condition)
        ask_condition(session, thread, breakpoint, condition);
    bool asked = condition != NULL;
    free(condition);
    return asked;
}

/* ptvsd names one of several at a line: with a removed one, one of ours may have hit. Not so for a
 * log point; and whether a count was reached, or a value has changed, cannot be asked, as ptvsd has
 * judged this pass. */
static bool ghost_hides_hit(struct session *session, struct thread *thread) {
    const struct breakpoint *breakpoint =
        thread->frame_count
            ? session_breakpoints_at(session, thread->frames[0].file, thread->frames[0].line)
            : NULL;
    if (!breakpoint || breakpoint->log_parts || breakpoint->hit_count.test != HIT_ALWAYS ||
        hit_count_changed(breakpoint) ||
        (breakpoint->condition && session->phase != SESSION_RUNNING))
        return false;
    char *condition = hit_count_question(breakpoint);
    if (condition) {
        ask_condition(session, thread, breakpoint, condition);
    } else {
        thread->stop.breakpoint = breakpoint->id;
        take_wanted(session, thread, STOP_BREAKPOINT);
    }
    free(condition);
    return true;
}

static void take_hit(struct session *session, struct thread *thread, int32_t wire_id) {
    int id = 0;
    switch (session_breakpoints_hit(session, wire_id, top_file(thread), &id)) {
    case HIT_MEANT:
        if (hit_is_doubted(session, thread, id))
            break;
        thread->stop.breakpoint = id;
        take_wanted(session, thread, STOP_BREAKPOINT);
        break;
    case HIT_WRONG_FILE:
        pass_over(session, thread, "another file of the same name");
        break;
    case HIT_GHOST:
        if (!ghost_hides_hit(session, thread))
            pass_over(session, thread, "a breakpoint that was removed");
        break;
    }
}

/* Unrequested while all runs it is the program's own break_into_debugger(); beside a reported stop
 * it is left over from a break-all that was cancelled. */
static void take_break(struct session *session, struct thread *thread) {
    if (!session->pause_wanted && threads_any_stop(&session->threads)) {
        pass_over(session, thread, "a stray break");
        return;
    }
    bool at_breakpoint = seeks_entry(session) && attach_stop_on_breakpoint(session, thread);
    if (!at_breakpoint && !take_entry(session, true))
        take_wanted(session, thread, STOP_PAUSE);
}

/* In mode "always" ptvsd stops again in every caller that the exception passes through. */
static void take_exception(struct session *session, struct thread *thread,
                           const struct wire_exception *exception) {
    if (threads_exception_passes(thread, exception)) {
        pass_over(session, thread, "the exception passes through a caller");
        return;
    }
    threads_set_exception(thread, exception);
    take_wanted(session, thread, STOP_EXCEPTION);
}

void stops_take(struct session *session, const struct wire_event *event) {
    if (session->phase == SESSION_ENDING)
        return; /* the detach frees it */
    struct thread *thread = threads_add(&session->threads, event->thread);
    if (session_terminate_stopped(session))
        return;
    switch ((int)event->type) {
    case WIRE_LOADED:
        session_guard_stopped(session, thread);
        session_lines_look(session);
        session_functions_look(session);
        session_bases_look(session);
        take_attach_stop(session, thread);
        break;
    case WIRE_HIT:
        take_hit(session, thread, event->breakpoint);
        break;
    case WIRE_STEPPED:
        if (!session_step_goes_on(session, thread))
            take_wanted(session, thread, STOP_STEP);
        break;
    case WIRE_BROKE:
        take_break(session, thread);
        break;
    case WIRE_EXCEPTION:
        take_exception(session, thread, &event->exception);
        break;
    }
    if (session->phase == SESSION_STOPPED)
        session_guard_stopped(session, thread);
}

/* A breakpoint can hit instead of, or beside, the attach stop, before the editor is ready: then it
 * is told now, and the resume that was meant for the attach stop must not be sent. */
void stops_configured(struct session *session) {
    uv_timer_stop(&session->hold_timer);
    session->configured = true;
    session_enter(session, SESSION_RUNNING, "configured");
    tell_stops_kept_back(session);
    if (session->phase == SESSION_RUNNING && session->attach_stop)
        leave_attach_stop(session);
}

void stops_guarded(struct session *session) {
    if (session->phase != SESSION_RUNNING && session->phase != SESSION_STOPPED)
        return; /* not configured yet, or leaving */
    tell_stops_kept_back(session);
    if (session->phase == SESSION_RUNNING && session->attach_stop)
        leave_attach_stop(session);
}
