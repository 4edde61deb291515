/* What the recording client noted about a binary server message, written again from the decoded
 * event. The notes stem from another decoder, in another language. */
#ifndef BINARY_NOTES_H
#define BINARY_NOTES_H

#include "wire.h"

#include <stdbool.h>

/* Does the note (of one message, not of coalesced modules) say the same as the event? If not,
 * `*expected` is the note that would, for the caller to free; else NULL. */
bool binary_note_agrees(const char *note, int version, const struct wire_event *event,
                        char **expected);

#endif
