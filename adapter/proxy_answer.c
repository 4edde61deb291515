#include "http.h"
#include "memory.h"
#include "proxy_parts.h"
#include "upgrade.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_LIMIT = 1 << 20, VALUES = 5 };

extern const char proxy_page[]; /* proxy_page.html; {{name}} stands for a value */

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {426, "Upgrade Required"},
    {431, "Request Header Fields Too Large"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

static const char *reason_of(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "";
}

static const char *fields_of(int status) {
    return status == 426   ? "Sec-WebSocket-Version: 13\r\n"
           : status == 405 ? "Allow: GET, HEAD\r\n"
                           : "";
}

static void answer(struct visitor *visitor, int status, const char *fields, const char *body) {
    bool head_only = visitor->request.method && !strcmp(visitor->request.method, "HEAD");
    char *head = memory_format("HTTP/1.1 %d %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n"
                               "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                               "Server: ptvsd-dap\r\n\r\n",
                               status, reason_of(status), fields, strlen(body));
    channel_send(&visitor->web, head, strlen(head));
    if (!head_only)
        channel_send(&visitor->web, body, strlen(body));
    free(head);
    visitor_part(visitor);
}

void answer_status(struct visitor *visitor, int status, const char *text) {
    char *fields =
        memory_format("%sContent-Type: text/plain; charset=utf-8\r\n", fields_of(status));
    char *body = memory_format("%d %s: %s\n", status, reason_of(status), text);
    answer(visitor, status, fields, body);
    free(fields);
    free(body);
}

void answer_upgrade(struct visitor *visitor) {
    char accept[32];
    upgrade_accept(visitor->key, accept);
    char *head = memory_format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                               accept);
    channel_send(&visitor->web, head, strlen(head));
    free(head);
}

/* ---- the page -------------------------------------------------------------------------------- */

struct value {
    const char *name, *text;
};

static void append_escaped(struct buf *out, const char *text) {
    for (; *text; text++) {
        const char *named = *text == '<'    ? "&lt;"
                            : *text == '>'  ? "&gt;"
                            : *text == '&'  ? "&amp;"
                            : *text == '"'  ? "&quot;"
                            : *text == '\'' ? "&#39;"
                                            : NULL;
        buf_append(out, named ? named : text, named ? strlen(named) : 1);
    }
}

static void append_value(struct buf *out, const struct value *values, const char *name,
                         size_t length) {
    for (const struct value *value = values; value < values + VALUES; value++)
        if (strlen(value->name) == length && !strncmp(value->name, name, length))
            append_escaped(out, value->text);
}

static void fill_in(struct buf *out, const char *template, const struct value *values) {
    const char *open;
    while ((open = strstr(template, "{{"))) {
        const char *close = strstr(open, "}}");
        buf_append(out, template, (size_t)(open - template));
        append_value(out, values, open + 2, (size_t)(close - open - 2));
        template = close + 2;
    }
    buf_append(out, template, strlen(template) + 1);
}

/* The field, the first of several that proxies on the way have put there; or the other. */
static char *first_of(const struct visitor *visitor, const char *name, const char *other) {
    char *value = http_field_in(visitor->request.fields, name);
    value[strcspn(value, ", ")] = '\0';
    if (*value || !other)
        return value;
    free(value);
    return http_field_in(visitor->request.fields, other);
}

/* As the browser wrote it, as far as the proxies on the way tell; its script knows better. */
static char *own_uri(const struct visitor *visitor) {
    char *scheme = first_of(visitor, "X-Forwarded-Proto", NULL);
    char *host = first_of(visitor, "X-Forwarded-Host", "Host");
    char *prefix = first_of(visitor, "X-Forwarded-Prefix", NULL);
    char *uri = memory_format("%s://SECRET@%s%s%s", !strcmp(scheme, "https") ? "wss" : "ws", host,
                              prefix, visitor->request.path);
    free(scheme);
    free(host);
    free(prefix);
    return uri;
}

/* No script but ours runs there, and nothing but this host is asked. */
static char *page_fields(const char *nonce) {
    return memory_format("Content-Type: text/html; charset=utf-8\r\n"
                         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
                         "script-src 'nonce-%s'; connect-src 'self' ws: wss:; "
                         "frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n"
                         "X-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n",
                         nonce);
}

void answer_page(struct visitor *visitor) {
    const struct state *state = &visitor->proxy->state;
    char nonce[32];
    upgrade_key(nonce);
    char *uri = own_uri(visitor), *fields = page_fields(nonce);
    struct value values[VALUES] = {{"program_class", state->good ? "good" : "bad"},
                                   {"program_fact", state->fact},
                                   {"program_advice", state->advice},
                                   {"uri", uri},
                                   {"nonce", nonce}};
    struct buf body;
    buf_init(&body, PAGE_LIMIT);
    fill_in(&body, proxy_page, values);
    answer(visitor, 200, fields, body.bytes);
    buf_finish(&body);
    free(uri);
    free(fields);
}
