/* WebSocket frames (RFC 6455), of either role: bytes in, frames out; frames in, bytes out. No
 * extensions are offered, so none may be used. The opening handshake is in upgrade.h.
 */
#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum websocket_opcode {
    WEBSOCKET_CONTINUATION = 0,
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_BINARY = 2,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10
};

/* Close codes, section 7.4. */
enum {
    WEBSOCKET_NORMAL = 1000,
    WEBSOCKET_PROTOCOL_ERROR = 1002,
    WEBSOCKET_NO_CODE = 1005, /* never sent: the peer gave none */
    WEBSOCKET_NOT_TEXT = 1007,
    WEBSOCKET_TOO_LARGE = 1009
};

enum { WEBSOCKET_FRAME_LIMIT = 16 << 20, WEBSOCKET_CONTROL_LIMIT = 125 };

struct websocket {
    bool client;       /* we are: then we mask and the peer must not */
    struct buf in;     /* append what came here; the reader consumes */
    size_t taken;      /* bytes of the frame that was last given out */
    int message;       /* opcode of the message under way, 0: none */
    struct buf tail;   /* of a text: the beginning of a character that goes on in the next frame */
    int error_code;    /* after -1: what to close with … */
    const char *error; /* … and why */
};

/* Of a data frame: `opcode` is that of its message, `last` ends the message. `bytes` are unmasked
 * and borrowed from the websocket until the next call. */
struct websocket_frame {
    enum websocket_opcode opcode;
    bool last;
    const char *bytes;
    size_t length;
};

void websocket_init(struct websocket *websocket, bool client);
void websocket_finish(struct websocket *websocket);

/* 1: a frame; 0: more bytes are needed; -1: the peer broke the protocol, for good. */
int websocket_read(struct websocket *websocket, struct websocket_frame *frame);

/* Appends one whole frame. `mask` is four random bytes, used by clients only. 0, or -1 when `out`
 * is full. */
int websocket_write(struct buf *out, bool client, enum websocket_opcode opcode, const char *bytes,
                    size_t length, uint32_t mask);

/* The payload of a close frame: at most 123 bytes of the reason. 0, or -1 when `out` is full. */
int websocket_write_close(struct buf *out, bool client, int code, const char *reason,
                          uint32_t mask);

/* Of a message; else it is a control frame. */
bool websocket_is_data(const struct websocket_frame *frame);

/* Appends what a control frame is answered with: to a ping its pong, to a close the same code. */
void websocket_answer(struct buf *out, bool client, const struct websocket_frame *frame,
                      uint32_t mask);

/* The code in the payload of a close frame, WEBSOCKET_NO_CODE if there is none; `reason` gets the
 * text behind it, cut to its size. */
int websocket_close_code(const struct websocket_frame *frame, char *reason, size_t size);

#endif
