/* How a value is shown: its text, type, and a reference to what is inside. */
#ifndef VALUES_H
#define VALUES_H

#include "session.h"

/* What remote/children.py adds to the flags of struct wire_object. */
enum { VALUES_READ_ONLY = 256, VALUES_PROPERTY = 512 };

/* Is it an identifier, so that it can be evaluated? Comprehensions have locals like ".0". */
bool values_is_name(const char *name);

/* `['key']` of a dict's child as `key`, NULL for anything else. The caller frees it. */
char *values_key(const char *name);

/* Does the request want numbers in hexadecimal? */
bool values_want_hex(const cJSON *arguments);

/* Adds to a body the value's text as `name`, its type, what can be opened in it, and where it is
 * defined. `expression` NULL: it can be neither evaluated nor opened. */
void values_add(cJSON *body, const char *name, struct session *session, const struct handle *where,
                const char *expression, const struct wire_object *object, bool hex);

/* A DAP Variable. */
cJSON *values_show_variable(struct session *session, const struct handle *where, const char *name,
                            const char *expression, const struct wire_object *object, bool hex);

/* What ptvsd says when an evaluation failed, in words. NULL: nothing was said. */
const char *values_failure(const char *text);

/* Values have changed by another way than setVariable: an editor that wants to know is told. */
void values_invalidated(struct session *session);

#endif
