/* The arguments of `ptvsd-dap proxy`. One table; the usage text is printed from it. */
#ifndef PROXY_OPTIONS_H
#define PROXY_OPTIONS_H

#include "address.h"

#include <netinet/in.h>
#include <stddef.h>

enum { PROXY_ORIGINS = 16 };

struct proxy_options {
    struct sockaddr_storage listen;
    const char *path;                   /* "/ptvsd"; no slash at its end unless it is one */
    const char *origins[PROXY_ORIGINS]; /* of web pages that may debug, borrowed from argv */
    size_t origin_count;
    int sessions;          /* that may go on at a time */
    struct address target; /* tcp, without a secret */
};

enum proxy_options_result { PROXY_OPTIONS_RUN, PROXY_OPTIONS_DONE, PROXY_OPTIONS_WRONG };

/* Prints --help itself (PROXY_OPTIONS_DONE), and says what is wrong on stderr. */
enum proxy_options_result proxy_options_read(struct proxy_options *options, int argc, char **argv);
void proxy_options_finish(struct proxy_options *options);

#endif
