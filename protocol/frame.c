#include "frame.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_DIGITS = 9 };

static const char length_name[] = "Content-Length";
static const char type_name[] = "Content-Type";

/* What the lines read so far have told. */
struct head {
    int lines;
    bool has_length;
    size_t body_length;
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Digits with blanks around them; false for anything else. */
static bool read_length(size_t *length, const char *text, const char *end) {
    while (text < end && is_blank(*text))
        text++;
    while (end > text && is_blank(end[-1]))
        end--;
    if (text == end || end - text > MOST_DIGITS)
        return false;
    for (*length = 0; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        *length = *length * 10 + (size_t)(*text - '0');
    }
    return true;
}

static bool is_name(const char *text, size_t length, const char *name) {
    return length == strlen(name) && !strncasecmp(text, name, length);
}

/* NULL, or what is wrong with this line. */
static const char *read_line(struct head *head, const char *line, const char *end) {
    const char *colon = memchr(line, ':', (size_t)(end - line));
    if (!colon)
        return "a header line without a colon";
    if (is_name(line, (size_t)(colon - line), type_name))
        return NULL;
    if (!is_name(line, (size_t)(colon - line), length_name))
        return "a header that is neither Content-Length nor Content-Type";
    if (head->has_length)
        return "a second Content-Length";
    head->has_length = true;
    return read_length(&head->body_length, colon + 1, end) ? NULL : "a malformed Content-Length";
}

/* The last line, whose end is not there yet: an HTTP request or TLS record shall be refused by its
 * first bytes, not be waited for. */
static const char *judge_start(const char *line, size_t length) {
    size_t of_length = length < strlen(length_name) ? length : strlen(length_name);
    size_t of_type = length < strlen(type_name) ? length : strlen(type_name);
    if ((*line == '\r' && length == 1) || !strncasecmp(line, length_name, of_length))
        return NULL;
    return strncasecmp(line, type_name, of_type) ? "this is no Content-Length header" : NULL;
}

/* NULL, or what is wrong with the line that starts here; `stop` is its end, or NULL. */
static const char *judge_line(struct head *head, const char *line, const char *stop,
                              const char *end) {
    if (head->lines++ == FRAME_HEAD_LINES && *line != '\r')
        return "too many header lines";
    return stop ? read_line(head, line, stop) : judge_start(line, (size_t)(end - line));
}

/* 1 with the head's size, 0, or -1 with `*error`. */
static int read_head(struct head *head, size_t *size, const struct buf *in, const char **error) {
    size_t visible = in->length < FRAME_HEAD_LIMIT ? in->length : FRAME_HEAD_LIMIT;
    const char *line = in->bytes, *end = in->bytes + visible;
    while (line < end) {
        const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
        if (stop == line) {
            *size = (size_t)(line + 2 - in->bytes);
            *error = head->has_length ? NULL : "no Content-Length";
            return *error ? -1 : 1;
        }
        *error = judge_line(head, line, stop, end);
        if (*error)
            return -1;
        line = stop ? stop + 2 : end;
    }
    *error = visible == FRAME_HEAD_LIMIT ? "the header is too long" : NULL;
    return *error ? -1 : 0;
}

int frame_next(const struct buf *in, size_t body_limit, const char **body, size_t *length,
               size_t *whole, const char **error) {
    struct head head = {0};
    size_t size;
    *whole = in->length + 1;
    if (!in->length)
        return 0;
    int found = read_head(&head, &size, in, error);
    if (found <= 0)
        return found;
    if (head.body_length > body_limit) {
        *error = "the message is too long";
        return -1;
    }
    *whole = size + head.body_length;
    if (in->length < *whole)
        return 0;
    *body = in->bytes + size;
    *length = head.body_length;
    return 1;
}

int frame_append(struct buf *out, const char *body, size_t length) {
    char head[48];
    int size = snprintf(head, sizeof head, "Content-Length: %zu\r\n\r\n", length);
    if (out->limit - out->length < (size_t)size || out->limit - out->length - (size_t)size < length)
        return -1;
    return buf_append(out, head, (size_t)size) || buf_append(out, body, length) ? -1 : 0;
}
