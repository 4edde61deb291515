/* The WebSocket link: the bytes travel in binary frames; text frames are taken as well. The opening
 * handshake is answered by whatever web server or proxy stands there, so its refusals are told in
 * its own words. */
#include "http.h"
#include "memory.h"
#include "stream_link.h"
#include "upgrade.h"
#include "websocket.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PING_MS = 30000, CHUNK_BYTES = 64 * 1024, OUT_LIMIT = 20 << 20 };

enum phase { STARTING, ASKED, OPEN, PARTED /* a close was sent */ };

struct ws {
    struct stream stream;
    enum phase phase;
    char *host, *path, *fields;
    int port, usual_port;
    unsigned timeout_ms;
    char key[32]; /* base64 of the nonce */
    struct buf head, out;
    struct websocket codec;
    uv_timer_t timer; /* for the answer, then between pings */
};

static void timer_closed(uv_handle_t *handle) {
    struct ws *ws = handle->data;
    buf_finish(&ws->head);
    buf_finish(&ws->out);
    websocket_finish(&ws->codec);
    free(ws->host);
    free(ws->path);
    memory_wipe_text(&ws->fields);
    free(ws);
}

static void flush(struct ws *ws) {
    if (ws->out.length)
        stream_send(ws->stream.below, ws->out.bytes, ws->out.length);
    buf_clear(&ws->out);
}

static void send_close(struct ws *ws, int code, const char *reason) {
    ws->phase = PARTED;
    uv_timer_stop(&ws->timer);
    websocket_write_close(&ws->out, true, code, reason, upgrade_mask());
    flush(ws);
}

static void ws_end_sending(struct stream *stream) {
    struct ws *ws = (struct ws *)stream;
    if (ws->phase == OPEN)
        send_close(ws, WEBSOCKET_NORMAL, "");
}

static void ws_close(struct stream *stream) {
    struct ws *ws = (struct ws *)stream;
    ws_end_sending(stream);
    stream_close_below(stream);
    uv_close((uv_handle_t *)&ws->timer, timer_closed);
}

/* ---- the opening ----------------------------------------------------------------------------- */

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
    stream_tell_ready(&ws->stream);
}

static void answer_is_late(uv_timer_t *timer) {
    stream_tell_end(timer->data, STREAM_NO_WEBSOCKET, "no answer");
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
        stream_tell_end(&ws->stream, STREAM_NO_WEBSOCKET, "no HTTP");
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
        stream_tell_end(&ws->stream, STREAM_NO_WEBSOCKET, described);
    free(described);
    buf_clear(&ws->head);
    return good && !ws->stream.closing;
}

/* ---- frames ---------------------------------------------------------------------------------- */

static void peer_closes(struct ws *ws, const struct websocket_frame *frame) {
    char reason[WEBSOCKET_CONTROL_LIMIT + 1];
    int code = websocket_close_code(frame, reason, sizeof reason);
    char *text = memory_format("%d%s%s", code, *reason ? " " : "", reason);
    bool normal = code == WEBSOCKET_NO_CODE || code == WEBSOCKET_NORMAL;
    ws->phase = PARTED;
    stream_tell_end(&ws->stream, normal ? STREAM_ENDED : STREAM_WEBSOCKET_CLOSED, text);
    free(text);
}

static void take_frame(struct ws *ws, const struct websocket_frame *frame) {
    if (websocket_is_data(frame)) {
        if (frame->length)
            stream_tell_data(&ws->stream, frame->bytes, frame->length);
        return;
    }
    if (ws->phase == OPEN)
        websocket_answer(&ws->out, true, frame, upgrade_mask());
    flush(ws);
    if (frame->opcode == WEBSOCKET_CLOSE)
        peer_closes(ws, frame);
}

static void take_frames(struct ws *ws) {
    struct websocket_frame frame;
    int found = 0;
    while (!ws->stream.closing && (found = websocket_read(&ws->codec, &frame)) > 0)
        take_frame(ws, &frame);
    if (ws->stream.closing || found == 0)
        return;
    send_close(ws, ws->codec.error_code, ws->codec.error);
    stream_tell_end(&ws->stream, STREAM_WEBSOCKET_CLOSED, ws->codec.error);
}

/* ---- the link below -------------------------------------------------------------------------- */

static void ws_below_ready(struct stream *stream) {
    struct ws *ws = (struct ws *)stream;
    upgrade_key(ws->key);
    ws->phase = ASKED;
    uv_timer_start(&ws->timer, answer_is_late, stream_answer_ms(ws->timeout_ms), 0);
    http_ask_websocket(&ws->out, ws->host, ws->port, ws->usual_port, ws->path, ws->key, ws->fields);
    memory_wipe_text(&ws->fields);
    flush(ws);
}

static void ws_below_data(struct stream *stream, const char *bytes, size_t length) {
    struct ws *ws = (struct ws *)stream;
    bool open = ws->phase >= OPEN;
    if (stream->closing || (!open && !take_answer(ws, bytes, length)))
        return;
    if (!open || buf_append(&ws->codec.in, bytes, length) == 0) {
        take_frames(ws);
        return;
    }
    send_close(ws, WEBSOCKET_TOO_LARGE, "a frame above 16 MiB");
    stream_tell_end(stream, STREAM_WEBSOCKET_CLOSED, "a frame above 16 MiB");
}

static void ws_below_closed(struct stream *stream, enum stream_end end, const char *detail) {
    bool merely = end == STREAM_ENDED || end == STREAM_RESET || end == STREAM_FAILED;
    if (((struct ws *)stream)->phase == ASKED && merely)
        stream_tell_end(stream, STREAM_NO_WEBSOCKET, "the connection was closed");
    else
        stream_tell_end(stream, end, detail);
}

static void ws_send(struct stream *stream, const char *bytes, size_t length) {
    struct ws *ws = (struct ws *)stream;
    if (ws->phase == PARTED)
        return;
    while (length) {
        size_t now = length < CHUNK_BYTES ? length : CHUNK_BYTES;
        websocket_write(&ws->out, true, WEBSOCKET_BINARY, bytes, now, upgrade_mask());
        bytes += now;
        length -= now;
    }
    flush(ws);
}

/* The pieces of a frame come together as they are. */
static void ws_more_expected(struct stream *stream) {
    (void)stream;
}

static const struct stream_ops ws_ops = {
    .send = ws_send,
    .end_sending = ws_end_sending,
    .close = ws_close,
    .descriptor = stream_no_descriptor, /* they would be no frames */
    .more_expected = ws_more_expected,
    .below_ready = ws_below_ready,
    .below_data = ws_below_data,
    .below_closed = ws_below_closed,
};

struct stream *stream_ws_create(uv_loop_t *loop, struct stream *below, const char *host, int port,
                                int usual_port, const char *path, const char *fields,
                                unsigned timeout_ms) {
    struct ws *ws = memory_new(sizeof *ws);
    ws->stream.ops = &ws_ops;
    ws->stream.below = below;
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
