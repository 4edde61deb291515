/* The way to a debuggee: its address, and whatever else the links to it need to be told. Read from
 * the attach request; the subcommands read theirs from arguments of the same names. */
#ifndef REACH_H
#define REACH_H

#include "address.h"
#include "dap.h"
#include "reach_tcp.h"
#include "reach_wait.h"
#include "reach_web.h"
#include "tls_trust.h"

struct reach {
    struct address address;
    char *warning; /* sentences for the user, each a line; NULL: none */
    struct reach_tcp tcp;
    struct reach_wait wait;
    struct reach_web web;
    struct tls_terms tls; /* for tcps and wss */
};

/* 0, or -1 with a sentence in `error`; `reach`, zeroed before, is zeroed then. Conflicts between
 * the attributes that give the address are the caller's. */
int reach_read(struct reach *reach, const cJSON *arguments, struct dap_error *error);
void reach_finish(struct reach *reach);

/* One more sentence in `warning`. */
void reach_warn(struct reach *reach, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
