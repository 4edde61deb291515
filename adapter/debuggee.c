#include "debuggee.h"

#include "debuggee_parts.h"
#include "last_words.h"
#include "memory.h"
#include "parting.h"

#include <stdlib.h>
#include <string.h>

enum {
    SETTLE_MS = 80,
    SETTLE_GAP_MS = 40,
    SETTLE_LATE_MS = 1000,
    ATTACH_STOP_MS = 150,
    ATTACH_STOP_SURE_MS = 1500,
    QUIET_GUARDED_MS = 15,
    QUIET_UNGUARDED_MS = 100,
    EXIT_MS = 900
};

uint64_t debuggee_now(const struct debuggee *debuggee) {
    return uv_now(debuggee->loop);
}

/* ---- the end -----------------------------------------------------------------------------------
 */

static void be_over(struct debuggee *debuggee) {
    debuggee->phase = DEBUGGEE_OVER;
    debuggee->stream = NULL;
    uv_timer_stop(&debuggee->deadline);
    uv_timer_stop(&debuggee->pump);
}

static void debuggee_end(struct debuggee *debuggee, enum debuggee_end end, enum failure failure,
                         const char *detail) {
    if (debuggee->phase == DEBUGGEE_OVER || debuggee->phase == DEBUGGEE_IDLE)
        return;
    char *kept = memory_copy_text(detail);
    last_words_set(debuggee, -1, NULL, 0);
    stream_close(debuggee->stream);
    be_over(debuggee);
    debuggee_give_up_questions(debuggee, "The session with the program has ended.");
    run_forget(debuggee);
    debuggee->owner.ended(debuggee->owner.context, end, failure, kept ? kept : "");
    free(kept);
}

static void debuggee_broken(struct debuggee *debuggee) {
    debuggee_end(debuggee, DEBUGGEE_FAILED, FAILURE_BROKEN_WIRE, debuggee->wire.error);
}

void debuggee_gone(struct debuggee *debuggee) {
    debuggee_end(debuggee, DEBUGGEE_EXITED, FAILURE_OTHER, "");
}

void debuggee_lose(struct debuggee *debuggee, enum failure failure) {
    debuggee_end(debuggee, DEBUGGEE_FAILED, failure, "");
}

/* ---- sending -----------------------------------------------------------------------------------
 */

void debuggee_write(struct debuggee *debuggee, const struct wire_command *command) {
    log_line(debuggee->log, LOG_DEBUG, "to ptvsd: %s", wire_command_name(command->type));
    wire_encode(&debuggee->wire, command);
}

void debuggee_flush(struct debuggee *debuggee) {
    struct buf *out = &debuggee->wire.out;
    if (debuggee->stream && out->length)
        stream_send(debuggee->stream, out->bytes, out->length);
    buf_clear(out);
}

static bool debuggee_open(const struct debuggee *debuggee) {
    return debuggee->phase >= DEBUGGEE_SETTLING && debuggee->phase < DEBUGGEE_EXITING;
}

void debuggee_send(struct debuggee *debuggee, const struct wire_command *command) {
    /* Behind the detach ptvsd reads nothing, or takes it for a stranger's. */
    if (!debuggee_open(debuggee) || debuggee->phase >= DEBUGGEE_LEAVING)
        return;
    debuggee_write(debuggee, command);
    debuggee_flush(debuggee);
}

bool debuggee_can(const struct debuggee *debuggee, enum wire_command_type type) {
    return debuggee_open(debuggee) && wire_can(&debuggee->wire, type);
}

int debuggee_version(const struct debuggee *debuggee) {
    return debuggee->wire_open ? debuggee->wire.version->number : 0;
}

/* ---- attach ------------------------------------------------------------------------------------
 */

/* ptvsd accepts before it has finished its own side of the attach, and a command that comes in
 * between goes half wrong. Version 8 says when it is done; for the others the end of the module
 * list, or a first stack, must do. */
static bool tells_settled(const struct debuggee *debuggee) {
    return debuggee->wire.version->number >= 8;
}

static void settled(struct debuggee *debuggee) {
    if (debuggee->phase != DEBUGGEE_SETTLING)
        return;
    debuggee->phase = DEBUGGEE_ATTACHED;
    debuggee->owner.attached(debuggee->owner.context);
}

static void remember_last_words(struct debuggee *debuggee) {
    struct wire farewell;
    wire_init(&farewell, debuggee->wire.version);
    wire_encode(&farewell, &(struct wire_command){.type = WIRE_DETACH});
    last_words_set(debuggee, stream_descriptor(debuggee->stream), farewell.out.bytes,
                   farewell.out.length);
    wire_finish(&farewell);
}

static void take_bytes(struct debuggee *debuggee, const char *bytes, size_t length);

static void greeting_attached(struct debuggee *debuggee) {
    struct greeting *greeting = &debuggee->greeting;
    uv_timer_stop(&debuggee->deadline);
    if (debuggee->wire_open)
        wire_finish(&debuggee->wire);
    wire_init(&debuggee->wire, wire_version_find(greeting->version));
    debuggee->wire_open = true;
    debuggee->pid = greeting->pid;
    memcpy(debuggee->python, greeting->python, sizeof debuggee->python);
    debuggee->phase = DEBUGGEE_SETTLING;
    debuggee->settle_until = debuggee_now(debuggee) + SETTLE_LATE_MS;
    debuggee->settle_at =
        tells_settled(debuggee) ? debuggee->settle_until : debuggee_now(debuggee) + SETTLE_MS;
    log_line(debuggee->log, LOG_INFO, "attached: wire version %d, pid %lld, Python %d.%d.%d",
             debuggee->wire.version->number, (long long)debuggee->pid, debuggee->python[0],
             debuggee->python[1], debuggee->python[2]);
    remember_last_words(debuggee);
    /* Until it is told otherwise, every ptvsd stops on unhandled exceptions. */
    debuggee_send(debuggee, &(struct wire_command){.type = WIRE_SET_EXCEPTIONS});
    take_bytes(debuggee, greeting->in.bytes, greeting->in.length);
    buf_clear(&greeting->in);
    if (debuggee->leave_once_attached)
        debuggee_detach(debuggee);
}

static void part_before_attach(struct debuggee *debuggee) {
    parting_before_attach(debuggee->loop, debuggee->stream, &debuggee->greeting,
                          (struct parting_owner){NULL, NULL});
    debuggee->stream = NULL;
    debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
}

static void hand_over(struct debuggee *debuggee) {
    struct stream *stream = debuggee->stream;
    if (debuggee->leave_once_attached) {
        part_before_attach(debuggee);
        return;
    }
    be_over(debuggee);
    debuggee->owner.speaks_dap(debuggee->owner.context, stream, &debuggee->greeting.in);
}

static void greeting_went_on(struct debuggee *debuggee, enum greeting_result result) {
    struct greeting *greeting = &debuggee->greeting;
    if (greeting->out.length) {
        stream_send(debuggee->stream, greeting->out.bytes, greeting->out.length);
        buf_clear(&greeting->out);
    }
    if (result == GREETING_ATTACHED)
        greeting_attached(debuggee);
    else if (result == GREETING_SPEAKS_DAP)
        hand_over(debuggee);
    else if (result != GREETING_GOES_ON)
        debuggee_end(debuggee, DEBUGGEE_FAILED, explain_greeting(result), greeting->heard);
}

/* ---- events -------------------------------------------------------------------------------------
 */

static void exit_takes_long(uv_timer_t *timer) {
    debuggee_end(timer->data, DEBUGGEE_EXITED, FAILURE_OTHER, "");
}

/* A reset that meets the interpreter in mid-exit can hang it (ptvsd's reader thread then prints a
 * traceback through locks that nobody holds any more), so its end of the connection is awaited. */
static void exiting(struct debuggee *debuggee) {
    debuggee->phase = DEBUGGEE_EXITING;
    last_words_set(debuggee, -1, NULL, 0);
    debuggee_give_up_questions(debuggee, "The program is ending.");
    uv_timer_start(&debuggee->deadline, exit_takes_long, EXIT_MS, 0);
}

static void detached(struct debuggee *debuggee) {
    if (debuggee->phase < DEBUGGEE_LEAVING) {
        exiting(debuggee);
    } else if (!wire_can(&debuggee->wire, WIRE_FAREWELL)) {
        debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
    } else if (debuggee->phase == DEBUGGEE_LEAVING) {
        debuggee->phase = DEBUGGEE_FAREWELL;
        debuggee_write(debuggee, &(struct wire_command){.type = WIRE_FAREWELL});
        debuggee_flush(debuggee);
    }
}

static void forward(struct debuggee *debuggee, const struct wire_event *event) {
    debuggee->owner.event(debuggee->owner.context, event);
}

static void take_thread(struct debuggee *debuggee, int64_t id) {
    run_thread_started(debuggee, id);
    forward(debuggee, &(struct wire_event){.type = WIRE_THREAD_STARTED, .thread = id});
}

/* The first that is heard of a thread that began while ptvsd attached, which tells nothing then. */
static bool shows_thread(const struct wire_event *event) {
    return event->type != WIRE_FRAMES || event->frames.thread_name; /* that it sends itself */
}

static void take_stop_or_frames(struct debuggee *debuggee, const struct wire_event *event) {
    settled(debuggee);
    if (shows_thread(event) && !run_thread(debuggee, event->thread))
        take_thread(debuggee, event->thread);
    if (event->type == WIRE_FRAMES) {
        if (run_frames(debuggee, event))
            forward(debuggee, event);
    } else {
        run_stop(debuggee, event);
    }
}

static void take_event(struct debuggee *debuggee, const struct wire_event *event) {
    log_line(debuggee->log, LOG_DEBUG, "from ptvsd: %s", wire_event_name(event->type));
    switch (event->type) {
    case WIRE_THREAD_STARTED:
        take_thread(debuggee, event->thread);
        break;
    case WIRE_THREAD_ENDED:
        run_thread_ended(debuggee, event->thread);
        forward(debuggee, event);
        break;
    case WIRE_MODULE:
        if (!tells_settled(debuggee))
            debuggee->settle_at =
                sooner(debuggee_now(debuggee) + SETTLE_GAP_MS, debuggee->settle_until);
        forward(debuggee, event);
        break;
    case WIRE_MODULES_CHANGED:
        settled(debuggee);
        break;
    case WIRE_FRAMES:
    case WIRE_LOADED:
    case WIRE_HIT:
    case WIRE_STEPPED:
    case WIRE_BROKE:
    case WIRE_EXCEPTION:
        take_stop_or_frames(debuggee, event);
        break;
    case WIRE_RESULT:
    case WIRE_FAILED:
    case WIRE_CHILDREN_ARE:
        ask_answered(debuggee, event);
        break;
    case WIRE_HIT_COUNT:
        if (event->token == debuggee->barrier)
            run_barrier_answered(debuggee);
        break;
    case WIRE_DETACHED:
        detached(debuggee);
        break;
    case WIRE_FAREWELL_DONE:
        if (debuggee->phase == DEBUGGEE_FAREWELL)
            debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
        break;
    case WIRE_REFUSED:
        log_line(debuggee->log, LOG_WARNING, "ptvsd refused %s", event->text);
        break;
    case WIRE_RESUMED:
    case WIRE_LINE_SET:
        break;
    case WIRE_BOUND:
    case WIRE_PENDING:
    case WIRE_OUTPUT:
    case WIRE_WANTS_HANDLERS:
        forward(debuggee, event);
        break;
    }
}

/* The binary wires: each field of a message is a send of its own. */
static bool writes_by_field(const struct debuggee *debuggee) {
    return debuggee->wire.version->number < 7;
}

static void take_bytes(struct debuggee *debuggee, const char *bytes, size_t length) {
    if (buf_append(&debuggee->wire.in, bytes, length) < 0) {
        strcpy(debuggee->wire.error, "a message above 256 MiB");
        debuggee_broken(debuggee);
        return;
    }
    struct wire_event event;
    bool output_last = false;
    int found;
    while (debuggee_open(debuggee) && (found = wire_decode(&debuggee->wire, &event)) != 0) {
        if (found < 0) {
            debuggee_broken(debuggee);
            return;
        }
        output_last = event.type == WIRE_OUTPUT;
        take_event(debuggee, &event);
    }
    if (!debuggee_open(debuggee))
        return;
    debuggee_flush(debuggee);
    debuggee_pump(debuggee);
    bool in_message = writes_by_field(debuggee) && debuggee->wire.in.length;
    if (in_message || output_last) /* who prints a line goes on to print, and pays for waking us */
        stream_more_expected(debuggee->stream);
}

/* ---- the stream
 * ------------------------------------------------------------------------------------ */

static void attach_is_late(uv_timer_t *timer) {
    struct debuggee *debuggee = timer->data;
    enum failure failure =
        debuggee->phase == DEBUGGEE_CONNECTING ? FAILURE_TIMED_OUT : FAILURE_SILENT;
    debuggee_end(debuggee, DEBUGGEE_FAILED, failure, "no answer");
}

static void stream_ready(void *context) {
    struct debuggee *debuggee = context;
    debuggee->phase = DEBUGGEE_GREETING;
    if (!debuggee->leave_once_attached)
        uv_timer_start(&debuggee->deadline, attach_is_late, debuggee->greeting_ms, 0);
}

static void stream_data(void *context, const char *bytes, size_t length) {
    struct debuggee *debuggee = context;
    debuggee->heard_at = debuggee_now(debuggee);
    if (debuggee->phase == DEBUGGEE_EXITING)
        return;
    if (debuggee->phase != DEBUGGEE_GREETING) {
        take_bytes(debuggee, bytes, length);
        return;
    }
    enum greeting_result result = GREETING_BROKEN;
    if (buf_append(&debuggee->greeting.in, bytes, length) == 0)
        result = greeting_feed(&debuggee->greeting);
    greeting_went_on(debuggee, result);
}

/* ptvsd's own way to say no, for which the greeting has the words. */
static bool is_an_answer(enum stream_end end) {
    return end == STREAM_ENDED || end == STREAM_RESET;
}

static void stream_closed(void *context, enum stream_end end, const char *detail) {
    struct debuggee *debuggee = context;
    debuggee->stream = NULL;
    if (debuggee->phase == DEBUGGEE_GREETING && is_an_answer(end)) {
        enum greeting_result result = greeting_closed(&debuggee->greeting);
        debuggee_end(debuggee, DEBUGGEE_FAILED, explain_greeting(result), debuggee->greeting.heard);
    } else if (debuggee->phase == DEBUGGEE_EXITING) {
        debuggee_end(debuggee, DEBUGGEE_EXITED, FAILURE_OTHER, "");
    } else if (debuggee->phase >= DEBUGGEE_LEAVING) {
        debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
    } else {
        debuggee_end(debuggee, DEBUGGEE_FAILED, explain_stream_end(end), detail);
    }
}

static void stream_noted(void *context, bool important, const char *text) {
    struct debuggee *debuggee = context;
    debuggee->owner.note(debuggee->owner.context, important, text);
}

static void replace_text(char **old, const char *text) {
    memory_wipe_text(old);
    *old = memory_copy_text(text);
}

void debuggee_attach(struct debuggee *debuggee, const struct reach *reach,
                     const struct debuggee_terms *terms) {
    const char *secret = reach->address.secret;
    debuggee->phase = DEBUGGEE_CONNECTING;
    debuggee->attach_stop_seen = debuggee->early_stop = debuggee->guarded = false;
    debuggee->watching = debuggee->leave_once_attached = false;
    debuggee->watch_at = 0;
    replace_text(&debuggee->secret, secret ? secret : "");
    replace_text(&debuggee->options, terms->options);
    debuggee->greeting_ms = reach_tcp_ms(&reach->tcp);
    debuggee->detach_ms = terms->detach_ms;
    debuggee->may_execute = terms->may_execute;
    greeting_finish(&debuggee->greeting);
    greeting_init(&debuggee->greeting, debuggee->secret, debuggee->options);
    debuggee->stream = stream_create(debuggee->loop, reach);
    uv_timer_start(&debuggee->deadline, attach_is_late, stream_way_ms(reach), 0);
    struct stream_owner owner = {debuggee, stream_ready, stream_data, stream_closed};
    stream_listen(debuggee->stream, stream_noted);
    stream_start(debuggee->stream, owner);
}

/* ---- detach ------------------------------------------------------------------------------------
 */

static void detach_is_late(uv_timer_t *timer) {
    struct debuggee *debuggee = timer->data;
    log_line(debuggee->log, LOG_WARNING, "ptvsd did not answer the detach; closing");
    debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
}

/* Asked to attach, ptvsd may have done so before it learns of our end, and without the guard the
 * program would stand at its attach stop for good. And a proxy makes an orderly end of any reset,
 * by which a ptvsd that has not attached is wedged. */
static bool must_attach_first(const struct debuggee *debuggee) {
    return debuggee->greeting.let_in || !stream_resets(debuggee->stream);
}

bool debuggee_detach(struct debuggee *debuggee) {
    if (debuggee->phase == DEBUGGEE_IDLE || debuggee->phase == DEBUGGEE_OVER)
        return false;
    if (debuggee->phase >= DEBUGGEE_LEAVING_SOON)
        return true;
    if (debuggee->phase < DEBUGGEE_SETTLING && must_attach_first(debuggee)) {
        debuggee->leave_once_attached = true;
        uv_timer_start(&debuggee->deadline, detach_is_late, debuggee->detach_ms, 0);
        return true;
    }
    if (debuggee->phase < DEBUGGEE_SETTLING) {
        part_before_attach(debuggee);
        return true;
    }
    debuggee->phase = DEBUGGEE_LEAVING_SOON;
    debuggee->leave_at =
        debuggee_now(debuggee) + (debuggee->early_stop ? ATTACH_STOP_SURE_MS : ATTACH_STOP_MS);
    debuggee->quieted = false;
    debuggee->resume_wanted = false;
    ask_give_up_unsent(debuggee, "The session is being disconnected.");
    uv_timer_start(&debuggee->deadline, detach_is_late, debuggee->detach_ms, 0);
    debuggee_pump(debuggee);
    return true;
}

/* ptvsd first frees the threads that are stopped and only then stops stopping others: a thread that
 * reaches the attach stop in between waits for ever. So the attach stop is awaited first; a thread
 * that does not come to it in time sits in a C call. After a stop that was too early it will come:
 * ptvsd has not ended its attach, and would declare itself attached after the detach. */
static bool attach_stop_may_come(const struct debuggee *debuggee, uint64_t *due) {
    if (debuggee->attach_stop_seen || debuggee_now(debuggee) >= debuggee->leave_at)
        return false;
    *due = sooner(*due, debuggee->leave_at);
    return true;
}

/* ptvsd reads no answer any more once it has read the detach: a thread that asks for handlers, or
 * stops, then waits for ever. So nobody is to ask or to stop; the barrier tells that all who had
 * asked before have been answered. */
static void quiet_program(struct debuggee *debuggee) {
    debuggee->quieted = true;
    debuggee->quiet_at =
        debuggee_now(debuggee) + (debuggee->guarded ? QUIET_GUARDED_MS : QUIET_UNGUARDED_MS);
    run_clear_stepping(debuggee);
    run_open_barrier(debuggee, &(struct wire_command){.type = WIRE_SET_EXCEPTIONS});
}

static bool program_may_be_loud(struct debuggee *debuggee, uint64_t *due) {
    if (!debuggee->quieted)
        quiet_program(debuggee);
    if (debuggee_now(debuggee) < debuggee->quiet_at)
        *due = sooner(*due, debuggee->quiet_at);
    return debuggee->barrier || debuggee_now(debuggee) < debuggee->quiet_at;
}

/* ptvsd's loop dies of a detach that meets a thread still waking up from a resume, or a question
 * not picked up yet. */
static uint64_t leave_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    if (debuggee->phase != DEBUGGEE_LEAVING_SOON || attach_stop_may_come(debuggee, &due) ||
        run_step_may_end(debuggee, &due) || !run_may_interrupt(debuggee, &due) ||
        program_may_be_loud(debuggee, &due))
        return due;
    debuggee_send(debuggee, &(struct wire_command){.type = WIRE_DETACH});
    debuggee->phase = DEBUGGEE_LEAVING;
    return NEVER;
}

void debuggee_guarded(struct debuggee *debuggee) {
    debuggee->guarded = true;
}

/* ---- the pump
 * ------------------------------------------------------------------------------------ */

static void pump_timer_fired(uv_timer_t *timer) {
    debuggee_pump(timer->data);
}

static uint64_t settle_pump(struct debuggee *debuggee) {
    if (debuggee->phase != DEBUGGEE_SETTLING)
        return NEVER;
    if (debuggee_now(debuggee) < debuggee->settle_at)
        return debuggee->settle_at;
    settled(debuggee);
    return NEVER;
}

void debuggee_pump(struct debuggee *debuggee) {
    if (!debuggee_open(debuggee))
        return;
    debuggee->pump_again = false;
    uint64_t due = settle_pump(debuggee);
    due = sooner(due, run_pump(debuggee));
    due = sooner(due, ask_pump(debuggee));
    due = sooner(due, leave_pump(debuggee));
    due = sooner(due, watch_pump(debuggee));
    if (debuggee->pump_again)
        due = 0;
    if (!debuggee_open(debuggee) || due == NEVER) {
        uv_timer_stop(&debuggee->pump);
        return;
    }
    uint64_t now = debuggee_now(debuggee);
    uv_timer_start(&debuggee->pump, pump_timer_fired, due > now ? due - now : 0, 0);
}

void debuggee_pump_soon(struct debuggee *debuggee) {
    debuggee->pump_again = true; /* should this come from within the pump */
    if (debuggee_open(debuggee))
        uv_timer_start(&debuggee->pump, pump_timer_fired, 0, 0);
}

/* ---- init and finish
 * ------------------------------------------------------------------------------- */

void debuggee_init(struct debuggee *debuggee, uv_loop_t *loop, struct log *log,
                   struct debuggee_owner owner, int32_t first_token) {
    *debuggee =
        (struct debuggee){.loop = loop, .log = log, .owner = owner, .next_token = first_token};
    greeting_init(&debuggee->greeting, "", "");
    uv_timer_init(loop, &debuggee->deadline);
    uv_timer_init(loop, &debuggee->pump);
    debuggee->deadline.data = debuggee->pump.data = debuggee;
    debuggee->timers_open = 2;
}

static void timer_closed(uv_handle_t *handle) {
    struct debuggee *debuggee = handle->data;
    if (--debuggee->timers_open)
        return;
    greeting_finish(&debuggee->greeting);
    if (debuggee->wire_open)
        wire_finish(&debuggee->wire);
    free(debuggee->threads);
    memory_wipe_text(&debuggee->secret);
    memory_wipe_text(&debuggee->options);
    debuggee->finished(debuggee->owner.context);
}

void debuggee_finish(struct debuggee *debuggee, void (*done)(void *context)) {
    debuggee->finished = done;
    if (debuggee->phase != DEBUGGEE_IDLE && debuggee->phase != DEBUGGEE_OVER)
        debuggee_end(debuggee, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
    uv_close((uv_handle_t *)&debuggee->deadline, timer_closed);
    uv_close((uv_handle_t *)&debuggee->pump, timer_closed);
}
