/* What the attach request asks for. Unknown attributes are ignored, conflicting ones refused by
 * name. */
#ifndef CONFIG_H
#define CONFIG_H

#include "exception_modes.h"
#include "json.h"
#include "pathmap.h"
#include "presentation.h"
#include "reach.h"
#include "time_limits.h"

#include <stdbool.h>
#include <stdint.h>

struct config {
    struct reach reach;
    struct pathmap pathmap;
    struct presentation presentation;
    struct limits limits;
    bool drop_guard;            /* true unless the user says no */
    bool code_on_attach;        /* the same */
    bool stop_on_entry;         /* of an attach */
    bool allow_terminate;       /* false unless the user says yes: it is not our program */
    int64_t drop_guard_seconds; /* until a silent link counts as lost */
    bool debug_stdlib, break_on_system_exit_zero, django; /* ptvsd's debug options */
    bool wait_on_normal_exit, wait_on_abnormal_exit;      /* the same, but not sent */
    bool hide_output;                  /* an attach that does not want what the program prints */
    struct exception_modes exceptions; /* "exceptionHandling" */
};

void config_init(struct config *config);
void config_finish(struct config *config);

/* As ptvsd takes them in its attach command, from version 6 on: "DebugStdLib,…". The caller frees.
 */
char *config_debug_options(const struct config *config);

/* The same for the launch request, which gives no address. */
int config_read_launch(struct config *config, const cJSON *arguments, struct dap_error *error);

/* 0, or -1 with a sentence in `error`. On failure `config` is as after config_init(). */
int config_read(struct config *config, const cJSON *arguments, char *error, size_t error_size);

#endif
