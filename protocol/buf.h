/* Growable bytes with a hard limit: appended at the end, consumed from the front. Every buffer that
 * a peer can fill names its limit where it is made. */
#ifndef BUF_H
#define BUF_H

#include <stddef.h>

struct buf {
    char *bytes; /* the first unconsumed byte; NULL while nothing was ever appended */
    size_t length;
    size_t limit; /* appending beyond it fails */
    char *memory; /* what was allocated; `bytes` points into it */
    size_t room;
};

void buf_init(struct buf *buf, size_t limit);
void buf_finish(struct buf *buf);

/* 0, or -1 when the limit would be passed (then nothing is appended). */
int buf_append(struct buf *buf, const void *bytes, size_t length);
int buf_append_text(struct buf *buf, const char *text);

/* Drops the first `count` bytes, at most all. Memory of a once large buffer is given back when it
 * becomes empty. */
void buf_consume(struct buf *buf, size_t count);

void buf_clear(struct buf *buf);

#endif
