#include "parting.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* A connection that the kernel has made is told of in the loop's next turn. From the first part of
 * a greeting to the last it takes some ms. */
enum { CONNECT_MS = 100, HEAR_MS = 1000, QUIET_MS = 250, END_MS = 1000 };

enum stage { UNKNOWN, GREETED, ENDING, PUT_AWAY };

struct parting {
    struct stream *stream; /* NULL: closed */
    uv_timer_t timer;
    enum stage stage;
    struct greeting greeting;
    struct parting_owner owner;
};

static void timer_closed(uv_handle_t *timer) {
    struct parting *parting = timer->data;
    struct parting_owner owner = parting->owner;
    greeting_finish(&parting->greeting);
    free(parting);
    if (owner.parted)
        owner.parted(owner.context);
}

static void over(struct parting *parting) {
    stream_close(parting->stream);
    uv_close((uv_handle_t *)&parting->timer, timer_closed);
}

static void time_is_up(uv_timer_t *timer);

static void wait_for(struct parting *parting, enum stage stage, unsigned ms) {
    parting->stage = stage;
    uv_timer_start(&parting->timer, time_is_up, ms, 0);
}

static void end_sending(struct parting *parting) {
    wait_for(parting, ENDING, END_MS);
    stream_end_sending(parting->stream);
}

static void time_is_up(uv_timer_t *timer) {
    struct parting *parting = timer->data;
    if (parting->stage == GREETED)
        end_sending(parting);
    else
        over(parting);
}

/* The last part of debugpy's greeting (1.8.5 and newer have it, 1.8.0 has not); it goes to the
 * oldest of several debuggers. */
static bool is_whole(const struct buf *heard) {
    static const char last[] = "\"debugpySockets\"";
    return heard->length && memmem(heard->bytes, heard->length, last, sizeof last - 1);
}

static void listen_on(struct parting *parting) {
    if (is_whole(&parting->greeting.in))
        end_sending(parting);
    else if (parting->stage != GREETED) /* output of the program may follow without end */
        wait_for(parting, GREETED, QUIET_MS);
}

static void look(struct parting *parting) {
    enum greeting_result result = greeting_feed(&parting->greeting);
    if (result == GREETING_SPEAKS_DAP)
        listen_on(parting);
    else if (result != GREETING_GOES_ON || parting->greeting.version)
        over(parting);
}

static void ready(void *context) {
    wait_for(context, UNKNOWN, HEAR_MS);
}

static void data(void *context, const char *bytes, size_t length) {
    struct parting *parting = context;
    if (parting->stage == ENDING)
        return;
    if (buf_append(&parting->greeting.in, bytes, length) < 0)
        over(parting);
    else if (parting->stage == GREETED)
        listen_on(parting);
    else
        look(parting);
}

static void closed(void *context, enum stream_end end, const char *detail) {
    struct parting *parting = context;
    (void)end, (void)detail;
    parting->stream = NULL;
    if (parting->stage == ENDING)
        wait_for(parting, PUT_AWAY, PARTING_PUT_AWAY_MS);
    else
        over(parting);
}

static struct parting *begin(uv_loop_t *loop, struct stream *stream, struct parting_owner owner) {
    struct parting *parting = memory_new(sizeof *parting);
    parting->stream = stream;
    parting->owner = owner;
    greeting_init(&parting->greeting, NULL, NULL);
    uv_timer_init(loop, &parting->timer);
    parting->timer.data = parting;
    if (stream)
        stream_hand_over(stream, (struct stream_owner){parting, ready, data, closed});
    return parting;
}

void parting_before_attach(uv_loop_t *loop, struct stream *stream, const struct greeting *greeting,
                           struct parting_owner owner) {
    bool known = !stream || greeting->version;
    struct parting *parting = begin(loop, stream, owner);
    wait_for(parting, UNKNOWN, stream_is_ready(stream) ? HEAR_MS : CONNECT_MS);
    if (known)
        over(parting);
    else if (greeting->in.length)
        data(parting, greeting->in.bytes, greeting->in.length);
}

void parting_from_dap(uv_loop_t *loop, struct stream *stream, bool greeted) {
    if (!stream)
        return;
    struct parting *parting = begin(loop, stream, (struct parting_owner){NULL, NULL});
    if (greeted)
        end_sending(parting);
    else
        wait_for(parting, GREETED, QUIET_MS);
}
