/* The options of subcommands that say how a debuggee is reached: each is an attach attribute, so
 * they become an arguments object for reach_read(), and each is understood in one place. */
#ifndef REACH_OPTIONS_H
#define REACH_OPTIONS_H

#include "reach.h"

struct reach_option {
    const char *name;      /* "secret-file" */
    const char *value;     /* what stands behind it, for the usage text; NULL for a switch */
    const char *attribute; /* "secretFile" */
    const char *help;
};

/* Ends with a row without a name. */
extern const struct reach_option reach_options[];

/* Adds what was given to `arguments`; a switch becomes true. */
void reach_option_take(cJSON *arguments, const struct reach_option *option, const char *value);

/* The way to one address, by these options. 0; or -1 with a sentence in `error`, and `reach` is
 * zeroed. Warnings go to stderr. */
int reach_read_options(struct reach *reach, const cJSON *options, const char *address,
                       struct dap_error *error);

#endif
