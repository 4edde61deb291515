/* ptvsd speaks first: it is enough to connect, to listen, and to leave. It lets nobody else in
 * meanwhile, so it is not asked often, least of all when silent. */
#include "memory.h"
#include "parting.h"
#include "proxy_parts.h"
#include "reach_tcp.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

enum { LISTEN_MS = 2000, FRESH_MS = 1000, SILENT_FRESH_MS = 15000 };

static void set(struct state *state, bool good, char *fact, const char *advice) {
    free(state->fact);
    free(state->advice);
    state->good = good;
    state->fact = fact;
    state->advice = memory_copy_text(advice);
}

static void show_all(struct proxy *proxy) {
    for (struct visitor *visitor = proxy->visitors; visitor; visitor = visitor->next)
        visitor_show(visitor);
}

static void known(struct state *state, unsigned fresh_ms) {
    state->asking = false;
    state->known_until = uv_now(&state->proxy->loop) + fresh_ms;
    uv_timer_stop(&state->timer);
    parting_before_attach(&state->proxy->loop, state->stream, &state->greeting,
                          (struct parting_owner){NULL, NULL});
    state->stream = NULL;
    greeting_finish(&state->greeting);
    show_all(state->proxy);
}

/* ---- what was found -------------------------------------------------------------------------- */

static void unreachable(struct state *state, const char *why) {
    set(state, false,
        memory_format("No program to debug can be reached at %s (%s).", state->proxy->target, why),
        "Start it, with ptvsd.enable_attach in it, and check that it listens on this port.");
    known(state, 0);
}

static void silent(struct state *state) {
    set(state, false,
        memory_format("Something listens at %s, but says nothing.", state->proxy->target),
        "Its ptvsd may be busy with another debugger, was wedged by an earlier connection, or "
        "expects TLS (certfile): leave that out behind this proxy, and restart the program.");
    known(state, SILENT_FRESH_MS);
}

static void speaks_ptvsd(struct state *state) {
    long long version = (long long)state->greeting.version;
    const struct wire_version *row = wire_version_find(version);
    if (row)
        set(state, true,
            memory_format("A program under ptvsd %s (protocol version %lld) answers at %s.",
                          row->releases, version, state->proxy->target),
            "");
    else
        set(state, false,
            memory_format("A ptvsd of an unknown protocol version (%lld) answers at %s.", version,
                          state->proxy->target),
            "Install one that was released.");
    known(state, FRESH_MS);
}

static void speaks_dap(struct state *state) {
    const char *release = state->greeting.release;
    set(state, true,
        memory_format("A program under %s answers at %s.",
                      *release ? release : "debugpy or ptvsd 4.x", state->proxy->target),
        "It speaks the Debug Adapter Protocol itself.");
    known(state, FRESH_MS);
}

static void speaks_otherwise(struct state *state, enum greeting_result result) {
    const char *heard = state->greeting.heard, *target = state->proxy->target;
    if (result == GREETING_SPEAKS_TLS)
        set(state, false, memory_format("The program at %s expects TLS.", target),
            "Leave certfile out of its ptvsd.enable_attach: the proxy reaches it by plain TCP.");
    else
        set(state, false,
            *heard ? memory_format("What answers at %s is no ptvsd: it said \"%s\".", target, heard)
                   : memory_format("What listens at %s hangs up without a word.", target),
            "Check the port; or restart the program, whose ptvsd may have been wedged.");
    known(state, FRESH_MS);
}

static void consider(struct state *state, enum greeting_result result) {
    if (state->greeting.version)
        speaks_ptvsd(state);
    else if (result == GREETING_SPEAKS_DAP)
        speaks_dap(state);
    else if (result != GREETING_GOES_ON)
        speaks_otherwise(state, result);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void ready(void *context) {
    struct state *state = context;
    state->connected = true;
}

static void data(void *context, const char *bytes, size_t length) {
    struct state *state = context;
    enum greeting_result result = GREETING_BROKEN;
    if (buf_append(&state->greeting.in, bytes, length) == 0)
        result = greeting_feed(&state->greeting);
    consider(state, result);
}

static void closed(void *context, enum stream_end end, const char *detail) {
    struct state *state = context;
    (void)end;
    state->stream = NULL;
    if (state->connected)
        consider(state, greeting_closed(&state->greeting));
    else
        unreachable(state, detail);
}

static void time_is_up(uv_timer_t *timer) {
    struct state *state = timer->data;
    stream_close(state->stream); /* no use to wait on */
    state->stream = NULL;
    if (state->connected)
        silent(state);
    else
        unreachable(state, "no answer");
}

static void begin(struct state *state) {
    const struct address *target = &state->proxy->options.target;
    state->asking = true;
    state->connected = false;
    greeting_init(&state->greeting, NULL, NULL);
    uv_timer_start(&state->timer, time_is_up, LISTEN_MS, 0);
    struct reach_tcp terms = reach_tcp_usual(); /* our own timer is sooner */
    state->stream = stream_tcp_create(&state->proxy->loop, target->host, target->port, &terms);
    stream_start(state->stream, (struct stream_owner){state, ready, data, closed});
}

void state_ask(struct state *state) {
    struct proxy *proxy = state->proxy;
    if (state->asking)
        return;
    if (proxy_count(proxy, VISITOR_JOINED)) {
        set(state, true,
            memory_format("A debugger is attached to the program at %s, by way of this proxy.",
                          proxy->target),
            "Another one is let in when that has left.");
        state->known_until = 0;
        show_all(proxy);
    } else if (state->fact && uv_now(&proxy->loop) < state->known_until) {
        show_all(proxy);
    } else {
        begin(state);
    }
}

void state_init(struct state *state, struct proxy *proxy) {
    state->proxy = proxy;
    uv_timer_init(&proxy->loop, &state->timer);
    state->timer.data = state;
}

void state_finish(struct state *state) {
    if (state->asking)
        greeting_finish(&state->greeting);
    stream_close(state->stream);
    uv_close((uv_handle_t *)&state->timer, NULL);
}
