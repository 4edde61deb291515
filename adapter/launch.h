/* A program that the launch request starts: Python under remote/launch.py, which lets ptvsd listen
 * on a port of this machine, with its output coming through pipes. The secret goes through a
 * descriptor, never through an argument list or the environment. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "dap.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct launch_owner {
    void *context;
    /* It listens there; `secret` is borrowed. Never with "noDebug". */
    void (*ready)(void *context, int port, const char *secret);
    void (*failed)(void *context, const char *text); /* instead of that: why, a sentence */
    void (*output)(void *context, const char *category, const char *text);
    /* After all output. What the process returned, or 128 and the signal that ended it. */
    void (*ended)(void *context, int64_t code);
};

struct launch;

/* As the launch request's arguments say; with "noDebug" it waits for launch_go(). NULL with a
 * sentence in `error` when nothing was started. Nothing is told after launch_close(). */
struct launch *launch_start(uv_loop_t *loop, const cJSON *arguments, struct launch_owner owner,
                            struct dap_error *error);

void launch_go(struct launch *launch, const cJSON *arguments);

/* The bridge is in: the process need not end with us any more. */
void launch_attached(struct launch *launch);

/* Asks the process to end, and ends it after a second. */
void launch_kill(struct launch *launch);

/* Frees all; with `kill` ends the process if it still runs, else it goes on, without anybody at the
 * other end of its output. Accepts NULL. */
void launch_close(struct launch *launch, bool kill);

#endif
