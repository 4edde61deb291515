/* What the target is told to attach: the editor's arguments as written, without those that say how
 * we reach it or what we do, path mappings in full, and for ptvsd 4.x with its own debug options.
 */
#include "relay_parts.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- whose argument is it? ------------------------------------------------------------------- */

static bool is_among(struct span name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static bool begins(struct span name, const char *with) {
    size_t length = strlen(with);
    return name.length > length && !memcmp(name.at, with, length) && name.at[length] >= 'A' &&
           name.at[length] <= 'Z';
}

/* What an attach to a child process of the program needs as well. */
bool relay_is_way(struct span name) {
    static const char *const names[] = {"uri",      "qualifier", "host",          "port",
                                        "connect",  "proxy",     "addressFamily", "connectTimeout",
                                        "httpWake", "keepAlive", "headers",       "allowTerminate",
                                        "token"};
    return is_among(name, names, sizeof names / sizeof *names) || begins(name, "tls") ||
           begins(name, "ws");
}

/* "listen" and "processId" would make debugpy look for the program by itself. */
bool relay_is_ours(struct span name) {
    static const char *const names[] = {
        "secretFile",    "secretEnv",        "waitForServer",     "restart",
        "detachTimeout", "evalTimeout",      "logFile",           "logLevel",
        "logValues",     "dropGuard",        "allowCodeOnAttach", "secret",
        "listen",        "dropGuardSeconds", "exceptionHandling", "processId"};
    return relay_is_way(name) || is_among(name, names, sizeof names / sizeof *names);
}

/* ---- debug options of ptvsd 4.x -------------------------------------------------------------- */

struct option {
    const char *attribute;
    bool wanted;      /* this value of the attribute … */
    bool if_absent;   /* … or its absence … */
    const char *name; /* … is this option */
};

static const struct option options[] = {
    {"redirectOutput", true, true, "RedirectOutput"},
    {"justMyCode", false, false, "DebugStdLib"},
    {"debugStdLib", true, false, "DebugStdLib"},
    {"django", true, false, "Django"},
    {"jinja", true, false, "Jinja"},
    {"flask", true, false, "Flask"},
    {"pyramid", true, false, "Pyramid"},
    {"showReturnValue", true, false, "ShowReturnValue"},
    {"breakOnSystemExitZero", true, false, "BreakOnSystemExitZero"},
    {"stopOnEntry", true, false, "StopOnEntry"},
    {"subProcess", true, false, "Multiprocess"},
};

static bool is_windows_path(const char *path) {
    return path && path[0] && path[1] == ':';
}

static const char *local_root(const cJSON *arguments) {
    const cJSON *one = json_object(arguments, "pathMappings");
    if (!one)
        one = cJSON_GetArrayItem(json_array(arguments, "pathMappings"), 0);
    return json_text(one ? one : arguments, "localRoot");
}

static cJSON *debug_options(const cJSON *arguments) {
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct option *one = &options[i];
        bool other = one->if_absent ? one->wanted : !one->wanted;
        if (json_bool(arguments, one->attribute, other) == one->wanted)
            cJSON_AddItemToArray(list, cJSON_CreateString(one->name));
    }
    const char *client = is_windows_path(local_root(arguments)) ? "WindowsClient" : "UnixClient";
    cJSON_AddItemToArray(list, cJSON_CreateString(client));
    return list;
}

/* `,"debugOptions":[…]`, unless the editor gives them itself. */
static void append_options(struct buf *out, const char *text) {
    cJSON *arguments = json_parse(text, strlen(text));
    if (!dap_given(arguments, "debugOptions") && !dap_given(arguments, "options")) {
        cJSON *list = debug_options(arguments);
        char *shown = json_print(list);
        buf_append_text(out, ",\"debugOptions\":");
        buf_append_text(out, shown);
        free(shown);
        cJSON_Delete(list);
    }
    cJSON_Delete(arguments);
}

/* ---- path mappings --------------------------------------------------------------------------- */

/* Our short forms, which these targets do not know: the two roots alone, and one pair for a list.
 */
static bool is_mapping(struct span name) {
    static const char *const names[] = {"pathMappings", "localRoot", "remoteRoot"};
    return is_among(name, names, sizeof names / sizeof *names);
}

static bool is_text(struct span value) {
    return value.length && *value.at == '"';
}

static void append_mappings(struct buf *out, const char *text) {
    size_t length = strlen(text);
    struct span mappings = members_find(text, length, "pathMappings");
    struct span local = members_find(text, length, "localRoot");
    struct span remote = members_find(text, length, "remoteRoot");
    if (mappings.length && !span_is(mappings, "null")) {
        bool one = *mappings.at == '{';
        buf_append_text(out, one ? ",\"pathMappings\":[" : ",\"pathMappings\":");
        buf_append(out, mappings.at, mappings.length);
        buf_append_text(out, one ? "]" : "");
    } else if (is_text(local) && is_text(remote)) {
        buf_append_text(out, ",\"pathMappings\":[{\"localRoot\":");
        buf_append(out, local.at, local.length);
        buf_append_text(out, ",\"remoteRoot\":");
        buf_append(out, remote.at, remote.length);
        buf_append_text(out, "}]");
    }
}

/* ---- all together ---------------------------------------------------------------------------- */

/* debugpy refuses an attach without any argument. */
char *relay_attach_arguments(const struct relay *relay) {
    struct members members;
    struct member member;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    buf_append_text(&out, "{\"request\":\"attach\"");
    if (members_begin(&members, relay->attach, strlen(relay->attach)) == 0)
        while (members_next(&members, &member) > 0) {
            bool dropped = relay_is_ours(member.name) || is_mapping(member.name) ||
                           span_is(member.name, "request");
            /* dape's nil: a list that is false */
            if (relay->in_process && span_is(member.name, "debugOptions") &&
                member.value.at[0] != '[')
                dropped = true;
            if (dropped)
                continue;
            buf_append_text(&out, ",");
            buf_append(&out, member.whole.at, member.whole.length);
        }
    append_mappings(&out, relay->attach);
    if (relay->in_process)
        append_options(&out, relay->attach);
    buf_append_text(&out, "}");
    char *text = memory_copy_bytes(out.bytes, out.length);
    buf_finish(&out);
    return text;
}
