#include "config.h"

#include "dap.h"
#include "memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DROP_GUARD_SECONDS = 90, DROP_GUARD_SECONDS_MAX = 7200 };

struct reading {
    struct config *config;
    const cJSON *arguments;
    bool redirect_named; /* in "debugOptions" */
    struct dap_error error;
};

static int refuse_both(struct reading *reading, const char *one, const char *other) {
    if (!dap_given(reading->arguments, one) || !dap_given(reading->arguments, other))
        return 0;
    return dap_refuse(&reading->error,
                      "\"%s\" and \"%s\" contradict each other. Keep one of them in the "
                      "configuration.",
                      one, other);
}

/* Among the attributes that an attach alone has. */
static int refuse_conflicts(struct reading *reading) {
    static const char *const pairs[][2] = {
        {"uri", "qualifier"},     {"uri", "host"},       {"uri", "port"},
        {"uri", "connect"},       {"qualifier", "host"}, {"qualifier", "port"},
        {"qualifier", "connect"}, {"connect", "host"},   {"connect", "port"},
        {"headers", "wsHeaders"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (refuse_both(reading, pairs[i][0], pairs[i][1]) < 0)
            return -1;
    return 0;
}

static int add_mapping(struct reading *reading, const cJSON *from) {
    const char *local = NULL, *remote = NULL;
    if (dap_want_text(from, "localRoot", &local, &reading->error) < 0 ||
        dap_want_text(from, "remoteRoot", &remote, &reading->error) < 0)
        return -1;
    if (!local && !remote)
        return 0;
    if (!local || !remote || !*local || !*remote)
        return dap_refuse(&reading->error,
                          "\"%s\" is missing: a path mapping needs both \"localRoot\" and "
                          "\"remoteRoot\".",
                          local && *local ? "remoteRoot" : "localRoot");
    /* A relative remote root means nothing to us: the program's folder is not known. Matching by
     * the file's name does what is meant. */
    if (remote[0] == '/' || pathmap_is_windows(remote))
        pathmap_add(&reading->config->pathmap, local, remote);
    return 0;
}

static int read_mappings(struct reading *reading) {
    const cJSON *mappings = cJSON_GetObjectItemCaseSensitive(reading->arguments, "pathMappings");
    if (refuse_both(reading, "pathMappings", "localRoot") < 0 ||
        refuse_both(reading, "pathMappings", "remoteRoot") < 0)
        return -1;
    if (!dap_given(reading->arguments, "pathMappings"))
        return add_mapping(reading, reading->arguments);
    if (cJSON_IsObject(mappings))
        return add_mapping(reading, mappings);
    if (!cJSON_IsArray(mappings))
        return dap_refuse(&reading->error,
                          "\"pathMappings\" must be a list of objects with \"localRoot\" and "
                          "\"remoteRoot\".");
    const cJSON *mapping;
    cJSON_ArrayForEach(mapping, mappings) if (add_mapping(reading, mapping) < 0) return -1;
    return 0;
}

static int read_drop_guard(struct reading *reading) {
    struct config *config = reading->config;
    if (dap_want_bool(reading->arguments, "dropGuard", &config->drop_guard, &reading->error) < 0 ||
        dap_want_int(reading->arguments, "dropGuardSeconds", &config->drop_guard_seconds,
                     &reading->error) < 0)
        return -1;
    if (dap_want_bool(reading->arguments, "allowCodeOnAttach", &config->code_on_attach,
                      &reading->error) < 0)
        return -1;
    if (!config->code_on_attach && config->drop_guard && dap_given(reading->arguments, "dropGuard"))
        return dap_refuse(&reading->error,
                          "\"dropGuard\": true and \"allowCodeOnAttach\": false contradict each "
                          "other. Keep one of them in the configuration.");
    config->drop_guard = config->drop_guard && config->code_on_attach;
    if (config->drop_guard_seconds < 1 || config->drop_guard_seconds > DROP_GUARD_SECONDS_MAX)
        return dap_refuse(&reading->error, "\"dropGuardSeconds\" must be between 1 and %d.",
                          DROP_GUARD_SECONDS_MAX);
    return 0;
}

/* By ptvsd's own names, as launch configurations of old have them. */
static int read_named_options(struct reading *reading) {
    struct config *config = reading->config;
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(reading->arguments, "debugOptions");
    if (dap_given(reading->arguments, "debugOptions") && !cJSON_IsArray(options))
        return dap_refuse(&reading->error,
                          "\"debugOptions\" must be a list of names, as [\"DebugStdLib\"].");
    config->debug_stdlib = json_lists(options, "DebugStdLib");
    config->break_on_system_exit_zero = json_lists(options, "BreakOnSystemExitZero");
    config->django = json_lists(options, "DjangoDebugging");
    config->wait_on_normal_exit = json_lists(options, "WaitOnNormalExit");
    config->wait_on_abnormal_exit = json_lists(options, "WaitOnAbnormalExit");
    reading->redirect_named = json_lists(options, "RedirectOutput");
    return 0;
}

static int read_debug_options(struct reading *reading) {
    struct config *config = reading->config;
    bool just_my_code = true;
    if (read_named_options(reading) < 0 ||
        dap_want_bool(reading->arguments, "justMyCode", &just_my_code, &reading->error) < 0 ||
        dap_want_bool(reading->arguments, "breakOnSystemExitZero",
                      &config->break_on_system_exit_zero, &reading->error) < 0 ||
        dap_want_bool(reading->arguments, "django", &config->django, &reading->error) < 0)
        return -1;
    if (dap_given(reading->arguments, "justMyCode") && config->debug_stdlib)
        return dap_refuse(
            &reading->error,
            "\"justMyCode\" and DebugStdLib in \"debugOptions\" contradict each other. "
            "Keep one of them in the configuration.");
    config->debug_stdlib = config->debug_stdlib || !just_my_code;
    return 0;
}

/* ---- exceptionHandling
 * ------------------------------------------------------------------------------ */

struct handling {
    const char *list;
    int mode;
};

static const struct handling handlings[] = {{"ignore", WIRE_BREAK_NEVER},
                                            {"always", WIRE_BREAK_ALWAYS | WIRE_BREAK_UNHANDLED},
                                            {"unhandled", WIRE_BREAK_UNHANDLED}};

static const struct handling *find_handling(const char *list) {
    for (size_t i = 0; i < sizeof handlings / sizeof *handlings; i++)
        if (!strcmp(handlings[i].list, list))
            return &handlings[i];
    return NULL;
}

static int take_type(struct reading *reading, const struct handling *handling, const cJSON *item) {
    struct exception_modes *modes = &reading->config->exceptions;
    const char *name = cJSON_GetStringValue(item);
    if (name && exception_modes_has(modes, name) &&
        exception_modes_of(modes, name) != handling->mode)
        return dap_refuse(&reading->error,
                          "%.100s stands in two lists of \"exceptionHandling\", which contradict "
                          "each other. Keep it in one of them.",
                          name);
    if (name && exception_modes_add(modes, name, strlen(name), handling->mode, false) == 0)
        return 0;
    return dap_refuse(&reading->error,
                      "\"%s\" in \"exceptionHandling\" holds something that is no type name. Write "
                      "exact names, as [\"KeyError\", \"json.JSONDecodeError\"].",
                      handling->list);
}

static int take_list(struct reading *reading, const cJSON *list) {
    const struct handling *handling = find_handling(list->string);
    const cJSON *item;
    if (!handling)
        return dap_refuse(&reading->error, "\"exceptionHandling\" holds something that is neither "
                                           "\"ignore\" nor \"always\" nor \"unhandled\". Take it "
                                           "out, or give it one of these names.");
    if (!cJSON_IsArray(list) && !cJSON_IsNull(list))
        return dap_refuse(&reading->error,
                          "\"%s\" in \"exceptionHandling\" must be a list of exact type names, as "
                          "[\"KeyError\", \"json.JSONDecodeError\"].",
                          handling->list);
    cJSON_ArrayForEach(item, list) if (take_type(reading, handling, item) < 0) return -1;
    return 0;
}

static int read_exception_handling(struct reading *reading) {
    const cJSON *given = json_object(reading->arguments, "exceptionHandling"), *list;
    if (dap_given(reading->arguments, "exceptionHandling") && !given)
        return dap_refuse(&reading->error,
                          "\"exceptionHandling\" must be an object with lists of type names, as "
                          "{\"ignore\": [\"KeyError\"], \"always\": [], \"unhandled\": []}.");
    cJSON_ArrayForEach(list, given) if (take_list(reading, list) < 0) return -1;
    return 0;
}

/* ---- all together
 * ----------------------------------------------------------------------------------- */

static int read_redirect_output(struct reading *reading) {
    bool shown = true;
    if (dap_want_bool(reading->arguments, "redirectOutput", &shown, &reading->error) < 0)
        return -1;
    if (!shown && reading->redirect_named)
        return dap_refuse(&reading->error, "\"redirectOutput\": false and RedirectOutput in "
                                           "\"debugOptions\" contradict each other. Keep one of "
                                           "them in the configuration.");
    reading->config->hide_output = !shown;
    return 0;
}

static int read_switches(struct reading *reading) {
    struct config *config = reading->config;
    if (dap_want_bool(reading->arguments, "allowTerminate", &config->allow_terminate,
                      &reading->error) < 0)
        return -1;
    return dap_want_bool(reading->arguments, "stopOnEntry", &config->stop_on_entry,
                         &reading->error);
}

void config_init(struct config *config) {
    *config = (struct config){
        .drop_guard = true, .code_on_attach = true, .drop_guard_seconds = DROP_GUARD_SECONDS};
    pathmap_init(&config->pathmap);
}

void config_finish(struct config *config) {
    reach_finish(&config->reach);
    pathmap_finish(&config->pathmap);
    exception_modes_finish(&config->exceptions);
    config_init(config);
}

char *config_debug_options(const struct config *config) {
    return memory_format("RichExceptions%s%s%s", config->debug_stdlib ? ",DebugStdLib" : "",
                         config->break_on_system_exit_zero ? ",BreakOnSystemExitZero" : "",
                         config->django ? ",DjangoDebugging" : "");
}

/* What an attach and a launch have in common. */
static int read_common(struct reading *reading) {
    struct config *config = reading->config;
    bool good = read_mappings(reading) == 0 && read_drop_guard(reading) == 0 &&
                read_debug_options(reading) == 0 && read_exception_handling(reading) == 0 &&
                limits_read(&config->limits, reading->arguments, &reading->error) == 0 &&
                presentation_read(&config->presentation, reading->arguments, &reading->error) == 0;
    return good ? 0 : -1;
}

int config_read_launch(struct config *config, const cJSON *arguments, struct dap_error *error) {
    struct reading reading = {.config = config, .arguments = arguments};
    config->allow_terminate = true;
    config->reach.tcp = reach_tcp_usual();
    if (read_common(&reading) == 0)
        return 0;
    *error = reading.error;
    config_finish(config);
    return -1;
}

int config_read(struct config *config, const cJSON *arguments, char *error, size_t error_size) {
    struct reading reading = {.config = config, .arguments = arguments};
    if (refuse_conflicts(&reading) == 0 &&
        reach_read(&config->reach, arguments, &reading.error) == 0 && read_common(&reading) == 0 &&
        read_redirect_output(&reading) == 0 && read_switches(&reading) == 0)
        return 0;
    snprintf(error, error_size, "%s", reading.error.text);
    config_finish(config);
    return -1;
}
