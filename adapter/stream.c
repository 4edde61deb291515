#include "stream.h"

#include "memory.h"
#include "stream_link.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the owner asks --------------------------------------------------------------------- */

void stream_start(struct stream *stream, struct stream_owner owner) {
    stream->owner = owner;
    if (stream->ops->start)
        stream->ops->start(stream);
    else
        stream_start_below(stream);
}

void stream_listen(struct stream *stream, stream_notes *notes) {
    stream->notes = notes;
}

void stream_hand_over(struct stream *stream, struct stream_owner owner) {
    stream->owner = owner;
    stream->notes = NULL;
    for (struct stream *link = stream; link; link = link->below)
        link->handed_over = true;
}

void stream_send(struct stream *stream, const char *bytes, size_t length) {
    if (!stream || stream->closing)
        return;
    if (stream->ops->send)
        stream->ops->send(stream, bytes, length);
    else
        stream_send(stream->below, bytes, length);
}

void stream_close(struct stream *stream) {
    if (!stream || stream->closing)
        return;
    stream->closing = true;
    stream->ops->close(stream);
}

void stream_end_sending(struct stream *stream) {
    if (!stream || stream->closing)
        return;
    if (stream->ops->end_sending)
        stream->ops->end_sending(stream);
    else
        stream_end_sending(stream->below);
}

void stream_more_expected(struct stream *stream) {
    if (!stream)
        return;
    if (stream->ops->more_expected)
        stream->ops->more_expected(stream);
    else
        stream_more_expected(stream->below);
}

bool stream_is_ready(const struct stream *stream) {
    return stream && stream->ready;
}

bool stream_resets(const struct stream *stream) {
    return stream && stream->resets;
}

int stream_descriptor(const struct stream *stream) {
    if (!stream || stream->closing)
        return -1;
    return stream->ops->descriptor ? stream->ops->descriptor(stream)
                                   : stream_descriptor(stream->below);
}

/* ---- what a link tells ----------------------------------------------------------------------- */

void stream_tell_ready(struct stream *stream) {
    stream->ready = true;
    if (!stream->closing)
        stream->owner.ready(stream->owner.context);
}

void stream_tell_data(struct stream *stream, const char *bytes, size_t length) {
    if (!stream->closing)
        stream->owner.data(stream->owner.context, bytes, length);
}

void stream_tell_note(const struct stream *stream, bool important, const char *text) {
    if (stream->notes && !stream->closing)
        stream->notes(stream->owner.context, important, text);
}

void stream_tell_end(struct stream *stream, enum stream_end end, const char *detail) {
    if (stream->closing)
        return;
    struct stream_owner owner = stream->owner;
    char *kept = memory_copy_text(detail ? detail : "");
    stream_close(stream);
    owner.closed(owner.context, end, kept);
    free(kept);
}

/* ---- what the link below tells --------------------------------------------------------------- */

static void below_ready(void *context) {
    struct stream *stream = context;
    if (stream->ops->below_ready)
        stream->ops->below_ready(stream);
    else
        stream_tell_ready(stream);
}

static void below_data(void *context, const char *bytes, size_t length) {
    struct stream *stream = context;
    if (stream->ops->below_data)
        stream->ops->below_data(stream, bytes, length);
    else
        stream_tell_data(stream, bytes, length);
}

static void below_closed(void *context, enum stream_end end, const char *detail) {
    struct stream *stream = context;
    stream->below = NULL;
    if (stream->ops->below_closed)
        stream->ops->below_closed(stream, end, detail);
    else
        stream_tell_end(stream, end, detail);
}

static void below_notes(void *context, bool important, const char *text) {
    stream_tell_note(context, important, text);
}

void stream_start_below(struct stream *stream) {
    stream_listen(stream->below, below_notes);
    stream_start(stream->below,
                 (struct stream_owner){stream, below_ready, below_data, below_closed});
}

void stream_close_below(struct stream *stream) {
    stream_close(stream->below);
    stream->below = NULL;
}

/* ---- what several need ----------------------------------------------------------------------- */

int stream_no_descriptor(const struct stream *stream) {
    (void)stream;
    return -1;
}

unsigned stream_answer_ms(unsigned timeout_ms) {
    return timeout_ms - timeout_ms / 5;
}
