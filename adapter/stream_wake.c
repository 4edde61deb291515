/* A first request to the site's root, on a connection of its own, before the way proper is begun:
 * idle sites start their program at it. Whatever becomes of it, the way is begun then. */
#include "http.h"
#include "memory.h"
#include "reach_web.h"
#include "stream.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct wake {
    struct stream stream;
    struct stream *first; /* the way to the site, for the request; NULL afterwards */
    struct stream *proper;
    char *host, *fields; /* the fields are wiped once they were sent */
    int port, usual_port;
    uv_timer_t timer;
    bool begun, closing;
};

static void timer_closed(uv_handle_t *handle) {
    struct wake *wake = handle->data;
    explicit_bzero(wake->fields, strlen(wake->fields));
    free(wake->fields);
    free(wake->host);
    free(wake);
}

static void wake_close(struct stream *stream) {
    struct wake *wake = (struct wake *)stream;
    if (wake->closing)
        return;
    wake->closing = true;
    stream_close(wake->first);
    stream_close(wake->proper);
    uv_close((uv_handle_t *)&wake->timer, timer_closed);
}

/* ---- the way proper: what it tells goes to the owner, but its end, at which we end too ---------
 */

static void proper_ready(void *context) {
    struct stream_owner owner = ((struct wake *)context)->stream.owner;
    owner.ready(owner.context);
}

static void proper_data(void *context, const char *bytes, size_t length) {
    struct stream_owner owner = ((struct wake *)context)->stream.owner;
    owner.data(owner.context, bytes, length);
}

static void proper_closed(void *context, enum stream_end end, const char *detail) {
    struct wake *wake = context;
    struct stream_owner owner = wake->stream.owner;
    wake->proper = NULL;
    wake_close(&wake->stream);
    owner.closed(owner.context, end, detail);
}

static void proper_notes(void *context, bool important, const char *text) {
    stream_note(context, important, text);
}

static void begin(struct wake *wake) {
    if (wake->begun || wake->closing)
        return;
    wake->begun = true;
    uv_timer_stop(&wake->timer);
    stream_close(wake->first);
    wake->first = NULL;
    stream_listen(wake->proper, proper_notes);
    stream_start(wake->proper,
                 (struct stream_owner){wake, proper_ready, proper_data, proper_closed});
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

static void wake_send(struct stream *stream, const char *bytes, size_t length) {
    struct wake *wake = (struct wake *)stream;
    if (wake->proper)
        stream_send(wake->proper, bytes, length);
}

static int wake_descriptor(const struct stream *stream) {
    return stream_descriptor(((const struct wake *)stream)->proper);
}

static void wake_more_expected(struct stream *stream) {
    stream_more_expected(((struct wake *)stream)->proper);
}

static const struct stream_ops wake_ops = {wake_start,      wake_send,          wake_close,
                                           wake_descriptor, wake_more_expected, false};

struct stream *stream_wake_create(uv_loop_t *loop, struct stream *first, struct stream *proper,
                                  const char *host, int port, int usual_port, const char *fields) {
    struct wake *wake = memory_new(sizeof *wake);
    wake->stream.ops = &wake_ops;
    wake->first = first;
    wake->proper = proper;
    wake->host = memory_copy_text(host);
    wake->fields = memory_copy_text(fields);
    wake->port = port;
    wake->usual_port = usual_port;
    uv_timer_init(loop, &wake->timer);
    wake->timer.data = wake;
    return &wake->stream;
}
