#include "reach.h"
#include "stream.h"

#include <openssl/ssl.h>

/* To the host itself, or through a proxy. */
static struct stream *carrier(uv_loop_t *loop, const struct reach *reach) {
    const struct address *to = &reach->address, *proxy = &reach->web.proxy;
    return proxy->host ? stream_connect_create(loop, proxy, to->host, to->port, &reach->tcp)
                       : stream_tcp_create(loop, to->host, to->port, &reach->tcp);
}

static bool is_encrypted(const struct address *address) {
    return address->scheme == ADDRESS_TCPS || address->scheme == ADDRESS_WSS;
}

static bool is_web(const struct address *address) {
    return address->scheme == ADDRESS_WS || address->scheme == ADDRESS_WSS;
}

/* No ptvsd speaks a TLS that is not old; a web server has no need of one. */
static bool may_be_old(const struct reach *reach) {
    return reach->address.scheme == ADDRESS_TCPS && reach->tls.min_version < TLS1_2_VERSION;
}

static struct stream *watched(struct stream *below, enum stream_link link,
                              struct stream_watcher watcher) {
    return watcher.ready ? stream_watch_create(below, link, watcher) : below;
}

static struct stream *tls(uv_loop_t *loop, struct stream *below, struct stream *spare,
                          const struct reach *reach) {
    return stream_tls_create(loop, below, spare, reach->address.host, &reach->tls,
                             reach_tcp_ms(&reach->tcp));
}

/* Through TLS where the address says so. */
static struct stream *secured(uv_loop_t *loop, const struct reach *reach,
                              struct stream_watcher watcher) {
    const struct address *address = &reach->address;
    struct stream *below = carrier(loop, reach);
    if (!is_encrypted(address) && address->secret && *address->secret)
        below = stream_clear_create(below, is_web(address) ? "wss" : "tcps");
    below = watched(below, STREAM_LINK_TCP, watcher);
    if (!is_encrypted(address))
        return below;
    struct stream *spare = may_be_old(reach) ? carrier(loop, reach) : NULL;
    return watched(tls(loop, below, spare, reach), STREAM_LINK_TLS, watcher);
}

static struct stream *websocket(uv_loop_t *loop, struct stream *below, const struct reach *reach) {
    const struct address *to = &reach->address;
    return stream_ws_create(loop, below, to->host, to->port, address_usual_port(to->scheme),
                            to->path, reach->web.fields ? reach->web.fields : "",
                            reach_tcp_ms(&reach->tcp));
}

/* Awake first, if that is wanted. */
static struct stream *woken(uv_loop_t *loop, struct stream *proper, const struct reach *reach) {
    const struct address *to = &reach->address;
    if (!reach->web.wake)
        return proper;
    struct stream *first = secured(loop, reach, (struct stream_watcher){NULL, NULL});
    return stream_wake_create(loop, first, proper, to->host, to->port,
                              address_usual_port(to->scheme),
                              reach->web.fields ? reach->web.fields : "");
}

struct stream *stream_create_watched(uv_loop_t *loop, const struct reach *reach,
                                     struct stream_watcher watcher) {
    struct stream *chain = secured(loop, reach, watcher);
    if (!is_web(&reach->address))
        return chain;
    chain = watched(websocket(loop, chain, reach), STREAM_LINK_WEBSOCKET, watcher);
    return woken(loop, chain, reach);
}

unsigned stream_way_ms(const struct reach *reach) {
    enum { LATER_THAN_ANY_LINK_MS = 500 };
    const struct address *to = &reach->address;
    unsigned carriers = reach->web.proxy.host ? 2 : 1;
    unsigned links = carriers + (may_be_old(reach) ? carriers : 0) + (is_encrypted(to) ? 1 : 0) +
                     (is_web(to) ? 1 : 0);
    return links * reach_tcp_ms(&reach->tcp) + (reach->web.wake ? REACH_WAKE_MS : 0) +
           LATER_THAN_ANY_LINK_MS;
}

struct stream *stream_create(uv_loop_t *loop, const struct reach *reach) {
    return stream_create_watched(loop, reach, (struct stream_watcher){NULL, NULL});
}
