#include "reach_options.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct reach_option reach_options[] = {
    {"secret-file", "PATH", "secretFile", "the secret is the first line of PATH"},
    {"secret-env", "NAME", "secretEnv", "the secret is in the environment variable NAME"},
    {"tls-ca-file", "PATH", "tlsCaFile", "trust the certificates in PATH (PEM or DER)"},
    {"tls-pin", "PIN", "tlsPin", "trust the certificate with this fingerprint; may be repeated"},
    {"tls-server-name", "NAME", "tlsServerName", "the certificate is to be for NAME"},
    {"tls-min-version", "VERSION", "tlsMinVersion", "no older TLS than this: 1.0, 1.1, 1.2, 1.3"},
    {"tls-client-cert", "PATH", "tlsClientCert", "show the server the certificate in PATH (PEM)"},
    {"tls-client-key", "PATH", "tlsClientKey", "its key, if that is in a file of its own"},
    {"tls-allow-untrusted", NULL, "tlsAllowUntrusted",
     "go on with a certificate of unknown origin"},
    {"tls-allow-name-mismatch", NULL, "tlsAllowNameMismatch", "go on with one for another host"},
    {"connect-timeout", "SECONDS", "connectTimeout", "for each stage of the way; 5 unless given"},
    {"address-family", "FAMILY", "addressFamily", "ipv4 or ipv6: take addresses of that kind only"},
    {"keep-alive", "SECONDS", "keepAlive",
     "of silence before TCP asks if anybody is there; 0: never"},
    {"proxy", "URL", "proxy", "an HTTP proxy on the way, http://host:port; \"none\" for none"},
    {"header", "NAME:VALUE", "headers", "a header for the web server; may be repeated"},
    {0},
};

/* These are no texts: names and values, a list, and numbers. */
static void take_header(cJSON *arguments, const char *value) {
    cJSON *headers = cJSON_GetObjectItemCaseSensitive(arguments, "headers");
    const char *colon = strchr(value, ':');
    if (!headers)
        headers = cJSON_AddObjectToObject(arguments, "headers");
    char *name = memory_copy_bytes(value, colon ? (size_t)(colon - value) : strlen(value));
    const char *text = colon ? colon + 1 : "";
    cJSON_AddStringToObject(headers, name, text + strspn(text, " \t"));
    free(name);
}

static void take_pin(cJSON *arguments, const char *value) {
    cJSON *pins = cJSON_GetObjectItemCaseSensitive(arguments, "tlsPin");
    if (!pins)
        pins = cJSON_AddArrayToObject(arguments, "tlsPin");
    cJSON_AddItemToArray(pins, cJSON_CreateString(value));
}

static bool is_number(const char *attribute) {
    return !strcmp(attribute, "connectTimeout") || !strcmp(attribute, "keepAlive");
}

/* What is no number stays a text, and is refused as one in an attach request is. */
static void take_number(cJSON *arguments, const char *attribute, const char *value) {
    char *end;
    long number = strtol(value, &end, 10);
    if (*value && !*end)
        cJSON_AddNumberToObject(arguments, attribute, (double)number);
    else
        cJSON_AddStringToObject(arguments, attribute, value);
}

void reach_option_take(cJSON *arguments, const struct reach_option *option, const char *value) {
    if (!strcmp(option->attribute, "headers")) {
        take_header(arguments, value);
        return;
    }
    if (!strcmp(option->attribute, "tlsPin")) {
        take_pin(arguments, value);
        return;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, option->attribute);
    if (is_number(option->attribute))
        take_number(arguments, option->attribute, value);
    else if (option->value)
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
