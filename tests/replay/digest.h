/* Every field of an event as readable text, so that two decodings can be compared and a difference
 * be shown. */
#ifndef DIGEST_H
#define DIGEST_H

#include "buf.h"
#include "wire.h"

void digest_event(struct buf *out, const struct wire_event *event);

#endif
