/* Asks a debug server who it is, without attaching: the greeting up to INFO, which can be asked any
 * number of times, also while a debugger is attached. For `list` and `doctor`; any number of
 * inquiries at a time on one loop. */
#ifndef INQUIRY_H
#define INQUIRY_H

#include "explain.h"
#include "greeting.h"
#include "reach.h"
#include "stream.h"

#include <stdbool.h>

/* In the order in which they are passed; those of links that the address does not need are not. */
enum inquiry_step {
    INQUIRY_PORT,
    INQUIRY_TLS,
    INQUIRY_CERTIFICATE,
    INQUIRY_WEBSOCKET,
    INQUIRY_GREETING, /* it is a debug server */
    INQUIRY_VERSION,  /* with a protocol that we speak */
    INQUIRY_SECRET,
    INQUIRY_PYTHON
};

struct inquiry_owner {
    void *context;
    void (*passed)(void *context, enum inquiry_step step); /* may be NULL */
    void (*over)(void *context);   /* may be NULL; the results stand in the inquiry … */
    void (*closed)(void *context); /* may be NULL; … which may be finished from now on */
};

struct inquiry {
    struct inquiry_owner owner;
    const struct reach *reach; /* borrowed */
    char *shown;               /* the address without the secret */
    struct greeting greeting;  /* `pid` and what follows, unless it failed */
    bool speaks_dap;           /* `greeting.release`; it tells no more */
    char *notes;               /* what the links have to say, each a line; NULL: nothing */
    char *failure;             /* the sentence, NULL if it went well … */
    cJSON *variables;          /* … and explain_variables() of it */
    struct stream *stream;
    uv_timer_t timer;
    bool connected; /* all links are ready */
    bool told[INQUIRY_PYTHON + 1];
};

/* Each link and the greeting have `reach->tcp.connect_s`, as in an attach. `reach` must live until
 * the end. The caller calls inquiry_finish() once it has closed. */
void inquiry_start(struct inquiry *inquiry, uv_loop_t *loop, const struct reach *reach,
                   struct inquiry_owner owner);
void inquiry_finish(struct inquiry *inquiry);

/* Nobody wants to know any more: it ends as soon as it can without harm to the server. `closed` is
 * still told. */
void inquiry_abandon(struct inquiry *inquiry);

/* A sentence on what did not work; the caller frees it. */
char *inquiry_explain(const struct inquiry *inquiry, enum failure failure, const char *detail);

#endif
