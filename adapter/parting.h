/* Leaving a server that speaks DAP, or may do so. debugpy (seen with 1.8.21 and 1.8.22) writes its
 * greeting in the thread that accepts: a connection that ends before it is written whole, or while
 * the one before has not been put away, ends that thread, and nobody can attach to the program any
 * more. A ptvsd 4.x prints a traceback into the program's terminal. So the greeting is awaited,
 * then our sending is ended, then the server ends its side, then it is given the time to put the
 * connection away, of which it tells nothing: 1.5 s in the worst case, which the loop must go on
 * for. */
#ifndef PARTING_H
#define PARTING_H

#include "greeting.h"
#include "stream.h"

/* Without any load it takes a millisecond. */
enum { PARTING_PUT_AWAY_MS = 150 };

struct parting_owner {
    void (*parted)(void *context); /* in a later turn of the loop; may be NULL */
    void *context;
};

/* Both take the stream, NULL for none, and tell nobody anything more of it. */

/* Before an attach: `greeting`, as far as it went, tells whom we leave. A ptvsd up to 3.2 is left
 * at once. */
void parting_before_attach(uv_loop_t *loop, struct stream *stream, const struct greeting *greeting,
                           struct parting_owner owner);

/* From a server that is known to speak DAP; `greeted`: it has written its greeting. */
void parting_from_dap(uv_loop_t *loop, struct stream *stream, bool greeted);

#endif
