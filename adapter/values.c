#include "values.h"

#include "memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_name_byte(char byte, bool first) {
    unsigned char value = (unsigned char)byte;
    return value >= 0x80 || value == '_' || isalpha(value) || (!first && isdigit(value));
}

bool values_is_name(const char *name) {
    for (const char *at = name; *at; at++)
        if (!is_name_byte(*at, at == name))
            return false;
    return *name != '\0';
}

char *values_key(const char *name) {
    size_t length = name ? strlen(name) : 0;
    if (length < 5 || strncmp(name, "['", 2) != 0 || strcmp(name + length - 2, "']") != 0)
        return NULL;
    return memory_copy_bytes(name + 2, length - 4);
}

/* Does the text bind tighter than a following `.x` or `[i]`? */
static bool is_primary(const char *text) {
    int depth = 0;
    for (; *text; text++) {
        if (strchr("'\"", *text))
            return false;
        depth += strchr("([{", *text) ? 1 : strchr(")]}", *text) ? -1 : 0;
        if (depth == 0 && !is_name_byte(*text, false) && !strchr(".)]", *text))
            return false;
    }
    return true;
}

static char *wrapped(const char *text) {
    if (is_primary(text))
        return memory_copy_text(text);
    return memory_format(strchr(text, '#') ? "(%s\n)" : "(%s)", text); /* a comment's end */
}

bool values_want_hex(const cJSON *arguments) {
    return json_bool(json_object(arguments, "format"), "hex", false);
}

/* ptvsd writes hex() of a bool, too. */
static const char *text_of(const struct wire_object *object, bool hex) {
    bool number = object->hex && object->type && strcmp(object->type, "bool") != 0;
    const char *text = hex && number ? object->hex : object->repr;
    return text ? text : "";
}

/* ptvsd marks nothing of length 0 as expandable, but an object may have attributes all the same. */
static bool has_children(const struct wire_object *object) {
    static const char *const types[] = {"int",       "long",  "str",    "unicode",  "bytes",
                                        "bytearray", "bool",  "float",  "NoneType", "object",
                                        "list",      "tuple", "dict",   "set",      "frozenset",
                                        "unknown",   "range", "xrange", "complex"};
    return object->flags & WIRE_EXPANDABLE ||
           (object->type && *object->type && !object->length &&
            !presentation_is_one_of(object->type, types, sizeof types / sizeof *types));
}

static int reference(struct session *session, const struct handle *where, const char *expression,
                     const struct wire_object *object) {
    if (!expression || !*expression || !has_children(object))
        return 0;
    bool lazy = object->flags & WIRE_SIDE_EFFECTS;
    char *text = wrapped(expression);
    int number = handles_add(&session->handles, lazy ? HANDLE_LAZY : HANDLE_CHILDREN, where->thread,
                             where->frame, text);
    free(text);
    return number;
}

/* Of these it is known that they have items alone; of others only that they have a length. */
static bool has_items_alone(const char *type) {
    static const char *const types[] = {"list", "tuple", "dict", "set", "frozenset"};
    return presentation_is_one_of(type, types, sizeof types / sizeof *types);
}

void values_add(cJSON *body, const char *name, struct session *session, const struct handle *where,
                const char *expression, const struct wire_object *object, bool hex) {
    int number = reference(session, where, expression, object);
    cJSON_AddStringToObject(body, name, text_of(object, hex));
    if (object->type && *object->type)
        cJSON_AddStringToObject(body, "type", object->type);
    cJSON_AddNumberToObject(body, "variablesReference", number);
    if (number && session->editor.pages && object->length && has_items_alone(object->type)) {
        cJSON_AddNumberToObject(body, "namedVariables", 0);
        cJSON_AddNumberToObject(body, "indexedVariables", (double)object->length);
    }
    session_add_value_location(session, body, where, expression, object);
}

/* ---- presentationHint ------------------------------------------------------------------------ */

static const char *kind_of(const struct wire_object *object) {
    if (object->flags & VALUES_PROPERTY)
        return "property";
    return presentation_is_function(object->type) ? "method"
           : presentation_is_class(object->type)  ? "class"
                                                  : NULL;
}

/* By Python's habit: `_x` is for the class and its heirs, `__x` for itself, which others see as
 * `_Class__x`. Names of locals and globals mean no such thing. */
static const char *visibility_of(const struct handle *where, const char *name) {
    if (where->kind != HANDLE_CHILDREN || presentation_kind(name, NULL) != PRESENTATION_PROTECTED)
        return NULL;
    const char *twice = strstr(name, "__");
    return twice && twice[2] ? "private" : "protected";
}

static void add_hint(cJSON *shown, const struct handle *where, const char *name,
                     const struct wire_object *object, bool opens_lazy) {
    const char *kind = kind_of(object), *visibility = visibility_of(where, name);
    const char *attributes[2];
    int count = 0;
    bool lazy = object->flags & WIRE_SIDE_EFFECTS;
    if (object->flags & VALUES_READ_ONLY)
        attributes[count++] = "readOnly";
    if (lazy)
        attributes[count++] = "hasSideEffects";
    if (!kind && !visibility && !count)
        return;
    cJSON *hint = cJSON_AddObjectToObject(shown, "presentationHint");
    if (kind)
        cJSON_AddStringToObject(hint, "kind", kind);
    if (visibility)
        cJSON_AddStringToObject(hint, "visibility", visibility);
    if (count)
        cJSON_AddItemToObject(hint, "attributes", cJSON_CreateStringArray(attributes, count));
    if (lazy && !opens_lazy)
        cJSON_AddTrueToObject(hint, "lazy");
}

cJSON *values_show_variable(struct session *session, const struct handle *where, const char *name,
                            const char *expression, const struct wire_object *object, bool hex) {
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddStringToObject(shown, "name", name);
    struct wire_object cut = *object;
    char *text = presentation_cut(&session->config.presentation, text_of(object, hex));
    if (text)
        cut.repr = cut.hex = text;
    values_add(shown, "value", session, where, expression, &cut, hex);
    free(text);
    if (expression)
        cJSON_AddStringToObject(shown, "evaluateName", expression);
    add_hint(shown, where, name, object, session->client.habits->opens_lazy);
    return shown;
}

/* ptvsd sends str(exception) alone, and says in its own words that a thread cannot be asked. */
const char *values_failure(const char *text) {
    if (!text || !*text)
        return "The expression raised an exception that has no message.";
    if (!strcmp(text, "<expression cannot be evaluated at this time>"))
        return "This thread is running or inside native code: nothing can be evaluated in it until "
               "it returns to Python. Choose a thread that is stopped.";
    return text;
}

void values_invalidated(struct session *session) {
    if (!session->editor.invalidates || session->phase != SESSION_STOPPED)
        return;
    const char *area = "variables";
    cJSON *body = cJSON_CreateObject();
    cJSON_AddItemToObject(body, "areas", cJSON_CreateStringArray(&area, 1));
    client_event(&session->client, "invalidated", body);
}
