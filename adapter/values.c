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
    return is_primary(text) ? memory_copy_text(text) : memory_format("(%s)", text);
}

/* Version 2 names items "[0]" and sends no expressions. */
static char *version_2_expression(const char *parent, const struct wire_children *children,
                                  size_t index) {
    const char *name = children->children[index].name;
    if (index < children->attributes)
        return memory_format("%s.%s", parent, name);
    if (children->indexable)
        return memory_format("%s%s", parent, name);
    return memory_format("next((v for i, v in enumerate(%s) if i == %zu))", parent,
                         index - children->attributes);
}

char *values_child_expression(const char *parent, const struct wire_children *children,
                              size_t index) {
    const struct wire_variable *child = &children->children[index];
    if (child->expression)
        return memory_copy_text(child->expression);
    bool version_2 = children->attributes || children->indexable || children->enumerate;
    return version_2 && parent && child->name ? version_2_expression(parent, children, index)
                                              : NULL;
}

int values_reference(struct session *session, const struct handle *where, const char *expression,
                     const struct wire_object *object) {
    if (!expression || !*expression || !(object->flags & WIRE_EXPANDABLE))
        return 0;
    char *text = wrapped(expression);
    int reference =
        handles_add(&session->handles, HANDLE_CHILDREN, where->thread, where->frame, text);
    free(text);
    return reference;
}

cJSON *values_show_variable(struct session *session, const struct handle *where, const char *name,
                            const char *expression, const struct wire_object *object) {
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddStringToObject(shown, "name", name);
    cJSON_AddStringToObject(shown, "value", object->repr ? object->repr : "");
    if (object->type && *object->type)
        cJSON_AddStringToObject(shown, "type", object->type);
    if (expression)
        cJSON_AddStringToObject(shown, "evaluateName", expression);
    cJSON_AddNumberToObject(shown, "variablesReference",
                            values_reference(session, where, expression, object));
    return shown;
}
