#include "stream.h"

#include <sys/socket.h>

void stream_start(struct stream *stream, struct stream_owner owner) {
    stream->owner = owner;
    stream->ops->start(stream);
}

void stream_listen(struct stream *stream, stream_notes *notes) {
    stream->notes = notes;
}

void stream_hand_over(struct stream *stream, struct stream_owner owner) {
    stream->owner = owner;
}

void stream_send(struct stream *stream, const char *bytes, size_t length) {
    stream->ops->send(stream, bytes, length);
}

void stream_close(struct stream *stream) {
    if (stream)
        stream->ops->close(stream);
}

void stream_close_orderly(struct stream *stream) {
    int fd = stream_descriptor(stream);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){0}, sizeof(struct linger));
    stream_close(stream);
}

void stream_more_expected(struct stream *stream) {
    if (stream)
        stream->ops->more_expected(stream);
}

bool stream_resets(const struct stream *stream) {
    return stream && stream->ops->resets;
}

int stream_descriptor(const struct stream *stream) {
    return stream ? stream->ops->descriptor(stream) : -1;
}

void stream_note(const struct stream *stream, bool important, const char *text) {
    if (stream->notes)
        stream->notes(stream->owner.context, important, text);
}
