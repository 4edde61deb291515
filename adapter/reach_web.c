#include "reach_web.h"

#include "buf.h"
#include "http.h"
#include "memory.h"
#include "no_proxy.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_LIMIT = 16 * 1024, REASON_BYTES = 300 };

static bool is_web(const struct address *to) {
    return to->scheme == ADDRESS_WS || to->scheme == ADDRESS_WSS;
}

/* ---- the proxy ------------------------------------------------------------------------------- */

/* `source` names where it stands. */
static int take_proxy(struct reach_web *web, const char *source, const char *text,
                      struct dap_error *error) {
    char reason[REASON_BYTES];
    const char *scheme = strstr(text, "://"), *rest = scheme ? scheme + 3 : text;
    if (scheme && strncasecmp(text, "http://", 7) != 0)
        return dap_refuse(error,
                          "%s names a proxy of a kind that is not supported; only http:// is. Name "
                          "another one, or go without, by \"proxy\": \"none\".",
                          source);
    char *as_address = memory_format("ws://%s", rest); /* for its usual port */
    int result = address_parse(&web->proxy, as_address, reason, sizeof reason);
    memory_wipe_text(&as_address);
    if (result == 0 && (!*web->proxy.path || !strcmp(web->proxy.path, "/")))
        return 0;
    return dap_refuse(error, "%s must be http://host:port, or http://user:password@host:port%s%s",
                      source, result < 0 ? ": " : ", with nothing behind.",
                      result < 0 ? reason : "");
}

/* As other tools read them; the names in small letters come first. */
static int take_environment(struct reach_web *web, const struct address *to,
                            struct dap_error *error) {
    static const char *const names[2][4] = {
        {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"},
        {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}};
    const char *except = getenv("no_proxy");
    if (!except)
        except = getenv("NO_PROXY");
    if (no_proxy_is_here(to->host) || (except && no_proxy_for(except, to->host, to->port)))
        return 0;
    for (int i = 0; i < 4; i++) {
        const char *name = names[to->scheme == ADDRESS_WSS][i], *value = getenv(name);
        if (value && *value)
            return take_proxy(web, name, value, error);
    }
    return 0;
}

static int read_proxy(struct reach_web *web, const struct address *to, const cJSON *arguments,
                      struct dap_error *error) {
    const char *given = NULL;
    if (dap_want_text(arguments, "proxy", &given, error) < 0)
        return -1;
    if (given && *given)
        return strcmp(given, "none") ? take_proxy(web, "\"proxy\"", given, error) : 0;
    return is_web(to) ? take_environment(web, to, error) : 0;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static bool is_ours(const char *name) {
    static const char *const ours[] = {"Host",           "Upgrade",           "Connection",
                                       "Content-Length", "Transfer-Encoding", "User-Agent"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!strcasecmp(name, ours[i]))
            return true;
    return !strncasecmp(name, "Sec-WebSocket-", 14);
}

/* `attribute` is the one in which they stand. */
static int add_field(struct buf *fields, const char *attribute, const cJSON *item,
                     struct dap_error *error) {
    const char *name = item->string, *value = cJSON_GetStringValue(item);
    if (!http_is_name(name, strlen(name)) || !value || !http_is_value(value, strlen(value)))
        return dap_refuse(error,
                          "\"%s\" must be an object of names and texts, each of one line, as they "
                          "are sent in HTTP.",
                          attribute);
    if (is_ours(name))
        return dap_refuse(error, "\"%s\" must not hold %s: it is set by the connection itself.",
                          attribute, name);
    if (buf_append_text(fields, name) < 0 || buf_append_text(fields, ": ") < 0 ||
        buf_append_text(fields, value) < 0 || buf_append_text(fields, "\r\n") < 0)
        return dap_refuse(error, "\"%s\" are too long: 16 KiB in all are sent at most.", attribute);
    return 0;
}

static int read_fields(struct reach_web *web, const struct address *to, const cJSON *arguments,
                       struct dap_error *error) {
    const char *attribute = dap_given(arguments, "headers")     ? "headers"
                            : dap_given(arguments, "wsHeaders") ? "wsHeaders"
                                                                : NULL;
    if (!attribute)
        return 0;
    if (!is_web(to))
        return dap_refuse(error,
                          "\"%s\" belong to ws:// and wss:// addresses; this one is "
                          "%s://. Take them out, or change the address.",
                          attribute, address_scheme_name(to->scheme));
    const cJSON *given = json_object(arguments, attribute), *item;
    struct buf fields;
    int result = given ? 0 : dap_refuse(error, "\"%s\" must be an object.", attribute);
    buf_init(&fields, FIELDS_LIMIT);
    cJSON_ArrayForEach(item, given) {
        if (result == 0)
            result = add_field(&fields, attribute, item, error);
    }
    if (result == 0 && fields.length)
        web->fields = memory_copy_bytes(fields.bytes, fields.length);
    if (fields.memory)
        explicit_bzero(fields.memory, fields.room);
    buf_finish(&fields);
    return result;
}

/* ---- all ------------------------------------------------------------------------------------- */

/* An idle site starts its program at the first request, but not at one for a WebSocket. */
static int read_wake(struct reach_web *web, const struct address *to, const cJSON *arguments,
                     struct dap_error *error) {
    web->wake = to->scheme == ADDRESS_WSS;
    if (dap_want_bool(arguments, "httpWake", &web->wake, error) < 0)
        return -1;
    web->wake = web->wake && is_web(to);
    return 0;
}

int reach_web_read(struct reach_web *web, const struct address *to, const cJSON *arguments,
                   struct dap_error *error) {
    int result = read_proxy(web, to, arguments, error);
    if (result == 0)
        result = read_fields(web, to, arguments, error);
    return result == 0 ? read_wake(web, to, arguments, error) : result;
}

void reach_web_finish(struct reach_web *web) {
    address_finish(&web->proxy);
    memory_wipe_text(&web->fields);
    *web = (struct reach_web){0};
}
