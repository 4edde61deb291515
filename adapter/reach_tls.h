/* The attributes that begin with tls. */
#ifndef REACH_TLS_H
#define REACH_TLS_H

#include "reach.h"

/* After the address. 0, or -1 with a sentence in `error`. */
int reach_read_tls(struct reach *reach, const cJSON *arguments, struct dap_error *error);

#endif
