/* The command line. One table; the usage text is printed from it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "log.h"

#include <stdbool.h>

struct options {
    const char *log_file; /* NULL: none */
    enum log_level log_level;
    bool log_wanted;     /* either of the two was given */
    const char *address; /* of a subcommand; NULL without one */
};

enum options_result {
    OPTIONS_RUN,
    OPTIONS_RELEASE, /* `address` */
    OPTIONS_DONE,
    OPTIONS_WRONG
};

/* Reads argv; prints --help and --version itself (OPTIONS_DONE), and says what is wrong on stderr
 * (OPTIONS_WRONG). */
enum options_result options_read(struct options *options, int argc, char **argv);

#endif
