#include "launch.h"

#include "buf.h"
#include "json.h"
#include "literal.h"
#include "memory.h"
#include "remote.h"
#include "utf8.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KILL_MS = 1000, LINK = 3, LINE_LIMIT = 64 << 10, SECRET_BYTES = 16, CHUNK = 64 << 10 };

struct output {
    uv_pipe_t pipe;
    struct launch *launch;
    const char *category;
    struct buf rest; /* the beginning of a character */
};

struct launch {
    uv_process_t process;
    uv_pipe_t link;
    uv_timer_t timer; /* until it is killed */
    struct output outputs[2];
    struct launch_owner owner;
    struct buf line;
    char secret[2 * SECRET_BYTES + 1];
    bool debug, told; /* told: ready or failed */
    bool exited, closing;
    int outputs_open, handles;
    int64_t code;
    char bytes[CHUNK];
};

/* ---- the end -------------------------------------------------------------------------------- */

static void handle_closed(uv_handle_t *handle) {
    struct launch *launch = handle->data;
    if (--launch->handles)
        return;
    buf_finish(&launch->line);
    for (int i = 0; i < 2; i++)
        buf_finish(&launch->outputs[i].rest);
    free(launch);
}

static void close_handle(struct launch *launch, uv_handle_t *handle) {
    if (uv_is_closing(handle))
        return;
    handle->data = launch;
    uv_close(handle, handle_closed);
}

static void signal_group(const struct launch *launch, int number) {
    if (!launch->exited && launch->process.pid > 0)
        uv_kill(-launch->process.pid, number);
}

static void kill_now(uv_timer_t *timer) {
    signal_group(timer->data, SIGKILL);
}

void launch_kill(struct launch *launch) {
    signal_group(launch, SIGTERM);
    uv_timer_start(&launch->timer, kill_now, KILL_MS, 0);
}

void launch_close(struct launch *launch, bool kill) {
    if (!launch || launch->closing)
        return;
    launch->closing = true;
    if (kill)
        signal_group(launch, SIGKILL);
    if (launch->exited || !kill) /* else when it has ended, or it stays a zombie */
        close_handle(launch, (uv_handle_t *)&launch->process);
    uv_handle_t *handles[] = {(uv_handle_t *)&launch->link, (uv_handle_t *)&launch->timer,
                              (uv_handle_t *)&launch->outputs[0].pipe,
                              (uv_handle_t *)&launch->outputs[1].pipe};
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        close_handle(launch, handles[i]);
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
    if (!launch->told)
        fail(launch, "Python ended before the program began; the console may say why. Check "
                     "\"python\", \"pythonArgs\" and \"env\" of the configuration.");
    else
        launch->owner.ended(launch->owner.context, launch->code);
}

static void output_over(struct output *output) {
    if (uv_is_closing((uv_handle_t *)&output->pipe))
        return;
    close_handle(output->launch, (uv_handle_t *)&output->pipe);
    output->launch->outputs_open--;
    end_if_over(output->launch);
}

static void outputs_late(uv_timer_t *timer) {
    struct launch *launch = timer->data;
    for (int i = 0; i < 2 && !launch->closing; i++)
        output_over(&launch->outputs[i]);
}

static void exited(uv_process_t *process, int64_t status, int number) {
    struct launch *launch = process->data;
    launch->exited = true;
    launch->code = number ? 128 + number : status;
    if (launch->closing) {
        close_handle(launch, (uv_handle_t *)process);
        return;
    }
    uv_timer_start(&launch->timer, outputs_late, KILL_MS, 0);
    end_if_over(launch);
}

/* ---- output --------------------------------------------------------------------------------- */

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct launch *launch = ((struct output *)handle)->launch;
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
    if (rest->length > keep)
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
    }
}

static void link_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct launch *launch = handle->data;
    *buf = uv_buf_init(launch->bytes, sizeof launch->bytes);
}

static void link_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct launch *launch = stream->data;
    if (count < 0 || buf_append(&launch->line, buf->base, (size_t)count) < 0) {
        uv_read_stop(stream);
        return;
    }
    char *end = memchr(launch->line.bytes, '\n', launch->line.length);
    if (!end)
        return;
    char *line = memory_copy_bytes(launch->line.bytes, (size_t)(end - launch->line.bytes));
    buf_clear(&launch->line);
    take_line(launch, line);
    free(line);
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
    char *path = folder && *folder ? literal_native(folder) : memory_copy_text("None");
    char *text =
        memory_format("{'secret': '%s', 'ptvsd': %s, 'entry': %s, 'debug': %s}\n", launch->secret,
                      path, entry ? "True" : "False", launch->debug ? "True" : "False");
    write_link(launch, text);
    free(text);
    free(path);
}

/* ---- the start ------------------------------------------------------------------------------ */

struct words {
    char **items;
    size_t count;
};

static void add_word(struct words *words, const char *word) {
    words->items = memory_resize(words->items, words->count + 2, sizeof *words->items);
    words->items[words->count++] = memory_copy_text(word);
    words->items[words->count] = NULL;
}

static void free_words(struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
}

static int add_texts(struct words *words, const cJSON *arguments, const char *name,
                     struct dap_error *error) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(arguments, name), *one;
    if (!dap_given(arguments, name))
        return 0;
    if (!cJSON_IsArray(list))
        return dap_refuse(error, "\"%s\" must be a list of texts.", name);
    cJSON_ArrayForEach(one, list) {
        if (!cJSON_IsString(one))
            return dap_refuse(error, "\"%s\" must be a list of texts.", name);
        add_word(words, one->valuestring);
    }
    return 0;
}

/* "program", "module" or "code": exactly one. */
static int add_target(struct words *words, const cJSON *arguments, struct dap_error *error) {
    static const char *const kinds[][2] = {
        {"program", "file"}, {"module", "module"}, {"code", "code"}};
    int found = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *target = NULL;
        if (dap_want_text(arguments, kinds[i][0], &target, error) < 0)
            return -1;
        if (!target || !*target)
            continue;
        if (found++)
            break;
        add_word(words, kinds[i][1]);
        add_word(words, target);
    }
    if (found == 1)
        return 0;
    return dap_refuse(error, found
                                 ? "\"program\", \"module\" and \"code\" exclude each other. Keep "
                                   "one of them in the configuration."
                                 : "The configuration does not say what to start. Give "
                                   "\"program\", a Python file, or \"module\".");
}

static int add_command(struct words *words, const cJSON *arguments, struct dap_error *error) {
    const char *python = NULL;
    if (dap_want_text(arguments, "python", &python, error) < 0 ||
        (!python && dap_want_text(arguments, "pythonPath", &python, error) < 0))
        return -1;
    add_word(words, python && *python ? python : "python3");
    if (add_texts(words, arguments, "pythonArgs", error) < 0)
        return -1;
    char place[16];
    snprintf(place, sizeof place, "'link': %d", LINK);
    char *text = remote_text(REMOTE_LAUNCH, place);
    add_word(words, "-c");
    add_word(words, text);
    free(text);
    return add_target(words, arguments, error) < 0 ? -1
                                                   : add_texts(words, arguments, "args", error);
}

/* Ours, with what "env" changes; null takes a name out. */
static int add_environment(struct words *words, const cJSON *arguments, struct dap_error *error) {
    const cJSON *changed = cJSON_GetObjectItemCaseSensitive(arguments, "env"), *one;
    if (dap_given(arguments, "env") && !cJSON_IsObject(changed))
        return dap_refuse(error, "\"env\" must be an object of names and texts.");
    uv_env_item_t *items;
    int count = 0;
    uv_os_environ(&items, &count);
    for (int i = 0; i < count; i++) {
        if (cJSON_GetObjectItemCaseSensitive(changed, items[i].name))
            continue;
        char *word = memory_format("%s=%s", items[i].name, items[i].value);
        add_word(words, word);
        free(word);
    }
    uv_os_free_environ(items, count);
    cJSON_ArrayForEach(one, changed) {
        char *word =
            cJSON_IsString(one) ? memory_format("%s=%s", one->string, one->valuestring) : NULL;
        if (word)
            add_word(words, word);
        free(word);
    }
    return 0;
}

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
    launch->handles = 5;
    make_secret(launch->secret);
    buf_init(&launch->line, LINE_LIMIT);
    uv_timer_init(loop, &launch->timer);
    launch->timer.data = launch;
    uv_pipe_init(loop, &launch->link, 0);
    launch->link.data = launch;
    for (int i = 0; i < 2; i++) {
        uv_pipe_init(loop, &launch->outputs[i].pipe, 0);
        launch->outputs[i].launch = launch;
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
    launch->process.data = launch;
    return uv_spawn(loop, &launch->process, &options);
}

static void begin_reading(struct launch *launch) {
    uv_read_start((uv_stream_t *)&launch->link, link_room, link_read);
    for (int i = 0; i < 2; i++)
        uv_read_start((uv_stream_t *)&launch->outputs[i].pipe, give_room, output_read);
}

static struct launch *start(uv_loop_t *loop, const cJSON *arguments, struct launch_owner owner,
                            const struct words *command, const struct words *environment,
                            struct dap_error *error) {
    const char *directory = NULL;
    bool without = false;
    if (dap_want_text(arguments, "cwd", &directory, error) < 0 ||
        dap_want_bool(arguments, "noDebug", &without, error) < 0)
        return NULL;
    struct launch *launch = create(loop, owner);
    launch->debug = !without;
    launch->told = without;
    int failed = spawn(launch, loop, command->items, environment->items,
                       directory && *directory ? directory : NULL);
    if (failed) {
        dap_refuse(
            error,
            "Cannot start \"%s\"%s%s: %s. Check \"python\" and \"cwd\" of the configuration.",
            command->items[0], directory && *directory ? " in " : "",
            directory && *directory ? directory : "", uv_strerror(failed));
        launch->exited = true;
        launch_close(launch, false);
        return NULL;
    }
    begin_reading(launch);
    if (launch->debug)
        launch_go(launch, arguments);
    return launch;
}

struct launch *launch_start(uv_loop_t *loop, const cJSON *arguments, struct launch_owner owner,
                            struct dap_error *error) {
    struct words command = {0}, environment = {0};
    struct launch *launch = NULL;
    if (add_command(&command, arguments, error) == 0 &&
        add_environment(&environment, arguments, error) == 0)
        launch = start(loop, arguments, owner, &command, &environment, error);
    free_words(&command);
    free_words(&environment);
    return launch;
}
