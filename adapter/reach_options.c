#include "reach_options.h"

#include <stdio.h>
#include <string.h>

const struct reach_option reach_options[] = {
    {"secret-file", "PATH", "secretFile", "the secret is the first line of PATH"},
    {"secret-env", "NAME", "secretEnv", "the secret is in the environment variable NAME"},
    {0},
};

void reach_option_take(cJSON *arguments, const struct reach_option *option, const char *value) {
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, option->attribute);
    if (option->value)
        cJSON_AddStringToObject(arguments, option->attribute, value);
    else
        cJSON_AddTrueToObject(arguments, option->attribute);
}

int reach_read_options(struct reach *reach, const cJSON *options, const char *address,
                       struct dap_error *error) {
    cJSON *arguments = cJSON_Duplicate(options, true);
    cJSON *uri = cJSON_AddStringToObject(arguments, "uri", address);
    *reach = (struct reach){0};
    int result = reach_read(reach, arguments, error);
    explicit_bzero(uri->valuestring, strlen(uri->valuestring));
    cJSON_Delete(arguments);
    if (result == 0 && reach->warning)
        fprintf(stderr, "ptvsd-dap: %s\n", reach->warning);
    return result;
}
