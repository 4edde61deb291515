#include "literal.h"

#include "memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_ESCAPE = 10 }; /* \U0001F600 */

/* Decodes the character at *at and goes past it. Broken UTF-8, which callers must not pass, is read
 * byte by byte: never beyond the end, and never unescaped. */
static uint32_t next_character(const unsigned char **at) {
    uint32_t first = *(*at)++, code;
    int more = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0;
    code = more ? first & (0x3Fu >> more) : first;
    for (int i = 0; i < more; i++) {
        if (((*at)[i] & 0xC0) != 0x80)
            return first;
        code = code << 6 | ((*at)[i] & 0x3F);
    }
    if (code > 0x10FFFF)
        return first;
    *at += more;
    return code;
}

static char *put_code(char *to, uint32_t code) {
    if (code > 0xFFFF)
        return to + sprintf(to, "\\U%08X", (unsigned)code);
    if (code > 0xFF)
        return to + sprintf(to, "\\u%04x", (unsigned)code);
    if (code >= 0x20 && code < 0x7F) {
        if (code == '\\' || code == '\'')
            *to++ = '\\';
        *to++ = (char)code;
        return to;
    }
    return to + sprintf(to, "\\x%02x", (unsigned)code);
}

static char *put_text(char *to, const char *text, bool bytes) {
    const unsigned char *at = (const unsigned char *)text;
    *to++ = '\'';
    while (*at)
        to = put_code(to, bytes ? *at++ : next_character(&at));
    *to++ = '\'';
    *to = '\0';
    return to;
}

/* A literal behind `prefix`, in memory that fits. */
static char *quoted(const char *prefix, const char *text, bool bytes) {
    size_t length = 0;
    while (text[length])
        length++;
    char *literal = memory_resize(NULL, length * LONGEST_ESCAPE + 4, 1), *to = literal;
    while (*prefix)
        *to++ = *prefix++;
    to = put_text(to, text, bytes);
    return memory_resize(literal, (size_t)(to - literal) + 1, 1);
}

static bool is_ascii(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text > 0x7F)
            return false;
    return true;
}

char *literal_text(const char *text) {
    return quoted("u", text, false);
}

char *literal_native(const char *text) {
    if (is_ascii(text))
        return quoted("", text, false);
    char *on_3 = quoted("u", text, false), *on_2 = quoted("b", text, true);
    char *either = memory_format("(%s if ''.__class__ is u''.__class__ else %s)", on_3, on_2);
    free(on_3);
    free(on_2);
    return either;
}

const char *literal_truth(bool value) {
    return value ? "True" : "False";
}
