/* Where the secret comes from: "secret", "secretFile", "secretEnv", or the address. */
#ifndef REACH_SECRET_H
#define REACH_SECRET_H

#include "reach.h"

/* Sets the secret of `reach->address`, which may have one from its text. 0, or -1 with a sentence,
 * which never holds a secret, in `error`. */
int reach_secret_read(struct reach *reach, const cJSON *arguments, struct dap_error *error);

#endif
