#include "proxy_options.h"

#include "socket_address.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { SESSIONS = 8, SESSIONS_MAX = 1000, ERROR_BYTES = 300 };

static const char default_listen[] = "127.0.0.1:5679";
static const char default_target[] = "127.0.0.1:5678";

static const struct {
    char letter;
    const char *name, *value, *help;
} rows[] = {
    {'l', "listen", "[HOST:]PORT", "where to wait for WebSockets; 127.0.0.1:5679 unless given"},
    {'p', "path", "PATH", "the path that they ask for; /ptvsd unless given"},
    {'o', "allow-origin", "ORIGIN",
     "web pages from there (https://host) may debug, too; may be repeated"},
    {'s', "sessions", "NUMBER", "how many may go on at a time; 8 unless given"},
    {'h', "help", NULL, "print this text"},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void print_usage(void) {
    printf("Usage: ptvsd-dap proxy [OPTION]... [HOST:PORT]\n"
           "Accepts WebSockets and joins each to the ptvsd at HOST:PORT (%s unless given). A\n"
           "debugger attaches to ws://SECRET@HOST:PORT/ptvsd; a browser that looks there is shown\n"
           "how things stand.\n\n",
           default_target);
    for (int i = 0; i < ROWS; i++) {
        char left[40];
        snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                 rows[i].value ? rows[i].value : "");
        printf("  %-24s %s\n", left, rows[i].help);
    }
    printf(
        "\nWhat comes is passed on as it is, the secret included: for other machines, let a web\n"
        "server with TLS stand in front of it.\n");
}

static int wrong(const char *sentence, const char *value) {
    fprintf(stderr, "ptvsd-dap: ");
    fprintf(stderr, sentence, value);
    fprintf(stderr, " Try 'ptvsd-dap proxy --help'.\n");
    return -1;
}

/* A number from `least` to `most` and nothing else; -1. */
static int number(const char *text, int least, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && value >= least && value <= most ? (int)value
                                                                                    : -1;
}

static int take_listen(struct proxy_options *options, const char *text) {
    if (socket_address_parse(&options->listen, text) == 0)
        return 0;
    return wrong("cannot listen on \"%s\": give a port, or an IP address of this machine "
                 "and a port, such as 127.0.0.1:5679 or [::1]:5679.",
                 text);
}

static int take_path(struct proxy_options *options, const char *path) {
    size_t length = strlen(path);
    for (const char *at = path; *at; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f || strchr("?#\"<>\\", *at))
            length = 0;
    if (!length || *path != '/' || (length > 1 && path[length - 1] == '/'))
        return wrong("\"%s\" is no path: write it like /ptvsd, percent-encoded where need be.",
                     path);
    options->path = path;
    return 0;
}

static int take_origin(struct proxy_options *options, const char *origin) {
    if (options->origin_count == PROXY_ORIGINS)
        return wrong("too many origins; \"%s\" does not fit.", origin);
    if ((strncmp(origin, "http://", 7) != 0 && strncmp(origin, "https://", 8) != 0) ||
        strchr(strstr(origin, "//") + 2, '/'))
        return wrong("\"%s\" is no origin: it is written as browsers do, https://host or "
                     "https://host:port, with no slash behind.",
                     origin);
    options->origins[options->origin_count++] = origin;
    return 0;
}

static int take_sessions(struct proxy_options *options, const char *text) {
    options->sessions = number(text, 1, SESSIONS_MAX);
    return options->sessions < 0 ? wrong("\"%s\" is no number from 1 to 1000.", text) : 0;
}

static int take_target(struct proxy_options *options, const char *text) {
    char error[ERROR_BYTES];
    if (address_parse(&options->target, text, error, sizeof error) < 0)
        return wrong("%s", error);
    if (options->target.scheme != ADDRESS_TCP || *options->target.path)
        return wrong("the proxy reaches ptvsd by plain TCP only; give HOST:PORT%s.", "");
    if (options->target.secret)
        return wrong("the proxy needs no secret: debuggers send it. Leave it out%s.", "");
    return 0;
}

static int take_option(struct proxy_options *options, int letter) {
    switch (letter) {
    case 'l':
        return take_listen(options, optarg);
    case 'p':
        return take_path(options, optarg);
    case 'o':
        return take_origin(options, optarg);
    case 's':
        return take_sessions(options, optarg);
    default:
        fprintf(stderr, "Try 'ptvsd-dap proxy --help'.\n");
        return -1;
    }
}

static enum proxy_options_result take_all(struct proxy_options *options, int argc, char **argv) {
    struct option table[ROWS + 1] = {0};
    for (int i = 0; i < ROWS; i++)
        table[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument,
                                   NULL, rows[i].letter};
    int letter;
    optind = 0; /* begins anew, whoever has read what before */
    while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (letter == 'h') {
            print_usage();
            return PROXY_OPTIONS_DONE;
        }
        if (take_option(options, letter) < 0)
            return PROXY_OPTIONS_WRONG;
    }
    if (argc - optind > 1) {
        wrong("the proxy has one target; what is \"%s\"?", argv[optind + 1]);
        return PROXY_OPTIONS_WRONG;
    }
    const char *target = optind < argc ? argv[optind] : default_target;
    return take_target(options, target) < 0 ? PROXY_OPTIONS_WRONG : PROXY_OPTIONS_RUN;
}

enum proxy_options_result proxy_options_read(struct proxy_options *options, int argc, char **argv) {
    *options = (struct proxy_options){.path = "/ptvsd", .sessions = SESSIONS};
    take_listen(options, default_listen);
    enum proxy_options_result result = take_all(options, argc, argv);
    if (result != PROXY_OPTIONS_RUN)
        proxy_options_finish(options);
    return result;
}

void proxy_options_finish(struct proxy_options *options) {
    address_finish(&options->target);
}
