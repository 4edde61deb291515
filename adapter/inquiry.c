#include "inquiry.h"

#include "explain_variables.h"
#include "memory.h"
#include "parting.h"

#include <stdlib.h>

static void closed(uv_handle_t *timer) {
    struct inquiry *inquiry = timer->data;
    if (inquiry->owner.closed)
        inquiry->owner.closed(inquiry->owner.context);
}

static void parted(void *context) {
    struct inquiry *inquiry = context;
    uv_close((uv_handle_t *)&inquiry->timer, closed);
}

/* Whoever goes on to attach does so behind the parting: debugpy does not bear both at a time. */
static void over(struct inquiry *inquiry) {
    uv_timer_stop(&inquiry->timer);
    parting_before_attach(inquiry->timer.loop, inquiry->stream, &inquiry->greeting,
                          (struct parting_owner){parted, inquiry});
    inquiry->stream = NULL;
    if (inquiry->owner.over)
        inquiry->owner.over(inquiry->owner.context);
}

char *inquiry_explain(const struct inquiry *inquiry, enum failure failure, const char *detail) {
    struct failure_facts facts =
        explain_facts(failure, detail, inquiry->reach, inquiry->shown, &inquiry->greeting);
    return explain(&facts);
}

static void fail(struct inquiry *inquiry, enum failure failure, const char *detail) {
    inquiry->failure = inquiry_explain(inquiry, failure, detail);
    inquiry->variables = explain_variables(failure, detail);
    over(inquiry);
}

static void passed(struct inquiry *inquiry, enum inquiry_step step) {
    if (!inquiry->told[step] && inquiry->owner.passed)
        inquiry->owner.passed(inquiry->owner.context, step);
    inquiry->told[step] = true;
}

static void link_ready(void *context, enum stream_link link) {
    switch (link) {
    case STREAM_LINK_TCP:
        passed(context, INQUIRY_PORT);
        break;
    case STREAM_LINK_TLS:
        passed(context, INQUIRY_TLS);
        passed(context, INQUIRY_CERTIFICATE);
        break;
    case STREAM_LINK_WEBSOCKET:
        passed(context, INQUIRY_WEBSOCKET);
        break;
    }
}

static void greeting_ended(struct inquiry *inquiry, enum greeting_result result) {
    inquiry->speaks_dap = result == GREETING_SPEAKS_DAP;
    if (inquiry->speaks_dap) {
        passed(inquiry, INQUIRY_GREETING);
        passed(inquiry, INQUIRY_VERSION);
    }
    if (result == GREETING_INFORMED)
        passed(inquiry, INQUIRY_PYTHON);
    if (result == GREETING_INFORMED || inquiry->speaks_dap)
        over(inquiry);
    else
        fail(inquiry, explain_greeting(result), inquiry->greeting.heard);
}

static void greeting_went_on(struct inquiry *inquiry, enum greeting_result result) {
    const struct greeting *greeting = &inquiry->greeting;
    if (greeting->version)
        passed(inquiry, INQUIRY_GREETING);
    if (greeting->version && result != GREETING_UNKNOWN_VERSION)
        passed(inquiry, INQUIRY_VERSION);
    if (greeting->let_in)
        passed(inquiry, INQUIRY_SECRET);
    if (result != GREETING_GOES_ON)
        greeting_ended(inquiry, result);
}

/* ---- the stream ------------------------------------------------------------------------------ */

static void time_is_up(uv_timer_t *timer) {
    struct inquiry *inquiry = timer->data;
    stream_close(inquiry->stream); /* no use to wait on */
    inquiry->stream = NULL;
    if (inquiry->connected)
        fail(inquiry, FAILURE_SILENT, NULL);
    else
        fail(inquiry, FAILURE_TIMED_OUT, "no answer");
}

static void stream_ready(void *context) {
    struct inquiry *inquiry = context;
    inquiry->connected = true;
    uv_timer_start(&inquiry->timer, time_is_up, reach_tcp_ms(&inquiry->reach->tcp), 0);
}

static void stream_data(void *context, const char *bytes, size_t length) {
    struct inquiry *inquiry = context;
    struct greeting *greeting = &inquiry->greeting;
    enum greeting_result result = GREETING_BROKEN;
    if (buf_append(&greeting->in, bytes, length) == 0)
        result = greeting_feed(greeting);
    if (greeting->out.length)
        stream_send(inquiry->stream, greeting->out.bytes, greeting->out.length);
    buf_clear(&greeting->out);
    if (inquiry->stream) /* sending may have found the end */
        greeting_went_on(inquiry, result);
}

static void stream_noted(void *context, bool important, const char *text) {
    struct inquiry *inquiry = context;
    char *before = inquiry->notes;
    (void)important;
    inquiry->notes = memory_format("%s%s%s", before ? before : "", before ? "\n" : "", text);
    free(before);
}

/* ptvsd's own way to say no, for which the greeting has the words. */
static bool is_an_answer(enum stream_end end) {
    return end == STREAM_ENDED || end == STREAM_RESET;
}

static void end_of_links(struct inquiry *inquiry, enum stream_end end, const char *detail) {
    if (end == STREAM_CERTIFICATE)
        passed(inquiry, INQUIRY_TLS);
    fail(inquiry, explain_stream_end(end), detail);
}

static void stream_closed(void *context, enum stream_end end, const char *detail) {
    struct inquiry *inquiry = context;
    inquiry->stream = NULL;
    if (inquiry->connected && is_an_answer(end))
        greeting_went_on(inquiry, greeting_closed(&inquiry->greeting));
    else
        end_of_links(inquiry, end, detail);
}

void inquiry_start(struct inquiry *inquiry, uv_loop_t *loop, const struct reach *reach,
                   struct inquiry_owner owner) {
    *inquiry = (struct inquiry){.owner = owner, .reach = reach};
    inquiry->shown = address_show(&reach->address);
    greeting_init(&inquiry->greeting, reach->address.secret, NULL);
    inquiry->greeting.purpose = GREETING_TO_INFO;
    uv_timer_init(loop, &inquiry->timer);
    inquiry->timer.data = inquiry;
    uv_timer_start(&inquiry->timer, time_is_up, stream_way_ms(reach), 0);
    inquiry->stream =
        stream_create_watched(loop, reach, (struct stream_watcher){inquiry, link_ready});
    stream_listen(inquiry->stream, stream_noted);
    stream_start(inquiry->stream,
                 (struct stream_owner){inquiry, stream_ready, stream_data, stream_closed});
}

/* A proxy makes an orderly end of our reset, which wedges ptvsd in the middle of its greeting. */
void inquiry_abandon(struct inquiry *inquiry) {
    inquiry->owner.passed = NULL;
    inquiry->owner.over = NULL;
    bool harmless = !inquiry->connected || stream_resets(inquiry->stream);
    if (inquiry->stream && harmless)
        over(inquiry);
}

void inquiry_finish(struct inquiry *inquiry) {
    greeting_finish(&inquiry->greeting);
    free(inquiry->shown);
    free(inquiry->failure);
    cJSON_Delete(inquiry->variables);
    free(inquiry->notes);
}
