#include "utf8.h"

#include "buf.h"
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char SYMBOL_FOR_NUL[] = "\xE2\x90\x80"; /* U+2400 */

/* The length of the character at `bytes`, of which `left` bytes exist; 0 if it is none. The second
 * byte's range keeps out overlong forms, surrogates and what is above U+10FFFF. */
static size_t character_length(const unsigned char *bytes, size_t left) {
    unsigned char first = bytes[0], low = 0x80, high = 0xBF;
    size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length < 2)
        return length;
    if (first > 0xF4 || left < length)
        return 0;
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xBF)
            return 0;
    return length;
}

bool utf8_valid(const char *bytes, size_t length) {
    const unsigned char *at = (const unsigned char *)bytes;
    while (length) {
        size_t one = character_length(at, length);
        if (!one)
            return false;
        at += one;
        length -= one;
    }
    return true;
}

/* Bytes of the result, per byte of the input. */
static size_t width(char byte, bool latin1) {
    return byte == '\0' ? 3 : latin1 && (unsigned char)byte >= 0x80 ? 2 : 1;
}

static char *put(char *to, char byte, size_t bytes) {
    if (bytes == 3) {
        memcpy(to, SYMBOL_FOR_NUL, 3);
    } else if (bytes == 2) {
        to[0] = (char)(0xC0 | (unsigned char)byte >> 6);
        to[1] = (char)(0x80 | ((unsigned char)byte & 0x3F));
    } else {
        *to = byte;
    }
    return to + bytes;
}

char *utf8_from_bytes(struct arena *arena, const char *bytes, size_t length) {
    bool latin1 = !utf8_valid(bytes, length);
    if (!latin1 && (!length || !memchr(bytes, '\0', length)))
        return arena_copy_bytes(arena, bytes, length);
    size_t total = 1;
    for (size_t i = 0; i < length; i++)
        total += width(bytes[i], latin1);
    char *text = arena_alloc(arena, total), *to = text;
    for (size_t i = 0; i < length; i++)
        to = put(to, bytes[i], width(bytes[i], latin1));
    return text;
}

bool utf8_is_control(unsigned code) {
    return (code < ' ' && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0);
}

/* The character at `at` when it is of those, else 0. The upper ones have two bytes: C2 and theirs.
 */
static unsigned control_at(const unsigned char *at) {
    unsigned code = at[0] == 0xc2 && at[1] >= 0x80 ? at[1] : at[0] < 0x80 ? at[0] : 0;
    return utf8_is_control(code) ? code : 0;
}

char *utf8_show_controls(const char *text) {
    struct buf shown;
    buf_init(&shown, SIZE_MAX);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        unsigned code = control_at(at);
        char visible[8];
        snprintf(visible, sizeof visible, code ? "\\x%02x" : "%c", code ? code : *at);
        buf_append_text(&shown, visible);
        at += code >= 0x80;
    }
    buf_append(&shown, "", 1);
    return shown.memory;
}

char *utf8_show_line(const char *text) {
    char *shown = utf8_show_controls(text);
    for (char *at = shown; *at; at++)
        if (*at == '\n' || *at == '\t')
            *at = ' ';
    return shown;
}
