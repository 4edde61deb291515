/* A first request to the site's root, on a connection of its own, before the way proper is begun:
 * idle sites start their program at it. Whatever becomes of it, the way is begun then. */
#include "http.h"
#include "memory.h"
#include "reach_web.h"
#include "stream_link.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct wake {
    struct stream stream; /* over the way proper */
    struct stream *first; /* the way to the site, for the request; NULL afterwards */
    char *host, *fields;  /* the fields are wiped once they were sent */
    int port, usual_port;
    uv_timer_t timer;
    bool begun;
};

static void timer_closed(uv_handle_t *handle) {
    struct wake *wake = handle->data;
    memory_wipe_text(&wake->fields);
    free(wake->host);
    free(wake);
}

static void wake_close(struct stream *stream) {
    struct wake *wake = (struct wake *)stream;
    stream_close(wake->first);
    stream_close_below(stream);
    uv_close((uv_handle_t *)&wake->timer, timer_closed);
}

static void begin(struct wake *wake) {
    if (wake->begun || wake->stream.closing)
        return;
    wake->begun = true;
    uv_timer_stop(&wake->timer);
    stream_close(wake->first);
    wake->first = NULL;
    stream_start_below(&wake->stream);
}

/* ---- the request ----------------------------------------------------------------------------- */

static void first_ready(void *context) {
    struct wake *wake = context;
    struct buf out;
    buf_init(&out, HTTP_HEAD_LIMIT);
    http_ask_site(&out, wake->host, wake->port, wake->usual_port, wake->fields);
    stream_send(wake->first, out.bytes, out.length);
    explicit_bzero(out.memory, out.room);
    buf_finish(&out);
}

static void first_data(void *context, const char *bytes, size_t length) {
    (void)bytes;
    (void)length;
    begin(context);
}

static void first_closed(void *context, enum stream_end end, const char *detail) {
    struct wake *wake = context;
    (void)end;
    (void)detail;
    wake->first = NULL;
    begin(wake);
}

static void time_is_up(uv_timer_t *timer) {
    begin(timer->data);
}

static void wake_start(struct stream *stream) {
    struct wake *wake = (struct wake *)stream;
    uv_timer_start(&wake->timer, time_is_up, REACH_WAKE_MS, 0);
    stream_start(wake->first, (struct stream_owner){wake, first_ready, first_data, first_closed});
}

static const struct stream_ops wake_ops = {.start = wake_start, .close = wake_close};

struct stream *stream_wake_create(uv_loop_t *loop, struct stream *first, struct stream *proper,
                                  const char *host, int port, int usual_port, const char *fields) {
    struct wake *wake = memory_new(sizeof *wake);
    wake->stream.ops = &wake_ops;
    wake->first = first;
    wake->stream.below = proper;
    wake->host = memory_copy_text(host);
    wake->fields = memory_copy_text(fields);
    wake->port = port;
    wake->usual_port = usual_port;
    uv_timer_init(loop, &wake->timer);
    wake->timer.data = wake;
    return &wake->stream;
}
