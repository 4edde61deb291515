#include "reach.h"
#include "stream.h"

/* To the host itself, or through a proxy. */
static struct stream *carrier(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    const struct address *to = &reach->address, *proxy = &reach->web.proxy;
    return proxy->host ? stream_connect_create(loop, proxy, to->host, to->port, timeout_ms)
                       : stream_tcp_create(loop, to->host, to->port, timeout_ms);
}

static struct stream *websocket(uv_loop_t *loop, struct stream *below, const struct reach *reach,
                                unsigned timeout_ms) {
    const struct address *to = &reach->address;
    return stream_ws_create(loop, below, to->host, to->port, address_usual_port(to->scheme),
                            to->path, reach->web.fields ? reach->web.fields : "", timeout_ms);
}

/* Awake first, if that is wanted. */
static struct stream *woken(uv_loop_t *loop, struct stream *proper, const struct reach *reach,
                            unsigned timeout_ms) {
    const struct address *to = &reach->address;
    if (!reach->web.wake)
        return proper;
    return stream_wake_create(loop, carrier(loop, reach, timeout_ms), proper, to->host, to->port,
                              address_usual_port(to->scheme),
                              reach->web.fields ? reach->web.fields : "");
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    struct stream *below = carrier(loop, reach, timeout_ms);
    if (reach->address.scheme != ADDRESS_WS)
        return below;
    return woken(loop, websocket(loop, below, reach, timeout_ms), reach, timeout_ms);
}
