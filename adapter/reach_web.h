/* The options of the way through the web: an HTTP proxy, by the attribute or by the environment;
 * more fields of the request for a WebSocket; a first request that wakes an idle site. */
#ifndef REACH_WEB_H
#define REACH_WEB_H

#include "address.h"
#include "dap.h"

enum { REACH_WAKE_MS = 4000 }; /* for the first request; then it goes on all the same */

struct reach_web {
    struct address proxy; /* `host` is NULL without one; `secret` is user:password */
    char *fields;         /* "Name: value\r\n" of each; may hold secrets. NULL without */
    bool wake;
};

/* 0, or -1 with a sentence in `error`, which shows no value: they may hold secrets. */
int reach_web_read(struct reach_web *web, const struct address *to, const cJSON *arguments,
                   struct dap_error *error);
void reach_web_finish(struct reach_web *web);

#endif
