/* The command line: a table of subcommands and one of options, from which each usage text is
 * printed. Addresses, and the options that say how a debuggee is reached, may hold a secret: they
 * are copied, and then overwritten where `ps` would show them. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "json.h"
#include "listen.h"
#include "log.h"

#include <stdbool.h>

struct options {
    const char *log_file; /* NULL: none */
    enum log_level log_level;
    bool log_wanted; /* either of the two was given */
    struct listen_options listen;

    const struct subcommand *subcommand; /* NULL: sessions */
    char **words;                        /* of a subcommand: addresses, or a file */
    int count;
    cJSON *reach; /* attach attributes, see reach_options.h */
    bool json;
    bool attach;                      /* doctor: also attach … */
    const char *file;                 /* … and look for this file, NULL or FILE[:LINE] … */
    cJSON *attributes;                /* … with these attach attributes */
    const char *site, *role, *editor; /* config; NULL: not given */
};

struct subcommand {
    const char *name;
    const char *words; /* for the usage text: "ADDRESS..." */
    int least, most;   /* how many of them */
    unsigned group;    /* which options it takes; options.c */
    const char *help;  /* one line; more of them in `about` */
    const char *about;
    int (*run)(const struct options *options); /* the exit status */
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* Reads argv; prints --help and --version itself (OPTIONS_DONE), and says what is wrong on stderr
 * (OPTIONS_WRONG). The caller calls options_finish() in any case. */
enum options_result options_read(struct options *options, int argc, char **argv);
void options_finish(struct options *options);

#endif
