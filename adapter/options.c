#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct option_row {
    char letter;
    const char *name;
    const char *value; /* what it takes, NULL: nothing */
    const char *help;
};

static const struct option_row rows[] = {
    {'f', "log-file", "PATH", "append a log of the session to PATH"},
    {'l', "log-level", "LEVEL", "error, warning, info (the default), debug, or trace"},
    {'h', "help", NULL, "print this text"},
    {'v', "version", NULL, "print the version"},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void print_usage(FILE *to) {
    fprintf(to, "Usage: ptvsd-dap [OPTION]...\n"
                "       ptvsd-dap release ADDRESS\n"
                "       ptvsd-dap proxy [OPTION]... [HOST:PORT]\n"
                "A Debug Adapter Protocol server on stdin and stdout for Python programs that run "
                "ptvsd 2.0 to 3.2.\nEditors start it; the address of the program comes with their "
                "attach request.\n\n");
    for (int i = 0; i < ROWS; i++) {
        char left[40];
        snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                 rows[i].value ? rows[i].value : "");
        fprintf(to, "  %-20s %s\n", left, rows[i].help);
    }
    fprintf(to, "\n'release tcp://secret@host:port' frees a program that a vanished debugger left "
                "frozen, where\nptvsd 3.0 or older runs in it. A debugger that is still attached "
                "loses its session.\n");
    fprintf(to, "\n'proxy' lets debuggers in by WebSockets; see 'ptvsd-dap proxy --help'.\n");
    fprintf(to, "\nAt level trace the log holds source text and values of the program.\n");
}

static int take_option(struct options *options, int letter) {
    switch (letter) {
    case 'f':
        options->log_file = optarg;
        options->log_wanted = true;
        return 0;
    case 'l':
        options->log_wanted = true;
        if (log_level_find(optarg, &options->log_level) == 0)
            return 0;
        fprintf(stderr, "ptvsd-dap: there is no log level \"%s\"\n", optarg);
        return -1;
    default:
        return -1;
    }
}

static enum options_result take_release(struct options *options, char **arguments) {
    options->address = arguments[0];
    if (arguments[0] && !arguments[1])
        return OPTIONS_RELEASE;
    fprintf(stderr, "ptvsd-dap: release takes one address, tcp://secret@host:port. Try 'ptvsd-dap "
                    "--help'.\n");
    return OPTIONS_WRONG;
}

enum options_result options_read(struct options *options, int argc, char **argv) {
    struct option table[ROWS + 1] = {0};
    for (int i = 0; i < ROWS; i++)
        table[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument,
                                   NULL, rows[i].letter};
    *options = (struct options){.log_level = LOG_INFO};
    int letter;
    while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (letter == 'h') {
            print_usage(stdout);
            return OPTIONS_DONE;
        }
        if (letter == 'v') {
            printf("ptvsd-dap %s\n", PTVSD_DAP_VERSION);
            return OPTIONS_DONE;
        }
        if (take_option(options, letter) < 0) {
            fprintf(stderr, "Try 'ptvsd-dap --help'.\n");
            return OPTIONS_WRONG;
        }
    }
    if (optind == argc)
        return OPTIONS_RUN;
    if (!strcmp(argv[optind], "release"))
        return take_release(options, argv + optind + 1);
    fprintf(stderr, "ptvsd-dap: what is \"%s\"? Try 'ptvsd-dap --help'.\n", argv[optind]);
    return OPTIONS_WRONG;
}
