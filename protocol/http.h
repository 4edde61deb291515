/* Heads of HTTP/1.1 messages, with a limit; no bodies. The answer to the request for a WebSocket
 * (RFC 6455 section 4), and that request. What a server reads is in http_request.h. */
#ifndef HTTP_H
#define HTTP_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_HEAD_LIMIT = 64 * 1024 };

struct http_answer {
    int status;
    char *reason; /* of the status line, controls made visible; "" if none */
    char *fields; /* the lines behind it */
    size_t size;  /* of the whole head, with the empty line */
};

/* 1: `answer` is filled, free it with http_answer_finish(); 0: more bytes are needed; -1: this is
 * no HTTP/1 answer, or its head is above the limit. */
int http_answer_read(struct http_answer *answer, const char *bytes, size_t length);
void http_answer_finish(struct http_answer *answer);

/* The value of a field, "" when it is missing; the caller frees it. Names have no case. */
char *http_field(const struct http_answer *answer, const char *name);
char *http_field_in(const char *fields, const char *name);

/* Bytes of the head with its empty line, 0 while that is not there. Bare \n are taken. */
size_t http_head_size(const char *bytes, size_t length);

/* Is the word in a comma separated value, such as "keep-alive, Upgrade"? Without case. */
int http_has_word(const char *value, const char *word);

/* Requests. `host` has its brackets off; the port is left out of Host when it is `usual_port`.
 * `fields`: more of them, whole lines, or "". */

/* GET with what a WebSocket needs. `key`: base64 of 16 random bytes. */
void http_ask_websocket(struct buf *out, const char *host, int port, int usual_port,
                        const char *path, const char *key, const char *fields);

/* HEAD of the site's root. */
void http_ask_site(struct buf *out, const char *host, int port, int usual_port, const char *fields);

/* CONNECT, to a proxy. */
void http_ask_tunnel(struct buf *out, const char *host, int port, const char *fields);

/* What may stand on the left and on the right of a field's colon. */
bool http_is_name(const char *text, size_t length);
bool http_is_value(const char *text, size_t length);

#endif
