/* Wire bytes by hand, for the tests of the binary codec. */
#ifndef WIRE_BYTES_H
#define WIRE_BYTES_H

#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

static inline void add_int(struct buf *out, int64_t value) {
    unsigned char bytes[8];
    for (int i = 7; i >= 0; i--, value >>= 8)
        bytes[i] = (unsigned char)(value & 0xFF);
    buf_append(out, bytes, 8);
}

static inline void add_text(struct buf *out, const char *prefix, const char *text) {
    buf_append_text(out, prefix);
    add_int(out, (int64_t)strlen(text));
    buf_append_text(out, text);
}

static inline void build_list(struct buf *out, const char *fields, va_list values) {
    for (; *fields; fields++) {
        if (*fields == 't')
            buf_append_text(out, va_arg(values, const char *));
        else if (*fields == 'i')
            add_int(out, va_arg(values, int));
        else if (*fields == 'l')
            add_int(out, va_arg(values, int64_t));
        else if (*fields == 'n')
            buf_append_text(out, "N");
        else
            add_text(out,
                     *fields == 'u'   ? "U"
                     : *fields == 'a' ? "A"
                                      : "",
                     va_arg(values, const char *));
    }
}

/* t raw text such as a tag, i int, l int64_t, u and a server texts, n None, s client text */
static inline void build(struct buf *out, const char *fields, ...) {
    va_list values;
    va_start(values, fields);
    build_list(out, fields, values);
    va_end(values);
}

#endif
