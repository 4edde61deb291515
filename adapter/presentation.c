#include "presentation.h"

#include "memory.h"

#include <stddef.h>
#include <string.h>

enum { LONGEST_MAX = 100000000 };

static const struct {
    const char *name, *group;
} kinds[PRESENTATION_KINDS] = {
    [PRESENTATION_SPECIAL] = {"special", "special variables"},
    [PRESENTATION_PROTECTED] = {"protected", "protected variables"},
    [PRESENTATION_FUNCTION] = {"function", "function variables"},
    [PRESENTATION_CLASS] = {"class", "class variables"},
};

static int read_way(const cJSON *given, enum presentation_way *way, struct dap_error *error) {
    const char *text = cJSON_GetStringValue(given);
    if (text && !strcmp(text, "inline"))
        *way = PRESENTATION_INLINE;
    else if (text && !strcmp(text, "group"))
        *way = PRESENTATION_GROUP;
    else if (text && !strcmp(text, "hide"))
        *way = PRESENTATION_HIDE;
    else
        return dap_refuse(error,
                          "\"%s\" in \"variablePresentation\" must be \"inline\", \"group\" or "
                          "\"hide\".",
                          given->string);
    return 0;
}

static int read_ways(struct presentation *presentation, const cJSON *given,
                     struct dap_error *error) {
    enum presentation_way all = PRESENTATION_USUAL;
    const cJSON *of_all = cJSON_GetObjectItemCaseSensitive(given, "all");
    if (of_all && read_way(of_all, &all, error) < 0)
        return -1;
    for (size_t kind = 0; kind < PRESENTATION_KINDS; kind++) {
        const cJSON *one = cJSON_GetObjectItemCaseSensitive(given, kinds[kind].name);
        presentation->ways[kind] = all;
        if (one && read_way(one, &presentation->ways[kind], error) < 0)
            return -1;
    }
    return 0;
}

int presentation_read(struct presentation *presentation, const cJSON *arguments,
                      struct dap_error *error) {
    bool globals = true;
    const cJSON *ways = cJSON_GetObjectItemCaseSensitive(arguments, "variablePresentation");
    if (dap_given(arguments, "variablePresentation") && !cJSON_IsObject(ways))
        return dap_refuse(error, "\"variablePresentation\" must be an object, as {\"protected\": "
                                 "\"group\"}.");
    if ((ways && read_ways(presentation, ways, error) < 0) ||
        dap_want_int(arguments, "maxValueLength", &presentation->longest, error) < 0 ||
        dap_want_bool(arguments, "showGlobals", &globals, error) < 0)
        return -1;
    if (dap_given(arguments, "maxValueLength") &&
        (presentation->longest < 1 || presentation->longest > LONGEST_MAX))
        return dap_refuse(error, "\"maxValueLength\" must be between 1 and %d.", LONGEST_MAX);
    presentation->no_globals = !globals;
    return 0;
}

/* ---- kinds ----------------------------------------------------------------------------------- */

bool presentation_is_one_of(const char *type, const char *const *types, size_t count) {
    for (size_t i = 0; type && i < count; i++)
        if (!strcmp(type, types[i]))
            return true;
    return false;
}

bool presentation_is_function(const char *type) {
    static const char *const types[] = {
        "function",         "method",         "instancemethod",    "builtin_function_or_method",
        "builtin_function", "method-wrapper", "method_descriptor", "wrapper_descriptor",
        "staticmethod",     "classmethod"};
    return presentation_is_one_of(type, types, sizeof types / sizeof *types);
}

bool presentation_is_class(const char *type) {
    static const char *const types[] = {"type", "classobj", "ABCMeta", "EnumMeta", "EnumType"};
    return presentation_is_one_of(type, types, sizeof types / sizeof *types);
}

enum presentation_kind presentation_kind(const char *name, const char *type) {
    size_t length = name ? strlen(name) : 0;
    if (length > 4 && !strncmp(name, "__", 2) && !strcmp(name + length - 2, "__"))
        return PRESENTATION_SPECIAL;
    if (length && name[0] == '_')
        return PRESENTATION_PROTECTED;
    return presentation_is_function(type) ? PRESENTATION_FUNCTION
           : presentation_is_class(type)  ? PRESENTATION_CLASS
                                          : PRESENTATION_PLAIN;
}

bool presentation_wants(const struct presentation *presentation, enum presentation_kind kind) {
    enum presentation_way way = presentation->ways[kind];
    return way == PRESENTATION_INLINE || way == PRESENTATION_GROUP;
}

/* Of items only the container's key is known, which says nothing. */
static enum presentation_way way_of(const struct presentation *presentation, const cJSON *variable,
                                    enum presentation_kind *kind) {
    const char *name = json_text(variable, "name");
    *kind = name && *name == '[' ? PRESENTATION_PLAIN
                                 : presentation_kind(name, json_text(variable, "type"));
    return *kind == PRESENTATION_PLAIN ? PRESENTATION_USUAL : presentation->ways[*kind];
}

void presentation_sort(const struct presentation *presentation, cJSON *variables,
                       cJSON *groups[PRESENTATION_KINDS]) {
    for (size_t i = 0; i < PRESENTATION_KINDS; i++)
        groups[i] = NULL;
    for (cJSON *one = variables->child, *next; one; one = next) {
        next = one->next;
        enum presentation_kind kind;
        enum presentation_way way = way_of(presentation, one, &kind);
        if (way != PRESENTATION_HIDE && way != PRESENTATION_GROUP)
            continue;
        cJSON_DetachItemViaPointer(variables, one);
        if (way == PRESENTATION_HIDE) {
            cJSON_Delete(one);
            continue;
        }
        if (!groups[kind])
            groups[kind] = cJSON_CreateArray();
        cJSON_AddItemToArray(groups[kind], one);
    }
}

const char *presentation_group_name(enum presentation_kind kind) {
    return kinds[kind].group;
}

/* ---- long values ----------------------------------------------------------------------------- */

char *presentation_cut(const struct presentation *presentation, const char *text) {
    size_t at = 0;
    int64_t characters = 0;
    if (!presentation->longest)
        return NULL;
    for (; text[at]; at++)
        if (((unsigned char)text[at] & 0xc0) != 0x80 && ++characters > presentation->longest)
            return memory_format("%.*s...", (int)at, text);
    return NULL;
}
