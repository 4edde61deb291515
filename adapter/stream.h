/* Byte streams to the debuggee. A stream is a chain of links that look alike: tcp at the bottom,
 * over it perhaps the tunnel through an HTTP proxy, then tls or websocket. Each link tells its
 * owner three things. Bytes handed up or down are borrowed for the call. After `closed`, or after
 * stream_close(), nothing more is told; the link frees itself when its last handle has closed. */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum stream_end {
    STREAM_UNKNOWN_HOST,
    STREAM_REFUSED,
    STREAM_TIMED_OUT, /* not connected in time */
    STREAM_UNREACHABLE,
    STREAM_ENDED, /* orderly end of the other side */
    STREAM_RESET,
    STREAM_NO_TUNNEL,        /* the HTTP proxy does not let us through; `detail`: why */
    STREAM_NO_WEBSOCKET,     /* `detail`: what came instead of the upgrade */
    STREAM_WEBSOCKET_CLOSED, /* by the web's side, which says why in `detail`, or broke the rules */
    STREAM_NO_TLS,           /* `detail`: what came instead of it */
    STREAM_TLS_SILENT,       /* connected, but the handshake is not answered */
    STREAM_TLS_OLD,          /* only versions that we, or the user, do not take */
    STREAM_TLS_FAILED,       /* the handshake; `detail`: what OpenSSL says */
    STREAM_TLS_CLIENT_WANTED,  /* it asks for a certificate of ours, and we have none */
    STREAM_TLS_CLIENT_REFUSED, /* it does not take ours; `detail` of both: its words */
    STREAM_CERTIFICATE,        /* not accepted; `detail`: sentences of tls_words.h */
    STREAM_FAILED              /* anything else; the detail says what */
};

struct stream_owner {
    void *context;
    void (*ready)(void *context);
    void (*data)(void *context, const char *bytes, size_t length);
    void (*closed)(void *context, enum stream_end end, const char *detail);
};

/* Something that the user should know of the way, in a whole sentence. */
typedef void stream_notes(void *context, bool important, const char *text);

struct stream; /* stream_link.h */

void stream_start(struct stream *stream, struct stream_owner owner);
/* Before the start, if the owner wants notes, too. */
void stream_listen(struct stream *stream, stream_notes *notes);
/* From now on another is told, but no notes, and no watcher is; may be called from within a
 * telling.
 */
void stream_hand_over(struct stream *stream, struct stream_owner owner);
void stream_send(struct stream *stream, const char *bytes, size_t length);
/* Nothing more will be sent: the peer sees an orderly end behind what was, and its own end is told
 * as ever. Only for who knows that the peer bears it. Accepts NULL. */
void stream_end_sending(struct stream *stream);
/* Accepts NULL. */
void stream_close(struct stream *stream);
/* To write to by hand; -1 if there is none. */
int stream_descriptor(const struct stream *stream);
/* It was told that it is; false for NULL. */
bool stream_is_ready(const struct stream *stream);
/* Closing it reaches ptvsd as a reset; through a proxy it may as an orderly end. */
bool stream_resets(const struct stream *stream);

/* What was told ends in the middle of something, and the peer sends in small pieces: the next ones
 * may come a moment (0.1 ms) later, so as to come together. */
void stream_more_expected(struct stream *stream);

/* The whole chain for an address; each link has `reach->tcp.connect_s` to be ready. */
struct reach;
struct stream *stream_create(uv_loop_t *loop, const struct reach *reach);

/* The same, and `watcher` is told of each link when it is ready. */
enum stream_link { STREAM_LINK_TCP, STREAM_LINK_TLS, STREAM_LINK_WEBSOCKET };

struct stream_watcher {
    void *context;
    void (*ready)(void *context, enum stream_link link);
};

struct stream *stream_create_watched(uv_loop_t *loop, const struct reach *reach,
                                     struct stream_watcher watcher);

/* Behind this time no link has one any more. */
unsigned stream_way_ms(const struct reach *reach);

/* A link that only passes on what comes, and tells the watcher; it owns the one below. */
struct stream *stream_watch_create(struct stream *below, enum stream_link link,
                                   struct stream_watcher watcher);

/* The link that warns of a secret in clear text, and names a better scheme; it owns the one below.
 */
struct stream *stream_clear_create(struct stream *below, const char *better);

/* The TCP link: resolves, tries each address in turn, with its share of `connect_s` in total.
 * TCP_NODELAY; TCP_QUICKACK before each read, as ptvsd writes in small pieces under Nagle (44 ms a
 * message otherwise); SO_LINGER 0 for life, since ptvsd's reader spins on a FIN but not on an RST.
 */
struct reach_tcp;
struct stream *stream_tcp_create(uv_loop_t *loop, const char *host, int port,
                                 const struct reach_tcp *terms);

/* The WebSocket link over another, which it owns. A ping every 30 s keeps proxies from closing it.
 * Host is sent without the port where that is `usual_port`; `fields` are sent with the request. */
struct stream *stream_ws_create(uv_loop_t *loop, struct stream *below, const char *host, int port,
                                int usual_port, const char *path, const char *fields,
                                unsigned timeout_ms);

/* The tunnel through an HTTP proxy, whose `secret` is user:password. */
struct address;
struct stream *stream_connect_create(uv_loop_t *loop, const struct address *proxy, const char *host,
                                     int port, const struct reach_tcp *terms);

/* `first` and `proper` are its own: a request by the one, then the other is the way. */
struct stream *stream_wake_create(uv_loop_t *loop, struct stream *first, struct stream *proper,
                                  const char *host, int port, int usual_port, const char *fields);

/* The TLS link over another, which it owns; it has no socket of its own. It is ready once the
 * server is accepted by the terms (tls_trust.h): before that nothing is sent but the handshake. TLS
 * 1.2 or newer is asked for first; where that fails, `spare`, a second connection not started yet,
 * is used for older ones (no ptvsd speaks anything newer than 1.0). NULL: not to be tried. Closing
 * sends no close_notify, which ptvsd would take for an orderly end. */
struct tls_terms;
struct stream *stream_tls_create(uv_loop_t *loop, struct stream *below, struct stream *spare,
                                 const char *host, const struct tls_terms *terms,
                                 unsigned timeout_ms);

#endif
