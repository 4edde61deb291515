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
    OUTPUT_EVENT_BYTES = 64 * 1024,
    OUTPUT_WAITING_LIMIT = 16 << 20, /* bytes of text while the editor does not read */
    UNSENT_HIGH = 1 << 20            /* more unsent than this: the editor is behind */
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

static void written(uv_write_t *request, int status) {
    struct client *client = ((struct client_write *)request)->client;
    free(request);
    if (status && status != UV_ECANCELED)
        client_lost(client, uv_strerror(status));
    else if (client->text.length && !client->closing)
        send_gathered(client);
}

static void send_bytes(struct client *client, const char *bytes, size_t length) {
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int sent = uv_try_write(&client->output.stream, &now, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done == length)
        return;
    struct client_write *write = memory_resize(NULL, 1, sizeof *write + length - done);
    memcpy(write->bytes, bytes + done, length - done);
    write->client = client;
    uv_buf_t later = uv_buf_init(write->bytes, (unsigned)(length - done));
    int error = uv_write(&write->request, &client->output.stream, &later, 1, written);
    if (error) {
        free(write);
        client_lost(client, uv_strerror(error));
    }
}

static void send_body(struct client *client, char *body) {
    if (!client->gone) {
        struct buf out;
        buf_init(&out, SIZE_MAX);
        frame_append(&out, body, strlen(body));
        send_bytes(client, out.bytes, out.length);
        buf_finish(&out);
    }
    log_line(client->log, LOG_TRACE, "to editor: %s", body);
    free(body);
}

/* Names and values come from the program, and an editor may write them to a terminal. */
static void send_message(struct client *client, cJSON *message) {
    char *body = json_print_shown(message);
    cJSON_Delete(message);
    send_body(client, body);
}

static bool editor_is_behind(const struct client *client) {
    return uv_stream_get_write_queue_size(&client->output.stream) > UNSENT_HIGH;
}

static void send_output_event(struct client *client, const char *category, const char *text,
                              size_t length) {
    char *copy = memory_copy_bytes(text, length);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "category", category);
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

void client_respond(struct client *client, struct reply reply, cJSON *body) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: response to %s", reply.command);
    client->owner.answered(client->owner.context, reply.seq);
    send_message(client, dap_response(client->next_seq++, reply.seq, reply.command, body));
}

void client_fail(struct client *client, struct reply reply, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: failure of %s", reply.command);
    client->owner.answered(client->owner.context, reply.seq);
    send_message(client, dap_failure(client->next_seq++, reply.seq, reply.command, text));
}

void client_event(struct client *client, const char *event, cJSON *body) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: event %s", event);
    send_message(client, dap_event(client->next_seq++, event, body));
}

int64_t client_ask(struct client *client, const char *command, cJSON *arguments) {
    send_all_gathered(client);
    log_line(client->log, LOG_DEBUG, "to editor: request %s", command);
    int64_t seq = client->next_seq++;
    send_message(client, dap_question(seq, command, arguments));
    return seq;
}

static bool passed_by(struct client *client, size_t length) {
    if (uv_stream_get_write_queue_size(&client->output.stream) <= OUTPUT_WAITING_LIMIT)
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
    client->owner.request(client->owner.context, &request);
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

static void bytes_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
    struct client *client = stream->data;
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

static int open_stream(struct client *client, uv_stream_t *stream, int fd, bool readable) {
    int error;
    switch (uv_guess_handle(fd)) {
    case UV_TTY:
        error = uv_tty_init(client->loop, (uv_tty_t *)stream, fd, readable);
        break;
    case UV_TCP:
        error = uv_tcp_init(client->loop, (uv_tcp_t *)stream);
        if (!error)
            error = uv_tcp_open((uv_tcp_t *)stream, fd);
        break;
    case UV_NAMED_PIPE:
        error = uv_pipe_init(client->loop, (uv_pipe_t *)stream, 0);
        if (!error)
            error = uv_pipe_open((uv_pipe_t *)stream, fd);
        break;
    default:
        return -1;
    }
    stream->data = client;
    return error ? -1 : 0;
}

int client_open(struct client *client, uv_loop_t *loop, struct log *log,
                struct client_owner owner) {
    client->loop = loop;
    client->log = log;
    client->owner = owner;
    client->next_seq = 1;
    buf_init(&client->in, DAP_BODY_LIMIT + FRAME_HEAD_LIMIT + sizeof client->bytes);
    buf_init(&client->text, OUTPUT_WAITING_LIMIT);
    if (open_stream(client, &client->input.stream, STDIN_FILENO, true) < 0 ||
        open_stream(client, &client->output.stream, STDOUT_FILENO, false) < 0)
        return -1;
    uv_timer_init(loop, &client->output_timer);
    client->output_timer.data = client;
    return uv_read_start(&client->input.stream, give_room, bytes_read) ? -1 : 0;
}

static void handle_closed(uv_handle_t *handle) {
    struct client *client = handle->data;
    if (--client->handles_open)
        return;
    buf_finish(&client->in);
    buf_finish(&client->text);
    client->closed(client->owner.context);
}

static void close_handles(struct client *client) {
    if (client->handles_open)
        return;
    client->handles_open = 3;
    uv_close((uv_handle_t *)&client->input.stream, handle_closed);
    uv_close((uv_handle_t *)&client->output.stream, handle_closed);
    uv_close((uv_handle_t *)&client->output_timer, handle_closed);
}

static void all_is_sent(uv_shutdown_t *request, int status) {
    (void)status;
    struct client *client = request->data;
    free(request);
    close_handles(client);
}

/* An editor that no longer reads must not keep us. */
static void close_is_late(uv_timer_t *timer) {
    close_handles(timer->data);
}

void client_close(struct client *client, void (*closed)(void *context)) {
    if (client->closing)
        return;
    send_all_gathered(client);
    client->closing = true;
    client->closed = closed;
    uv_read_stop(&client->input.stream);
    uv_timer_start(&client->output_timer, close_is_late, CLOSE_MS, 0);
    uv_shutdown_t *request = memory_new(sizeof *request);
    request->data = client;
    if (client->gone || uv_shutdown(request, &client->output.stream, all_is_sent))
        all_is_sent(request, 0);
}
