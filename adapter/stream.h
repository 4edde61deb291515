/* Byte streams to the debuggee. A stream is a chain of links that look alike: tcp at the bottom,
 * tls or websocket over it. Each link has five slots and tells its owner three things. Bytes handed
 * up or down are borrowed for the call. After `closed`, or after stream_close(), nothing more is
 * told; the link frees itself when its last handle has closed. */
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
    STREAM_NO_WEBSOCKET,     /* `detail`: what came instead of the upgrade */
    STREAM_WEBSOCKET_CLOSED, /* by the web's side, which says why in `detail`, or broke the rules */
    STREAM_FAILED            /* anything else; the detail says what */
};

struct stream_owner {
    void *context;
    void (*ready)(void *context);
    void (*data)(void *context, const char *bytes, size_t length);
    void (*closed)(void *context, enum stream_end end, const char *detail);
};

struct stream {
    const struct stream_ops *ops;
    struct stream_owner owner;
};

struct stream_ops {
    void (*start)(struct stream *stream);
    void (*send)(struct stream *stream, const char *bytes, size_t length);
    void (*close)(struct stream *stream);
    int (*descriptor)(const struct stream *stream); /* -1 if there is none to write to by hand */
    void (*more_expected)(struct stream *stream);
    bool resets; /* closing it reaches ptvsd as a reset; through a proxy it may as an orderly end */
};

void stream_start(struct stream *stream, struct stream_owner owner);
/* From now on another is told; may be called from within a telling. */
void stream_hand_over(struct stream *stream, struct stream_owner owner);
void stream_send(struct stream *stream, const char *bytes, size_t length);
/* Closes so that the peer sees an orderly end, where nothing is between: for servers that complain
 * of a reset. Accepts NULL. */
void stream_close_orderly(struct stream *stream);
/* Accepts NULL. */
void stream_close(struct stream *stream);
int stream_descriptor(const struct stream *stream);
bool stream_resets(const struct stream *stream);

/* What was told ends in the middle of something, and the peer sends in small pieces: the next ones
 * may come a moment (0.1 ms) later, so as to come together. */
void stream_more_expected(struct stream *stream);

/* The whole chain for an address; `timeout_ms` for each link to be ready. */
struct reach;
struct stream *stream_create(uv_loop_t *loop, const struct reach *reach, unsigned timeout_ms);

/* The TCP link: resolves, tries each address in turn, connects within `timeout_ms` in total.
 * TCP_NODELAY; TCP_QUICKACK before each read, as ptvsd writes in small pieces under Nagle (44 ms a
 * message otherwise); SO_LINGER 0 for life, since ptvsd's reader spins on a FIN but not on an RST.
 */
struct stream *stream_tcp_create(uv_loop_t *loop, const char *host, int port, unsigned timeout_ms);

/* The WebSocket link over another, which it owns. A ping every 30 s keeps proxies from closing it.
 * Host is sent without the port where that is `usual_port`. */
struct stream *stream_ws_create(uv_loop_t *loop, struct stream *below, const char *host, int port,
                                int usual_port, const char *path, unsigned timeout_ms);

#endif
