/* ptvsd lists, after a function's own variables, the module globals that its code mentions, and
 * nothing on the wire tells them apart. The debuggee is asked once for each function; the answer is
 * kept here, since the list is the same at every stop. */
#ifndef USED_GLOBALS_H
#define USED_GLOBALS_H

#include "wire.h"

#include <stddef.h>

struct used_globals_entry {
    char *key;
    char *mask; /* a character a variable: '1' = its own, '0' = a global */
};

struct used_globals {
    struct used_globals_entry *entries;
    size_t count;
};

void used_globals_init(struct used_globals *used);
void used_globals_finish(struct used_globals *used);

/* The mask of this frame's variables, or NULL when it must be asked for first. */
const char *used_globals_find(const struct used_globals *used, const struct wire_frame *frame);

/* The expression to ask, or NULL when there is nothing to find out. The caller frees it. */
char *used_globals_question(const struct wire_frame *frame);

/* Takes the repr of the answer, '0110'; anything else counts as "all its own". */
void used_globals_learn(struct used_globals *used, const struct wire_frame *frame,
                        const char *repr);

#endif
