/* What the links of a stream are made of: each begins with a struct stream, whose table says what
 * is special to it. */
#ifndef STREAM_LINK_H
#define STREAM_LINK_H

#include "stream.h"

struct stream {
    const struct stream_ops *ops;
    struct stream_owner owner;
    stream_notes *notes;  /* to the owner; NULL: it does not listen */
    struct stream *below; /* its own; NULL: there is none, or it has ended */
    bool ready;           /* this was told */
    bool closing;         /* nothing more is told */
    bool handed_over;     /* watchers of the first owner are not told */
    bool resets;          /* see stream_resets() */
};

/* The first six are asked by the owner; what is NULL is asked of the link below, which is started
 * by that. The others are told by the link below; what is NULL is told to the owner as it is, as
 * notes always are. `close` is never NULL, called once, and frees the link in time. */
struct stream_ops {
    void (*start)(struct stream *stream);
    void (*send)(struct stream *stream, const char *bytes, size_t length);
    void (*end_sending)(struct stream *stream);
    void (*close)(struct stream *stream);
    int (*descriptor)(const struct stream *stream);
    void (*more_expected)(struct stream *stream);
    void (*below_ready)(struct stream *stream);
    void (*below_data)(struct stream *stream, const char *bytes, size_t length);
    void (*below_closed)(struct stream *stream, enum stream_end end, const char *detail);
};

/* Nothing is told once the link is closing. Whoever is told may close it. */
void stream_tell_ready(struct stream *stream);
void stream_tell_data(struct stream *stream, const char *bytes, size_t length);
void stream_tell_note(const struct stream *stream, bool important, const char *text);
/* Closes the link, then tells. `detail` may be the link's own, or NULL. */
void stream_tell_end(struct stream *stream, enum stream_end end, const char *detail);

void stream_start_below(struct stream *stream);
void stream_close_below(struct stream *stream);

/* A slot: where bytes written by hand would do harm. */
int stream_no_descriptor(const struct stream *stream);

/* The part of a link's time for which it waits for an answer: so that the lack of it is told by
 * this link, in its words, before the whole attach is given up. */
unsigned stream_answer_ms(unsigned timeout_ms);

#endif
