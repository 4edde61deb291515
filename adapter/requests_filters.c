/* setExceptionBreakpoints: filters, filters with a condition (type names), and exceptionOptions. */
#include "requests.h"

#include <string.h>

struct filter {
    const char *name, *label;
    int mode;
    bool by_default;
};

static const struct filter filters[] = {
    {"raised", "Raised Exceptions", WIRE_BREAK_ALWAYS, false},
    {"uncaught", "Uncaught Exceptions", WIRE_BREAK_UNHANDLED, true},
};

enum { FILTERS = sizeof filters / sizeof *filters };

void requests_show_filters(cJSON *capabilities) {
    cJSON *list = cJSON_AddArrayToObject(capabilities, "exceptionBreakpointFilters");
    for (size_t i = 0; i < FILTERS; i++) {
        cJSON *shown = cJSON_CreateObject();
        cJSON_AddStringToObject(shown, "filter", filters[i].name);
        cJSON_AddStringToObject(shown, "label", filters[i].label);
        cJSON_AddBoolToObject(shown, "default", filters[i].by_default);
        cJSON_AddTrueToObject(shown, "supportsCondition");
        cJSON_AddStringToObject(shown, "conditionDescription",
                                "Types, and what derives from them: OSError, json.JSONDecodeError");
        cJSON_AddItemToArray(list, shown);
    }
}

static const struct filter *find_filter(const cJSON *name) {
    for (size_t i = 0; cJSON_IsString(name) && i < FILTERS; i++)
        if (!strcmp(filters[i].name, name->valuestring))
            return &filters[i];
    return NULL;
}

/* One answer for each; `message` NULL: verified. */
static void answer(cJSON *answers, const char *message) {
    cJSON *one = cJSON_CreateObject();
    cJSON_AddBoolToObject(one, "verified", message == NULL);
    if (message)
        cJSON_AddStringToObject(one, "message", message);
    cJSON_AddItemToArray(answers, one);
}

static const char *const wrong_filter = "The filters are \"raised\" and \"uncaught\".";
static const char *const wrong_name =
    "This is no list of type names, such as KeyError, json.JSONDecodeError.";

/* Names between commas or blanks. NULL, or what is wrong. */
static const char *take_names(struct exception_modes *modes, const char *names, int mode) {
    static const char gaps[] = ", \t\r\n";
    const char *wrong = names[strspn(names, gaps)] ? NULL : wrong_name;
    for (names += strspn(names, gaps); *names; names += strspn(names, gaps)) {
        size_t length = strcspn(names, gaps);
        if (exception_modes_add(modes, names, length, mode, true) < 0)
            wrong = wrong_name;
        names += length;
    }
    return wrong;
}

static const char *take_filter(struct exception_modes *modes, const cJSON *name,
                               const char *condition) {
    const struct filter *filter = find_filter(name);
    if (!filter)
        return wrong_filter;
    if (condition && *condition)
        return take_names(modes, condition, filter->mode);
    modes->all |= filter->mode;
    return NULL;
}

/* ---- exceptionOptions: a path in a tree of types, whose root is a category
 * --------------------------------- */

static int mode_of(const char *word) {
    if (!word)
        return -1;
    if (!strcmp(word, "never"))
        return WIRE_BREAK_NEVER;
    if (!strcmp(word, "always"))
        return WIRE_BREAK_ALWAYS | WIRE_BREAK_UNHANDLED;
    return !strcmp(word, "unhandled") || !strcmp(word, "userUnhandled") ? WIRE_BREAK_UNHANDLED : -1;
}

static const char *take_option(struct exception_modes *modes, const cJSON *option) {
    const cJSON *path = json_array(option, "path"), *name;
    int mode = mode_of(json_text(option, "breakMode"));
    if (mode < 0)
        return "breakMode is \"never\", \"always\", \"unhandled\" or \"userUnhandled\".";
    int depth = cJSON_GetArraySize(path);
    if (depth <= 1) {
        modes->all = mode;
        return NULL;
    }
    const cJSON *last = cJSON_GetArrayItem(path, depth - 1);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(last, "negate")))
        return "\"negate\" is not supported: name the types, and their mode.";
    const char *wrong = NULL;
    cJSON_ArrayForEach(name, json_array(last, "names")) {
        const char *text = cJSON_GetStringValue(name);
        if (!text || exception_modes_add(modes, text, strlen(text), mode, false) < 0)
            wrong = wrong_name;
    }
    return wrong;
}

/* Sublime names each in both lists. */
static bool has_option(const cJSON *options, const cJSON *filter) {
    const cJSON *one;
    cJSON_ArrayForEach(one, options) {
        if (cJSON_Compare(cJSON_GetObjectItemCaseSensitive(one, "filterId"), filter, true))
            return true;
    }
    return false;
}

void requests_set_exception_breakpoints(struct session *session, const struct request *request) {
    const cJSON *arguments = request->dap->arguments, *one;
    const cJSON *options = json_array(arguments, "filterOptions");
    struct exception_modes *modes = &session->exception_modes;
    cJSON *body = cJSON_CreateObject();
    cJSON *answers = cJSON_AddArrayToObject(body, "breakpoints");
    exception_modes_finish(modes);
    cJSON_ArrayForEach(one, json_array(arguments, "filters"))
        answer(answers, has_option(options, one) ? NULL : take_filter(modes, one, NULL));
    cJSON_ArrayForEach(one, options)
        answer(answers, take_filter(modes, cJSON_GetObjectItemCaseSensitive(one, "filterId"),
                                    json_text(one, "condition")));
    cJSON_ArrayForEach(one, json_array(arguments, "exceptionOptions"))
        answer(answers, take_option(modes, one));
    session_exceptions_send(session);
    client_respond(&session->client, request->reply, body);
}
