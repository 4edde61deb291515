#include "listen_token.h"

#include "memory.h"
#include "secret_file.h"

#include <openssl/crypto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_file(char **token, const char *name) {
    struct secret_file file;
    if (secret_file_read(&file, name) < 0) {
        fprintf(stderr, "ptvsd-dap: --token-file: %s %s%s.\n", name,
                file.error ? "cannot be read: "
                           : "holds no token, "
                             "its first line is ",
                file.error ? strerror(file.error) : file.wrong);
        return -1;
    }
    if (file.open_to) {
        fprintf(stderr,
                "ptvsd-dap: others on this machine may read or change the token in %s (its mode is "
                "%03o). Run: chmod 600 %s\n",
                name, file.open_to, name);
        secret_file_finish(&file);
        return -1;
    }
    *token = file.secret;
    return 0;
}

static int read_variable(char **token, const char *name) {
    char *value = getenv(name);
    if (!value || !*value) {
        fprintf(stderr, "ptvsd-dap: --token-env: the environment variable %s is %s.\n", name,
                value ? "empty" : "not set");
        return -1;
    }
    *token = memory_copy_text(value);
    explicit_bzero(value, strlen(value));
    unsetenv(name);
    return 0;
}

int listen_token_read(char **token, const char *file, const char *variable) {
    *token = NULL;
    if (file && variable) {
        fprintf(stderr, "ptvsd-dap: give the token by --token-file or by --token-env, not both.\n");
        return -1;
    }
    if ((file && read_file(token, file) < 0) || (variable && read_variable(token, variable) < 0))
        return -1;
    if (!*token || strlen(*token) >= LISTEN_TOKEN_LEAST)
        return 0;
    fprintf(stderr,
            "ptvsd-dap: the token is short enough to be guessed: it must have at least %d "
            "characters. This makes one: openssl rand -hex 16\n",
            LISTEN_TOKEN_LEAST);
    memory_wipe_text(token);
    return -1;
}

int listen_token_check(const char *token, const cJSON *arguments, struct dap_error *error) {
    const char *given = NULL;
    if (dap_want_text(arguments, "token", &given, error) < 0)
        return -1;
    if (!given || !*given)
        return dap_refuse(error, "This ptvsd-dap lets in only who has its token: give it as "
                                 "\"token\" in the configuration. It stands where --token-file or "
                                 "--token-env of ptvsd-dap say.");
    size_t length = strlen(token);
    if (strlen(given) == length && !CRYPTO_memcmp(given, token, length))
        return 0;
    return dap_refuse(error, "\"token\" is not the one that this ptvsd-dap was started with.");
}
