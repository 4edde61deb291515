/* What a launch request wants to have started: the attributes "python", "program" and their like,
 * read and checked. */
#ifndef LAUNCH_COMMAND_H
#define LAUNCH_COMMAND_H

#include "dap.h"

#include <stddef.h>

struct words {
    char **items; /* NULL behind the last; NULL if there is none */
    size_t count;
};

void words_add(struct words *words, const char *word);
void words_finish(struct words *words);

struct launch_command {
    struct words python; /* and its own arguments */
    struct words target; /* what remote/launch.py is told: kind, target, the program's arguments */
    cJSON *environment;  /* what changes in it: texts; null takes a name out */
    bool hold_normal, hold_abnormal; /* the terminal stays open after exit code 0, another */
    const char *directory;           /* the request's own text; NULL: ours */
};

/* 0, or -1 with a sentence. To be finished in either case. */
int launch_command_read(struct launch_command *command, const cJSON *arguments,
                        struct dap_error *error);
void launch_command_finish(struct launch_command *command);

/* Our environment with what changes in it, and what output through pipes needs, "NAME=value" each.
 */
struct words launch_command_environment(const struct launch_command *command);

#endif
