/* Any text as a Python literal: one line of printable ASCII in which the quotes close only at the
 * end, whatever the text; and a literal of valid UTF-8 reads back as the text. */
#include "literal.h"
#include "memory.h"
#include "utf8.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Goes over the quoted part that begins at the quote `at`; gives what follows it. */
static const char *past_quoted(const char *at) {
    assert(*at == '\'');
    for (at++; *at != '\''; at++) {
        assert(*at >= ' ' && *at < 0x7F);
        if (*at == '\\')
            assert(*++at && strchr("\\'xuU", *at));
    }
    return at + 1;
}

static char *put_utf8(char *to, unsigned long code) {
    static const unsigned char first[] = {0, 0xC0, 0xE0, 0xF0};
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *to++ = (char)(first[more] | code >> 6 * more);
    while (more--)
        *to++ = (char)(0x80 | (code >> 6 * more & 0x3F));
    return to;
}

/* The character of an escape, as Python reads it; *at goes to its last letter. */
static unsigned long unescape(const char **at) {
    size_t digits = **at == 'x' ? 2 : **at == 'u' ? 4 : **at == 'U' ? 8 : 0;
    if (!digits)
        return (unsigned char)**at;
    char hex[9] = "", *end;
    strncpy(hex, *at + 1, digits);
    unsigned long code = strtoul(hex, &end, 16);
    assert(end == hex + digits);
    *at += digits;
    return code;
}

static void check_reads_back(const char *literal, const char *text) {
    char *back = memory_new(strlen(literal) + 4), *to = back;
    for (const char *at = literal + 2; *at != '\''; at++) {
        unsigned long code = (unsigned char)*at;
        if (*at == '\\') {
            at++;
            code = unescape(&at);
        }
        to = put_utf8(to, code);
    }
    assert(strcmp(back, text) == 0);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = memory_copy_bytes((const char *)data, size);
    char *unicode = literal_text(text), *native = literal_native(text);
    assert(*unicode == 'u' && !*past_quoted(unicode + 1));
    if (utf8_valid(text, strlen(text)))
        check_reads_back(unicode, text);
    const char *rest = *native == '(' ? past_quoted(native + 2) : past_quoted(native);
    if (*native == '(') {
        static const char either[] = " if ''.__class__ is u''.__class__ else b";
        assert(strncmp(rest, either, strlen(either)) == 0);
        rest = past_quoted(rest + strlen(either));
        assert(*rest++ == ')');
    }
    assert(!*rest);
    free(text);
    free(unicode);
    free(native);
    return 0;
}
