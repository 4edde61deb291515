#include "proxy_parts.h"
#include "upgrade.h"

enum { SLOW = 256 * 1024 }; /* so much unsent, and the other side is not read */

static void flush(struct visitor *visitor) {
    channel_send(&visitor->web, visitor->out.bytes, visitor->out.length);
    buf_clear(&visitor->out);
}

void frames_close(struct visitor *visitor, int code, const char *reason) {
    websocket_write_close(&visitor->out, false, code, reason, 0);
    flush(visitor);
    visitor_part(visitor);
}

void frames_ping(struct visitor *visitor) {
    websocket_write(&visitor->out, false, WEBSOCKET_PING, "", 0, 0);
    flush(visitor);
}

void frames_from_target(struct visitor *visitor, const char *bytes, size_t length) {
    websocket_write(&visitor->out, false, WEBSOCKET_BINARY, bytes, length, 0);
    flush(visitor);
    if (channel_unsent(&visitor->web) > SLOW)
        channel_read(&visitor->target, false);
}

/* The message comes back as it came, in one piece. */
static void echo(struct visitor *visitor, const struct websocket_frame *frame) {
    if (buf_append(&visitor->message, frame->bytes, frame->length) < 0) {
        frames_close(visitor, WEBSOCKET_TOO_LARGE, "a message above 16 MiB");
        return;
    }
    if (!frame->last)
        return;
    websocket_write(&visitor->out, false, frame->opcode, visitor->message.bytes,
                    visitor->message.length, 0);
    buf_clear(&visitor->message);
    flush(visitor);
}

static void take_frame(struct visitor *visitor, const struct websocket_frame *frame) {
    if (!websocket_is_data(frame)) {
        websocket_answer(&visitor->out, false, frame, 0);
        flush(visitor);
        if (frame->opcode == WEBSOCKET_CLOSE)
            visitor_part(visitor);
    } else if (visitor->step == VISITOR_CHECKING) {
        echo(visitor, frame);
    } else {
        channel_send(&visitor->target, frame->bytes, frame->length);
    }
}

static bool is_open(const struct visitor *visitor) {
    return visitor->step == VISITOR_JOINED || visitor->step == VISITOR_CHECKING;
}

static bool keeps_up(const struct visitor *visitor) {
    return channel_unsent(&visitor->web) <= SLOW && channel_unsent(&visitor->target) <= SLOW;
}

void frames_take(struct visitor *visitor) {
    struct websocket_frame frame;
    int found = 0;
    while (is_open(visitor) && keeps_up(visitor) &&
           (found = websocket_read(&visitor->codec, &frame)) > 0)
        take_frame(visitor, &frame);
    if (!is_open(visitor))
        return;
    if (found < 0) {
        frames_close(visitor, visitor->codec.error_code, visitor->codec.error);
        return;
    }
    channel_read(&visitor->web, keeps_up(visitor));
    if (visitor->step == VISITOR_JOINED)
        channel_read(&visitor->target, channel_unsent(&visitor->web) <= SLOW);
}
