/* How long the program is waited for: "waitForServer", before it listens, and "restart", when it
 * has gone. */
#ifndef REACH_WAIT_H
#define REACH_WAIT_H

#include "dap.h"

struct reach_wait {
    bool wanted;     /* try until somebody listens … */
    int64_t seconds; /* … for at most so long; 0: no limit */
    bool restart;    /* attach again when a program that was lost comes back */
};

/* 0, or -1 with a sentence in `error`. */
int reach_wait_read(struct reach_wait *wait, const cJSON *arguments, struct dap_error *error);

#endif
