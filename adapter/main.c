#include "end_signals.h"
#include "json_memory.h"
#include "last_words.h"
#include "launch.h"
#include "memory.h"
#include "options.h"
#include "platform.h"
#include "proxy.h"
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* The one session of an editor that has started us. */
struct run {
    struct session session;
    struct end_signals signals;
};

static void closed(void *context) {
    struct run *run = context;
    end_signals_close(&run->signals);
}

static void signal_came(void *context, int number) {
    struct run *run = context;
    (void)number;
    session_quit(&run->session, "a signal asks to end");
}

static int run(struct log *log) {
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct run *run = memory_new(sizeof *run);
    struct session_owner owner = {.context = run, .closed = closed};
    end_signals_start(&run->signals, &loop, run, signal_came);
    int result = session_start(&run->session, &loop, log, owner, NULL);
    if (result < 0)
        fprintf(stderr, "ptvsd-dap: stdin and stdout must be pipes, sockets or a terminal. Editors "
                        "start this program; see 'ptvsd-dap --help'.\n");
    uv_run(&loop, UV_RUN_DEFAULT);
    launch_leave_all(&loop);
    if (uv_loop_close(&loop) == UV_EBUSY)
        log_line(log, LOG_WARNING, "something is still open at the end");
    free(run);
    return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_session(const struct options *options) {
    struct log log = {0};
    last_words_install();
    if (options->log_wanted && log_open(&log, options->log_file, options->log_level) < 0) {
        fprintf(stderr, "ptvsd-dap: cannot write the log to %s: %s\n", options->log_file,
                strerror(errno));
        return EXIT_FAILURE;
    }
    int status = options->listen.address ? listen_run(&options->listen, &log) : run(&log);
    log_close(&log);
    return status;
}

int main(int argc, char **argv) {
    struct options options;
    int status = EXIT_FAILURE;
    json_memory_use();
    signal(SIGPIPE, SIG_IGN);
    platform_hide_memory();
    if (argc > 1 && !strcmp(argv[1], "proxy")) /* its options are its own */
        return proxy_run(argc - 1, argv + 1);
    switch (options_read(&options, argc, argv)) {
    case OPTIONS_DONE:
        status = EXIT_SUCCESS;
        break;
    case OPTIONS_WRONG:
        break;
    case OPTIONS_RUN:
        status = options.subcommand ? options.subcommand->run(&options) : run_session(&options);
    }
    options_finish(&options);
    return status;
}
