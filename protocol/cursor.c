#include "cursor.h"

#include "utf8.h"
#include "wire.h"

void cursor_init(struct cursor *cursor, const char *bytes, size_t length) {
    *cursor = (struct cursor){.bytes = bytes, .length = length};
}

/* The next `count` bytes, or NULL when they are not there or nothing can be read any more. */
static const char *take(struct cursor *cursor, size_t count) {
    if (cursor->bad || cursor->short_by)
        return NULL;
    size_t left = cursor->length - cursor->at;
    if (count > left) {
        cursor->short_by = count - left;
        return NULL;
    }
    const char *bytes = cursor->bytes + cursor->at;
    cursor->at += count;
    return bytes;
}

int64_t cursor_int(struct cursor *cursor) {
    const unsigned char *bytes = (const unsigned char *)take(cursor, 8);
    uint64_t value = 0;
    for (int i = 0; bytes && i < 8; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

size_t cursor_count(struct cursor *cursor, size_t limit, const char *what) {
    uint64_t count = (uint64_t)cursor_int(cursor); /* what is negative becomes huge */
    if (count <= limit)
        return (size_t)count;
    cursor->bad = what;
    return 0;
}

const char *cursor_tag(struct cursor *cursor) {
    return take(cursor, 4);
}

const char *cursor_text(struct cursor *cursor, struct arena *arena) {
    const char *prefix = take(cursor, 1);
    if (!prefix || *prefix == 'N')
        return NULL;
    if (*prefix != 'U' && *prefix != 'A') {
        cursor->bad = "a text has neither of the prefixes N, U and A";
        return NULL;
    }
    size_t length = cursor_count(cursor, WIRE_TEXT_LIMIT, "a text's length is impossible");
    const char *bytes = take(cursor, length);
    if (!bytes || !arena)
        return NULL;
    return length ? utf8_from_bytes(arena, bytes, length) : "";
}
