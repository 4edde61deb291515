#include "config.h"

#include "dap.h"
#include "memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DROP_GUARD_SECONDS = 90, DROP_GUARD_SECONDS_MAX = 7200 };

struct reading {
    struct config *config;
    const cJSON *arguments;
    struct dap_error error;
};

static int refuse(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(struct reading *reading, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reading->error.text, sizeof reading->error.text, format, arguments);
    va_end(arguments);
    return -1;
}

static bool given(const cJSON *arguments, const char *name) {
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(arguments, name);
    return value && !cJSON_IsNull(value) && !cJSON_IsFalse(value);
}

static int refuse_conflicts(struct reading *reading) {
    static const char *const pairs[][2] = {
        {"uri", "qualifier"},
        {"uri", "host"},
        {"uri", "port"},
        {"uri", "connect"},
        {"qualifier", "host"},
        {"qualifier", "port"},
        {"qualifier", "connect"},
        {"connect", "host"},
        {"connect", "port"},
        {"pathMappings", "localRoot"},
        {"pathMappings", "remoteRoot"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (given(reading->arguments, pairs[i][0]) && given(reading->arguments, pairs[i][1]))
            return refuse(reading,
                          "\"%s\" and \"%s\" contradict each other. Keep one of them in the "
                          "configuration.",
                          pairs[i][0], pairs[i][1]);
    return 0;
}

static int read_uri(struct reading *reading) {
    const char *uri = NULL;
    if (dap_want_text(reading->arguments, "uri", &uri, &reading->error) < 0 ||
        (!uri && dap_want_text(reading->arguments, "qualifier", &uri, &reading->error) < 0))
        return -1;
    if (!uri)
        return 0;
    if (address_parse(&reading->config->address, uri, reading->error.text,
                      sizeof reading->error.text) < 0)
        return -1;
    return 1;
}

static int read_host_and_port(struct reading *reading) {
    const cJSON *from = reading->arguments;
    if (given(from, "connect")) {
        from = json_object(from, "connect");
        if (!from)
            return refuse(reading, "\"connect\" must be an object with \"host\" and \"port\".");
    }
    const char *host = "127.0.0.1";
    int64_t port = ADDRESS_PTVSD_PORT;
    if (dap_want_text(from, "host", &host, &reading->error) < 0 ||
        dap_want_port(from, "port", &port, &reading->error) < 0)
        return -1;
    if (!given(from, "host") && !given(from, "port"))
        return refuse(reading, "The configuration does not say where the program is. Give \"uri\" "
                               "(tcp://secret@host:5678) or \"host\" and \"port\".");
    if (port < 1 || port > 65535)
        return refuse(reading, "\"port\" must be between 1 and 65535.");
    reading->config->address.scheme = ADDRESS_TCP;
    reading->config->address.host = memory_copy_text(*host ? host : "127.0.0.1");
    reading->config->address.port = (int)port;
    reading->config->address.path = memory_copy_text("");
    return 0;
}

static int read_secret(struct reading *reading) {
    const char *secret = NULL;
    if (dap_want_text(reading->arguments, "secret", &secret, &reading->error) < 0)
        return -1;
    if (!secret || !*secret)
        return 0;
    const char *in_uri = reading->config->address.secret;
    if (in_uri && *in_uri && strcmp(in_uri, secret))
        return refuse(reading, "\"secret\" and the secret in \"uri\" contradict each other. Keep "
                               "one of them in the configuration.");
    address_set_secret(&reading->config->address, secret);
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
        return refuse(reading,
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
    if (!given(reading->arguments, "pathMappings"))
        return add_mapping(reading, reading->arguments);
    if (cJSON_IsObject(mappings))
        return add_mapping(reading, mappings);
    if (!cJSON_IsArray(mappings))
        return refuse(reading, "\"pathMappings\" must be a list of objects with \"localRoot\" and "
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
    if (config->drop_guard_seconds < 1 || config->drop_guard_seconds > DROP_GUARD_SECONDS_MAX)
        return refuse(reading, "\"dropGuardSeconds\" must be between 1 and %d.",
                      DROP_GUARD_SECONDS_MAX);
    return 0;
}

/* By ptvsd's own names, as launch configurations of old have them. The WaitOn… options would make
 * the program read its terminal at its end, and RedirectOutput is the program's choice. */
static int read_named_options(struct reading *reading) {
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(reading->arguments, "debugOptions"),
                *one;
    if (given(reading->arguments, "debugOptions") && !cJSON_IsArray(options))
        return refuse(reading, "\"debugOptions\" must be a list of names, as [\"DebugStdLib\"].");
    cJSON_ArrayForEach(one, options) {
        const char *name = cJSON_IsString(one) ? one->valuestring : "";
        if (!strcmp(name, "DebugStdLib"))
            reading->config->debug_stdlib = true;
        else if (!strcmp(name, "BreakOnSystemExitZero"))
            reading->config->break_on_system_exit_zero = true;
        else if (!strcmp(name, "DjangoDebugging"))
            reading->config->django = true;
    }
    return 0;
}

static int read_debug_options(struct reading *reading) {
    struct config *config = reading->config;
    bool just_my_code = true;
    config->debug_stdlib = config->break_on_system_exit_zero = config->django = false;
    if (read_named_options(reading) < 0 ||
        dap_want_bool(reading->arguments, "justMyCode", &just_my_code, &reading->error) < 0 ||
        dap_want_bool(reading->arguments, "breakOnSystemExitZero",
                      &config->break_on_system_exit_zero, &reading->error) < 0 ||
        dap_want_bool(reading->arguments, "django", &config->django, &reading->error) < 0)
        return -1;
    if (given(reading->arguments, "justMyCode") && config->debug_stdlib)
        return refuse(reading,
                      "\"justMyCode\" and DebugStdLib in \"debugOptions\" contradict each other. "
                      "Keep one of them in the configuration.");
    config->debug_stdlib = config->debug_stdlib || !just_my_code;
    return 0;
}

static int read_allow_terminate(struct reading *reading) {
    return dap_want_bool(reading->arguments, "allowTerminate", &reading->config->allow_terminate,
                         &reading->error);
}

static int refuse_schemes_not_built(struct reading *reading) {
    enum address_scheme scheme = reading->config->address.scheme;
    if (scheme == ADDRESS_TCP || scheme == ADDRESS_WS)
        return 0;
    return refuse(
        reading,
        "%s:// addresses are not supported by this version; only tcp:// and ws:// are. Tunnel the "
        "port through SSH and attach to tcp://localhost.",
        address_scheme_name(scheme));
}

void config_init(struct config *config) {
    *config = (struct config){.drop_guard = true, .drop_guard_seconds = DROP_GUARD_SECONDS};
    pathmap_init(&config->pathmap);
}

void config_finish(struct config *config) {
    address_finish(&config->address);
    pathmap_finish(&config->pathmap);
    config_init(config);
}

char *config_debug_options(const struct config *config) {
    return memory_format("RichExceptions%s%s%s", config->debug_stdlib ? ",DebugStdLib" : "",
                         config->break_on_system_exit_zero ? ",BreakOnSystemExitZero" : "",
                         config->django ? ",DjangoDebugging" : "");
}

int config_read(struct config *config, const cJSON *arguments, char *error, size_t error_size) {
    struct reading reading = {.config = config, .arguments = arguments};
    int found = refuse_conflicts(&reading) < 0 ? -1 : read_uri(&reading);
    if (found == 0)
        found = read_host_and_port(&reading);
    if (found >= 0)
        found = refuse_schemes_not_built(&reading);
    if (found >= 0)
        found = read_secret(&reading);
    if (found >= 0)
        found = read_mappings(&reading);
    if (found >= 0)
        found = read_drop_guard(&reading);
    if (found >= 0)
        found = read_debug_options(&reading);
    if (found >= 0)
        found = read_allow_terminate(&reading);
    if (found >= 0)
        return 0;
    snprintf(error, error_size, "%s", reading.error.text);
    config_finish(config);
    return -1;
}
