/* A link that passes everything on, and tells when the one below is ready. */
#include "memory.h"
#include "stream.h"

#include <stdlib.h>

struct watch {
    struct stream stream;
    struct stream_ops ops;
    struct stream *below; /* NULL when it has ended */
    enum stream_link link;
    struct stream_watcher watcher;
};

static void below_ready(void *context) {
    struct watch *watch = context;
    watch->watcher.ready(watch->watcher.context, watch->link);
    watch->stream.owner.ready(watch->stream.owner.context);
}

static void below_data(void *context, const char *bytes, size_t length) {
    struct watch *watch = context;
    watch->stream.owner.data(watch->stream.owner.context, bytes, length);
}

static void below_closed(void *context, enum stream_end end, const char *detail) {
    struct watch *watch = context;
    struct stream_owner owner = watch->stream.owner;
    free(watch);
    owner.closed(owner.context, end, detail);
}

static void below_notes(void *context, bool important, const char *text) {
    stream_note(context, important, text);
}

static void watch_start(struct stream *stream) {
    struct watch *watch = (struct watch *)stream;
    stream_listen(watch->below, below_notes);
    stream_start(watch->below, (struct stream_owner){watch, below_ready, below_data, below_closed});
}

static void watch_send(struct stream *stream, const char *bytes, size_t length) {
    stream_send(((struct watch *)stream)->below, bytes, length);
}

static void watch_close(struct stream *stream) {
    stream_close(((struct watch *)stream)->below);
    free(stream);
}

static int watch_descriptor(const struct stream *stream) {
    return stream_descriptor(((const struct watch *)stream)->below);
}

static void watch_more_expected(struct stream *stream) {
    stream_more_expected(((struct watch *)stream)->below);
}

struct stream *stream_watch_create(struct stream *below, enum stream_link link,
                                   struct stream_watcher watcher) {
    struct watch *watch = memory_new(sizeof *watch);
    watch->ops = (struct stream_ops){watch_start,      watch_send,          watch_close,
                                     watch_descriptor, watch_more_expected, stream_resets(below)};
    watch->stream.ops = &watch->ops;
    watch->below = below;
    watch->link = link;
    watch->watcher = watcher;
    return &watch->stream;
}
