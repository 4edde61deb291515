/* One TCP connection of the proxy, of either side. Reading can be switched off while the other side
 * is slow. Bytes handed over are borrowed for the call. After channel_close() only `closed` is
 * told; then its memory may go. */
#ifndef PROXY_CHANNEL_H
#define PROXY_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum { CHANNEL_BYTES = 64 * 1024 };

struct channel_owner {
    void *context;
    void (*connected)(void *context, int status); /* 0, or the error of the address tried last */
    void (*data)(void *context, const char *bytes, size_t length);
    void (*drained)(void *context);           /* all that was sent is with the system */
    void (*ended)(void *context, int status); /* UV_EOF or an error; nothing more will be read */
    void (*closed)(void *context);
};

struct channel {
    struct channel_owner owner;
    uv_loop_t *loop;
    uv_tcp_t socket;
    uv_timer_t timer; /* while what was sent is awaited to have arrived */
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    const struct addrinfo *next;
    uint64_t give_up_at;
    bool socket_open, timer_open, up, reading, closing, resets;
    char bytes[CHANNEL_BYTES];
};

void channel_init(struct channel *channel, uv_loop_t *loop, struct channel_owner owner);

/* 0 or an error; it must be closed in either case. */
int channel_accept(struct channel *channel, uv_stream_t *listener);

/* Tries each of the addresses, which must live on; whatever ends it then, the other side sees a
 * reset, never an orderly end: ptvsd is wedged by that. */
void channel_connect(struct channel *channel, const struct addrinfo *addresses);

void channel_read(struct channel *channel, bool on);
void channel_send(struct channel *channel, const char *bytes, size_t length);

/* Bytes that the system has not taken yet. */
size_t channel_unsent(const struct channel *channel);

/* An orderly end behind all that was sent. */
void channel_end(struct channel *channel);

/* At once; or when what was sent has arrived, within `ms`. */
void channel_close(struct channel *channel);
void channel_close_behind(struct channel *channel, unsigned ms);

/* Nothing of it is open (any more). */
bool channel_is_closed(const struct channel *channel);

#endif
