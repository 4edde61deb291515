/* What the proxy's files share. proxy.c: the listener and the end; proxy_visitor.c: one connection,
 * from the head of its request to its end; proxy_frames.c: its WebSocket; proxy_answer.c: what is
 * answered in HTTP; proxy_state.c: what answers at the target; proxy_page.html: the page.
 *
 * A visitor is whoever connects. Only a WebSocket without an Origin, or of an origin that was
 * allowed, is joined to ptvsd: browsers send one always, so that no web page gets there, also not
 * under a name of its own for this machine. WebSockets with the query "probe" come back as an echo
 * and reach no ptvsd: the page checks with one whether WebSockets get through. */
#ifndef PROXY_PARTS_H
#define PROXY_PARTS_H

#include "buf.h"
#include "greeting.h"
#include "http_request.h"
#include "proxy_channel.h"
#include "proxy_options.h"
#include "stream.h"
#include "websocket.h"

enum visitor_step {
    VISITOR_ASKING,     /* the head of the request is awaited */
    VISITOR_CURIOUS,    /* the page waits for the state */
    VISITOR_CONNECTING, /* to ptvsd; then the WebSocket is opened */
    VISITOR_JOINED,
    VISITOR_CHECKING, /* echo */
    VISITOR_PARTING,  /* nothing more to say; for its end */
    VISITOR_GONE      /* for its handles to close */
};

struct proxy;

struct visitor {
    struct visitor *next;
    struct proxy *proxy;
    enum visitor_step step;
    struct channel web, target;
    uv_timer_t timer;
    bool timer_open;
    struct buf head, out;
    struct buf message; /* of an echo */
    struct http_request request;
    char key[25];
    struct websocket codec;
    uint64_t heard_at; /* ms */
};

/* What answers at the target: a fact and what to do, for people. */
struct state {
    struct proxy *proxy;
    struct stream *stream; /* while it is asked */
    uv_timer_t timer;
    struct greeting greeting;
    bool asking, connected;
    uint64_t known_until; /* ms: before, it is not asked again */
    bool good;
    char *fact, *advice;
};

struct proxy {
    uv_loop_t loop;
    struct proxy_options options;
    struct addrinfo *addresses; /* of the target */
    char *target;               /* host:port */
    uv_tcp_t listener;
    uv_signal_t signals[2];
    struct state state;
    struct visitor *visitors;
    int visitor_count;
    bool ending;
};

int proxy_count(const struct proxy *proxy, enum visitor_step step);

void visitor_create(struct proxy *proxy);
/* The state is known. */
void visitor_show(struct visitor *visitor);
void visitor_step(struct visitor *visitor, enum visitor_step step);
/* Nothing is sent any more: an end is, behind what was, and ptvsd is reset. */
void visitor_part(struct visitor *visitor);
/* The proxy ends. */
void visitor_send_away(struct visitor *visitor);

/* Answers, then parts. */
void answer_status(struct visitor *visitor, int status, const char *text);
void answer_page(struct visitor *visitor);
void answer_upgrade(struct visitor *visitor);

/* The frames that have come; and reading goes on, as far as the other side keeps up. */
void frames_take(struct visitor *visitor);
void frames_from_target(struct visitor *visitor, const char *bytes, size_t length);
void frames_ping(struct visitor *visitor);
void frames_close(struct visitor *visitor, int code, const char *reason);

void state_init(struct state *state, struct proxy *proxy);
/* Calls visitor_show() on the curious, perhaps at once. */
void state_ask(struct state *state);
void state_finish(struct state *state);

#endif
