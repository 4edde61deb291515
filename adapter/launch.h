/* A program that the launch request starts: Python under remote/launch.py, which lets ptvsd listen
 * on a port of this machine. Its output comes through pipes, or goes to a terminal of the editor's.
 * The secret goes through a descriptor, never through an argument list, a file or the environment.
 */
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
    /* Start this in a terminal: arguments of runInTerminal, taken over. launch_terminal_answered()
     * says what the editor answered. */
    void (*terminal)(void *context, cJSON *arguments);
    /* After all output. What the process returned, or 128 and the signal that ended it; -1 when
     * nobody knows. */
    void (*ended)(void *context, int64_t code);
};

struct launch;

/* As the launch request's arguments say; with "noDebug" it waits for launch_go(). `terminal` is
 * DAP's kind, "integrated" or "external", or NULL for none. NULL with a sentence in `error` when
 * nothing was started. Nothing is told after launch_close(). */
struct launch *launch_start(uv_loop_t *loop, const cJSON *arguments, const char *terminal,
                            struct launch_owner owner, struct dap_error *error);

/* NULL: it has opened one; else why not. */
void launch_terminal_answered(struct launch *launch, const char *refused);

void launch_go(struct launch *launch, const cJSON *arguments);

/* The bridge is in: the process need not end with us any more. */
void launch_attached(struct launch *launch);

/* Asks the process to end, and ends it after a second; its children, too, unless in a terminal. */
void launch_kill(struct launch *launch);

/* Frees all; with `kill` ends the process if it still runs, else it goes on: its output is read
 * until it has turned that away, as it does when it sees us go, for a second at most. It is waited
 * for all the same, but holds up no loop. Accepts NULL. */
void launch_close(struct launch *launch, bool kill);

/* Nothing else is left in the loop: nor are the processes that go on. */
void launch_leave_all(uv_loop_t *loop);

#endif
