/* What the program has loaded. */
#include "requests.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

cJSON *session_show_module(const struct session *session, size_t index) {
    const struct module *module = &session->modules.items[index];
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddNumberToObject(shown, "id", (double)index + 1);
    cJSON_AddStringToObject(shown, "name", pathmap_base(module->source));
    cJSON_AddStringToObject(shown, "path", module->source);
    return shown;
}

void requests_modules(struct session *session, const struct request *request) {
    int64_t start = 0, count = 0;
    struct dap_error error;
    if (dap_want_int(request->dap->arguments, "startModule", &start, &error) < 0 ||
        dap_want_int(request->dap->arguments, "moduleCount", &count, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    int64_t all = 0;
    start = start > 0 ? start : 0;
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "modules");
    for (size_t i = 0; i < session->modules.count; i++) {
        if (!session->modules.items[i].here)
            continue;
        if (all >= start && (count <= 0 || all - start < count))
            cJSON_AddItemToArray(list, session_show_module(session, i));
        all++;
    }
    cJSON_AddNumberToObject(body, "totalModules", (double)all);
    client_respond(&session->client, request->reply, body);
}

void requests_loaded_sources(struct session *session, const struct request *request) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "sources");
    for (size_t i = 0; i < session->modules.count; i++)
        if (session->modules.items[i].here)
            cJSON_AddItemToArray(list,
                                 session_show_source(session, session->modules.items[i].source));
    client_respond(&session->client, request->reply, body);
}
