#include "http.h"

#include "memory.h"
#include "utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

size_t http_head_size(const char *bytes, size_t length) {
    const char *at = bytes, *end = bytes + length;
    while (length && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        if (at < end && *at == '\n')
            return (size_t)(at + 1 - bytes);
        if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
            return (size_t)(at + 2 - bytes);
    }
    return 0;
}

/* "HTTP/1.1 101 Switching Protocols" */
static int read_status_line(struct http_answer *answer, const char *line) {
    if (strncmp(line, "HTTP/1.", 7) != 0 || !isdigit((unsigned char)line[7]) || line[8] != ' ')
        return -1;
    const char *status = line + 9;
    if (strspn(status, "0123456789") != 3)
        return -1;
    answer->status = atoi(status);
    const char *reason = status + 3 + strspn(status + 3, " ");
    char *copied = memory_copy_bytes(reason, strcspn(reason, "\r\n"));
    answer->reason = utf8_show_controls(copied);
    free(copied);
    return 0;
}

static size_t smaller(size_t one, size_t other) {
    return one < other ? one : other;
}

int http_answer_read(struct http_answer *answer, const char *bytes, size_t length) {
    static const char start[] = "HTTP/1.";
    *answer = (struct http_answer){0};
    if (memcmp(bytes, start, smaller(length, sizeof start - 1)) != 0)
        return -1;
    answer->size = http_head_size(bytes, length);
    if (!answer->size)
        return length > HTTP_HEAD_LIMIT ? -1 : 0;
    char *head = memory_copy_bytes(bytes, answer->size);
    const char *fields = strchr(head, '\n');
    int result = fields && strlen(head) == answer->size ? read_status_line(answer, head) : -1;
    if (result == 0)
        answer->fields = memory_copy_text(fields + 1);
    free(head);
    return result < 0 ? -1 : 1;
}

void http_answer_finish(struct http_answer *answer) {
    free(answer->reason);
    free(answer->fields);
    *answer = (struct http_answer){0};
}

static const char *without_blanks(const char *text, size_t *length) {
    while (*length && strchr(" \t\r", *text)) {
        text++;
        --*length;
    }
    while (*length && strchr(" \t\r", text[*length - 1]))
        --*length;
    return text;
}

char *http_field(const struct http_answer *answer, const char *name) {
    return http_field_in(answer->fields, name);
}

char *http_field_in(const char *fields, const char *name) {
    size_t wanted = strlen(name);
    for (const char *line = fields; line && *line;) {
        size_t length = strcspn(line, "\n");
        if (length > wanted && line[wanted] == ':' && !strncasecmp(line, name, wanted)) {
            size_t rest = length - wanted - 1;
            const char *value = without_blanks(line + wanted + 1, &rest);
            return memory_copy_bytes(value, rest);
        }
        line += length + (line[length] == '\n');
    }
    return memory_copy_text("");
}

int http_has_word(const char *value, const char *word) {
    while (*value) {
        size_t length = strcspn(value, ","), rest = length;
        const char *found = without_blanks(value, &rest);
        if (rest == strlen(word) && !strncasecmp(found, word, rest))
            return 1;
        value += length + (value[length] == ',');
    }
    return 0;
}

/* What may not stand in a request line is percent-encoded. */
static char *request_path(const char *path) {
    char *made = memory_new(3 * strlen(path) + 2), *to = made;
    if (*path != '/')
        *to++ = '/';
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        if (byte > ' ' && byte < 0x7f) {
            *to++ = *path;
            continue;
        }
        *to++ = '%';
        *to++ = "0123456789ABCDEF"[byte >> 4];
        *to++ = "0123456789ABCDEF"[byte & 15];
    }
    return made;
}

/* Host, with brackets and port where they belong. The caller frees it. */
static char *authority(const char *host, int port, int usual_port) {
    bool bare = strchr(host, ':') != NULL;
    const char *open = bare ? "[" : "", *close = bare ? "]" : "";
    return port == usual_port ? memory_format("%s%s%s", open, host, close)
                              : memory_format("%s%s%s:%d", open, host, close, port);
}

static void ask(struct buf *out, const char *line, const char *host, const char *fields,
                const char *more) {
    buf_append_text(out, line);
    buf_append_text(out, " HTTP/1.1\r\nHost: ");
    buf_append_text(out, host);
    buf_append_text(out, "\r\nUser-Agent: ptvsd-dap\r\n");
    buf_append_text(out, fields);
    buf_append_text(out, more);
    buf_append_text(out, "\r\n");
}

void http_ask_websocket(struct buf *out, const char *host, int port, int usual_port,
                        const char *path, const char *key, const char *fields) {
    char *named = authority(host, port, usual_port), *encoded = request_path(path);
    char *line = memory_format("GET %s", encoded);
    char *own = memory_format("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n",
                              key);
    ask(out, line, named, own, fields);
    free(named);
    free(encoded);
    free(line);
    free(own);
}

void http_ask_site(struct buf *out, const char *host, int port, int usual_port,
                   const char *fields) {
    char *named = authority(host, port, usual_port);
    ask(out, "HEAD /", named, "Connection: close\r\n", fields);
    free(named);
}

void http_ask_tunnel(struct buf *out, const char *host, int port, const char *fields) {
    char *named = authority(host, port, 0);
    char *line = memory_format("CONNECT %s", named);
    ask(out, line, named, "", fields);
    free(named);
    free(line);
}

bool http_is_name(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f ||
            strchr("\"(),/:;<=>?@[\\]{}", text[i]))
            return false;
    return length > 0;
}

bool http_is_value(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
            return false;
    return true;
}
