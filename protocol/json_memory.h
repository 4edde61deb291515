/* Memory for cJSON: a message becomes a tree of hundreds of small pieces that live for one turn of
 * the loop, and a few trees live as long as a session. Small pieces come from one block whose pages
 * hold pieces of one size each; those given back are the next to be taken. What is larger, or finds
 * the block full, comes from the heap. Lack of memory aborts, as in memory.h: cJSON would report it
 * as if the text were bad. */
#ifndef JSON_MEMORY_H
#define JSON_MEMORY_H

#include <stddef.h>

/* Pages of the block. Under AddressSanitizer each piece stands alone, so that it sees a use after
 * the end. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
enum { JSON_MEMORY_PAGES = 0 };
#else
enum { JSON_MEMORY_PAGES = 64 };
#endif

/* In bytes; the largest piece that the block gives. */
enum { JSON_MEMORY_PAGE = 4096, JSON_MEMORY_PIECE = 256 };

/* From here on cJSON uses it; call it before the first tree is made. */
void json_memory_use(void);

void *json_memory_new(size_t size);
void json_memory_free(void *bytes); /* accepts NULL */

#endif
