#include "doctor_attach.h"

#include "frame.h"
#include "memory.h"
#include "options.h"
#include "stream.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* An attach is answered soon after the way is ready, an evaluation within 15 s; a pause may never
 * come.
 */
enum { ANSWER_MS = 15000, PAUSE_MS = 3000, LEAVE_MS = 5000, IN_LIMIT = 64 << 20 };

struct doctor_attach {
    const struct options *options;
    const struct reach *reach;
    struct doctor_report *report;
    uv_process_t process;
    uv_pipe_t to, from;
    uv_timer_t timer;
    struct buf in;
    int seq;
    double asked_at; /* our clock, in seconds, when the program's was asked for */
    bool pausing;    /* a pause was asked for, and has not come yet */
    bool paused;     /* … was asked for at all */
    bool leaving;
    char bytes[64 * 1024];
};

static void leave(struct doctor_attach *attach);

static void fail(struct doctor_attach *attach, const char *sentence) {
    doctor_report_bad(attach->report, sentence);
    leave(attach);
}

/* ---- sending --------------------------------------------------------------------------------- */

struct sending {
    uv_write_t request;
    struct buf bytes;
};

static void sent(uv_write_t *request, int status) {
    struct sending *sending = (struct sending *)request;
    (void)status; /* its end is told by its exit */
    explicit_bzero(sending->bytes.bytes, sending->bytes.length);
    buf_finish(&sending->bytes);
    free(sending);
}

/* Takes `arguments`. */
static void ask(struct doctor_attach *attach, const char *command, cJSON *arguments) {
    cJSON *request = cJSON_CreateObject();
    cJSON_AddNumberToObject(request, "seq", ++attach->seq);
    cJSON_AddStringToObject(request, "type", "request");
    cJSON_AddStringToObject(request, "command", command);
    cJSON_AddItemToObject(request, "arguments", arguments);
    char *text = json_print(request);
    struct sending *sending = memory_new(sizeof *sending);
    buf_init(&sending->bytes, IN_LIMIT);
    frame_append(&sending->bytes, text, strlen(text));
    uv_buf_t now = uv_buf_init(sending->bytes.bytes, (unsigned)sending->bytes.length);
    if (uv_write(&sending->request, (uv_stream_t *)&attach->to, &now, 1, sent) < 0)
        sent(&sending->request, 0);
    memory_wipe_text(&text);
    cJSON_Delete(request);
}

static void ask_to_attach(struct doctor_attach *attach) {
    cJSON *arguments = cJSON_Duplicate(attach->options->reach, true), *one;
    const char *secret = attach->reach->address.secret;
    /* What was read once may be gone: a pipe. */
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, "secretFile");
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, "secretEnv");
    cJSON_AddStringToObject(arguments, "uri", attach->options->words[0]);
    cJSON_AddStringToObject(arguments, "secret", secret ? secret : "");
    cJSON_ArrayForEach(one, attach->options->attributes)
        cJSON_AddStringToObject(arguments, one->string, one->valuestring);
    ask(attach, "attach", arguments);
}

static void ask_for_clock(struct doctor_attach *attach, int64_t frame) {
    struct timeval now;
    gettimeofday(&now, NULL);
    attach->asked_at = (double)now.tv_sec + (double)now.tv_usec / 1e6;
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddStringToObject(arguments, "expression", "__import__('time').time()");
    cJSON_AddStringToObject(arguments, "context", "watch");
    if (frame >= 0)
        cJSON_AddNumberToObject(arguments, "frameId", (double)frame);
    ask(attach, "evaluate", arguments);
}

/* Its condition is never true, so nothing stops there. */
static void ask_for_breakpoint(struct doctor_attach *attach) {
    const char *file = attach->options->file, *colon = strrchr(file, ':');
    int line = colon ? atoi(colon + 1) : 0;
    char *name =
        line > 0 ? memory_copy_bytes(file, (size_t)(colon - file)) : memory_copy_text(file);
    char *path = realpath(name, NULL);
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddStringToObject(cJSON_AddObjectToObject(arguments, "source"), "path",
                            path ? path : name);
    cJSON *breakpoint = cJSON_CreateObject();
    cJSON_AddNumberToObject(breakpoint, "line", line > 0 ? line : 1);
    cJSON_AddStringToObject(breakpoint, "condition", "0");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(arguments, "breakpoints"), breakpoint);
    ask(attach, "setBreakpoints", arguments);
    free(path);
    free(name);
}

static void answer_is_late(uv_timer_t *timer) {
    fail(timer->data, "The program did not answer in time. It may be suspended, or busy in native "
                      "code: look at it there.");
}

static void await_answer(struct doctor_attach *attach) {
    unsigned way_ms = stream_way_ms(attach->reach);
    uv_timer_start(&attach->timer, answer_is_late, ANSWER_MS + way_ms, 0);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void go_to_source(struct doctor_attach *attach) {
    await_answer(attach);
    if (attach->options->file)
        ask_for_breakpoint(attach);
    else
        leave(attach);
}

static void tell_clock(struct doctor_attach *attach, const char *detail) {
    doctor_report_good(attach->report, DOCTOR_CLOCK, detail);
    go_to_source(attach);
}

static void pause_is_late(uv_timer_t *timer) {
    struct doctor_attach *attach = timer->data;
    attach->pausing = false;
    tell_clock(attach, "not known: the program comes to no line of Python");
}

/* Before 3.2 nothing can be evaluated while the program runs. */
static void pause_it(struct doctor_attach *attach) {
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddNumberToObject(arguments, "threadId", 1);
    ask(attach, "pause", arguments);
    attach->pausing = attach->paused = true;
    uv_timer_start(&attach->timer, pause_is_late, PAUSE_MS, 0);
}

static void stopped(struct doctor_attach *attach, const cJSON *body) {
    if (!attach->pausing || attach->leaving)
        return;
    attach->pausing = false;
    await_answer(attach);
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddNumberToObject(arguments, "threadId", (double)json_int(body, "threadId", 0));
    cJSON_AddNumberToObject(arguments, "levels", 1);
    ask(attach, "stackTrace", arguments);
}

static void take_clock(struct doctor_attach *attach, bool good, const cJSON *body) {
    const char *result = json_text(body, "result");
    double there = good && result ? atof(result) : 0;
    if (there <= 0) {
        tell_clock(attach, "not known: the program did not say");
        return;
    }
    double ahead = there - attach->asked_at;
    char *detail = memory_format(ahead < 1 && ahead > -1 ? "the same as here"
                                                         : "%.0f seconds %s the clock here",
                                 ahead < 0 ? -ahead : ahead, ahead < 0 ? "behind" : "ahead of");
    tell_clock(attach, detail);
    free(detail);
}

static void take_breakpoint(struct doctor_attach *attach, bool good, const cJSON *message) {
    const cJSON *body = json_object(message, "body");
    const cJSON *one = json_array(body, "breakpoints");
    one = one ? one->child : NULL;
    const char *why = good ? json_text(one, "message") : json_text(message, "message");
    const char *file = json_text(json_object(one, "source"), "path");
    if (!good || !json_bool(one, "verified", false)) {
        fail(attach, why ? why : "The breakpoint could not be set.");
        return;
    }
    char *detail =
        memory_format("a breakpoint in %s stops at line %lld", file ? file : attach->options->file,
                      (long long)json_int(one, "line", 0));
    doctor_report_good(attach->report, DOCTOR_SOURCE, detail);
    free(detail);
    leave(attach);
}

static void take_attach(struct doctor_attach *attach, bool good, const cJSON *message) {
    const char *why = json_text(message, "message");
    if (!good) {
        fail(attach, why ? why : "The attach failed.");
        return;
    }
    doctor_report_good(attach->report, DOCTOR_ATTACH, "no other debugger is attached");
    ask_for_clock(attach, -1);
}

static void take_stack(struct doctor_attach *attach, const cJSON *body) {
    const cJSON *frames = json_array(body, "stackFrames");
    int64_t frame = frames ? json_int(frames->child, "id", -1) : -1;
    if (frame >= 0)
        ask_for_clock(attach, frame);
    else
        tell_clock(attach, "not known: the program stands in no line of Python");
}

static void take_response(struct doctor_attach *attach, const cJSON *message) {
    const char *command = json_text(message, "command");
    const cJSON *body = json_object(message, "body");
    bool good = json_bool(message, "success", false);
    if (!command || attach->leaving)
        return;
    if (!strcmp(command, "initialize"))
        ask_to_attach(attach);
    else if (!strcmp(command, "attach"))
        take_attach(attach, good, message);
    else if (!strcmp(command, "evaluate") && !good && !attach->paused)
        pause_it(attach);
    else if (!strcmp(command, "evaluate"))
        take_clock(attach, good, body);
    else if (!strcmp(command, "stackTrace"))
        take_stack(attach, body);
    else if (!strcmp(command, "setBreakpoints"))
        take_breakpoint(attach, good, message);
}

static void take_event(struct doctor_attach *attach, const cJSON *message) {
    const char *event = json_text(message, "event");
    if (event && !strcmp(event, "initialized"))
        ask(attach, "configurationDone", cJSON_CreateObject());
    else if (event && !strcmp(event, "stopped"))
        stopped(attach, json_object(message, "body"));
    else if (event && !strcmp(event, "terminated") && !attach->leaving)
        fail(attach, "The session has ended by itself: the program may have ended. Look at it "
                     "there, and try again.");
}

/* ---- the other process ----------------------------------------------------------------------- */

static void take_messages(struct doctor_attach *attach) {
    const char *bytes, *error;
    size_t length, whole;
    while (frame_next(&attach->in, IN_LIMIT, &bytes, &length, &whole, &error) > 0) {
        cJSON *message = json_parse(bytes, length);
        const char *type = json_text(message, "type");
        if (type && !strcmp(type, "response"))
            take_response(attach, message);
        else if (type && !strcmp(type, "event"))
            take_event(attach, message);
        cJSON_Delete(message);
        buf_consume(&attach->in, whole);
    }
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room) {
    struct doctor_attach *attach = handle->data;
    (void)suggested;
    *room = uv_buf_init(attach->bytes, sizeof attach->bytes);
}

static void bytes_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *bytes) {
    struct doctor_attach *attach = stream->data;
    if (count < 0)
        uv_read_stop(stream); /* its exit comes, too */
    else if (buf_append(&attach->in, bytes->base, (size_t)count) == 0)
        take_messages(attach);
}

static void exited(uv_process_t *process, int64_t status, int signal_number) {
    struct doctor_attach *attach = process->data;
    (void)status;
    (void)signal_number;
    if (!attach->leaving)
        doctor_report_bad(attach->report, "The debug adapter that was started for this ended. "
                                          "Please report it.");
    attach->leaving = true;
    uv_close((uv_handle_t *)&attach->process, NULL);
    uv_close((uv_handle_t *)&attach->to, NULL);
    uv_close((uv_handle_t *)&attach->from, NULL);
    uv_close((uv_handle_t *)&attach->timer, NULL);
}

static void leaving_is_late(uv_timer_t *timer) {
    struct doctor_attach *attach = timer->data;
    uv_process_kill(&attach->process, SIGTERM);
}

static void leave(struct doctor_attach *attach) {
    attach->leaving = true;
    ask(attach, "disconnect", cJSON_CreateObject());
    uv_timer_start(&attach->timer, leaving_is_late, LEAVE_MS, 0);
}

static int spawn(struct doctor_attach *attach, uv_loop_t *loop) {
    char path[4096];
    size_t size = sizeof path;
    char name[] = "ptvsd-dap", *arguments[] = {name, NULL};
    int error = uv_exepath(path, &size);
    if (error)
        return error;
    uv_stdio_container_t stdio[] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&attach->to},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&attach->from},
        {.flags = UV_INHERIT_FD, .data.fd = 2}};
    uv_process_options_t options = {
        .exit_cb = exited, .file = path, .args = arguments, .stdio_count = 3, .stdio = stdio};
    return uv_spawn(loop, &attach->process, &options);
}

struct doctor_attach *doctor_attach_start(uv_loop_t *loop, const struct options *options,
                                          const struct reach *reach, struct doctor_report *report) {
    struct doctor_attach *attach = memory_new(sizeof *attach);
    *attach = (struct doctor_attach){.options = options, .reach = reach, .report = report};
    buf_init(&attach->in, IN_LIMIT);
    uv_pipe_init(loop, &attach->to, 0);
    uv_pipe_init(loop, &attach->from, 0);
    uv_timer_init(loop, &attach->timer);
    attach->process.data = attach->from.data = attach->timer.data = attach;
    int error = spawn(attach, loop);
    if (error) {
        char *sentence = memory_format("No debug adapter could be started for the attach: %s.",
                                       uv_strerror(error));
        doctor_report_bad(report, sentence);
        free(sentence);
        attach->leaving = true;
        exited(&attach->process, 0, 0);
        return attach;
    }
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddStringToObject(arguments, "adapterID", "ptvsd");
    ask(attach, "initialize", arguments);
    await_answer(attach);
    uv_read_start((uv_stream_t *)&attach->from, give_room, bytes_read);
    return attach;
}

void doctor_attach_finish(struct doctor_attach *attach) {
    if (!attach)
        return;
    buf_finish(&attach->in);
    free(attach);
}
