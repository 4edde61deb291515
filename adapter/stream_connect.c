/* The tunnel through an HTTP proxy: a link over TCP to the proxy, which is asked to CONNECT and
 * from then on hands everything through. The host's name goes to the proxy as it is. */
#include "address.h"
#include "http.h"
#include "memory.h"
#include "reach_tcp.h"
#include "stream_link.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct tunnel {
    struct stream stream;
    char *host, *via;
    char *fields; /* with the proxy's password; wiped once it was sent */
    int port;
    unsigned timeout_ms;
    struct buf head;
    uv_timer_t timer;
    bool open;
};

static void timer_closed(uv_handle_t *handle) {
    struct tunnel *tunnel = handle->data;
    memory_wipe_text(&tunnel->fields);
    buf_finish(&tunnel->head);
    free(tunnel->host);
    free(tunnel->via);
    free(tunnel);
}

static void tunnel_close(struct stream *stream) {
    stream_close_below(stream);
    uv_close((uv_handle_t *)&((struct tunnel *)stream)->timer, timer_closed);
}

/* "407 Proxy Authentication Required, at 10.0.0.1:3128" */
static void refused(struct tunnel *tunnel, const char *how) {
    char *detail = memory_format("%s, at %s", how, tunnel->via);
    stream_tell_end(&tunnel->stream, STREAM_NO_TUNNEL, detail);
    free(detail);
}

static void answer_is_late(uv_timer_t *timer) {
    refused(timer->data, "no answer");
}

/* True when the tunnel stands; then `head` begins with `*size` bytes that are not from beyond. */
static bool take_answer(struct tunnel *tunnel, size_t *size) {
    struct http_answer answer;
    int result = http_answer_read(&answer, tunnel->head.bytes, tunnel->head.length);
    if (result == 0)
        return false;
    if (result < 0) {
        refused(tunnel, "no HTTP");
        return false;
    }
    bool good = answer.status / 100 == 2;
    char *how = memory_format("%d%s%s", answer.status, *answer.reason ? " " : "", answer.reason);
    *size = answer.size;
    http_answer_finish(&answer);
    if (!good)
        refused(tunnel, how);
    free(how);
    return good;
}

static void tunnel_below_ready(struct stream *stream) {
    struct tunnel *tunnel = (struct tunnel *)stream;
    struct buf out;
    buf_init(&out, HTTP_HEAD_LIMIT);
    uv_timer_start(&tunnel->timer, answer_is_late, stream_answer_ms(tunnel->timeout_ms), 0);
    http_ask_tunnel(&out, tunnel->host, tunnel->port, tunnel->fields);
    memory_wipe_text(&tunnel->fields);
    stream_send(stream->below, out.bytes, out.length);
    explicit_bzero(out.memory, out.room);
    buf_finish(&out);
}

static void tunnel_below_data(struct stream *stream, const char *bytes, size_t length) {
    struct tunnel *tunnel = (struct tunnel *)stream;
    size_t size = 0;
    if (tunnel->open) {
        stream_tell_data(stream, bytes, length);
    } else if (buf_append(&tunnel->head, bytes, length) < 0) {
        refused(tunnel, "no HTTP");
    } else if (take_answer(tunnel, &size)) {
        struct buf rest = tunnel->head;
        buf_init(&tunnel->head, 0);
        uv_timer_stop(&tunnel->timer);
        tunnel->open = true;
        stream_tell_ready(stream);
        if (rest.length > size)
            stream_tell_data(stream, rest.bytes + size, rest.length - size);
        buf_finish(&rest);
    }
}

static void tunnel_below_closed(struct stream *stream, enum stream_end end, const char *detail) {
    struct tunnel *tunnel = (struct tunnel *)stream;
    if (tunnel->open)
        stream_tell_end(stream, end, detail);
    else
        refused(tunnel, detail);
}

static const struct stream_ops tunnel_ops = {
    .close = tunnel_close,
    .below_ready = tunnel_below_ready,
    .below_data = tunnel_below_data,
    .below_closed = tunnel_below_closed,
};

/* "Proxy-Authorization: Basic …" for user:password; "" without. */
static char *authorization(const char *credentials) {
    if (!credentials || !*credentials)
        return memory_copy_text("");
    size_t length = strlen(credentials);
    char *encoded = memory_new(4 * (length / 3 + 1) + 1);
    EVP_EncodeBlock((unsigned char *)encoded, (const unsigned char *)credentials, (int)length);
    char *fields = memory_format("Proxy-Authorization: Basic %s\r\n", encoded);
    memory_wipe_text(&encoded);
    return fields;
}

struct stream *stream_connect_create(uv_loop_t *loop, const struct address *proxy, const char *host,
                                     int port, const struct reach_tcp *terms) {
    struct tunnel *tunnel = memory_new(sizeof *tunnel);
    tunnel->stream.ops = &tunnel_ops;
    tunnel->stream.below = stream_tcp_create(loop, proxy->host, proxy->port, terms);
    tunnel->host = memory_copy_text(host);
    tunnel->port = port;
    tunnel->via = address_place(proxy);
    tunnel->fields = authorization(proxy->secret);
    tunnel->timeout_ms = terms->connect_s * 1000;
    buf_init(&tunnel->head, HTTP_HEAD_LIMIT + 64 * 1024);
    uv_timer_init(loop, &tunnel->timer);
    tunnel->timer.data = tunnel;
    return &tunnel->stream;
}
