/* `ptvsd-dap config FILE`: turns what Visual Studio wrote for Azure into the configuration of an
 * editor: a web.debug.config (or web.config) of a web site, or a ServiceDefinition.csdef of a cloud
 * service. Files: azure.c (the command), azure_xml.c (the files), editor_config.c (what is
 * printed). */
#ifndef AZURE_H
#define AZURE_H

#include "json.h"

struct options;

/* Prints the configuration on stdout, and what else is to be known on stderr; the exit status. */
int azure_run(const struct options *options);

enum azure_kind {
    AZURE_OTHER,
    AZURE_SITE,   /* root <configuration> */
    AZURE_SERVICE /* root <ServiceDefinition> */
};

struct azure_file {
    enum azure_kind kind;
    char *secret; /* of a site: WSGI_PTVSD_SECRET; NULL if the file has none */
    char *path;   /* of a site: where the WebSocket proxy answers, "ptvsd"; NULL likewise */
    cJSON *roles; /* of a service: [{"name", "command", "environment": {name: value or null}}] */
};

/* 0, or -1 with a sentence in `error`. The caller calls azure_finish() in any case. */
int azure_read(struct azure_file *file, const char *path, char *error, size_t size);
void azure_finish(struct azure_file *file);

#endif
