#include "http_request.h"

#include "http.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Printable, from a slash on: neither a whole URL, as proxies are asked for, nor an asterisk. */
static bool is_target(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f || text[i] == '#')
            return false;
    return length > 0 && *text == '/';
}

/* "name: value", nothing folded, no blank before the colon, no control but tab in the value. */
static bool is_field(const char *line, size_t length) {
    const char *colon = memchr(line, ':', length);
    return colon && http_is_name(line, (size_t)(colon - line)) &&
           http_is_value(colon + 1, (size_t)(line + length - colon - 1));
}

/* The length of the line without its end; `*next` is behind that. */
static size_t line_length(const char *line, const char **next) {
    size_t length = strcspn(line, "\n");
    *next = line + length + (line[length] == '\n');
    return length && line[length - 1] == '\r' ? length - 1 : length;
}

static int check_fields(const char *line) {
    const char *next;
    size_t length;
    for (; (length = line_length(line, &next)) > 0; line = next)
        if (!is_field(line, length))
            return -400;
    return *next ? -400 : 0;
}

static int read_first_line(struct http_request *request, const char *line, size_t length) {
    const char *end = line + length, *first = memchr(line, ' ', length);
    const char *last = memrchr(line, ' ', length);
    if (!first || first == last || !http_is_name(line, (size_t)(first - line)))
        return -400;
    size_t version = (size_t)(end - last - 1), target = (size_t)(last - first - 1);
    if (version != 8 || strncmp(last + 1, "HTTP/", 5) != 0 || last[7] != '.')
        return -400;
    if (last[6] != '1' || last[8] < '0' || last[8] > '9')
        return -505;
    request->minor = last[8] - '0';
    if (!is_target(first + 1, target))
        return -400;
    const char *query = memchr(first + 1, '?', target);
    request->method = memory_copy_bytes(line, (size_t)(first - line));
    request->path = memory_copy_bytes(first + 1, (size_t)((query ? query : last) - first - 1));
    request->query =
        query ? memory_copy_bytes(query + 1, (size_t)(last - query - 1)) : memory_copy_text("");
    return 0;
}

/* A field that decides must not be there twice: two readers would take two. */
static bool is_single(const char *fields, const char *name) {
    const char *next;
    size_t wanted = strlen(name), length, found = 0;
    for (const char *line = fields; (length = line_length(line, &next)) > 0; line = next)
        found += length > wanted && line[wanted] == ':' && !strncasecmp(line, name, wanted);
    return found <= 1;
}

static bool has_body(const char *fields) {
    char *length = http_field_in(fields, "Content-Length");
    char *coding = http_field_in(fields, "Transfer-Encoding");
    bool has = *coding || (*length && strcmp(length, "0") != 0);
    free(length);
    free(coding);
    return has;
}

static int read_head(struct http_request *request, const char *head) {
    const char *fields;
    size_t length = line_length(head, &fields);
    int result = strlen(head) == request->size ? read_first_line(request, head, length) : -400;
    if (result == 0)
        result = check_fields(fields);
    if (result == 0 && (!is_single(fields, "Host") || !is_single(fields, "Content-Length") ||
                        !is_single(fields, "Sec-WebSocket-Key") || has_body(fields)))
        result = -400;
    if (result == 0)
        request->fields = memory_copy_text(fields);
    return result;
}

int http_request_read(struct http_request *request, const char *bytes, size_t length) {
    *request = (struct http_request){0};
    size_t known = length < HTTP_REQUEST_LIMIT ? length : HTTP_REQUEST_LIMIT;
    request->size = http_head_size(bytes, known);
    if (!request->size)
        return length >= HTTP_REQUEST_LIMIT ? -431 : 0;
    char *head = memory_copy_bytes(bytes, request->size);
    int result = read_head(request, head);
    free(head);
    if (result == 0)
        return 1;
    http_request_finish(request);
    return result;
}

void http_request_finish(struct http_request *request) {
    free(request->method);
    free(request->path);
    free(request->query);
    free(request->fields);
    *request = (struct http_request){0};
}

bool http_wants_websocket(const struct http_request *request) {
    char *upgrade = http_field_in(request->fields, "Upgrade");
    char *key = http_field_in(request->fields, "Sec-WebSocket-Key");
    bool wants = *upgrade || *key;
    free(upgrade);
    free(key);
    return wants;
}

/* 16 bytes in base64. */
static bool is_key(const char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return strlen(text) == 24 && strspn(text, digits) == 22 && !strcmp(text + 22, "==");
}

int http_websocket_request(const struct http_request *request, char key[25]) {
    char *upgrade = http_field_in(request->fields, "Upgrade");
    char *connection = http_field_in(request->fields, "Connection");
    char *version = http_field_in(request->fields, "Sec-WebSocket-Version");
    char *given = http_field_in(request->fields, "Sec-WebSocket-Key");
    char *host = http_field_in(request->fields, "Host");
    int status = 101;
    if (strcmp(request->method, "GET") != 0 || request->minor < 1 || !*host ||
        !http_has_word(upgrade, "websocket") || !http_has_word(connection, "Upgrade"))
        status = 400;
    else if (strcmp(version, "13") != 0)
        status = 426;
    else if (!is_key(given))
        status = 400;
    if (status == 101)
        memcpy(key, given, 25);
    free(upgrade);
    free(connection);
    free(version);
    free(given);
    free(host);
    return status;
}
