/* Memory for cJSON. A message becomes a tree of many small pieces that all live for one turn of the
 * loop: they come from one block, which starts anew when the last of them is given back. What does
 * not fit comes from the heap. Lack of memory aborts, as in memory.h: cJSON would report it as if
 * the text were bad. */
#ifndef JSON_MEMORY_H
#define JSON_MEMORY_H

#include <stddef.h>

/* Bytes of the block. Under AddressSanitizer each piece stands alone, so that it sees a use after
 * the end. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
enum { JSON_MEMORY_BLOCK = 0 };
#else
enum { JSON_MEMORY_BLOCK = 256 * 1024 };
#endif

/* From here on cJSON uses it; call it before the first tree is made. */
void json_memory_use(void);

void *json_memory_new(size_t size);
void json_memory_free(void *bytes); /* accepts NULL */

#endif
