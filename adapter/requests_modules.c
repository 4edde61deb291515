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
    size_t all = session->modules.count, first = start > 0 ? (size_t)start : 0, end = all;
    if (count > 0 && first < end && (size_t)count < end - first)
        end = first + (size_t)count;
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "modules");
    for (size_t i = first; i < end; i++)
        cJSON_AddItemToArray(list, session_show_module(session, i));
    cJSON_AddNumberToObject(body, "totalModules", (double)all);
    client_respond(&session->client, request->reply, body);
}

void requests_loaded_sources(struct session *session, const struct request *request) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "sources");
    for (size_t i = 0; i < session->modules.count; i++)
        cJSON_AddItemToArray(list, session_show_source(session, session->modules.items[i].source));
    client_respond(&session->client, request->reply, body);
}
