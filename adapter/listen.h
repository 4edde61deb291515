/* Server mode (--listen): any number of editors, each with a session of its own, in one process. An
 * editor on this machine must be of the same user; where a token is set, it must give that instead.
 * See docs/server-mode.md. */
#ifndef LISTEN_H
#define LISTEN_H

#include "log.h"

struct listen_options {
    const char *address;                /* NULL: no server mode */
    const char *token_file, *token_env; /* NULL: not given */
    int begin_s; /* how long an editor may take until it begins; 0: as usual */
};

/* Runs until a signal asks to end; then all sessions are ended in order. The exit status. */
int listen_run(const struct listen_options *options, struct log *log);

#endif
