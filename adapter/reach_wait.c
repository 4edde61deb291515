#include "reach_wait.h"

enum { SECONDS_MAX = 7 * 24 * 3600 };

static int read_wait(struct reach_wait *wait, const cJSON *arguments, struct dap_error *error) {
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(arguments, "waitForServer");
    int64_t seconds = 0;
    if (!dap_given(arguments, "waitForServer"))
        return 0;
    wait->wanted = true;
    if (cJSON_IsTrue(given))
        return 0;
    if (!cJSON_IsNumber(given) || dap_want_int(arguments, "waitForServer", &seconds, error) < 0 ||
        seconds < 0 || seconds > SECONDS_MAX)
        return dap_refuse(error, "\"waitForServer\" must be true, or a number of seconds up to %d.",
                          SECONDS_MAX);
    wait->wanted = seconds > 0;
    wait->seconds = seconds;
    return 0;
}

int reach_wait_read(struct reach_wait *wait, const cJSON *arguments, struct dap_error *error) {
    *wait = (struct reach_wait){0};
    if (read_wait(wait, arguments, error) < 0)
        return -1;
    return dap_want_bool(arguments, "restart", &wait->restart, error);
}
