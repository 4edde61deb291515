#include "envelope.h"

#include <stdio.h>
#include <string.h>

static enum envelope_type type_of(struct span value) {
    if (span_is_text(value, "event"))
        return ENVELOPE_EVENT;
    if (span_is_text(value, "response"))
        return ENVELOPE_RESPONSE;
    return span_is_text(value, "request") ? ENVELOPE_REQUEST : ENVELOPE_OTHER;
}

static void keep_name(struct envelope *envelope, struct span value) {
    if (value.length < 2 || value.at[0] != '"' || value.length - 2 >= sizeof envelope->name ||
        memchr(value.at, '\\', value.length))
        return;
    memcpy(envelope->name, value.at + 1, value.length - 2);
    envelope->name[value.length - 2] = '\0';
}

static void take_member(struct envelope *envelope, const struct member *member) {
    struct span name = member->name, value = member->value;
    if (span_is(name, "seq"))
        envelope->seq = span_int(value, -1);
    else if (span_is(name, "request_seq"))
        envelope->request_seq = span_int(value, -1);
    else if (span_is(name, "type"))
        envelope->type = type_of(value);
    else if (span_is(name, "command") || span_is(name, "event"))
        keep_name(envelope, value);
    else if (span_is(name, "success"))
        envelope->success = span_is(value, "true");
    else if (span_is(name, "body"))
        envelope->body = value;
    else if (span_is(name, "arguments"))
        envelope->arguments = value;
    else if (span_is(name, "message"))
        envelope->message = value;
}

int envelope_read(struct envelope *envelope, const char *text, size_t length) {
    struct members members;
    struct member member;
    *envelope = (struct envelope){.type = ENVELOPE_OTHER, .seq = -1, .request_seq = -1};
    int found = members_begin(&members, text, length);
    if (found < 0)
        return -1;
    while ((found = members_next(&members, &member)) > 0)
        take_member(envelope, &member);
    return found;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool is_ascii(const char *bytes, size_t length) {
    unsigned char seen = 0;
    for (size_t i = 0; i < length; i++)
        seen |= (unsigned char)bytes[i];
    return seen < 0x80;
}

/* The character at `bytes` and its length; U+FFFD and 1 for what is no UTF-8. */
static unsigned read_character(const unsigned char *bytes, size_t length, size_t *size) {
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned first = bytes[0];
    size_t count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    unsigned code = first & (0xffu >> (count + 1));
    *size = 1;
    if (count == 1 || first > 0xf4 || count > length)
        return 0xfffd;
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0xfffd;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    if (code < least[count] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0xfffd;
    *size = count;
    return code;
}

static void append_escaped(struct buf *out, unsigned code) {
    char text[16];
    if (code < 0x10000)
        snprintf(text, sizeof text, "\\u%04x", code);
    else
        snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                 0xdc00 + ((code - 0x10000) & 0x3ff));
    buf_append_text(out, text);
}

/* Outside of its strings JSON is ASCII, so every other byte stands in one. */
static void append_as_ascii(struct buf *out, struct span span) {
    if (is_ascii(span.at, span.length)) {
        buf_append(out, span.at, span.length);
        return;
    }
    for (size_t i = 0, size = 1; i < span.length; i += size) {
        size = 1;
        if ((unsigned char)span.at[i] < 0x80)
            buf_append(out, span.at + i, 1);
        else
            append_escaped(
                out, read_character((const unsigned char *)span.at + i, span.length - i, &size));
    }
}

static void append_number(struct buf *out, const char *name, int64_t number) {
    char text[48];
    snprintf(text, sizeof text, "\"%s\": %lld", name, (long long)number);
    buf_append_text(out, text);
}

static bool is_null_body(const struct member *member) {
    return span_is(member->name, "body") && span_is(member->value, "null");
}

int envelope_renumber(struct buf *out, const char *text, size_t length, int64_t seq,
                      int64_t request_seq) {
    struct members members;
    struct member member;
    int found = members_begin(&members, text, length);
    if (found < 0)
        return -1;
    buf_append_text(out, "{");
    append_number(out, "seq", seq);
    while ((found = members_next(&members, &member)) > 0) {
        bool numbered = request_seq >= 0 && span_is(member.name, "request_seq");
        if (span_is(member.name, "seq") || is_null_body(&member))
            continue;
        buf_append_text(out, ", ");
        if (numbered)
            append_number(out, "request_seq", request_seq);
        else
            append_as_ascii(out, member.whole);
    }
    buf_append_text(out, "}");
    return found;
}
