#include "reach.h"

#include "idna.h"
#include "memory.h"
#include "reach_secret.h"
#include "reach_tls.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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
    reading->reach->address.host = idna_to_ascii(*host ? host : "127.0.0.1");
    if (!reading->reach->address.host)
        return dap_refuse(reading->error,
                          "\"host\" is no name that a name server knows: " IDNA_LIMITS);
    reading->reach->address.port = (int)port;
    reading->reach->address.path = memory_copy_text("");
    return 0;
}

void reach_finish(struct reach *reach) {
    address_finish(&reach->address);
    free(reach->warning);
    reach_web_finish(&reach->web);
    tls_terms_finish(&reach->tls);
    *reach = (struct reach){0};
}

void reach_warn(struct reach *reach, const char *format, ...) {
    char *sentence = NULL, *before = reach->warning;
    va_list values;
    va_start(values, format);
    if (vasprintf(&sentence, format, values) < 0)
        sentence = NULL;
    va_end(values);
    reach->warning =
        memory_format("%s%s%s", before ? before : "", before ? "\n" : "", sentence ? sentence : "");
    free(sentence);
    free(before);
}

int reach_read(struct reach *reach, const cJSON *arguments, struct dap_error *error) {
    struct reading reading = {reach, arguments, error};
    int found = read_uri(&reading);
    if (found == 0)
        found = read_host_and_port(&reading);
    if (found >= 0)
        found = reach_secret_read(reach, arguments, error);
    if (found >= 0)
        found = reach_web_read(&reach->web, &reach->address, arguments, error);
    if (found >= 0)
        found = reach_read_tls(reach, arguments, error);
    if (found >= 0)
        found = reach_tcp_read(&reach->tcp, arguments, error);
    if (found >= 0)
        found = reach_wait_read(&reach->wait, arguments, error);
    if (found >= 0)
        return 0;
    reach_finish(reach);
    return -1;
}
