/* `Content-Length` framing: the editor's side, the JSON wires and the relay speak it. Pulled: the
 * caller appends bytes to a buf and asks for the next body. */
#ifndef FRAME_H
#define FRAME_H

#include "buf.h"

#include <stddef.h>

enum { FRAME_HEAD_LIMIT = 8192, FRAME_HEAD_LINES = 8 };

/* 1: a whole message stands at the front of `in`; `*body` and `*length` say where its body lies,
 * and
 *    `*whole` how many bytes to consume when done with it.
 * 0: more bytes are needed; `in` must hold at least `*whole` before another look can pay.
 * -1: broken; `*error` is a constant text. Header names are compared without case; other headers
 *    than Content-Length and Content-Type, a second Content-Length, signs, or a body above
 *    `body_limit` are broken. */
int frame_next(const struct buf *in, size_t body_limit, const char **body, size_t *length,
               size_t *whole, const char **error);

/* Appends header and body to `out`. 0, or -1 when `out` is full. */
int frame_append(struct buf *out, const char *body, size_t length);

#endif
