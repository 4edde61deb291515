/* A link that passes everything on, and tells when the one below is ready. */
#include "memory.h"
#include "stream_link.h"

#include <stdlib.h>

struct watch {
    struct stream stream;
    enum stream_link link;
    struct stream_watcher watcher;
};

static void watch_below_ready(struct stream *stream) {
    struct watch *watch = (struct watch *)stream;
    if (!stream->handed_over)
        watch->watcher.ready(watch->watcher.context, watch->link);
    stream_tell_ready(stream);
}

static void watch_close(struct stream *stream) {
    stream_close_below(stream);
    free(stream);
}

static const struct stream_ops watch_ops = {.close = watch_close, .below_ready = watch_below_ready};

struct stream *stream_watch_create(struct stream *below, enum stream_link link,
                                   struct stream_watcher watcher) {
    struct watch *watch = memory_new(sizeof *watch);
    watch->stream =
        (struct stream){.ops = &watch_ops, .below = below, .resets = stream_resets(below)};
    watch->link = link;
    watch->watcher = watcher;
    return &watch->stream;
}
