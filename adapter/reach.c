#include "reach.h"

#include "memory.h"

#include <stdio.h>
#include <string.h>

struct reading {
    struct reach *reach;
    const cJSON *arguments;
    struct dap_error *error;
};

static int read_uri(struct reading *reading) {
    const char *uri = NULL;
    if (dap_want_text(reading->arguments, "uri", &uri, reading->error) < 0 ||
        (!uri && dap_want_text(reading->arguments, "qualifier", &uri, reading->error) < 0))
        return -1;
    if (!uri)
        return 0;
    if (address_parse(&reading->reach->address, uri, reading->error->text,
                      sizeof reading->error->text) < 0)
        return -1;
    return 1;
}

static int read_host_and_port(struct reading *reading) {
    const cJSON *from = reading->arguments;
    if (dap_given(from, "connect")) {
        from = json_object(from, "connect");
        if (!from)
            return dap_refuse(reading->error,
                              "\"connect\" must be an object with \"host\" and \"port\".");
    }
    const char *host = "127.0.0.1";
    int64_t port = ADDRESS_PTVSD_PORT;
    if (dap_want_text(from, "host", &host, reading->error) < 0 ||
        dap_want_port(from, "port", &port, reading->error) < 0)
        return -1;
    if (!dap_given(from, "host") && !dap_given(from, "port"))
        return dap_refuse(reading->error,
                          "The configuration does not say where the program is. Give \"uri\" "
                          "(tcp://secret@host:5678) or \"host\" and \"port\".");
    if (port < 1 || port > 65535)
        return dap_refuse(reading->error, "\"port\" must be between 1 and 65535.");
    reading->reach->address.scheme = ADDRESS_TCP;
    reading->reach->address.host = memory_copy_text(*host ? host : "127.0.0.1");
    reading->reach->address.port = (int)port;
    reading->reach->address.path = memory_copy_text("");
    return 0;
}

static int read_secret(struct reading *reading) {
    const char *secret = NULL;
    if (dap_want_text(reading->arguments, "secret", &secret, reading->error) < 0)
        return -1;
    if (!secret || !*secret)
        return 0;
    const char *in_uri = reading->reach->address.secret;
    if (in_uri && *in_uri && strcmp(in_uri, secret))
        return dap_refuse(reading->error,
                          "\"secret\" and the secret in \"uri\" contradict each other. Keep "
                          "one of them in the configuration.");
    address_set_secret(&reading->reach->address, secret);
    return 0;
}

static int refuse_schemes_not_built(struct reading *reading) {
    enum address_scheme scheme = reading->reach->address.scheme;
    if (scheme == ADDRESS_TCP || scheme == ADDRESS_WS)
        return 0;
    return dap_refuse(
        reading->error,
        "%s:// addresses are not supported by this version; only tcp:// and ws:// are. Tunnel the "
        "port through SSH and attach to tcp://localhost.",
        address_scheme_name(scheme));
}

void reach_finish(struct reach *reach) {
    address_finish(&reach->address);
    *reach = (struct reach){0};
}

int reach_read(struct reach *reach, const cJSON *arguments, struct dap_error *error) {
    struct reading reading = {reach, arguments, error};
    int found = read_uri(&reading);
    if (found == 0)
        found = read_host_and_port(&reading);
    if (found >= 0)
        found = refuse_schemes_not_built(&reading);
    if (found >= 0)
        found = read_secret(&reading);
    if (found >= 0)
        found = reach_wait_read(&reach->wait, arguments, error);
    if (found >= 0)
        return 0;
    reach_finish(reach);
    return -1;
}
