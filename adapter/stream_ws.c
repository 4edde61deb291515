/* The WebSocket link: the bytes travel in binary frames; text frames are taken as well. The opening
 * handshake is answered by whatever web server or proxy stands there, so its refusals are told in
 * its own words. */
#include "http.h"
#include "memory.h"
#include "stream.h"
#include "upgrade.h"
#include "websocket.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PING_MS = 30000, CHUNK_BYTES = 64 * 1024, OUT_LIMIT = 20 << 20 };

enum phase { STARTING, ASKED, OPEN };

struct ws {
    struct stream stream;
    struct stream *below;
    enum phase phase;
    char *host, *path, *fields;
    int port, usual_port;
    unsigned timeout_ms;
    char key[32]; /* base64 of the nonce */
    struct buf head, out;
    struct websocket codec;
    uv_timer_t timer; /* for the answer, then between pings */
    bool closing;
};

/* They may hold a password. */
static void wipe_fields(struct ws *ws) {
    if (ws->fields)
        explicit_bzero(ws->fields, strlen(ws->fields));
    free(ws->fields);
    ws->fields = NULL;
}

static void timer_closed(uv_handle_t *handle) {
    struct ws *ws = handle->data;
    buf_finish(&ws->head);
    buf_finish(&ws->out);
    websocket_finish(&ws->codec);
    free(ws->host);
    free(ws->path);
    wipe_fields(ws);
    free(ws);
}

static void flush(struct ws *ws) {
    if (ws->out.length && !ws->closing && ws->below)
        stream_send(ws->below, ws->out.bytes, ws->out.length);
    buf_clear(&ws->out);
}

static void send_close(struct ws *ws, int code, const char *reason) {
    websocket_write_close(&ws->out, true, code, reason, upgrade_mask());
    flush(ws);
}

static void give_up(struct ws *ws) {
    ws->closing = true;
    stream_close(ws->below);
    uv_close((uv_handle_t *)&ws->timer, timer_closed);
}

static void ws_close(struct stream *stream) {
    struct ws *ws = (struct ws *)stream;
    if (ws->closing)
        return;
    if (ws->phase == OPEN)
        send_close(ws, WEBSOCKET_NORMAL, "");
    if (!ws->closing) /* sending may have found the end */
        give_up(ws);
}

static void ws_end(struct ws *ws, enum stream_end end, const char *detail) {
    if (ws->closing)
        return;
    struct stream_owner owner = ws->stream.owner;
    char *kept = memory_copy_text(detail);
    give_up(ws);
    owner.closed(owner.context, end, kept);
    free(kept);
}

/* ---- the opening
 * -------------------------------------------------------------------------------------- */

static const char *fault_of_upgrade(const struct ws *ws, const struct http_answer *answer) {
    char accept[32];
    upgrade_accept(ws->key, accept);
    char *upgrade = http_field(answer, "Upgrade"), *connection = http_field(answer, "Connection");
    char *accepted = http_field(answer, "Sec-WebSocket-Accept");
    char *extensions = http_field(answer, "Sec-WebSocket-Extensions");
    const char *fault = NULL;
    if (!http_has_word(upgrade, "websocket") || !http_has_word(connection, "Upgrade"))
        fault = "it says 101, but not that it switches to a WebSocket";
    else if (strcmp(accepted, accept) != 0)
        fault = "it answers another request than ours (Sec-WebSocket-Accept)";
    else if (*extensions)
        fault = "it uses an extension that was not offered";
    free(upgrade);
    free(connection);
    free(accepted);
    free(extensions);
    return fault;
}

/* "403 Forbidden", "302 Found, to https://…" */
static char *describe(const struct http_answer *answer) {
    char *location = http_field(answer, "Location");
    char *text = memory_format("%d%s%s%s%.200s", answer->status, *answer->reason ? " " : "",
                               answer->reason, *location ? ", to " : "", location);
    free(location);
    return text;
}

static void ping(uv_timer_t *timer) {
    struct ws *ws = timer->data;
    websocket_write(&ws->out, true, WEBSOCKET_PING, "", 0, upgrade_mask());
    flush(ws);
}

static void opened(struct ws *ws) {
    ws->phase = OPEN;
    uv_timer_start(&ws->timer, ping, PING_MS, PING_MS);
    ws->stream.owner.ready(ws->stream.owner.context);
}

static void answer_is_late(uv_timer_t *timer) {
    ws_end(timer->data, STREAM_NO_WEBSOCKET, "no answer");
}

/* True when the link is open, and what came behind the head is in the codec. */
static bool take_answer(struct ws *ws, const char *bytes, size_t length) {
    struct http_answer answer;
    int result = buf_append(&ws->head, bytes, length);
    if (result == 0)
        result = http_answer_read(&answer, ws->head.bytes, ws->head.length);
    if (result == 0)
        return false;
    if (result < 0) {
        ws_end(ws, STREAM_NO_WEBSOCKET, "no HTTP");
        return false;
    }
    const char *fault = answer.status == 101 ? fault_of_upgrade(ws, &answer) : NULL;
    char *described = fault ? memory_copy_text(fault) : describe(&answer);
    bool good = answer.status == 101 && !fault;
    if (good)
        buf_append(&ws->codec.in, ws->head.bytes + answer.size, ws->head.length - answer.size);
    http_answer_finish(&answer);
    if (good)
        opened(ws);
    else
        ws_end(ws, STREAM_NO_WEBSOCKET, described);
    free(described);
    buf_clear(&ws->head);
    return good && !ws->closing;
}

/* ---- frames
 * ------------------------------------------------------------------------------------------- */

static void peer_closes(struct ws *ws, const struct websocket_frame *frame) {
    char reason[WEBSOCKET_CONTROL_LIMIT + 1];
    int code = websocket_close_code(frame, reason, sizeof reason);
    char *text = memory_format("%d%s%s", code, *reason ? " " : "", reason);
    bool normal = code == WEBSOCKET_NO_CODE || code == WEBSOCKET_NORMAL;
    send_close(ws, code, "");
    ws_end(ws, normal ? STREAM_ENDED : STREAM_WEBSOCKET_CLOSED, text);
    free(text);
}

static void take_frame(struct ws *ws, const struct websocket_frame *frame) {
    switch (frame->opcode) {
    case WEBSOCKET_CONTINUATION:
    case WEBSOCKET_PONG:
        break;
    case WEBSOCKET_TEXT:
    case WEBSOCKET_BINARY:
        if (frame->length)
            ws->stream.owner.data(ws->stream.owner.context, frame->bytes, frame->length);
        break;
    case WEBSOCKET_PING:
        websocket_write(&ws->out, true, WEBSOCKET_PONG, frame->bytes, frame->length,
                        upgrade_mask());
        flush(ws);
        break;
    case WEBSOCKET_CLOSE:
        peer_closes(ws, frame);
        break;
    }
}

static void take_frames(struct ws *ws) {
    struct websocket_frame frame;
    int found = 0;
    while (!ws->closing && (found = websocket_read(&ws->codec, &frame)) > 0)
        take_frame(ws, &frame);
    if (ws->closing || found == 0)
        return;
    send_close(ws, ws->codec.error_code, ws->codec.error);
    ws_end(ws, STREAM_WEBSOCKET_CLOSED, ws->codec.error);
}

/* ---- the link below
 * ----------------------------------------------------------------------------------- */

static void below_ready(void *context) {
    struct ws *ws = context;
    upgrade_key(ws->key);
    ws->phase = ASKED;
    uv_timer_start(&ws->timer, answer_is_late, ws->timeout_ms - ws->timeout_ms / 5, 0);
    http_ask_websocket(&ws->out, ws->host, ws->port, ws->usual_port, ws->path, ws->key, ws->fields);
    wipe_fields(ws);
    flush(ws);
}

static void below_data(void *context, const char *bytes, size_t length) {
    struct ws *ws = context;
    bool open = ws->phase == OPEN;
    if (ws->closing || (!open && !take_answer(ws, bytes, length)))
        return;
    if (open && buf_append(&ws->codec.in, bytes, length) < 0)
        ws_end(ws, STREAM_WEBSOCKET_CLOSED, "a frame above 16 MiB");
    else
        take_frames(ws);
}

static void below_closed(void *context, enum stream_end end, const char *detail) {
    struct ws *ws = context;
    ws->below = NULL;
    if (ws->phase == ASKED)
        ws_end(ws, STREAM_NO_WEBSOCKET, "the connection was closed");
    else
        ws_end(ws, end, detail);
}

static void below_notes(void *context, bool important, const char *text) {
    stream_note(context, important, text);
}

static void ws_start(struct stream *stream) {
    struct ws *ws = (struct ws *)stream;
    stream_listen(ws->below, below_notes);
    stream_start(ws->below, (struct stream_owner){ws, below_ready, below_data, below_closed});
}

static void ws_send(struct stream *stream, const char *bytes, size_t length) {
    struct ws *ws = (struct ws *)stream;
    while (length) {
        size_t now = length < CHUNK_BYTES ? length : CHUNK_BYTES;
        websocket_write(&ws->out, true, WEBSOCKET_BINARY, bytes, now, upgrade_mask());
        bytes += now;
        length -= now;
    }
    flush(ws);
}

/* Bytes written by hand would be no frames. */
static int ws_descriptor(const struct stream *stream) {
    (void)stream;
    return -1;
}

static void ws_more_expected(struct stream *stream) {
    (void)stream;
}

static const struct stream_ops ws_ops = {ws_start,      ws_send,          ws_close,
                                         ws_descriptor, ws_more_expected, false};

struct stream *stream_ws_create(uv_loop_t *loop, struct stream *below, const char *host, int port,
                                int usual_port, const char *path, const char *fields,
                                unsigned timeout_ms) {
    struct ws *ws = memory_new(sizeof *ws);
    ws->stream.ops = &ws_ops;
    ws->below = below;
    ws->host = memory_copy_text(host);
    ws->path = memory_copy_text(path);
    ws->fields = memory_copy_text(fields);
    ws->port = port;
    ws->usual_port = usual_port;
    ws->timeout_ms = timeout_ms;
    buf_init(&ws->head, HTTP_HEAD_LIMIT + CHUNK_BYTES);
    buf_init(&ws->out, OUT_LIMIT);
    websocket_init(&ws->codec, true);
    uv_timer_init(loop, &ws->timer);
    ws->timer.data = ws;
    return &ws->stream;
}
