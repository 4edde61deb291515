/* How long the debuggee is waited for: "evalTimeout" and "detachTimeout". */
#ifndef TIME_LIMITS_H
#define TIME_LIMITS_H

#include "dap.h"

enum { TIME_LIMITS_EVAL_S = 15, TIME_LIMITS_DETACH_S = 3 };

struct limits {
    unsigned eval_s;   /* for an evaluation, and for each step of setting a value */
    unsigned detach_s; /* for an orderly detach */
};

/* 0, or -1 with a sentence in `error`. */
int limits_read(struct limits *limits, const cJSON *arguments, struct dap_error *error);

#endif
