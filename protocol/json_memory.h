/* Memory for cJSON. A message becomes a tree of many small pieces that all live for one turn of the
 * loop: they come from one block, which starts anew when the last of them is given back. What does
 * not fit comes from the heap. Lack of memory aborts, as in memory.h: cJSON would report it as if
 * the text were bad. */
#ifndef JSON_MEMORY_H
#define JSON_MEMORY_H

#include <stddef.h>

/* From here on cJSON uses it; call it before the first tree is made. */
void json_memory_use(void);

void *json_memory_new(size_t size);
void json_memory_free(void *bytes); /* accepts NULL */

#endif
