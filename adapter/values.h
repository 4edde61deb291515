/* How a value is shown: its text, type, and a reference to what is inside. */
#ifndef VALUES_H
#define VALUES_H

#include "session.h"

/* Is it an identifier, so that it can be evaluated? Comprehensions have locals like ".0". */
bool values_is_name(const char *name);

/* `['key']` of a dict's child as `key`, NULL for anything else. The caller frees it. */
char *values_key(const char *name);

/* What to evaluate for a child: the server's own expression, or, on version 2, which has none, one
 * made from the parent's. NULL when it cannot be evaluated. The caller frees it. */
char *values_child_expression(const char *parent, const struct wire_children *children,
                              size_t index);

/* A DAP Variable. `expression` NULL: it can be neither evaluated nor opened. */
cJSON *values_show_variable(struct session *session, const struct handle *where, const char *name,
                            const char *expression, const struct wire_object *object);

/* The reference for what is inside, 0 for nothing. */
int values_reference(struct session *session, const struct handle *where, const char *expression,
                     const struct wire_object *object);

#endif
