#include "dap.h"

#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- requests -------------------------------------------------------------------------------- */

/* NULL, or why the document is no request. */
static const char *read_request(struct dap_request *request) {
    const cJSON *document = request->document;
    if (!cJSON_IsObject(document))
        return "the message is no JSON object";
    const char *type = json_text(document, "type");
    if (!type || strcmp(type, "request"))
        return "the message is no request";
    request->command = json_text(document, "command");
    if (!request->command)
        return "the request has no command";
    request->seq = json_int(document, "seq", -1);
    if (request->seq < 0)
        return "the request has no seq";
    request->arguments = json_object(document, "arguments");
    return NULL;
}

int dap_request_parse(struct dap_request *request, const char *bytes, size_t length,
                      const char **error) {
    *request = (struct dap_request){
        .document = json_parse(bytes, length), .text = bytes, .length = length};
    *error = read_request(request);
    if (!*error)
        return 0;
    dap_request_finish(request);
    return -1;
}

void dap_request_finish(struct dap_request *request) {
    cJSON_Delete(request->document);
    *request = (struct dap_request){0};
}

/* ---- answers and events ---------------------------------------------------------------------- */

static cJSON *message_create(int64_t seq, const char *type) {
    cJSON *message = cJSON_CreateObject();
    cJSON_AddNumberToObject(message, "seq", (double)seq);
    cJSON_AddStringToObject(message, "type", type);
    return message;
}

/* An absent body is left out: one editor dies of "body": null. */
static void add_body(cJSON *message, cJSON *body) {
    if (body)
        cJSON_AddItemToObject(message, "body", body);
}

static cJSON *answer_create(int64_t seq, int64_t request_seq, const char *command, bool success) {
    cJSON *answer = message_create(seq, "response");
    cJSON_AddNumberToObject(answer, "request_seq", (double)request_seq);
    cJSON_AddBoolToObject(answer, "success", success);
    cJSON_AddStringToObject(answer, "command", command);
    return answer;
}

cJSON *dap_response(int64_t seq, int64_t request_seq, const char *command, cJSON *body) {
    cJSON *answer = answer_create(seq, request_seq, command, true);
    add_body(answer, body);
    return answer;
}

/* In a format, {name} is a placeholder, so braces of the message must not stay. */
static char *format_from(const char *message) {
    char *format = memory_copy_text(message);
    for (char *c = format; *c; c++)
        *c = *c == '{' ? '(' : *c == '}' ? ')' : *c;
    return format;
}

cJSON *dap_failure(int64_t seq, int64_t request_seq, const char *command, const char *message,
                   cJSON *variables) {
    cJSON *answer = answer_create(seq, request_seq, command, false);
    cJSON_AddStringToObject(answer, "message", message);
    cJSON *error = cJSON_AddObjectToObject(cJSON_AddObjectToObject(answer, "body"), "error");
    char *format = format_from(message);
    cJSON_AddNumberToObject(error, "id", 1);
    cJSON_AddStringToObject(error, "format", format);
    cJSON_AddBoolToObject(error, "showUser", true);
    if (variables)
        cJSON_AddItemToObject(error, "variables", variables);
    free(format);
    return answer;
}

cJSON *dap_event(int64_t seq, const char *event, cJSON *body) {
    cJSON *message = message_create(seq, "event");
    cJSON_AddStringToObject(message, "event", event);
    add_body(message, body);
    return message;
}

cJSON *dap_question(int64_t seq, const char *command, cJSON *arguments) {
    cJSON *message = message_create(seq, "request");
    cJSON_AddStringToObject(message, "command", command);
    cJSON_AddItemToObject(message, "arguments", arguments);
    return message;
}

/* ---- arguments ------------------------------------------------------------------------------- */

int dap_refuse(struct dap_error *error, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(error->text, sizeof error->text, format, values);
    va_end(values);
    return -1;
}

/* NULL when absent. */
static const cJSON *value_of(const cJSON *arguments, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(arguments, name);
    return cJSON_IsNull(item) ? NULL : item;
}

/* The same for a value that cannot be a bool. */
static const cJSON *value_or_nil(const cJSON *arguments, const char *name) {
    const cJSON *item = value_of(arguments, name);
    return cJSON_IsFalse(item) ? NULL : item;
}

bool dap_given(const cJSON *arguments, const char *name) {
    return value_or_nil(arguments, name) != NULL;
}

static int need(const cJSON *arguments, const char *name, struct dap_error *error) {
    return dap_given(arguments, name) ? 0 : dap_refuse(error, "\"%s\" is missing.", name);
}

int dap_want_int(const cJSON *arguments, const char *name, int64_t *result,
                 struct dap_error *error) {
    const cJSON *item = value_or_nil(arguments, name);
    if (!item)
        return 0;
    /* No whole number can be read as both of these. */
    int64_t value = json_int(arguments, name, 0);
    if (value != json_int(arguments, name, 1))
        return dap_refuse(error, "\"%s\" must be a whole number.", name);
    *result = value;
    return 0;
}

int dap_want_seconds(const cJSON *arguments, const char *name, unsigned least, unsigned most,
                     unsigned *result, struct dap_error *error) {
    int64_t seconds = *result;
    struct dap_error wrong;
    if (dap_want_int(arguments, name, &seconds, &wrong) < 0 || seconds < least || seconds > most)
        return dap_refuse(error, "\"%s\" must be a number of seconds, %u to %u.", name, least,
                          most);
    *result = (unsigned)seconds;
    return 0;
}

int dap_need_int(const cJSON *arguments, const char *name, int64_t *result,
                 struct dap_error *error) {
    return need(arguments, name, error) ? -1 : dap_want_int(arguments, name, result, error);
}

int dap_want_text(const cJSON *arguments, const char *name, const char **result,
                  struct dap_error *error) {
    const cJSON *item = value_or_nil(arguments, name);
    if (!item)
        return 0;
    if (!cJSON_IsString(item))
        return dap_refuse(error, "\"%s\" must be a text.", name);
    *result = item->valuestring;
    return 0;
}

int dap_need_text(const cJSON *arguments, const char *name, const char **result,
                  struct dap_error *error) {
    return need(arguments, name, error) ? -1 : dap_want_text(arguments, name, result, error);
}

int dap_want_bool(const cJSON *arguments, const char *name, bool *result, struct dap_error *error) {
    const cJSON *item = value_of(arguments, name);
    if (!item)
        return 0;
    if (!cJSON_IsBool(item))
        return dap_refuse(error, "\"%s\" must be true or false.", name);
    *result = cJSON_IsTrue(item);
    return 0;
}

/* -1 when the text is no number of at most five digits. */
static int64_t digits_value(const char *text) {
    int64_t value = 0;
    size_t length = strlen(text);
    if (!length || length > 5 || strspn(text, "0123456789") != length)
        return -1;
    for (; *text; text++)
        value = value * 10 + (*text - '0');
    return value;
}

int dap_want_port(const cJSON *arguments, const char *name, int64_t *result,
                  struct dap_error *error) {
    const cJSON *item = value_or_nil(arguments, name);
    if (!item)
        return 0;
    int64_t port =
        cJSON_IsString(item) ? digits_value(item->valuestring) : json_int(arguments, name, -1);
    if (port < 1 || port > 65535)
        return dap_refuse(error, "\"%s\" must be a port number, 1 to 65535.", name);
    *result = port;
    return 0;
}
