#include "reach.h"
#include "stream.h"

static struct stream *websocket(uv_loop_t *loop, struct stream *below,
                                const struct address *address, unsigned timeout_ms) {
    return stream_ws_create(loop, below, address->host, address->port,
                            address_usual_port(address->scheme), address->path, timeout_ms);
}

static struct stream *tcp(uv_loop_t *loop, const struct address *address, unsigned timeout_ms) {
    return stream_tcp_create(loop, address->host, address->port, timeout_ms);
}

static struct stream *tls(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    const struct address *address = &reach->address;
    bool old_too = address->scheme == ADDRESS_TCPS && reach->tls.min_version < TLS1_2_VERSION;
    return stream_tls_create(loop, tcp(loop, address, timeout_ms),
                             old_too ? tcp(loop, address, timeout_ms) : NULL, address->host,
                             &reach->tls, timeout_ms);
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms) {
    const struct address *address = &reach->address;
    switch (address->scheme) {
    case ADDRESS_TCP:
        break;
    case ADDRESS_TCPS:
        return tls(loop, reach, timeout_ms);
    case ADDRESS_WS:
        return websocket(loop, tcp(loop, address, timeout_ms), address, timeout_ms);
    case ADDRESS_WSS:
        return websocket(loop, tls(loop, reach, timeout_ms), address, timeout_ms);
    }
    return tcp(loop, address, timeout_ms);
}
