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

static struct stream *watched(struct stream *below, enum stream_link link,
                              struct stream_watcher watcher) {
    return watcher.ready ? stream_watch_create(below, link, watcher) : below;
}

struct stream *stream_create_watched(uv_loop_t *loop, const struct reach *reach,
                                     unsigned timeout_ms, struct stream_watcher watcher) {
    struct stream *chain = watched(carrier(loop, reach, timeout_ms), STREAM_LINK_TCP, watcher);
    if (reach->address.scheme != ADDRESS_WS)
        return chain;
    chain = watched(websocket(loop, chain, reach, timeout_ms), STREAM_LINK_WEBSOCKET, watcher);
    return woken(loop, chain, reach, timeout_ms);
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    return stream_create_watched(loop, reach, timeout_ms, (struct stream_watcher){NULL, NULL});
}
