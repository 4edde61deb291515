#include "reach_secret.h"

#include "secret_file.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct reach *reach;
    const cJSON *arguments;
    struct dap_error *error;
    const char *from; /* the source of the secret so far, NULL before one was found */
};

static int take(struct reading *reading, const char *source, const char *secret) {
    struct address *address = &reading->reach->address;
    if (reading->from && strcmp(address->secret, secret) != 0)
        return dap_refuse(reading->error,
                          "%s and %s contradict each other. Keep one of them in the configuration.",
                          reading->from, source);
    address_set_secret(address, secret);
    reading->from = source;
    return 0;
}

static int take_text(struct reading *reading) {
    const char *secret = NULL;
    if (dap_want_text(reading->arguments, "secret", &secret, reading->error) < 0)
        return -1;
    return secret && *secret ? take(reading, "\"secret\"", secret) : 0;
}

static int take_environment(struct reading *reading) {
    const char *name = NULL;
    if (dap_want_text(reading->arguments, "secretEnv", &name, reading->error) < 0)
        return -1;
    if (!name || !*name)
        return 0;
    const char *secret = getenv(name);
    if (!secret || !*secret)
        return dap_refuse(reading->error,
                          "\"secretEnv\" names the environment variable %.60s, which is %s where "
                          "ptvsd-dap was started. Set it there, and start the editor anew if that "
                          "starts ptvsd-dap.",
                          name, secret ? "empty" : "not set");
    return take(reading, "\"secretEnv\"", secret);
}

static int take_file(struct reading *reading) {
    const char *name = NULL;
    struct secret_file file;
    if (dap_want_text(reading->arguments, "secretFile", &name, reading->error) < 0)
        return -1;
    if (!name || !*name)
        return 0;
    if (secret_file_read(&file, name) < 0)
        return file.error
                   ? dap_refuse(reading->error, "\"secretFile\": cannot read %.200s: %s.", name,
                                strerror(file.error))
                   : dap_refuse(reading->error,
                                "\"secretFile\": the first line of %.200s is %s, so it is "
                                "no secret. It must be the very text that the program passes "
                                "to ptvsd.enable_attach().",
                                name, file.wrong);
    int result = take(reading, "\"secretFile\"", file.secret);
    if (result == 0 && file.open_to)
        reach_warn(reading->reach,
                   "Others on this machine may read or change the secret in %s (its mode is %03o). "
                   "Run: chmod 600 %s",
                   name, file.open_to, name);
    secret_file_finish(&file);
    return result;
}

int reach_secret_read(struct reach *reach, const cJSON *arguments, struct dap_error *error) {
    const char *in_uri = reach->address.secret;
    struct reading reading = {reach, arguments, error,
                              in_uri && *in_uri ? "the secret in \"uri\"" : NULL};
    if (take_text(&reading) < 0 || take_file(&reading) < 0 || take_environment(&reading) < 0)
        return -1;
    return 0;
}
