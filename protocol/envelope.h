/* The envelope of a DAP message that is passed on, read and changed in its text. */
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "buf.h"
#include "members.h"

enum envelope_type { ENVELOPE_REQUEST, ENVELOPE_RESPONSE, ENVELOPE_EVENT, ENVELOPE_OTHER };

struct envelope {
    enum envelope_type type;
    int64_t seq, request_seq; /* -1 when absent */
    char name[64];            /* the command or event; "" when absent, too long or escaped */
    bool success;
    struct span body, arguments, message; /* values as written */
};

/* 0, or -1 when the text is no JSON object. */
int envelope_read(struct envelope *envelope, const char *text, size_t length);

/* Appends the message with these numbers; `request_seq` -1 leaves that one alone. Everything else
 * stays as written, but for text outside ASCII, which is escaped, and a body that is null, which is
 * left out: both break an editor. 0, or -1 when the text is no JSON object. */
int envelope_renumber(struct buf *out, const char *text, size_t length, int64_t seq,
                      int64_t request_seq);

#endif
