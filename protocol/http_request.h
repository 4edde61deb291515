/* Heads of HTTP/1.1 requests, as a server reads them: with a limit, and strict, since whoever sends
 * them may be anybody. No bodies. What makes one a request for a WebSocket: RFC 6455 section 4.2.1.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_REQUEST_LIMIT = 16 * 1024 };

struct http_request {
    char *method;
    char *path;   /* as it was sent: percent-encoded, without its query */
    char *query;  /* behind the ?, "" if none */
    int minor;    /* of HTTP/1.x: reverse proxies ask for pages with 1.0 */
    char *fields; /* whole lines: read them with http_field_in() */
    size_t size;  /* of the head, with its empty line */
};

/* 1: `request` is filled, free it with http_request_finish(); 0: more bytes are needed; otherwise
 * the negative status to answer with: -400, -431 (too large), -505 (another HTTP). */
int http_request_read(struct http_request *request, const char *bytes, size_t length);
void http_request_finish(struct http_request *request);

/* Does it want another protocol, or a WebSocket, whether in the right way or not? */
bool http_wants_websocket(const struct http_request *request);

/* 101, with the key in `key` (25 bytes); or the status to refuse with: 400, 426 (another version,
 * 13 is to be told). */
int http_websocket_request(const struct http_request *request, char key[25]);

#endif
