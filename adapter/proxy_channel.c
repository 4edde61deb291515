#include "proxy_channel.h"

#include "memory.h"
#include "platform.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LOOK_MS = 5 };

struct channel_write {
    uv_write_t request;
    char bytes[];
};

void channel_init(struct channel *channel, uv_loop_t *loop, struct channel_owner owner) {
    channel->owner = owner;
    channel->loop = loop;
    channel->socket.data = channel->timer.data = channel;
    channel->connect.data = channel->shutdown.data = channel;
}

/* ---- closing --------------------------------------------------------------------------------- */

bool channel_is_closed(const struct channel *channel) {
    return !channel->socket_open && !channel->timer_open;
}

static void tell_if_closed(struct channel *channel) {
    if (channel_is_closed(channel))
        channel->owner.closed(channel->owner.context);
}

static void timer_closed(uv_handle_t *handle) {
    struct channel *channel = handle->data;
    channel->timer_open = false;
    tell_if_closed(channel);
}

static void socket_closed(uv_handle_t *handle) {
    struct channel *channel = handle->data;
    channel->socket_open = false;
    tell_if_closed(channel);
}

void channel_close(struct channel *channel) {
    if (channel->socket_open && !uv_is_closing((uv_handle_t *)&channel->socket))
        uv_close((uv_handle_t *)&channel->socket, socket_closed);
    if (channel->timer_open && !uv_is_closing((uv_handle_t *)&channel->timer))
        uv_close((uv_handle_t *)&channel->timer, timer_closed);
    channel->closing = true;
}

/* A reset takes with it what the other side's system has not confirmed. */
static bool has_arrived(const struct channel *channel) {
    uv_os_fd_t fd;
    if (channel_unsent(channel))
        return false;
    return uv_fileno((const uv_handle_t *)&channel->socket, &fd) || !platform_unconfirmed(fd);
}

static void look_again(uv_timer_t *timer) {
    struct channel *channel = timer->data;
    if (has_arrived(channel) || uv_now(channel->loop) >= channel->give_up_at)
        channel_close(channel);
}

void channel_close_behind(struct channel *channel, unsigned ms) {
    if (channel->closing)
        return;
    channel->closing = true;
    if (!channel->up || has_arrived(channel)) {
        channel_close(channel);
        return;
    }
    uv_read_stop((uv_stream_t *)&channel->socket);
    channel->give_up_at = uv_now(channel->loop) + ms;
    uv_timer_init(channel->loop, &channel->timer);
    channel->timer_open = true;
    uv_timer_start(&channel->timer, look_again, LOOK_MS, LOOK_MS);
}

static void end(struct channel *channel, int status) {
    if (channel->closing)
        return;
    channel_read(channel, false);
    channel->owner.ended(channel->owner.context, status);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void set_up(struct channel *channel) {
    channel->up = true;
    uv_tcp_nodelay(&channel->socket, 1);
    uv_tcp_keepalive(&channel->socket, 1, 15);
    uv_os_fd_t fd;
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (channel->resets && !uv_fileno((uv_handle_t *)&channel->socket, &fd))
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

int channel_accept(struct channel *channel, uv_stream_t *listener) {
    uv_tcp_init(channel->loop, &channel->socket);
    channel->socket_open = true;
    int error = uv_accept(listener, (uv_stream_t *)&channel->socket);
    if (!error)
        set_up(channel);
    return error;
}

static void try_next(struct channel *channel);

static void closed_try_next(uv_handle_t *handle) {
    struct channel *channel = handle->data;
    channel->socket_open = false;
    if (channel->closing)
        tell_if_closed(channel);
    else
        try_next(channel);
}

static void went_wrong(struct channel *channel, int status) {
    channel->next = channel->next->ai_next;
    if (channel->next)
        uv_close((uv_handle_t *)&channel->socket, closed_try_next);
    else
        channel->owner.connected(channel->owner.context, status);
}

static void connected(uv_connect_t *request, int status) {
    struct channel *channel = request->data;
    if (channel->closing)
        return;
    if (status) {
        went_wrong(channel, status);
        return;
    }
    set_up(channel);
    channel->owner.connected(channel->owner.context, 0);
}

static void try_next(struct channel *channel) {
    uv_tcp_init(channel->loop, &channel->socket);
    channel->socket_open = true;
    int error =
        uv_tcp_connect(&channel->connect, &channel->socket, channel->next->ai_addr, connected);
    if (error)
        went_wrong(channel, error);
}

void channel_connect(struct channel *channel, const struct addrinfo *addresses) {
    channel->next = addresses;
    channel->resets = true;
    try_next(channel);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* ptvsd writes in small pieces under Nagle: see stream.h. The flag is not sticky. */
static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
    (void)suggested;
    struct channel *channel = handle->data;
    uv_os_fd_t fd;
    if (channel->resets && !uv_fileno(handle, &fd))
        platform_confirm_at_once(fd);
    *buf = uv_buf_init(channel->bytes, sizeof channel->bytes);
}

static void bytes_read(uv_stream_t *socket, ssize_t count, const uv_buf_t *buf) {
    struct channel *channel = socket->data;
    if (channel->closing || count == 0)
        return;
    if (count < 0)
        end(channel, (int)count);
    else
        channel->owner.data(channel->owner.context, buf->base, (size_t)count);
}

void channel_read(struct channel *channel, bool on) {
    if (!channel->up || channel->closing || on == channel->reading)
        return;
    channel->reading = on;
    if (on)
        uv_read_start((uv_stream_t *)&channel->socket, give_room, bytes_read);
    else
        uv_read_stop((uv_stream_t *)&channel->socket);
}

/* ---- writing --------------------------------------------------------------------------------- */

size_t channel_unsent(const struct channel *channel) {
    return channel->up ? uv_stream_get_write_queue_size((const uv_stream_t *)&channel->socket) : 0;
}

static void written(uv_write_t *request, int status) {
    struct channel *channel = request->data;
    free(request);
    if (channel->closing)
        return;
    if (status)
        end(channel, status);
    else if (!channel_unsent(channel))
        channel->owner.drained(channel->owner.context);
}

void channel_send(struct channel *channel, const char *bytes, size_t length) {
    if (!channel->up || channel->closing || !length)
        return;
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int sent = uv_try_write((uv_stream_t *)&channel->socket, &now, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;
    if (done == length)
        return;
    struct channel_write *write = memory_resize(NULL, 1, sizeof *write + length - done);
    memcpy(write->bytes, bytes + done, length - done);
    write->request.data = channel;
    uv_buf_t later = uv_buf_init(write->bytes, (unsigned)(length - done));
    /* It fails at once only behind an end, of which the reader hears: nobody is told twice. */
    if (uv_write(&write->request, (uv_stream_t *)&channel->socket, &later, 1, written))
        free(write);
}

static void ended_orderly(uv_shutdown_t *request, int status) {
    (void)request;
    (void)status; /* the reader learns of it */
}

void channel_end(struct channel *channel) {
    if (channel->up && !channel->closing)
        uv_shutdown(&channel->shutdown, (uv_stream_t *)&channel->socket, ended_orderly);
}
