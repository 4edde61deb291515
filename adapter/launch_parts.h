/* What launch.c (the process, its output, the link to it) and launch_terminal.c (one that the
 * editor starts in a terminal) share. Nobody else includes this. */
#ifndef LAUNCH_PARTS_H
#define LAUNCH_PARTS_H

#include "buf.h"
#include "launch.h"
#include "launch_command.h"

enum { SECRET_BYTES = 16, CHUNK = 64 << 10 };

struct output {
    uv_pipe_t pipe;
    struct launch *launch;
    const char *category;
    struct buf rest; /* the beginning of a character */
};

/* The process is the editor's child then: it comes to us by a socket in a folder of ours. */
struct terminal {
    bool wanted, connected;
    uv_pipe_t listener;
    char *folder, *start; /* `start`: the file that Python is started with */
};

struct launch {
    uv_process_t *process; /* outlives us while the process runs; NULL in a terminal */
    struct terminal terminal;
    int pid;       /* 0: not known (yet) */
    char *waiting; /* what launch_go() has to say once there is a link */
    uv_pipe_t link;
    uv_timer_t timer; /* for what is awaited a while only */
    struct output outputs[2];
    struct launch_owner owner;
    struct buf line;
    char secret[2 * SECRET_BYTES + 1];
    bool debug, told; /* told: ready or failed */
    bool exited, closing;
    bool doomed; /* to be killed, in a terminal as soon as it is known */
    int outputs_open, handles;
    int64_t code;
    char bytes[CHUNK];
};

void launch_begin_reading(struct launch *launch);
void launch_close_handle(struct launch *launch, uv_handle_t *handle);
/* It did not come so far, or not to its end: why, a sentence. */
void launch_lost(struct launch *launch, const char *text);

/* Where the process is to connect to, and what the editor is to start. 0, or -1 with a sentence. */
int terminal_open(struct launch *launch, uv_loop_t *loop, const struct launch_command *command,
                  const char *kind, struct dap_error *error);
void terminal_close(struct launch *launch);

#endif
