/* Reads the binary ptvsd wire from a borrowed piece of memory. When bytes are missing, `short_by`
 * is set; when they can never become right, `bad` is; both are sticky and every later read gives
 * zeros, so that a message can be read straight through and judged once at its end. */
#ifndef CURSOR_H
#define CURSOR_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const char *bytes;
    size_t length, at;
    size_t short_by; /* at least so many more bytes are needed; 0 while nothing was short */
    const char *bad; /* what is wrong, a constant text; NULL while nothing is */
};

void cursor_init(struct cursor *cursor, const char *bytes, size_t length);

/* Big-endian, signed, 8 bytes: every integer, bool and enum of the wire (binary.md section 1). */
int64_t cursor_int(struct cursor *cursor);

/* An integer that counts something: outside 0..limit is bad. */
size_t cursor_count(struct cursor *cursor, size_t limit, const char *what);

/* Four bytes as they are, e.g. "BRKH"; the result points into the input, NULL when short. */
const char *cursor_tag(struct cursor *cursor);

/* A prefixed server string in the arena, valid UTF-8; NULL for the wire's None ('N'), and when
 * short or bad. The prefix is judged before the length, the length before anything is allocated.
 * With NULL for the arena the text is only skipped. */
const char *cursor_text(struct cursor *cursor, struct arena *arena);

#endif
