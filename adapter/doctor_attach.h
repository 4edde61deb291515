/* What only an attach can find out: is the program free, is its clock right, would a breakpoint be
 * hit? It starts another ptvsd-dap and speaks DAP to it, as an editor does: so the way is the one
 * that editors go, and the program is left in order on whatever way this one ends. */
#ifndef DOCTOR_ATTACH_H
#define DOCTOR_ATTACH_H

#include "doctor_report.h"
#include "reach.h"

#include <uv.h>

struct options;
struct doctor_attach;

/* Goes the steps from DOCTOR_ATTACH on, and tells `report`. */
struct doctor_attach *doctor_attach_start(uv_loop_t *loop, const struct options *options,
                                          const struct reach *reach, struct doctor_report *report);

/* Once the loop has run. Accepts NULL. */
void doctor_attach_finish(struct doctor_attach *attach);

#endif
