#include "memory.h"
#include "stream.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { READ_BYTES = 64 * 1024, UNSENT_LIMIT = 16 << 20, REST_NS = 100 * 1000 };

struct tcp {
    struct stream stream;
    uv_loop_t *loop;
    char *host;
    int port;
    unsigned timeout_ms;
    uv_getaddrinfo_t lookup;
    struct addrinfo *addresses, *next;
    uv_tcp_t socket;
    uv_connect_t connect;
    uv_timer_t timer;
    int last_error;
    int unwritable; /* the error of a write, after which nothing more is sent; else 0 */
    bool looking_up, socket_open, timer_open, connected, closing, rested;
    char bytes[READ_BYTES];
};

struct tcp_write {
    uv_write_t request;
    char bytes[];
};

static void free_when_all_closed(struct tcp *tcp) {
    if (tcp->looking_up || tcp->socket_open || tcp->timer_open)
        return;
    if (tcp->addresses)
        uv_freeaddrinfo(tcp->addresses);
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
    if (tcp->closing)
        return;
    tcp->closing = true;
    if (tcp->looking_up)
        uv_cancel((uv_req_t *)&tcp->lookup);
    if (tcp->socket_open && !uv_is_closing((uv_handle_t *)&tcp->socket))
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_for_good);
    uv_close((uv_handle_t *)&tcp->timer, timer_closed);
}

static void tcp_end(struct tcp *tcp, enum stream_end end, const char *detail) {
    if (tcp->closing)
        return;
    struct stream_owner owner = tcp->stream.owner;
    tcp_close(&tcp->stream);
    owner.closed(owner.context, end, detail);
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
#ifdef TCP_QUICKACK
    uv_os_fd_t fd;
    int one = 1;
    if (!uv_fileno(handle, &fd))
        setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
#endif
    *buf = uv_buf_init(tcp->bytes, sizeof tcp->bytes);
}

static void bytes_read(uv_stream_t *socket, ssize_t count, const uv_buf_t *buf) {
    struct tcp *tcp = socket->data;
    if (tcp->closing || count == 0)
        return;
    int error = tcp->unwritable && count < 0 ? tcp->unwritable : (int)count;
    if (count < 0)
        tcp_end(tcp, end_of_error(error), uv_strerror(error));
    else
        tcp->stream.owner.data(tcp->stream.owner.context, buf->base, (size_t)count);
}

static void set_options(struct tcp *tcp) {
    uv_tcp_nodelay(&tcp->socket, 1);
    uv_tcp_keepalive(&tcp->socket, 1, 15);
    uv_os_fd_t fd;
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (!uv_fileno((uv_handle_t *)&tcp->socket, &fd))
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

static void try_next_address(struct tcp *tcp);

static void socket_closed_try_next(uv_handle_t *handle) {
    struct tcp *tcp = handle->data;
    tcp->socket_open = false;
    if (tcp->closing)
        free_when_all_closed(tcp);
    else
        try_next_address(tcp);
}

static void connected(uv_connect_t *request, int status) {
    struct tcp *tcp = request->data;
    if (tcp->closing)
        return;
    if (status) {
        tcp->last_error = status;
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_try_next);
        return;
    }
    uv_timer_stop(&tcp->timer);
#ifdef PR_SET_TIMERSLACK
    prctl(PR_SET_TIMERSLACK, 1000); /* ns; or each rest is half as long again */
#endif
    tcp->connected = true;
    set_options(tcp);
    uv_read_start((uv_stream_t *)&tcp->socket, give_room, bytes_read);
    tcp->stream.owner.ready(tcp->stream.owner.context);
}

static void try_next_address(struct tcp *tcp) {
    struct addrinfo *address = tcp->next;
    if (!address) {
        tcp_end(tcp, end_of_error(tcp->last_error), uv_strerror(tcp->last_error));
        return;
    }
    tcp->next = address->ai_next;
    uv_tcp_init(tcp->loop, &tcp->socket);
    tcp->socket.data = tcp;
    tcp->socket_open = true;
    tcp->connect.data = tcp;
    int error = uv_tcp_connect(&tcp->connect, &tcp->socket, address->ai_addr, connected);
    if (error) {
        tcp->last_error = error;
        uv_close((uv_handle_t *)&tcp->socket, socket_closed_try_next);
    }
}

static void looked_up(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses) {
    struct tcp *tcp = request->data;
    tcp->looking_up = false;
    tcp->addresses = tcp->next = addresses;
    if (tcp->closing)
        free_when_all_closed(tcp);
    else if (status)
        tcp_end(tcp, STREAM_UNKNOWN_HOST, uv_strerror(status));
    else
        try_next_address(tcp);
}

static void time_is_up(uv_timer_t *timer) {
    tcp_end(timer->data, STREAM_TIMED_OUT, "no answer");
}

/* An address that is none of a name is read at once: names are looked up by two threads for all
 * sessions, and may wait long for a name server. */
static bool reads_address(struct tcp *tcp, const char *service) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_protocol = IPPROTO_TCP,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    if (uv_getaddrinfo(tcp->loop, &tcp->lookup, NULL, tcp->host, service, &hints))
        return false;
    looked_up(&tcp->lookup, 0, tcp->lookup.addrinfo);
    return true;
}

static void tcp_start(struct stream *stream) {
    struct tcp *tcp = (struct tcp *)stream;
    uv_timer_start(&tcp->timer, time_is_up, tcp->timeout_ms, 0);
    char service[8];
    snprintf(service, sizeof service, "%d", tcp->port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    tcp->lookup.data = tcp;
    if (reads_address(tcp, service))
        return;
    int error = uv_getaddrinfo(tcp->loop, &tcp->lookup, looked_up, tcp->host, service, &hints);
    tcp->looking_up = !error;
    if (error)
        tcp_end(tcp, STREAM_UNKNOWN_HOST, uv_strerror(error));
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
    if (tcp->closing || tcp->unwritable)
        return;
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int sent = uv_try_write((uv_stream_t *)&tcp->socket, &now, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done == length)
        return;
    if (uv_stream_get_write_queue_size((uv_stream_t *)&tcp->socket) > UNSENT_LIMIT) {
        tcp_end(tcp, STREAM_FAILED, "it reads nothing any more");
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

static int tcp_descriptor(const struct stream *stream) {
    const struct tcp *tcp = (const struct tcp *)stream;
    uv_os_fd_t fd;
    if (!tcp->connected || tcp->closing || uv_fileno((const uv_handle_t *)&tcp->socket, &fd))
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

static const struct stream_ops tcp_ops = {tcp_start,      tcp_send,          tcp_close,
                                          tcp_descriptor, tcp_more_expected, true};

struct stream *stream_tcp_create(uv_loop_t *loop, const char *host, int port, unsigned timeout_ms) {
    struct tcp *tcp = memory_new(sizeof *tcp);
    tcp->stream.ops = &tcp_ops;
    tcp->loop = loop;
    tcp->host = memory_copy_text(host);
    tcp->port = port;
    tcp->timeout_ms = timeout_ms;
    tcp->last_error = UV_EADDRNOTAVAIL;
    uv_timer_init(loop, &tcp->timer);
    tcp->timer.data = tcp;
    tcp->timer_open = true;
    return &tcp->stream;
}
