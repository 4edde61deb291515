/* JSON in and out around cJSON, made safe for what real peers send: lone surrogates and \u0000
 * (both would break cJSON's C strings), invalid UTF-8 (Python 2), and editors that cut a multi-byte
 * character between two reads (so output is pure ASCII).
 * Nothing in protocol/ but json, wire_json, dap and greeting uses cJSON. */
#ifndef JSON_H
#define JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The document, owned by the caller (cJSON_Delete), or NULL when it is no JSON. In its strings a
 * lone surrogate and an invalid byte have become U+FFFD, and NUL has become U+2400. Nesting deeper
 * than 128 is refused, and so many values that they would take more than 256 MiB. */
cJSON *json_parse(const char *bytes, size_t length);

/* One line of pure ASCII; the caller frees it. */
char *json_print(const cJSON *value);

/* The same with control characters in texts made visible, as utf8_show_controls() does. */
char *json_print_shown(const cJSON *value);

/* Getters that take the wrong type as absent. `object` may be NULL. */
const char *json_text(const cJSON *object, const char *name);               /* NULL if absent */
int64_t json_int(const cJSON *object, const char *name, int64_t if_absent); /* whole numbers only */
bool json_bool(const cJSON *object, const char *name, bool if_absent);
const cJSON *json_object(const cJSON *object, const char *name); /* NULL if absent */
const cJSON *json_array(const cJSON *object, const char *name);  /* NULL if absent */

/* Is the text among the items of a list? */
bool json_lists(const cJSON *list, const char *text);

#endif
