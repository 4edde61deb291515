#include "launch_parts.h"

#include "json.h"
#include "literal.h"
#include "memory.h"
#include "remote.h"
#include "utf8.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINK_TEXT "3" /* the descriptor */

enum { KILL_MS = 1000, LINE_LIMIT = 64 << 10 };

/* ---- the end -------------------------------------------------------------------------------- */

static void handle_closed(uv_handle_t *handle) {
    struct launch *launch = handle->data;
    if (--launch->handles)
        return;
    buf_finish(&launch->line);
    free(launch->waiting);
    for (int i = 0; i < 2; i++)
        buf_finish(&launch->outputs[i].rest);
    free(launch);
}

void launch_close_handle(struct launch *launch, uv_handle_t *handle) {
    if (uv_is_closing(handle))
        return;
    handle->data = launch;
    uv_close(handle, handle_closed);
}

/* With its children, also those that outlive it if it is to be killed; in a terminal the group has
 * others in it. */
static void signal_it(const struct launch *launch, int number) {
    bool children = launch->doomed && !launch->terminal.wanted;
    if ((!launch->exited || children) && launch->pid > 0)
        uv_kill(launch->terminal.wanted ? launch->pid : -launch->pid, number);
}

static void kill_now(uv_timer_t *timer) {
    signal_it(timer->data, SIGKILL);
}

void launch_kill(struct launch *launch) {
    launch->doomed = true;
    signal_it(launch, SIGTERM);
    if (!launch->exited) /* else outputs_late() does */
        uv_timer_start(&launch->timer, kill_now, KILL_MS, 0);
}

static void process_closed(uv_handle_t *handle) {
    free(handle);
}

/* Its handle is closed when it has ended: before, it would stay a zombie for as long as we live. */
static void let_go(struct launch *launch, bool killed) {
    uv_handle_t *handle = (uv_handle_t *)launch->process;
    handle->data = NULL;
    if (launch->exited)
        uv_close(handle, process_closed);
    else if (!killed)
        uv_unref(handle);
}

static void leave(uv_handle_t *handle, void *context) {
    (void)context;
    if (handle->type == UV_PROCESS && !uv_is_closing(handle))
        uv_close(handle, process_closed);
}

void launch_leave_all(uv_loop_t *loop) {
    uv_walk(loop, leave, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
}

static void close_outputs(struct launch *launch) {
    for (int i = 0; i < 2; i++)
        launch_close_handle(launch, (uv_handle_t *)&launch->outputs[i].pipe);
    launch_close_handle(launch, (uv_handle_t *)&launch->timer);
}

static void leave_outputs(uv_timer_t *timer) {
    close_outputs(timer->data);
}

void launch_close(struct launch *launch, bool kill) {
    if (!launch || launch->closing)
        return;
    launch->closing = true;
    if (kill)
        signal_it(launch, SIGKILL);
    if (launch->terminal.wanted)
        terminal_close(launch);
    else
        let_go(launch, kill);
    launch_close_handle(launch, (uv_handle_t *)&launch->link);
    if (kill || launch->exited || launch->terminal.wanted) {
        close_outputs(launch);
    } else { /* it sees the end of the link; what it prints before that must not fail */
        uv_timer_start(&launch->timer, leave_outputs, KILL_MS, 0);
    }
}

static void fail(struct launch *launch, const char *text) {
    if (launch->told)
        return;
    launch->told = true;
    launch->owner.failed(launch->owner.context, text);
}

/* What a child of the program still holds open is not waited for. */
static void end_if_over(struct launch *launch) {
    if (launch->closing || !launch->exited || launch->outputs_open)
        return;
    if (launch->doomed)
        signal_it(launch, SIGKILL);
    launch->doomed = false; /* from now on the number may be another group's */
    if (!launch->told)
        fail(launch, "Python ended before the program began; the console may say why. Check "
                     "\"python\", \"pythonArgs\" and \"env\" of the configuration.");
    else
        launch->owner.ended(launch->owner.context, launch->code);
}

void launch_lost(struct launch *launch, const char *text) {
    if (launch->told)
        launch->owner.output(launch->owner.context, "important", text);
    launch->exited = true;
    launch->code = -1;
    fail(launch, text);
    if (!launch->closing)
        end_if_over(launch);
}

static void output_over(struct output *output) {
    if (uv_is_closing((uv_handle_t *)&output->pipe))
        return;
    launch_close_handle(output->launch, (uv_handle_t *)&output->pipe);
    if (--output->launch->outputs_open == 0 && output->launch->closing)
        close_outputs(output->launch);
    end_if_over(output->launch);
}

static void outputs_late(uv_timer_t *timer) {
    struct launch *launch = timer->data;
    if (launch->doomed)
        signal_it(launch, SIGKILL);
    for (int i = 0; i < 2 && !launch->closing; i++)
        output_over(&launch->outputs[i]);
}

static void exited(uv_process_t *process, int64_t status, int number) {
    struct launch *launch = process->data;
    if (!launch) {
        uv_close((uv_handle_t *)process, process_closed);
        return;
    }
    launch->exited = true;
    launch->code = number ? 128 + number : status;
    uv_timer_start(&launch->timer, outputs_late, KILL_MS, 0);
    end_if_over(launch);
}

/* ---- output --------------------------------------------------------------------------------- */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct launch *launch = handle->data;
    *buf = uv_buf_init(launch->bytes, sizeof launch->bytes);
}

/* How many bytes at the end may be the beginning of a character. */
static size_t unfinished(const char *bytes, size_t length) {
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)bytes[length - back];
        if (byte >= 0xC0)
            return (byte >= 0xF0 ? 4u : byte >= 0xE0 ? 3u : 2u) > back ? back : 0;
        if (byte < 0x80)
            break;
    }
    return 0;
}

static void tell_output(struct output *output, size_t keep) {
    struct buf *rest = &output->rest;
    struct arena arena;
    arena_init(&arena);
    if (rest->length > keep && !output->launch->closing)
        output->launch->owner.output(output->launch->owner.context, output->category,
                                     utf8_from_bytes(&arena, rest->bytes, rest->length - keep));
    buf_consume(rest, rest->length - keep);
    arena_finish(&arena);
}

static void output_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct output *output = (struct output *)stream;
    if (count < 0) {
        tell_output(output, 0);
        output_over(output);
    } else if (count > 0) {
        buf_append(&output->rest, buf->base, (size_t)count);
        tell_output(output, unfinished(output->rest.bytes, output->rest.length));
    }
}

/* ---- the link ------------------------------------------------------------------------------- */

static void take_line(struct launch *launch, const char *line) {
    int port = 0;
    if (!strncmp(line, "error ", 6)) {
        fail(launch, line + 6);
    } else if (sscanf(line, "port %d", &port) == 1 && !launch->told) {
        launch->told = true;
        launch->owner.ready(launch->owner.context, port, launch->secret);
    } else if (launch->terminal.wanted && sscanf(line, "exit %" SCNd64, &launch->code) == 1) {
        launch->exited = true;
        end_if_over(launch);
    } else if (launch->terminal.wanted && sscanf(line, "pid %d", &launch->pid) == 1 &&
               launch->doomed) {
        launch_kill(launch);
    }
}

/* The last line may be what frees all but the struct. */
static void take_lines(struct launch *launch) {
    const char *end;
    while (!launch->closing && launch->line.length &&
           (end = memchr(launch->line.bytes, '\n', launch->line.length))) {
        size_t length = (size_t)(end - launch->line.bytes);
        char *line = memory_copy_bytes(launch->line.bytes, length);
        buf_consume(&launch->line, length + 1);
        take_line(launch, line);
        free(line);
    }
}

static void link_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct launch *launch = stream->data;
    if (count < 0 || buf_append(&launch->line, buf->base, (size_t)count) < 0) {
        uv_read_stop(stream);
        if (launch->terminal.wanted && !launch->exited)
            launch_lost(launch, "The terminal in which the program ran is gone.");
        return;
    }
    take_lines(launch);
}

static void write_link(struct launch *launch, const char *text) {
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)text, (unsigned)strlen(text));
    uv_try_write((uv_stream_t *)&launch->link, &now, 1);
}

void launch_attached(struct launch *launch) {
    write_link(launch, "a");
}

/* A dict, in which `debug` says whether there is to be a debugger at all. */
void launch_go(struct launch *launch, const cJSON *arguments) {
    const char *folder = json_text(arguments, "ptvsdPath");
    bool entry = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(arguments, "stopOnEntry"));
    bool redirect = launch->terminal.wanted && /* else it comes through the pipes */
                    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(arguments, "redirectOutput"));
    char *path = folder && *folder ? literal_native(folder) : memory_copy_text("None");
    char *text = memory_format(
        "{'secret': '%s', 'ptvsd': %s, 'entry': %s, 'debug': %s, 'redirect': %s}\n", launch->secret,
        path, literal_truth(entry), literal_truth(launch->debug), literal_truth(redirect));
    if (launch->terminal.wanted && !launch->terminal.connected) {
        launch->waiting = text;
    } else {
        write_link(launch, text);
        free(text);
    }
    free(path);
}

/* ---- the start ------------------------------------------------------------------------------ */

static void make_secret(char *secret) {
    unsigned char bytes[SECRET_BYTES];
    uv_random(NULL, NULL, bytes, sizeof bytes, 0, NULL);
    for (int i = 0; i < SECRET_BYTES; i++)
        snprintf(secret + 2 * i, 3, "%02x", bytes[i]);
}

static struct launch *create(uv_loop_t *loop, struct launch_owner owner) {
    static const char *const categories[] = {"stdout", "stderr"};
    struct launch *launch = memory_new(sizeof *launch);
    launch->owner = owner;
    launch->outputs_open = 2;
    launch->handles = 4;
    make_secret(launch->secret);
    buf_init(&launch->line, LINE_LIMIT);
    uv_timer_init(loop, &launch->timer);
    launch->timer.data = launch;
    uv_pipe_init(loop, &launch->link, 0);
    launch->link.data = launch;
    for (int i = 0; i < 2; i++) {
        uv_pipe_init(loop, &launch->outputs[i].pipe, 0);
        launch->outputs[i].launch = launch->outputs[i].pipe.data = launch;
        launch->outputs[i].category = categories[i];
        buf_init(&launch->outputs[i].rest, CHUNK + 4);
    }
    return launch;
}

static int spawn(struct launch *launch, uv_loop_t *loop, char **command, char **environment,
                 const char *directory) {
    uv_stdio_flags to_us = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = to_us, .data.stream = (uv_stream_t *)&launch->outputs[0].pipe},
        {.flags = to_us, .data.stream = (uv_stream_t *)&launch->outputs[1].pipe},
        {.flags = to_us | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&launch->link}};
    uv_process_options_t options = {.exit_cb = exited,
                                    .file = command[0],
                                    .args = command,
                                    .env = environment,
                                    .cwd = directory,
                                    .flags = UV_PROCESS_DETACHED,
                                    .stdio_count = 4,
                                    .stdio = stdio};
    launch->process = memory_new(sizeof *launch->process);
    launch->process->data = launch;
    int failed = uv_spawn(loop, launch->process, &options);
    launch->pid = failed ? 0 : launch->process->pid;
    return failed;
}

void launch_begin_reading(struct launch *launch) {
    uv_read_start((uv_stream_t *)&launch->link, give_room, link_read);
    if (launch->waiting)
        write_link(launch, launch->waiting);
    for (int i = 0; i < 2 && !launch->terminal.wanted; i++)
        uv_read_start((uv_stream_t *)&launch->outputs[i].pipe, give_room, output_read);
}

static struct words whole_command(const struct launch_command *command) {
    struct words words = {0};
    char *text = remote_text(REMOTE_LAUNCH, "'link': " LINK_TEXT);
    for (size_t i = 0; i < command->python.count; i++)
        words_add(&words, command->python.items[i]);
    words_add(&words, "-c");
    words_add(&words, text);
    for (size_t i = 0; i < command->target.count; i++)
        words_add(&words, command->target.items[i]);
    free(text);
    return words;
}

static int start(struct launch *launch, uv_loop_t *loop, const struct launch_command *command,
                 struct dap_error *error) {
    struct words words = whole_command(command);
    struct words environment = launch_command_environment(command);
    int failed = spawn(launch, loop, words.items, environment.items, command->directory);
    if (failed) {
        dap_refuse(
            error,
            "Cannot start \"%s\"%s%s: %s. Check \"python\" and \"cwd\" of the configuration.",
            words.items[0], command->directory ? " in " : "",
            command->directory ? command->directory : "", uv_strerror(failed));
        launch->exited = true;
    }
    words_finish(&words);
    words_finish(&environment);
    return failed ? -1 : 0;
}

struct launch *launch_start(uv_loop_t *loop, const cJSON *arguments, const char *terminal,
                            struct launch_owner owner, struct dap_error *error) {
    struct launch_command command;
    struct launch *launch = NULL;
    bool without = false;
    if (launch_command_read(&command, arguments, error) == 0 &&
        dap_want_bool(arguments, "noDebug", &without, error) == 0) {
        launch = create(loop, owner);
        launch->debug = !without;
        launch->told = without;
        int failed = terminal ? terminal_open(launch, loop, &command, terminal, error)
                              : start(launch, loop, &command, error);
        if (failed) {
            launch_close(launch, false);
            launch = NULL;
        }
    }
    bool held = command.hold_normal || command.hold_abnormal;
    launch_command_finish(&command);
    if (!launch)
        return NULL;
    if (!terminal)
        launch_begin_reading(launch);
    if (!terminal && held)
        owner.output(owner.context, "console",
                     "\"waitForExit\" holds a terminal open, and this program has none: its output "
                     "stays in this console. \"console\": \"integratedTerminal\" gives it one.\n");
    if (launch->debug)
        launch_go(launch, arguments);
    return launch;
}
