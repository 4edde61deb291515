#include "lookup.h"
#include "memory.h"
#include "platform.h"
#include "reach_tcp.h"
#include "stream_link.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { READ_BYTES = 64 * 1024, UNSENT_LIMIT = 16 << 20, REST_NS = 100 * 1000 };

struct tcp {
    struct stream stream;
    uv_loop_t *loop;
    char *host;
    int port;
    struct reach_tcp terms;
    uint64_t since;        /* ms */
    struct lookup *lookup; /* under way */
    struct addrinfo *addresses, *next;
    uv_tcp_t socket;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    uv_timer_t timer;
    int error;      /* of the addresses tried, the one that says most */
    int unwritable; /* the error of a write, after which nothing more is sent; else 0 */
    bool socket_open, timer_open, connected, rested;
    char bytes[READ_BYTES];
};

struct tcp_write {
    uv_write_t request;
    char bytes[];
};

static void free_when_all_closed(struct tcp *tcp) {
    if (tcp->socket_open || tcp->timer_open)
        return;
    if (tcp->addresses)
        freeaddrinfo(tcp->addresses);
    free(tcp->host);
    free(tcp);
}

static void timer_closed(uv_handle_t *handle) {
    struct tcp *tcp = handle->data;
    tcp->timer_open = false;
    free_when_all_closed(tcp);
}

static void socket_closed_for_good(uv_handle_t *handle) {
    struct tcp *tcp = handle->data;
    tcp->socket_open = false;
    free_when_all_closed(tcp);
}

static void tcp_close(struct stream *stream) {
    struct tcp *tcp = (struct tcp *)stream;
    lookup_give_up(tcp->lookup);
    if (tcp->socket_open && !uv_is_closing((uv_handle_t *)&tcp->socket))
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_for_good);
    uv_close((uv_handle_t *)&tcp->timer, timer_closed);
}

static enum stream_end end_of_error(int error) {
    switch (error) {
    case UV_ECONNREFUSED:
        return STREAM_REFUSED;
    case UV_ETIMEDOUT:
        return STREAM_TIMED_OUT;
    case UV_EHOSTUNREACH:
    case UV_ENETUNREACH:
        return STREAM_UNREACHABLE;
    case UV_EOF:
        return STREAM_ENDED;
    case UV_ECONNRESET:
    case UV_EPIPE:
        return STREAM_RESET;
    default:
        return STREAM_FAILED;
    }
}

/* Runs right before libuv's read(): the flag is not sticky. */
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct tcp *tcp = handle->data;
    uv_os_fd_t fd;
    if (!uv_fileno(handle, &fd))
        platform_confirm_at_once(fd);
    *buf = uv_buf_init(tcp->bytes, sizeof tcp->bytes);
}

static void bytes_read(uv_stream_t *socket, ssize_t count, const uv_buf_t *buf) {
    struct tcp *tcp = socket->data;
    if (tcp->stream.closing || count == 0)
        return;
    int error = tcp->unwritable && count < 0 ? tcp->unwritable : (int)count;
    if (count < 0)
        stream_tell_end(&tcp->stream, end_of_error(error), uv_strerror(error));
    else
        stream_tell_data(&tcp->stream, buf->base, (size_t)count);
}

static void set_options(struct tcp *tcp) {
    uv_tcp_nodelay(&tcp->socket, 1);
    uv_tcp_keepalive(&tcp->socket, tcp->terms.keep_alive_s > 0, tcp->terms.keep_alive_s);
    uv_os_fd_t fd;
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (!uv_fileno((uv_handle_t *)&tcp->socket, &fd))
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

/* Who refuses is there; a lack of a route may be only of our own IPv6. */
static int told_by(int error) {
    switch (end_of_error(error)) {
    case STREAM_REFUSED:
        return 3;
    case STREAM_TIMED_OUT:
        return 2;
    case STREAM_UNREACHABLE:
        return 0;
    default:
        return 1;
    }
}

static void note_error(struct tcp *tcp, int error) {
    if (!tcp->error || told_by(error) > told_by(tcp->error))
        tcp->error = error;
}

static void tell_error(struct tcp *tcp) {
    int error = tcp->error ? tcp->error : UV_EADDRNOTAVAIL;
    stream_tell_end(&tcp->stream, end_of_error(error),
                    error == UV_ETIMEDOUT ? "no answer" : uv_strerror(error));
}

static void try_next_address(struct tcp *tcp);

static void socket_closed_try_next(uv_handle_t *handle) {
    struct tcp *tcp = handle->data;
    tcp->socket_open = false;
    if (tcp->stream.closing)
        free_when_all_closed(tcp);
    else
        try_next_address(tcp);
}

static void connected(uv_connect_t *request, int status) {
    struct tcp *tcp = request->data;
    if (tcp->stream.closing || uv_is_closing((uv_handle_t *)&tcp->socket))
        return;
    if (status) {
        note_error(tcp, status);
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_try_next);
        return;
    }
    uv_timer_stop(&tcp->timer);
    platform_precise_timers(); /* or each rest is half as long again */
    tcp->connected = true;
    set_options(tcp);
    uv_read_start((uv_stream_t *)&tcp->socket, give_room, bytes_read);
    stream_tell_ready(&tcp->stream);
}

static void address_is_late(uv_timer_t *timer) {
    struct tcp *tcp = timer->data;
    note_error(tcp, UV_ETIMEDOUT);
    if (!tcp->next)
        tell_error(tcp);
    else if (!uv_is_closing((uv_handle_t *)&tcp->socket))
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_try_next);
}

/* One that is silent leaves the others their share of the time; on a long way an answer takes some.
 */
static void give_time(struct tcp *tcp) {
    enum { LEAST_MS = 400 };
    uint64_t gone = uv_now(tcp->loop) - tcp->since, all = reach_tcp_ms(&tcp->terms);
    uint64_t left = gone < all ? all - gone : 0, addresses = 0;
    for (const struct addrinfo *one = tcp->next; one; one = one->ai_next)
        addresses++;
    uint64_t least = left < LEAST_MS ? left : LEAST_MS, share = left / addresses;
    uv_timer_start(&tcp->timer, address_is_late, share > least ? share : least, 0);
}

static void try_next_address(struct tcp *tcp) {
    struct addrinfo *address = tcp->next;
    if (!address) {
        tell_error(tcp);
        return;
    }
    give_time(tcp);
    tcp->next = address->ai_next;
    uv_tcp_init(tcp->loop, &tcp->socket);
    tcp->socket.data = tcp;
    tcp->socket_open = true;
    tcp->connect.data = tcp;
    int error = uv_tcp_connect(&tcp->connect, &tcp->socket, address->ai_addr, connected);
    if (error) {
        note_error(tcp, error);
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_try_next);
    }
}

static void lookup_is_late(uv_timer_t *timer) {
    struct tcp *tcp = timer->data;
    stream_tell_end(&tcp->stream, STREAM_UNKNOWN_HOST, "no name server answers");
}

static void looked_up(void *context, int error, struct addrinfo *addresses) {
    struct tcp *tcp = context;
    tcp->lookup = NULL;
    tcp->addresses = tcp->next = addresses;
    if (error) {
        stream_tell_end(&tcp->stream, STREAM_UNKNOWN_HOST, gai_strerror(error));
        return;
    }
    try_next_address(tcp);
}

static void tcp_start(struct stream *stream) {
    struct tcp *tcp = (struct tcp *)stream;
    tcp->since = uv_now(tcp->loop);
    struct addrinfo *addresses = lookup_read(tcp->host, tcp->port, tcp->terms.family);
    if (addresses) {
        looked_up(tcp, 0, addresses);
        return;
    }
    uv_timer_start(&tcp->timer, lookup_is_late, stream_answer_ms(reach_tcp_ms(&tcp->terms)), 0);
    tcp->lookup = lookup_start(tcp->loop, tcp->host, tcp->port, tcp->terms.family, looked_up, tcp);
    if (!tcp->lookup)
        stream_tell_end(&tcp->stream, STREAM_FAILED, "this machine is out of threads");
}

/* What the other side has said before it went is still to be read, and its end behind that. */
static void cannot_write(struct tcp *tcp, int error) {
    if (!tcp->unwritable)
        tcp->unwritable = error;
}

static void written(uv_write_t *request, int status) {
    struct tcp *tcp = request->data;
    free(request);
    if (status && status != UV_ECANCELED)
        cannot_write(tcp, status);
}

static void tcp_send(struct stream *stream, const char *bytes, size_t length) {
    struct tcp *tcp = (struct tcp *)stream;
    assert(tcp->connected);
    if (tcp->unwritable)
        return;
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int sent = uv_try_write((uv_stream_t *)&tcp->socket, &now, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done == length)
        return;
    if (uv_stream_get_write_queue_size((uv_stream_t *)&tcp->socket) > UNSENT_LIMIT) {
        stream_tell_end(&tcp->stream, STREAM_FAILED, "it reads nothing any more");
        return;
    }
    struct tcp_write *write = memory_resize(NULL, 1, sizeof *write + length - done);
    memcpy(write->bytes, bytes + done, length - done);
    write->request.data = tcp;
    uv_buf_t later = uv_buf_init(write->bytes, (unsigned)(length - done));
    int error = uv_write(&write->request, (uv_stream_t *)&tcp->socket, &later, 1, written);
    if (error) {
        free(write);
        cannot_write(tcp, error);
    }
}

static void shut(uv_shutdown_t *request, int status) {
    (void)request, (void)status; /* the other side's end is what counts */
}

static void tcp_end_sending(struct stream *stream) {
    struct tcp *tcp = (struct tcp *)stream;
    if (tcp->connected)
        uv_shutdown(&tcp->shutdown, (uv_stream_t *)&tcp->socket, shut);
}

static int tcp_descriptor(const struct stream *stream) {
    const struct tcp *tcp = (const struct tcp *)stream;
    uv_os_fd_t fd;
    if (!tcp->connected || uv_fileno((const uv_handle_t *)&tcp->socket, &fd))
        return -1;
    return fd;
}

/* A read acknowledges, and under Nagle each acknowledgement sends one more small segment off: a
 * client that reads at once makes a sender of small pieces work for each. Resting before every
 * other read lets it gather them; what an acknowledgement sets free is here at once and needs no
 * rest. The loop has no timer that short. */
static void tcp_more_expected(struct stream *stream) {
    struct tcp *tcp = (struct tcp *)stream;
    tcp->rested = !tcp->rested;
    if (tcp->rested)
        nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
}

static const struct stream_ops tcp_ops = {
    .start = tcp_start,
    .send = tcp_send,
    .end_sending = tcp_end_sending,
    .close = tcp_close,
    .descriptor = tcp_descriptor,
    .more_expected = tcp_more_expected,
};

struct stream *stream_tcp_create(uv_loop_t *loop, const char *host, int port,
                                 const struct reach_tcp *terms) {
    struct tcp *tcp = memory_new(sizeof *tcp);
    tcp->stream = (struct stream){.ops = &tcp_ops, .resets = true};
    tcp->loop = loop;
    tcp->host = memory_copy_text(host);
    tcp->port = port;
    tcp->terms = *terms;
    uv_timer_init(loop, &tcp->timer);
    tcp->timer.data = tcp;
    tcp->timer_open = true;
    return &tcp->stream;
}
