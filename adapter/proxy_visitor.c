#include "http.h"
#include "memory.h"
#include "proxy_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_MS = 10000, /* for the whole head of a request */
    CONNECT_MS = 5000,
    CHECK_MS = 10000, /* between two messages of an echo */
    CHECKS = 8,       /* at a time */
    PART_MS = 10000,
    ARRIVE_MS = 1000, /* for what was sent to ptvsd, before it is reset */
    PING_MS = 30000,
    SILENT_MS = 3 * PING_MS, /* it answers no ping: its machine has gone */
    OUT_LIMIT = WEBSOCKET_FRAME_LIMIT + 64 * 1024
};

/* ---- the end --------------------------------------------------------------------------------- */

static void destroy(struct visitor *visitor) {
    struct visitor **at = &visitor->proxy->visitors;
    while (*at != visitor)
        at = &(*at)->next;
    *at = visitor->next;
    visitor->proxy->visitor_count--;
    http_request_finish(&visitor->request);
    websocket_finish(&visitor->codec);
    buf_finish(&visitor->head);
    buf_finish(&visitor->out);
    buf_finish(&visitor->message);
    free(visitor);
}

static void part_closed(void *context) {
    struct visitor *visitor = context;
    if (visitor->step == VISITOR_GONE && !visitor->timer_open && channel_is_closed(&visitor->web) &&
        channel_is_closed(&visitor->target))
        destroy(visitor);
}

static void timer_closed(uv_handle_t *handle) {
    struct visitor *visitor = handle->data;
    visitor->timer_open = false;
    part_closed(visitor);
}

static void gone(struct visitor *visitor) {
    if (visitor->step == VISITOR_GONE)
        return;
    visitor->step = VISITOR_GONE;
    channel_close(&visitor->web);
    channel_close_behind(&visitor->target, ARRIVE_MS);
    uv_close((uv_handle_t *)&visitor->timer, timer_closed);
}

void visitor_part(struct visitor *visitor) {
    if (visitor->step >= VISITOR_PARTING)
        return;
    visitor_step(visitor, VISITOR_PARTING);
    channel_close_behind(&visitor->target, ARRIVE_MS);
    channel_end(&visitor->web);
    channel_read(&visitor->web, true);
}

void visitor_send_away(struct visitor *visitor) {
    if (visitor->step == VISITOR_JOINED || visitor->step == VISITOR_CHECKING)
        frames_close(visitor, 1001, "the proxy was ended");
    gone(visitor);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void time_is_up(uv_timer_t *timer) {
    struct visitor *visitor = timer->data;
    switch (visitor->step) {
    case VISITOR_ASKING:
        answer_status(visitor, 408, "The request did not come in time.");
        break;
    case VISITOR_CONNECTING:
        answer_status(visitor, 504, "ptvsd did not accept the connection in time.");
        break;
    case VISITOR_JOINED:
        if (uv_now(&visitor->proxy->loop) - visitor->heard_at > SILENT_MS)
            gone(visitor);
        else
            frames_ping(visitor);
        break;
    case VISITOR_CHECKING:
        frames_close(visitor, WEBSOCKET_NORMAL, "the check has taken long enough");
        break;
    case VISITOR_CURIOUS:
    case VISITOR_PARTING:
    case VISITOR_GONE:
        gone(visitor);
        break;
    }
}

static unsigned time_limit(enum visitor_step step) {
    switch (step) {
    case VISITOR_ASKING:
        return HEAD_MS;
    case VISITOR_CONNECTING:
        return CONNECT_MS;
    case VISITOR_JOINED:
        return PING_MS;
    case VISITOR_CHECKING:
        return CHECK_MS;
    case VISITOR_CURIOUS:
    case VISITOR_PARTING:
    case VISITOR_GONE:
        break;
    }
    return PART_MS;
}

void visitor_step(struct visitor *visitor, enum visitor_step step) {
    visitor->step = step;
    uv_timer_start(&visitor->timer, time_is_up, time_limit(step), time_limit(step));
}

/* ---- the request ----------------------------------------------------------------------------- */

static bool may_debug(const struct visitor *visitor) {
    const struct proxy_options *options = &visitor->proxy->options;
    char *origin = http_field_in(visitor->request.fields, "Origin");
    bool may = !*origin;
    for (size_t i = 0; i < options->origin_count; i++)
        may = may || !strcmp(origin, options->origins[i]);
    free(origin);
    return may;
}

static void begin_check(struct visitor *visitor) {
    if (proxy_count(visitor->proxy, VISITOR_CHECKING) >= CHECKS) {
        answer_status(visitor, 503, "Too many checks at a time.");
        return;
    }
    answer_upgrade(visitor);
    visitor_step(visitor, VISITOR_CHECKING);
    frames_take(visitor);
}

static void begin_session(struct visitor *visitor) {
    struct proxy *proxy = visitor->proxy;
    int sessions = proxy_count(proxy, VISITOR_JOINED) + proxy_count(proxy, VISITOR_CONNECTING);
    if (!may_debug(visitor)) {
        answer_status(visitor, 403, "Web pages are not let in here (--allow-origin).");
    } else if (sessions >= proxy->options.sessions) {
        answer_status(visitor, 503, "Too many debuggers at a time (--sessions).");
    } else {
        visitor_step(visitor, VISITOR_CONNECTING);
        channel_connect(&visitor->target, proxy->addresses);
    }
}

static void open_websocket(struct visitor *visitor) {
    int status = http_websocket_request(&visitor->request, visitor->key);
    if (status != 101)
        answer_status(visitor, status, "This is no request for a WebSocket of version 13.");
    else if (!strcmp(visitor->request.query, "probe"))
        begin_check(visitor);
    else
        begin_session(visitor);
}

static bool is_our_path(const struct visitor *visitor) {
    const char *ours = visitor->proxy->options.path, *asked = visitor->request.path;
    size_t length = strlen(ours);
    return !strncmp(ours, asked, length) && (!asked[length] || !strcmp(asked + length, "/"));
}

static void decide(struct visitor *visitor) {
    const char *method = visitor->request.method;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        answer_status(visitor, 405, "Here is only a page to look at, and a WebSocket.");
    } else if (!is_our_path(visitor)) {
        answer_status(visitor, 404, "There is nothing at this path.");
    } else if (http_wants_websocket(&visitor->request)) {
        open_websocket(visitor);
    } else {
        visitor_step(visitor, VISITOR_CURIOUS);
        state_ask(&visitor->proxy->state);
    }
}

static void take_head(struct visitor *visitor, const char *bytes, size_t length) {
    int result = -431;
    if (buf_append(&visitor->head, bytes, length) == 0)
        result = http_request_read(&visitor->request, visitor->head.bytes, visitor->head.length);
    if (result == 0)
        return;
    if (result < 0) {
        answer_status(visitor, -result, "This is no request that can be understood.");
        return;
    }
    buf_append(&visitor->codec.in, visitor->head.bytes + visitor->request.size,
               visitor->head.length - visitor->request.size);
    buf_finish(&visitor->head);
    decide(visitor);
}

/* ---- the two connections --------------------------------------------------------------------- */

static void web_data(void *context, const char *bytes, size_t length) {
    struct visitor *visitor = context;
    visitor->heard_at = uv_now(&visitor->proxy->loop);
    if (visitor->step == VISITOR_ASKING) {
        take_head(visitor, bytes, length);
    } else if (visitor->step == VISITOR_CONNECTING || visitor->step == VISITOR_JOINED ||
               visitor->step == VISITOR_CHECKING) {
        if (buf_append(&visitor->codec.in, bytes, length) < 0)
            gone(visitor);
        else
            frames_take(visitor);
        if (visitor->step == VISITOR_CHECKING)
            uv_timer_again(&visitor->timer);
    }
}

static void web_ended(void *context, int status) {
    (void)status;
    gone(context);
}

static void drained(void *context) {
    frames_take(context);
}

static void target_connected(void *context, int status) {
    struct visitor *visitor = context;
    if (visitor->step != VISITOR_CONNECTING)
        return;
    if (status) {
        answer_status(visitor, 502, "ptvsd cannot be reached.");
        return;
    }
    answer_upgrade(visitor);
    visitor_step(visitor, VISITOR_JOINED);
    frames_take(visitor);
}

static void target_data(void *context, const char *bytes, size_t length) {
    struct visitor *visitor = context;
    if (visitor->step == VISITOR_JOINED)
        frames_from_target(visitor, bytes, length);
}

static void target_ended(void *context, int status) {
    struct visitor *visitor = context;
    if (visitor->step == VISITOR_JOINED)
        frames_close(visitor, WEBSOCKET_NORMAL,
                     status == UV_EOF ? "ptvsd ended the connection"
                                      : "ptvsd's connection was reset");
}

static void never(void *context, int status) {
    (void)context;
    (void)status;
}

void visitor_create(struct proxy *proxy) {
    struct visitor *visitor = memory_new(sizeof *visitor);
    visitor->proxy = proxy;
    visitor->next = proxy->visitors;
    proxy->visitors = visitor;
    proxy->visitor_count++;
    buf_init(&visitor->head, HTTP_REQUEST_LIMIT + CHANNEL_BYTES);
    buf_init(&visitor->out, OUT_LIMIT);
    buf_init(&visitor->message, WEBSOCKET_FRAME_LIMIT);
    websocket_init(&visitor->codec, false);
    channel_init(&visitor->web, &proxy->loop,
                 (struct channel_owner){visitor, never, web_data, drained, web_ended, part_closed});
    channel_init(&visitor->target, &proxy->loop,
                 (struct channel_owner){visitor, target_connected, target_data, drained,
                                        target_ended, part_closed});
    uv_timer_init(&proxy->loop, &visitor->timer);
    visitor->timer.data = visitor;
    visitor->timer_open = true;
    visitor_step(visitor, VISITOR_ASKING);
    if (channel_accept(&visitor->web, (uv_stream_t *)&proxy->listener))
        gone(visitor);
    else
        channel_read(&visitor->web, true);
}

void visitor_show(struct visitor *visitor) {
    if (visitor->step == VISITOR_CURIOUS)
        answer_page(visitor);
}
