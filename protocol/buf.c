#include "buf.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 4096, KEPT_ROOM = 1024 * 1024 };

void buf_init(struct buf *buf, size_t limit) {
    *buf = (struct buf){.limit = limit};
}

void buf_finish(struct buf *buf) {
    free(buf->memory);
    buf_init(buf, buf->limit);
}

/* Moves the bytes to the front of the memory when the tail is short, and grows it if that is not
 * enough. At least half of new memory is free: else small appends and consumes in turn would copy
 * nearly all each time. */
static void make_room(struct buf *buf, size_t more) {
    size_t head = buf->memory ? (size_t)(buf->bytes - buf->memory) : 0;
    if (buf->memory && buf->room - head - buf->length >= more)
        return;
    if (buf->memory && head >= buf->length && buf->room - buf->length >= more) {
        memcpy(buf->memory, buf->bytes, buf->length);
        buf->bytes = buf->memory;
        return;
    }
    size_t room = buf->room ? buf->room : FIRST_ROOM;
    while (room - buf->length < more || buf->length > room / 2)
        room *= 2;
    char *memory = memory_resize(NULL, room, 1);
    if (buf->length)
        memcpy(memory, buf->bytes, buf->length);
    free(buf->memory);
    buf->memory = buf->bytes = memory;
    buf->room = room;
}

int buf_append(struct buf *buf, const void *bytes, size_t length) {
    if (length > buf->limit || buf->length > buf->limit - length)
        return -1;
    if (!length)
        return 0;
    make_room(buf, length);
    memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    return 0;
}

int buf_append_text(struct buf *buf, const char *text) {
    return buf_append(buf, text, strlen(text));
}

void buf_consume(struct buf *buf, size_t count) {
    if (count < buf->length) {
        buf->bytes += count;
        buf->length -= count;
        return;
    }
    buf_clear(buf);
}

void buf_clear(struct buf *buf) {
    if (buf->room > KEPT_ROOM) {
        buf_finish(buf);
        return;
    }
    buf->bytes = buf->memory;
    buf->length = 0;
}
