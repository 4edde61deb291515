#include "remote_reply.h"

#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- Python's literals ------------------------------------------------------------------------
 */

enum { REPLACEMENT = 0xFFFD, SHOWN_NUL = 0x2400 };

struct writer {
    char *at;
    uint32_t high; /* the first half of a character, whose second may come with the next slice */
};

static void put_bytes(struct writer *to, uint32_t code) {
    if (code < 0x80) {
        *to->at++ = (char)code;
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char heads[] = {0, 0xC0, 0xE0, 0xF0};
    *to->at++ = (char)(heads[more] | code >> (6 * more));
    while (more--)
        *to->at++ = (char)(0x80 | (code >> (6 * more) & 0x3F));
}

static void give_up_half(struct writer *to) {
    if (to->high)
        put_bytes(to, REPLACEMENT);
    to->high = 0;
}

static void put_code(struct writer *to, uint32_t code) {
    if (to->high && code >= 0xDC00 && code < 0xE000) {
        put_bytes(to, 0x10000 + ((to->high - 0xD800) << 10) + (code - 0xDC00));
        to->high = 0;
        return;
    }
    give_up_half(to);
    if (code >= 0xD800 && code < 0xDC00)
        to->high = code;
    else if ((code >= 0xDC00 && code < 0xE000) || code > 0x10FFFF)
        put_bytes(to, REPLACEMENT);
    else
        put_bytes(to, code ? code : SHOWN_NUL);
}

/* A character by so many hexadecimal digits. Where there are fewer it is no escape, and nothing
 * longer than itself may come of it. */
static void put_hexadecimal(struct writer *to, const char **at, size_t digits) {
    char text[9] = {0};
    if (strspn(*at, "0123456789abcdefABCDEF") < digits) {
        put_code(to, (unsigned char)(*at)[-1]);
        return;
    }
    memcpy(text, *at, digits);
    *at += digits;
    put_code(to, (uint32_t)strtoul(text, NULL, 16));
}

static void put_escape(struct writer *to, const char **at) {
    char kind = *(*at)++;
    switch (kind) {
    case 'n':
        put_code(to, '\n');
        break;
    case 't':
        put_code(to, '\t');
        break;
    case 'r':
        put_code(to, '\r');
        break;
    case 'x':
        put_hexadecimal(to, at, 2);
        break;
    case 'u':
        put_hexadecimal(to, at, 4);
        break;
    case 'U':
        put_hexadecimal(to, at, 8);
        break;
    default: /* maybe the first byte of several */
        give_up_half(to);
        *to->at++ = kind;
    }
}

/* The wire has made valid UTF-8 of it, which needs no more room than the literal. */
static void put_literal(struct writer *to, const char *repr) {
    const char *at = repr + (*repr == 'u');
    size_t length = strlen(at);
    if (length < 2 || !strchr("'\"", *at) || at[length - 1] != *at)
        return;
    for (const char *end = at + length - 1, *next = at + 1; next < end;) {
        if (*next == '\\' && next + 1 < end) {
            next++;
            put_escape(to, &next);
        } else {
            give_up_half(to);
            *to->at++ = *next++;
        }
    }
}

char *remote_reply_literal(const char *repr) {
    char *text = memory_new(strlen(repr) + 8);
    struct writer to = {text, 0};
    put_literal(&to, repr);
    give_up_half(&to);
    return text;
}

char *remote_reply_text(const struct wire_children *slices) {
    size_t room = 8;
    for (size_t i = 0; i < slices->count; i++)
        room += slices->children[i].object.repr ? strlen(slices->children[i].object.repr) : 0;
    char *text = memory_new(room);
    struct writer to = {text, 0};
    for (size_t i = 0; i < slices->count; i++)
        if (slices->children[i].object.repr)
            put_literal(&to, slices->children[i].object.repr);
    give_up_half(&to);
    return text;
}

/* ---- lines and fields -------------------------------------------------------------------------
 */

static char *cut(char **rest, char end) {
    char *start = *rest, *found = strchr(start, end);
    if (found)
        *found = '\0';
    *rest = found ? found + 1 : start + strlen(start);
    return start;
}

char *remote_reply_row(char **rest) {
    return **rest ? cut(rest, '\n') : NULL;
}

char *remote_reply_field(char **row) {
    char *field = cut(row, '\t'), *to = field;
    for (const char *at = field; *at; at++) {
        if (*at == '\\' && at[1]) {
            at++;
            *to++ = *at;
            if (*at == 'n')
                to[-1] = '\n';
            else if (*at == 't')
                to[-1] = '\t';
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
    return field;
}

int64_t remote_reply_number(char **row) {
    errno = 0;
    long long number = strtoll(remote_reply_field(row), NULL, 10);
    return errno ? 0 : number;
}
