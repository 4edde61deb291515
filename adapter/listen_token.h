/* The token that an editor must give, as "token" of its attach or launch request: the first thing
 * of which every editor lets its user say what is sent. */
#ifndef LISTEN_TOKEN_H
#define LISTEN_TOKEN_H

#include "dap.h"

enum { LISTEN_TOKEN_LEAST = 16 };

/* From a file, or an environment variable, which is then wiped out: programs that are launched get
 * a copy of the environment. `*token` stays NULL when neither is given. 0; or -1 after saying on
 * stderr what is wrong. */
int listen_token_read(char **token, const char *file, const char *variable);

/* 0, or -1 with a sentence. */
int listen_token_check(const char *token, const cJSON *arguments, struct dap_error *error);

#endif
