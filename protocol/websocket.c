#include "websocket.h"

#include "utf8.h"

#include <string.h>

enum {
    FIN = 0x80,
    RESERVED = 0x70,
    OPCODE = 0x0f,
    MASKED = 0x80,
    LENGTH_16 = 126,
    LENGTH_64 = 127
};

struct head {
    unsigned first, second;
    size_t size; /* of the head, the mask included */
    uint64_t length;
    unsigned char mask[4];
};

void websocket_init(struct websocket *websocket, bool client) {
    *websocket = (struct websocket){.client = client};
    buf_init(&websocket->in, 2 * (size_t)WEBSOCKET_FRAME_LIMIT);
    buf_init(&websocket->tail, WEBSOCKET_FRAME_LIMIT + 8);
}

void websocket_finish(struct websocket *websocket) {
    buf_finish(&websocket->in);
    buf_finish(&websocket->tail);
}

static int broken(struct websocket *websocket, int code, const char *error) {
    websocket->error_code = code;
    websocket->error = error;
    return -1;
}

static uint64_t big_endian(const unsigned char *bytes, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* False when the head is not whole yet. */
static bool read_head(const struct buf *in, struct head *head) {
    const unsigned char *bytes = (const unsigned char *)in->bytes;
    if (in->length < 2)
        return false;
    head->first = bytes[0];
    head->second = bytes[1];
    unsigned length = head->second & 0x7f;
    size_t extra = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
    size_t mask = head->second & MASKED ? 4 : 0;
    head->size = 2 + extra + mask;
    if (in->length < head->size)
        return false;
    head->length = extra ? big_endian(bytes + 2, extra) : length;
    memset(head->mask, 0, sizeof head->mask);
    memcpy(head->mask, bytes + 2 + extra, mask);
    return true;
}

static const char *fault_of_control(const struct head *head) {
    if (!(head->first & FIN))
        return "a control frame in pieces";
    return head->length > WEBSOCKET_CONTROL_LIMIT ? "a control frame above 125 bytes" : NULL;
}

static const char *fault_of(const struct websocket *websocket, const struct head *head) {
    unsigned opcode = head->first & OPCODE;
    if (head->first & RESERVED)
        return "reserved bits";
    if (!!(head->second & MASKED) == websocket->client)
        return websocket->client ? "a masked frame from a server"
                                 : "an unmasked frame from a client";
    if (opcode >= WEBSOCKET_CLOSE)
        return opcode > WEBSOCKET_PONG ? "an unknown opcode" : fault_of_control(head);
    if (opcode > WEBSOCKET_BINARY)
        return "an unknown opcode";
    if (opcode == WEBSOCKET_CONTINUATION && !websocket->message)
        return "a continuation of nothing";
    if (opcode != WEBSOCKET_CONTINUATION && websocket->message)
        return "a new message inside another";
    return NULL;
}

static void unmask(char *bytes, size_t length, const unsigned char mask[4]) {
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(bytes[i] ^ mask[i & 3]);
}

/* How many bytes at the end may be the beginning of a character. */
static size_t open_end(const char *bytes, size_t length) {
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)bytes[length - back];
        if (byte >= 0xc0)
            return back < (byte >= 0xf0 ? 4u : byte >= 0xe0 ? 3u : 2u) ? back : 0;
        if (byte < 0x80)
            return 0;
    }
    return 0;
}

/* A text may be cut anywhere, also within a character. */
static bool text_goes_on_well(struct websocket *websocket, const struct websocket_frame *frame) {
    struct buf *tail = &websocket->tail;
    buf_append(tail, frame->bytes, frame->length); /* its limit is above a frame's */
    size_t open = frame->last ? 0 : open_end(tail->bytes, tail->length);
    size_t whole = tail->length - open;
    if (whole && !utf8_valid(tail->bytes, whole))
        return false;
    buf_consume(tail, whole);
    return true;
}

static bool code_may_be_sent(int code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

static int check_close(struct websocket *websocket, const struct websocket_frame *frame) {
    if (!frame->length)
        return 1;
    if (frame->length < 2 ||
        !code_may_be_sent((int)big_endian((const unsigned char *)frame->bytes, 2)))
        return broken(websocket, WEBSOCKET_PROTOCOL_ERROR, "a close code that may not be sent");
    if (!utf8_valid(frame->bytes + 2, frame->length - 2))
        return broken(websocket, WEBSOCKET_NOT_TEXT, "a close reason that is not UTF-8");
    return 1;
}

static int check_payload(struct websocket *websocket, struct websocket_frame *frame) {
    if (frame->opcode == WEBSOCKET_CLOSE)
        return check_close(websocket, frame);
    if (frame->opcode >= WEBSOCKET_CLOSE)
        return 1;
    if (frame->opcode == WEBSOCKET_CONTINUATION)
        frame->opcode = (enum websocket_opcode)websocket->message;
    websocket->message = frame->last ? 0 : (int)frame->opcode;
    if (frame->opcode == WEBSOCKET_TEXT && !text_goes_on_well(websocket, frame))
        return broken(websocket, WEBSOCKET_NOT_TEXT, "a text that is not UTF-8");
    return 1;
}

int websocket_read(struct websocket *websocket, struct websocket_frame *frame) {
    struct head head;
    if (websocket->error)
        return -1;
    buf_consume(&websocket->in, websocket->taken);
    websocket->taken = 0;
    if (!read_head(&websocket->in, &head))
        return 0;
    const char *fault = fault_of(websocket, &head);
    if (fault)
        return broken(websocket, WEBSOCKET_PROTOCOL_ERROR, fault);
    if (head.length > WEBSOCKET_FRAME_LIMIT)
        return broken(websocket, WEBSOCKET_TOO_LARGE, "a frame above 16 MiB");
    size_t length = (size_t)head.length;
    if (websocket->in.length < head.size + length)
        return 0;
    unmask(websocket->in.bytes + head.size, length, head.mask);
    websocket->taken = head.size + length;
    *frame = (struct websocket_frame){(enum websocket_opcode)(head.first & OPCODE),
                                      head.first & FIN, websocket->in.bytes + head.size, length};
    return check_payload(websocket, frame);
}

int websocket_write(struct buf *out, bool client, enum websocket_opcode opcode, const char *bytes,
                    size_t length, uint32_t mask) {
    unsigned char head[14] = {(unsigned char)(FIN | (unsigned)opcode)};
    size_t size = 2, extra = length < LENGTH_16 ? 0 : length <= 0xffff ? 2 : 8;
    head[1] = (unsigned char)((extra == 2   ? (size_t)LENGTH_16
                               : extra == 8 ? (size_t)LENGTH_64
                                            : length) |
                              (client ? MASKED : 0));
    for (size_t i = 0; i < extra; i++)
        head[size++] = (unsigned char)((uint64_t)length >> (8 * (extra - 1 - i)));
    if (client)
        memcpy(head + size, &mask, 4);
    size += client ? 4 : 0;
    if (out->limit - out->length < size + length)
        return -1;
    buf_append(out, head, size);
    buf_append(out, bytes, length);
    if (client)
        unmask(out->bytes + out->length - length, length, head + size - 4);
    return 0;
}

int websocket_write_close(struct buf *out, bool client, int code, const char *reason,
                          uint32_t mask) {
    char payload[WEBSOCKET_CONTROL_LIMIT] = {(char)(code >> 8), (char)code};
    size_t length = strnlen(reason, sizeof payload - 2);
    memcpy(payload + 2, reason, length);
    return websocket_write(out, client, WEBSOCKET_CLOSE, payload,
                           code == WEBSOCKET_NO_CODE ? 0 : 2 + length, mask);
}

bool websocket_is_data(const struct websocket_frame *frame) {
    return frame->opcode < WEBSOCKET_CLOSE;
}

void websocket_answer(struct buf *out, bool client, const struct websocket_frame *frame,
                      uint32_t mask) {
    char reason[WEBSOCKET_CONTROL_LIMIT + 1];
    if (frame->opcode == WEBSOCKET_PING)
        websocket_write(out, client, WEBSOCKET_PONG, frame->bytes, frame->length, mask);
    else if (frame->opcode == WEBSOCKET_CLOSE)
        websocket_write_close(out, client, websocket_close_code(frame, reason, sizeof reason), "",
                              mask);
}

int websocket_close_code(const struct websocket_frame *frame, char *reason, size_t size) {
    size_t length = frame->length > 2 ? frame->length - 2 : 0;
    length = length < size ? length : size - 1;
    if (length)
        memcpy(reason, frame->bytes + 2, length);
    reason[length] = '\0';
    return frame->length < 2 ? WEBSOCKET_NO_CODE
                             : (int)big_endian((const unsigned char *)frame->bytes, 2);
}
