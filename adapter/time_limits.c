#include "time_limits.h"

enum { EVAL_S_MAX = 3600, DETACH_S_MAX = 60 };

int limits_read(struct limits *limits, const cJSON *arguments, struct dap_error *error) {
    *limits = (struct limits){.eval_s = TIME_LIMITS_EVAL_S, .detach_s = TIME_LIMITS_DETACH_S};
    if (dap_want_seconds(arguments, "evalTimeout", 1, EVAL_S_MAX, &limits->eval_s, error) < 0)
        return -1;
    return dap_want_seconds(arguments, "detachTimeout", 1, DETACH_S_MAX, &limits->detach_s, error);
}
