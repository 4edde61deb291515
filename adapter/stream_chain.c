#include "reach.h"
#include "stream.h"

static struct stream *websocket(uv_loop_t *loop, struct stream *below,
                                const struct address *address, unsigned timeout_ms) {
    return stream_ws_create(loop, below, address->host, address->port,
                            address_usual_port(address->scheme), address->path, timeout_ms);
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    const struct address *address = &reach->address;
    struct stream *tcp = stream_tcp_create(loop, address->host, address->port, timeout_ms);
    return address->scheme == ADDRESS_WS ? websocket(loop, tcp, address, timeout_ms) : tcp;
}
