#include "reach.h"
#include "stream.h"

static struct stream *websocket(uv_loop_t *loop, struct stream *below,
                                const struct address *address, unsigned timeout_ms) {
    return stream_ws_create(loop, below, address->host, address->port,
                            address_usual_port(address->scheme), address->path, timeout_ms);
}

static struct stream *watched(struct stream *below, enum stream_link link,
                              struct stream_watcher watcher) {
    return watcher.ready ? stream_watch_create(below, link, watcher) : below;
}

struct stream *stream_create_watched(uv_loop_t *loop, const struct reach *reach,
                                     unsigned timeout_ms, struct stream_watcher watcher) {
    const struct address *address = &reach->address;
    struct stream *chain = stream_tcp_create(loop, address->host, address->port, timeout_ms);
    chain = watched(chain, STREAM_LINK_TCP, watcher);
    if (address->scheme == ADDRESS_WS)
        chain =
            watched(websocket(loop, chain, address, timeout_ms), STREAM_LINK_WEBSOCKET, watcher);
    return chain;
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    return stream_create_watched(loop, reach, timeout_ms, (struct stream_watcher){NULL, NULL});
}
