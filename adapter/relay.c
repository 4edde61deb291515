#include "relay.h"

#include "frame.h"
#include "last_words.h"
#include "memory.h"
#include "parting.h"
#include "relay_parts.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_LIMIT = 256 << 20, ATTACH_MS = 10000 };

/* Our own requests, above all numbers that an editor will reach. */
enum own_request {
    OWN_FIRST = 2000000000,
    OWN_INITIALIZE = OWN_FIRST,
    OWN_CONTINUE,
    OWN_LEAVE,
    OWN_ATTACH,
    OWN_CONFIGURE
};

static void relay_end(struct relay *relay, enum debuggee_end end, enum failure failure,
                      const char *detail) {
    if (relay->phase == RELAY_IDLE)
        return;
    char *kept = memory_copy_text(detail);
    last_words_set(relay, -1, NULL, 0);
    parting_from_dap(relay->loop, relay->stream, relay->phase != RELAY_INITIALIZING);
    relay->phase = RELAY_IDLE;
    relay->stream = NULL;
    uv_timer_stop(&relay->deadline);
    relay->owner.ended(relay->owner.context, end, failure, kept);
    free(kept);
}

/* ---- to the target --------------------------------------------------------------------------- */

static void send_text(struct relay *relay, const char *text, size_t length) {
    struct buf out;
    buf_init(&out, SIZE_MAX);
    frame_append(&out, text, length);
    stream_send(relay->stream, out.bytes, out.length);
    buf_finish(&out);
}

static char *request_text(int64_t seq, const char *command, const char *arguments) {
    return memory_format("{\"seq\":%lld,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}",
                         (long long)seq, command, arguments);
}

static void send_request(struct relay *relay, int64_t seq, const char *command,
                         const char *arguments) {
    char *text = request_text(seq, command, arguments);
    log_line(relay->log, LOG_DEBUG, "to target: our own %s", command);
    send_text(relay, text, strlen(text));
    free(text);
}

static const char *goodbye(const struct relay *relay) {
    return relay->end_program ? "{\"terminateDebuggee\":true}" : "{\"terminateDebuggee\":false}";
}

static void remember_last_words(struct relay *relay) {
    struct buf out;
    buf_init(&out, LAST_WORDS_LIMIT);
    char *text = request_text(OWN_LEAVE, "disconnect", goodbye(relay));
    if (frame_append(&out, text, strlen(text)) == 0)
        last_words_set(relay, stream_descriptor(relay->stream), out.bytes, out.length);
    free(text);
    buf_finish(&out);
}

static void attach_is_late(uv_timer_t *timer) {
    relay_end(timer->data, DEBUGGEE_FAILED, FAILURE_STALLED,
              "did not answer the request to attach");
}

static void send_attach(struct relay *relay) {
    char *arguments = relay_attach_arguments(relay);
    relay->phase = RELAY_ATTACHING;
    remember_last_words(relay);
    relay->owner.opened(relay->owner.context);
    send_request(relay, relay->again ? OWN_ATTACH : relay->attach_seq, "attach", arguments);
    uv_timer_start(&relay->deadline, attach_is_late,
                   relay->connect_ms > ATTACH_MS ? relay->connect_ms : ATTACH_MS, 0);
    free(arguments);
}

/* A vanished debugger leaves a ptvsd 4.x suspended, and nothing tells of it. Whoever runs does not
 * notice this; whoever is suspended says that it goes on. */
static void look_for_suspended(struct relay *relay) {
    relay->looking = true;
    send_request(relay, OWN_CONTINUE, "continue", "{\"threadId\":1}");
}

/* ---- from the target ------------------------------------------------------------------------- */

static void pass(struct relay *relay, const struct envelope *envelope, const char *text,
                 size_t length) {
    bool output = envelope->type == ENVELOPE_EVENT && !strcmp(envelope->name, "output");
    int64_t ours = client_pass(relay->client, text, length, -1, output);
    if (ours < 0 || envelope->type != ENVELOPE_REQUEST)
        return;
    relay->reverse[relay->reverse_count++ % RELAY_REVERSE] =
        (struct relay_reverse){envelope->seq, ours};
}

static void editor_may_configure(struct relay *relay) {
    uv_timer_stop(&relay->deadline);
    relay->phase = RELAY_OPEN;
}

static char *text_of(struct span value) {
    cJSON *parsed = value.at ? json_parse(value.at, value.length) : NULL;
    char *text = memory_copy_text(cJSON_IsString(parsed) ? parsed->valuestring : "");
    cJSON_Delete(parsed);
    return text;
}

/* debugpy says so, too, while it has not noticed yet that the last debugger has gone. */
static bool is_busy(const char *said) {
    return strstr(said, "already being debugged") != NULL;
}

static void refused(struct relay *relay, const struct envelope *envelope) {
    char *said = text_of(envelope->message);
    size_t length = strlen(said);
    if (length && said[length - 1] == '.')
        said[length - 1] = '\0';
    char *detail = memory_format("%s says: %s", relay->name, *said ? said : "(nothing)");
    relay_end(relay, DEBUGGEE_FAILED, is_busy(said) ? FAILURE_TARGET_BUSY : FAILURE_TARGET_REFUSED,
              detail);
    free(detail);
    free(said);
}

static void send_configuration(struct relay *relay, const char *command, const char *arguments) {
    send_request(relay, OWN_CONFIGURE, command, arguments);
}

static void may_be_configured(struct relay *relay) {
    if (relay->again) {
        relay->configured = true;
        relay_tell_again(relay, send_configuration);
    }
    editor_may_configure(relay);
}

static void attach_answered(struct relay *relay, const struct envelope *envelope, const char *text,
                            size_t length) {
    if (!envelope->success) {
        refused(relay, envelope);
        return;
    }
    relay->attach_answered = true;
    if (relay->phase == RELAY_LEAVING)
        return;
    relay->owner.attached(relay->owner.context);
    if (!relay->again)
        pass(relay, envelope, text, length);
    if (relay->in_process)
        look_for_suspended(relay);
    if (!relay->initialized_held)
        return;
    if (!relay->again)
        client_event(relay->client, "initialized", NULL);
    may_be_configured(relay);
}

static void own_answered(struct relay *relay, const struct envelope *envelope) {
    if (envelope->request_seq == OWN_LEAVE) {
        stream_end_sending(relay->stream); /* it is over when its side is */
    } else if (envelope->request_seq == OWN_INITIALIZE && relay->phase == RELAY_INITIALIZING) {
        if (!envelope->success) {
            refused(relay, envelope);
            return;
        }
        relay_show_capabilities(relay, envelope->body.at, envelope->body.length);
        send_attach(relay);
    }
}

static bool resumes(const char *command) {
    static const char *const names[] = {"continue", "next", "stepIn", "stepOut"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(command, names[i]))
            return true;
    return false;
}

static void take_response(struct relay *relay, const struct envelope *envelope, const char *text,
                          size_t length) {
    int64_t attach = relay->again ? OWN_ATTACH : relay->attach_seq;
    if (envelope->request_seq == attach && !relay->attach_answered) {
        attach_answered(relay, envelope, text, length);
        return;
    }
    if (envelope->request_seq >= OWN_FIRST) {
        own_answered(relay, envelope);
        return;
    }
    if (resumes(envelope->name) && !envelope->success)
        relay->running = false;
    pass(relay, envelope, text, length);
}

/* The greeting: who it is. */
static void take_greeting(struct relay *relay, const struct envelope *envelope) {
    cJSON *body = json_parse(envelope->body.at, envelope->body.length);
    const char *package = json_text(body, "output");
    const cJSON *data = json_object(body, "data");
    const char *version = json_text(data, "version");
    relay->in_process = version != NULL;
    if (!version)
        version = json_text(data, "packageVersion");
    snprintf(relay->name, sizeof relay->name, "%.20s %.20s",
             relay->in_process && package ? package : "debugpy", version ? version : "");
    cJSON_Delete(body);
}

static bool is_greeting(const struct relay *relay, const struct envelope *envelope) {
    return relay->phase == RELAY_INITIALIZING && !strcmp(envelope->name, "output") &&
           span_is_text(members_find(envelope->body.at, envelope->body.length, "category"),
                        "telemetry");
}

/* ptvsd 4.x stops at a breakpoint as soon as it is set, but before the first nothing of this
 * session can stop or go on: it is what the last debugger left. True when it is not for the editor.
 */
static bool left_over(struct relay *relay, const struct envelope *envelope) {
    bool continued = !strcmp(envelope->name, "continued");
    bool stopped = !strcmp(envelope->name, "stopped") && !relay->configured;
    if (!relay->looking || (!continued && !stopped))
        return false;
    if (stopped)
        send_request(relay, OWN_CONTINUE, "continue", "{\"threadId\":1}");
    if (!relay->left_suspended)
        client_note(relay->client, "console",
                    "A debugger that vanished had left the program suspended; it was set going "
                    "again. Breakpoints of that debugger may still be set: a disconnect removes "
                    "them.");
    relay->left_suspended = true;
    return true;
}

static void take_event(struct relay *relay, const struct envelope *envelope, const char *text,
                       size_t length) {
    const char *event = envelope->name;
    if (is_greeting(relay, envelope)) {
        take_greeting(relay, envelope);
        return;
    }
    if (!strcmp(event, "terminated")) {
        if (relay->phase != RELAY_LEAVING)
            relay_end(relay, DEBUGGEE_EXITED, FAILURE_OTHER, "");
        return;
    }
    /* ptvsd 4.x lets nobody configure before it has answered the attach request; debugpy answers
     * that only when it is configured. */
    if (!strcmp(event, "initialized") && relay->in_process && !relay->attach_answered) {
        relay->initialized_held = true;
        return;
    }
    if (left_over(relay, envelope))
        return;
    if (!strcmp(event, "stopped"))
        relay->running = relay->looking = false;
    if (!strcmp(event, "thread"))
        relay_note_thread(relay, envelope);
    char *other = relay_without_process_id(envelope, text, length);
    bool again = !strcmp(event, "initialized") && relay->again;
    if (client_wants(relay->client, event) && !again)
        pass(relay, envelope, other ? other : text, other ? strlen(other) : length);
    free(other);
    if (!strcmp(event, "initialized") && relay->phase == RELAY_ATTACHING)
        may_be_configured(relay);
}

static void take_message(struct relay *relay, const char *text, size_t length) {
    struct envelope envelope;
    if (envelope_read(&envelope, text, length) < 0) {
        relay_end(relay, DEBUGGEE_FAILED, FAILURE_BROKEN_WIRE, "a message that is no JSON object");
        return;
    }
    log_line(relay->log, LOG_DEBUG, "from target: %s", envelope.name);
    char *rewritten = relay_child(relay, &envelope, text, length);
    if (rewritten)
        pass(relay, &envelope, rewritten, strlen(rewritten));
    else if (envelope.type == ENVELOPE_RESPONSE)
        take_response(relay, &envelope, text, length);
    else if (envelope.type == ENVELOPE_EVENT)
        take_event(relay, &envelope, text, length);
    else
        pass(relay, &envelope, text, length);
    free(rewritten);
}

static void take_messages(struct relay *relay) {
    const char *text, *error;
    size_t length, whole;
    int found;
    while (relay->phase != RELAY_IDLE &&
           (found = frame_next(&relay->in, BODY_LIMIT, &text, &length, &whole, &error)) != 0) {
        if (found < 0) {
            relay_end(relay, DEBUGGEE_FAILED, FAILURE_BROKEN_WIRE, error);
            return;
        }
        take_message(relay, text, length);
        buf_consume(&relay->in, whole);
    }
}

static void stream_data(void *context, const char *bytes, size_t length) {
    struct relay *relay = context;
    if (buf_append(&relay->in, bytes, length) < 0)
        relay_end(relay, DEBUGGEE_FAILED, FAILURE_BROKEN_WIRE, "a message above 256 MiB");
    else
        take_messages(relay);
}

static void put_away(uv_timer_t *timer) {
    relay_end(timer->data, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
}

/* Who is told that it is over may attach at once. */
static void left(struct relay *relay) {
    uv_timer_start(&relay->deadline, put_away, relay->in_process ? 0 : PARTING_PUT_AWAY_MS, 0);
}

/* A ptvsd 4.x whose program ends says nothing of it. */
static void stream_closed(void *context, enum stream_end end, const char *detail) {
    struct relay *relay = context;
    relay->stream = NULL;
    if (relay->phase == RELAY_LEAVING)
        left(relay);
    else if (end == STREAM_ENDED && relay->attach_answered)
        relay_end(relay, DEBUGGEE_EXITED, FAILURE_OTHER, "");
    else
        relay_end(relay, DEBUGGEE_FAILED, explain_stream_end(end), detail);
}

/* ---- from the editor ------------------------------------------------------------------------- */

static void refuse(struct relay *relay, const struct dap_request *request, const char *why) {
    struct reply reply = {request->seq, request->command};
    client_fail(relay->client, reply, "\"%s\" is not possible: %s", request->command, why);
}

/* debugpy never answers a request that asks for a thread which has gone on, or one of DAP's that it
 * does not know, and then nothing behind it either: not even the goodbye. */
static bool asks_who_runs(const struct relay *relay, const struct dap_request *request) {
    const char *command = request->command;
    if (!relay->running)
        return false;
    return !strcmp(command, "variables") || !strcmp(command, "scopes") ||
           !strcmp(command, "setVariable") || !strcmp(command, "setExpression") ||
           (!strcmp(command, "evaluate") && dap_given(request->arguments, "frameId"));
}

/* An editor that does not listen to the `capabilities` event asks all the same, mostly for
 * nothing, and waits for the answer. */
static void answer_lacking(struct relay *relay, const struct dap_request *request) {
    struct reply reply = {request->seq, request->command};
    const cJSON *wanted = json_array(request->arguments, "breakpoints");
    if (!strcmp(request->command, "setFunctionBreakpoints") && !cJSON_GetArraySize(wanted)) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddArrayToObject(body, "breakpoints");
        client_respond(relay->client, reply, body);
        return;
    }
    char *why = memory_format("%s does not know this request.", relay->name);
    refuse(relay, request, why);
    free(why);
}

static bool configures(const char *command) {
    return !strncmp(command, "set", 3) || !strcmp(command, "configurationDone");
}

/* True when it may go to the target. */
static bool let_through(struct relay *relay, const struct dap_request *request) {
    if (relay_lacks(relay, request->command)) {
        answer_lacking(relay, request);
        return false;
    }
    if (asks_who_runs(relay, request)) {
        refuse(relay, request, "the program is running; pause it first.");
        return false;
    }
    if (configures(request->command))
        relay->configured = true;
    if (resumes(request->command)) {
        relay->running = !json_bool(request->arguments, "singleThread", false);
        relay->looking = false;
    }
    return true;
}

/* Ending is the session's affair, and so is `terminate` where that only means leaving. */
static bool is_for_us(const struct relay *relay, const char *command) {
    if (!strcmp(command, "disconnect"))
        return true;
    return !strcmp(command, "terminate") &&
           !(relay->allow_terminate && relay_can(relay, "supportsTerminateRequest"));
}

static void send_answer(struct relay *relay, const char *text, size_t length,
                        const struct envelope *envelope) {
    for (int i = 0; i < RELAY_REVERSE; i++) {
        struct relay_reverse *one = &relay->reverse[i];
        if (!one->ours || one->ours != envelope->request_seq)
            continue;
        struct buf out;
        buf_init(&out, SIZE_MAX);
        if (envelope_renumber(&out, text, length, envelope->seq, one->theirs) == 0)
            send_text(relay, out.bytes, out.length);
        buf_finish(&out);
        *one = (struct relay_reverse){0};
        return;
    }
}

static bool take_request(struct relay *relay, const char *text, size_t length) {
    struct dap_request request;
    const char *error;
    if (dap_request_parse(&request, text, length, &error) < 0)
        return false;
    bool ours = is_for_us(relay, request.command);
    if (!ours && relay->phase != RELAY_LEAVING && let_through(relay, &request)) {
        log_line(relay->log, LOG_DEBUG, "to target: request %s", request.command);
        relay_remember(relay, &request);
        send_text(relay, text, length);
    }
    dap_request_finish(&request);
    return !ours;
}

/* Bytes that are no UTF-8 would wedge a ptvsd 4.x for good. */
bool relay_take(struct relay *relay, const char *text, size_t length) {
    struct envelope envelope;
    if (relay->phase == RELAY_IDLE || !utf8_valid(text, length) ||
        envelope_read(&envelope, text, length) < 0)
        return false;
    if (envelope.type != ENVELOPE_RESPONSE)
        return take_request(relay, text, length);
    if (relay->phase != RELAY_LEAVING)
        send_answer(relay, text, length, &envelope);
    return true;
}

/* ---- life ------------------------------------------------------------------------------------ */

/* A secret may stand in the old one. */
static void replace_text(char **old, const char *text, size_t length) {
    memory_wipe_text(old);
    *old = text ? memory_copy_bytes(text, length) : memory_copy_text("{}");
}

static void keep_arguments(char **kept, const struct dap_request *request) {
    struct span arguments = {0};
    if (request->arguments)
        arguments = members_find(request->text, request->length, "arguments");
    replace_text(kept, arguments.at, arguments.length);
}

void relay_keep_initialize(struct relay *relay, const struct dap_request *request,
                           const cJSON *capabilities) {
    keep_arguments(&relay->initialize, request);
    cJSON_Delete(relay->announced);
    relay->announced = cJSON_Duplicate(capabilities, true);
}

void relay_keep_attach(struct relay *relay, const struct dap_request *request) {
    keep_arguments(&relay->attach, request);
    relay_forget_kept(relay);
    relay->attach_seq = request->seq;
}

static void initialize_is_late(uv_timer_t *timer) {
    relay_end(timer->data, DEBUGGEE_FAILED, FAILURE_STALLED, "did not answer \"initialize\"");
}

static void never_ready(void *context) {
    (void)context;
}

static void forget_target(struct relay *relay) {
    relay->in_process = relay->end_program = relay->initialized_held = relay->attach_answered =
        relay->configured = relay->looking = relay->left_suspended = relay->running = false;
    memset(relay->reverse, 0, sizeof relay->reverse);
    cJSON_Delete(relay->capabilities);
    relay->capabilities = NULL;
    free(relay->address);
    relay->address = NULL;
    buf_clear(&relay->in);
}

void relay_start(struct relay *relay, struct stream *stream, const struct buf *heard,
                 const struct reach *reach, bool allow_terminate, bool again) {
    const char *secret = reach->address.secret;
    forget_target(relay);
    relay->phase = RELAY_INITIALIZING;
    relay->stream = stream;
    relay->address = address_show(&reach->address);
    relay->allow_terminate = allow_terminate;
    relay->again = again;
    relay->connect_ms = reach_tcp_ms(&reach->tcp);
    stream_hand_over(stream, (struct stream_owner){relay, never_ready, stream_data, stream_closed});
    if (secret && *secret && !again)
        client_note(relay->client, "console",
                    "%s speaks the Debug Adapter Protocol itself and asks for no secret: the one "
                    "in the configuration was not sent, and it protects nothing.",
                    relay->address);
    send_request(relay, OWN_INITIALIZE, "initialize", relay->initialize);
    uv_timer_start(&relay->deadline, initialize_is_late, relay->connect_ms, 0);
    stream_data(relay, heard->bytes, heard->length);
}

static void leaving_takes_long(uv_timer_t *timer) {
    struct relay *relay = timer->data;
    log_line(relay->log, LOG_WARNING, "the target did not end the session in time; closing");
    relay_end(relay, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
}

bool relay_leave(struct relay *relay) {
    if (relay->phase == RELAY_IDLE)
        return false;
    if (relay->phase == RELAY_LEAVING)
        return true;
    if (relay->phase == RELAY_INITIALIZING) {
        relay_end(relay, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
        return true;
    }
    relay->phase = RELAY_LEAVING;
    send_request(relay, OWN_LEAVE, "disconnect", goodbye(relay));
    uv_timer_start(&relay->deadline, leaving_takes_long, relay->leave_ms, 0);
    return true;
}

void relay_init(struct relay *relay, uv_loop_t *loop, struct log *log, struct client *client,
                struct relay_owner owner) {
    *relay = (struct relay){.loop = loop, .log = log, .client = client, .owner = owner};
    buf_init(&relay->in, BODY_LIMIT + FRAME_HEAD_LIMIT);
    relay->initialize = memory_copy_text("{}");
    relay->attach = memory_copy_text("{}");
    uv_timer_init(loop, &relay->deadline);
    relay->deadline.data = relay;
}

static void timer_closed(uv_handle_t *handle) {
    struct relay *relay = handle->data;
    forget_target(relay);
    relay_forget_kept(relay);
    buf_finish(&relay->in);
    free(relay->initialize);
    memory_wipe_text(&relay->attach);
    cJSON_Delete(relay->announced);
    relay->finished(relay->owner.context);
}

void relay_finish(struct relay *relay, void (*done)(void *context)) {
    relay->finished = done;
    relay_end(relay, DEBUGGEE_DETACHED, FAILURE_OTHER, "");
    uv_close((uv_handle_t *)&relay->deadline, timer_closed);
}
