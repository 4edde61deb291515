#include "client.h"

#include "envelope.h"
#include "frame.h"
#include "memory.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUTPUT_DELAY_MS = 4,
    CLOSE_MS = 2000,
    LINGER_MS = 500, /* for the editor's end of a socket */
    KEEPALIVE_S = 60,
    OUTPUT_EVENT_BYTES = 64 * 1024,
    OUTPUT_WAITING_LIMIT = 16 << 20, /* bytes of text while the editor does not read */
    OUT_HELD = 64 * 1024,            /* bytes of answers that wait for a request's end */
    UNSENT_HIGH = 1 << 20,           /* more unsent than this: the editor is behind */
    UNSENT_LIMIT = 16 << 20          /* … and is asked nothing more before it has read */
};

struct client_write {
    uv_write_t request;
    struct client *client;
    char bytes[];
};

static void client_lost(struct client *client, const char *why) {
    if (client->gone)
        return;
    client->gone = true;
    client->owner.gone(client->owner.context, why);
}

static void send_gathered(struct client *client);
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void bytes_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf);

/* Who sends without reading shall not fill the memory with answers. */
static void read_if_wanted(struct client *client) {
    bool wanted = uv_stream_get_write_queue_size(client->to) <= UNSENT_LIMIT;
    if (wanted == client->reading || client->gone || client->closing)
        return;
    client->reading = wanted;
    if (wanted)
        uv_read_start(&client->input.stream, give_room, bytes_read);
    else
        uv_read_stop(&client->input.stream);
}

static void written(uv_write_t *request, int status) {
    struct client *client = ((struct client_write *)request)->client;
    free(request);
    if (status && status != UV_ECANCELED)
        client_lost(client, uv_strerror(status));
    else if (client->text.length && !client->closing)
        send_gathered(client);
    read_if_wanted(client);
}

static void send_bytes(struct client *client, const char *bytes, size_t length) {
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int sent = uv_try_write(client->to, &now, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done == length)
        return;
    struct client_write *write = memory_resize(NULL, 1, sizeof *write + length - done);
    memcpy(write->bytes, bytes + done, length - done);
    write->client = client;
    uv_buf_t later = uv_buf_init(write->bytes, (unsigned)(length - done));
    int error = uv_write(&write->request, client->to, &later, 1, written);
    if (error) {
        free(write);
        client_lost(client, uv_strerror(error));
    }
    read_if_wanted(client);
}

static void send_out(struct client *client) {
    if (client->out.length && !client->gone)
        send_bytes(client, client->out.bytes, client->out.length);
    buf_clear(&client->out);
}

static void send_body(struct client *client, char *body) {
    if (!client->gone)
        frame_append(&client->out, body, strlen(body));
    if (!client->answering || client->out.length > OUT_HELD)
        send_out(client);
    log_text(client->log, "to editor", body);
    free(body);
}

/* Names and values come from the program, and an editor may write them to a terminal. */
static void send_message(struct client *client, cJSON *message) {
    char *body = json_print_shown(message);
    cJSON_Delete(message);
    send_body(client, body);
}

static bool editor_is_behind(const struct client *client) {
    return uv_stream_get_write_queue_size(client->to) > UNSENT_HIGH;
}

static void send_output_event(struct client *client, const char *category, const char *text,
                              size_t length) {
    char *copy = memory_copy_bytes(text, length);
    cJSON *body = cJSON_CreateObject();
    bool lacking = client->habits->lacks_important && !strcmp(category, "important");
    cJSON_AddStringToObject(body, "category", lacking ? "console" : category);
    cJSON_AddStringToObject(body, "output", copy);
    free(copy);
    cJSON *message = dap_event(client->next_seq++, "output", body);
    char *colours_and_all = json_print(message);
    cJSON_Delete(message);
    send_body(client, colours_and_all);
}

/* The longest piece of at most OUTPUT_EVENT_BYTES that does not cut a character. */
static size_t piece_of(const struct buf *text) {
    size_t length = text->length;
    if (length <= OUTPUT_EVENT_BYTES)
        return length;
    length = OUTPUT_EVENT_BYTES;
    while (length > 1 && ((unsigned char)text->bytes[length] & 0xc0) == 0x80)
        length--;
    return length;
}

static void note_skipped(struct client *client) {
    char note[80];
    snprintf(note, sizeof note, "[... %zu bytes of output skipped ...]\n", client->skipped);
    client->skipped = 0;
    send_output_event(client, "important", note, strlen(note));
}

static void send_gathered(struct client *client) {
    uv_timer_stop(&client->output_timer);
    if (client->skipped)
        note_skipped(client);
    while (client->text.length && !editor_is_behind(client)) {
        size_t length = piece_of(&client->text);
        send_output_event(client, client->category, client->text.bytes, length);
        buf_consume(&client->text, length);
    }
}

static void output_timer_fired(uv_timer_t *timer) {
    send_gathered(timer->data);
}

/* What is gathered must go before the next message, even to an editor that is behind. */
static void send_all_gathered(struct client *client) {
    uv_timer_stop(&client->output_timer);
    if (client->skipped)
        note_skipped(client);
    while (client->text.length) {
        size_t length = piece_of(&client->text);
        send_output_event(client, client->category, client->text.bytes, length);
        buf_consume(&client->text, length);
    }
}

static void make_room_for(struct client *client, size_t length) {
    if (client->text.length + length <= OUTPUT_WAITING_LIMIT)
        return;
    size_t over = client->text.length + length - OUTPUT_WAITING_LIMIT;
    if (over > client->text.length)
        over = client->text.length;
    while (over < client->text.length && ((unsigned char)client->text.bytes[over] & 0xc0) == 0x80)
        over++;
    client->skipped += over;
    buf_consume(&client->text, over);
}

void client_output(struct client *client, const char *category, const char *text) {
    if (client->text.length && client->category != category)
        send_all_gathered(client);
    client->category = category;
    size_t length = strlen(text);
    make_room_for(client, length);
    if (buf_append(&client->text, text, length) < 0)
        client->skipped += length;
    if (client->text.length >= OUTPUT_EVENT_BYTES && !editor_is_behind(client))
        send_gathered(client);
    else if (!uv_is_active((uv_handle_t *)&client->output_timer))
        uv_timer_start(&client->output_timer, output_timer_fired, OUTPUT_DELAY_MS, 0);
}

void client_note(struct client *client, const char *category, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    strcat(text, "\n");
    char *shown = utf8_show_controls(text);
    client_output(client, category, shown);
    free(shown);
}

void client_note_about(struct client *client, cJSON *source, cJSON *data, const char *text) {
    char *shown = utf8_show_controls(text), *line = memory_format("%s\n", shown);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "category", "console");
    cJSON_AddStringToObject(body, "output", line);
    cJSON_AddItemToObject(body, "source", source);
    cJSON_AddItemToObject(body, "data", data);
    client_event(client, "output", body);
    free(line);
    free(shown);
}

void client_respond(struct client *client, struct reply reply, cJSON *body) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: response to %s", reply.command);
    client->owner.answered(client->owner.context, reply.seq);
    send_message(client, dap_response(client->next_seq++, reply.seq, reply.command, body));
}

void client_fail_with(struct client *client, struct reply reply, cJSON *variables,
                      const char *text) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: failure of %s", reply.command);
    client->owner.answered(client->owner.context, reply.seq);
    send_message(client,
                 dap_failure(client->next_seq++, reply.seq, reply.command, text, variables));
}

void client_fail(struct client *client, struct reply reply, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    client_fail_with(client, reply, NULL, text);
}

bool client_wants(const struct client *client, const char *event) {
    return !client->habits->misled_by_threads || strcmp(event, "thread") != 0;
}

void client_event(struct client *client, const char *event, cJSON *body) {
    if (!client_wants(client, event)) {
        cJSON_Delete(body);
        return;
    }
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: event %s", event);
    send_message(client, dap_event(client->next_seq++, event, body));
}

void client_thread(struct client *client, int64_t thread, const char *reason) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", reason);
    cJSON_AddNumberToObject(body, "threadId", (double)thread);
    client_event(client, "thread", body);
}

void client_continued(struct client *client, int64_t thread) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddNumberToObject(body, "threadId", (double)thread);
    cJSON_AddTrueToObject(body, "allThreadsContinued");
    client_event(client, "continued", body);
}

int64_t client_ask(struct client *client, const char *command, cJSON *arguments) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: request %s", command);
    int64_t seq = client->next_seq++;
    send_message(client, dap_question(seq, command, arguments));
    return seq;
}

static bool passed_by(struct client *client, size_t length) {
    if (uv_stream_get_write_queue_size(client->to) <= OUTPUT_WAITING_LIMIT)
        return false;
    client->skipped += length;
    return true;
}

int64_t client_pass(struct client *client, const char *text, size_t length, int64_t request_seq,
                    bool output) {
    if (output && passed_by(client, length))
        return client->next_seq;
    send_all_gathered(client);
    if (request_seq > 0)
        client->owner.answered(client->owner.context, request_seq);
    struct buf body;
    buf_init(&body, SIZE_MAX);
    int64_t seq = client->next_seq++;
    int result = envelope_renumber(&body, text, length, seq, request_seq);
    if (result == 0)
        send_body(client, memory_copy_bytes(body.bytes, body.length));
    buf_finish(&body);
    return result < 0 ? -1 : seq;
}

static void handle_request(struct client *client, const char *body, size_t length) {
    struct dap_request request;
    const char *error;
    if (client->owner.message && client->owner.message(client->owner.context, body, length))
        return;
    if (dap_request_parse(&request, body, length, &error) < 0) {
        log_line(client->log, LOG_WARNING, "from editor: %s", error);
        return;
    }
    log_line(client->log, LOG_DEBUG, "from editor: request %s", request.command);
    client->answering = true;
    client->owner.request(client->owner.context, &request);
    client->answering = false;
    send_out(client);
    dap_request_finish(&request);
}

static void take_requests(struct client *client) {
    const char *body, *error;
    size_t length, whole;
    int found;
    while (!client->gone && !client->closing &&
           (found = frame_next(&client->in, DAP_BODY_LIMIT, &body, &length, &whole, &error)) != 0) {
        if (found < 0) {
            log_line(client->log, LOG_ERROR, "from editor: %s", error);
            client_lost(client, error);
            return;
        }
        handle_request(client, body, length);
        buf_consume(&client->in, whole);
    }
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct client *client = handle->data;
    *buf = uv_buf_init(client->bytes, sizeof client->bytes);
}

static void close_handles(struct client *client);

static void bytes_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct client *client = stream->data;
    if (client->closing && count < 0)
        close_handles(client);
    if (count == 0 || client->gone || client->closing)
        return;
    if (count < 0)
        client_lost(client,
                    count == UV_EOF ? "the editor closed its end" : uv_strerror((int)count));
    else if (buf_append(&client->in, buf->base, (size_t)count) < 0)
        client_lost(client, "the editor sent a message above 16 MiB");
    else
        take_requests(client);
}

/* ---- the beginning --------------------------------------------------------------------------- */

void client_init(struct client *client, uv_loop_t *loop, struct log *log,
                 struct client_owner owner) {
    client->loop = loop;
    client->log = log;
    client->owner = owner;
    client->habits = habits_of(NULL, false);
    client->next_seq = 1;
    client->to = &client->input.stream;
    client->gone = true; /* until there is one */
    buf_init(&client->in, DAP_BODY_LIMIT + FRAME_HEAD_LIMIT + sizeof client->bytes);
    buf_init(&client->out, SIZE_MAX);
    buf_init(&client->text, OUTPUT_WAITING_LIMIT);
    uv_timer_init(loop, &client->output_timer);
    client->input.stream.data = client->output.stream.data = client->output_timer.data = client;
}

static int init_stream(struct client *client, uv_stream_t *stream, uv_handle_type type,
                       bool *open) {
    int error = type == UV_TCP ? uv_tcp_init(client->loop, (uv_tcp_t *)stream)
                               : uv_pipe_init(client->loop, (uv_pipe_t *)stream, 0);
    *open = !error;
    return error;
}

static int open_stream(struct client *client, uv_stream_t *stream, int fd, bool *open) {
    uv_handle_type type = uv_guess_handle(fd);
    int error = -1;
    if (type == UV_TTY) {
        error = uv_tty_init(client->loop, (uv_tty_t *)stream, fd, 0);
        *open = !error;
    } else if (type == UV_TCP && !(error = init_stream(client, stream, type, open))) {
        error = uv_tcp_open((uv_tcp_t *)stream, fd);
    } else if (type == UV_NAMED_PIPE && !(error = init_stream(client, stream, type, open))) {
        error = uv_pipe_open((uv_pipe_t *)stream, fd);
    }
    return error ? -1 : 0;
}

static int begin(struct client *client, uv_stream_t *to) {
    client->to = to;
    client->gone = false;
    client->reading = true;
    return uv_read_start(&client->input.stream, give_room, bytes_read) ? -1 : 0;
}

int client_open_stdio(struct client *client) {
    if (open_stream(client, &client->input.stream, STDIN_FILENO, &client->input_open) < 0 ||
        open_stream(client, &client->output.stream, STDOUT_FILENO, &client->output_open) < 0)
        return -1;
    return begin(client, &client->output.stream);
}

int client_accept(struct client *client, uv_stream_t *listener) {
    uv_stream_t *stream = &client->input.stream;
    if (init_stream(client, stream, listener->type, &client->input_open) ||
        uv_accept(listener, stream))
        return -1;
    if (listener->type == UV_TCP) {
        uv_tcp_nodelay(&client->input.tcp, 1);
        uv_tcp_keepalive(&client->input.tcp, 1, KEEPALIVE_S);
    }
    return begin(client, stream);
}

int client_socket(const struct client *client) {
    uv_os_fd_t fd;
    return uv_fileno((const uv_handle_t *)&client->input.stream, &fd) ? -1 : fd;
}

/* ---- the end --------------------------------------------------------------------------------- */

void client_drop(struct client *client) {
    client->gone = true;
}

static void handle_closed(uv_handle_t *handle) {
    struct client *client = handle->data;
    if (--client->handles_closing)
        return;
    buf_finish(&client->in);
    buf_finish(&client->out);
    buf_finish(&client->text);
    client->closed(client->owner.context);
}

static void close_handle(struct client *client, uv_handle_t *handle, bool open) {
    if (!open)
        return;
    client->handles_closing++;
    uv_close(handle, handle_closed);
}

bool client_is_read(struct client *client) {
    size_t unsent = uv_stream_get_write_queue_size(client->to) + client->text.length;
    bool is_read = unsent && (!client->unsent || unsent < client->unsent);
    client->unsent = unsent;
    return is_read;
}

static void close_handles(struct client *client) {
    if (client->handles_closing)
        return;
    close_handle(client, (uv_handle_t *)&client->output_timer, true);
    close_handle(client, (uv_handle_t *)&client->input.stream, client->input_open);
    close_handle(client, (uv_handle_t *)&client->output.stream, client->output_open);
}

/* An editor that no longer reads, or never closes, must not keep us. */
static void close_is_late(uv_timer_t *timer) {
    struct client *client = timer->data;
    if (client_is_read(client))
        uv_timer_start(timer, close_is_late, CLOSE_MS, 0);
    else
        close_handles(client);
}

/* A socket that is closed before all was read from it is reset, and takes with it what the editor
 * has not read yet. */
static void all_is_sent(uv_shutdown_t *request, int status) {
    struct client *client = request->data;
    free(request);
    if (status || client->to == &client->output.stream)
        close_handles(client);
    else if (!client->handles_closing)
        uv_timer_start(&client->output_timer, close_is_late, LINGER_MS, 0);
}

static int send_end(struct client *client) {
    uv_shutdown_t *request = memory_new(sizeof *request);
    request->data = client;
    int error = uv_shutdown(request, client->to, all_is_sent);
    if (error)
        free(request);
    return error;
}

void client_close(struct client *client, void (*closed)(void *context)) {
    if (client->closing)
        return;
    if (!client->gone)
        send_all_gathered(client);
    send_out(client);
    client->closing = true;
    client->closed = closed;
    uv_timer_start(&client->output_timer, close_is_late, CLOSE_MS, 0);
    if (client->gone || send_end(client))
        close_handles(client);
    else if (client->to == &client->output.stream)
        uv_read_stop(&client->input.stream);
    else /* whatever comes, up to its end */
        uv_read_start(&client->input.stream, give_room, bytes_read);
}
