/* When a breakpoint hits: the hitCondition, changed(expression), and the condition that ptvsd is
 * sent for them. Where ptvsd's own tests will do, they are used; else its condition is the program
 * remote/hit_test.py. Pure text. */
#ifndef HIT_COUNT_H
#define HIT_COUNT_H

#include "breakpoints.h"
#include "wire.h"

/* NULL, or why the text is no hitCondition. NULL or blank: none. */
const char *hit_count_read(const char *text, struct hit_count *count);

/* Fills kinds, condition and count for a wire with or without pass counts. `condition` may point
 * into the breakpoint, or to `*made`, which the caller frees. */
void hit_count_fill(const struct breakpoint *breakpoint, bool wire_counts,
                    struct wire_breakpoint *wire, char **made);

/* Is its condition a changed(…)? */
bool hit_count_changed(const struct breakpoint *breakpoint);

/* The same as an expression, to be executed at a pass that ptvsd has not looked at, or of which it
 * is doubted that it did in this edition; NULL if the breakpoint always hits. The caller frees it.
 */
char *hit_count_question(const struct breakpoint *breakpoint);

#endif
