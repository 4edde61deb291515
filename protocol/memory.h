/* Allocation that cannot fail: lack of memory ends the program by abort(), whose handler still
 * tries to detach from the debuggee (adapter/last_words). All results belong to the caller, who
 * gives them to free(). */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* `size` zeroed bytes. */
void *memory_new(size_t size);

/* Grows or shrinks `old` (may be NULL) to `count` items of `size` bytes; new bytes are undefined.
 */
void *memory_resize(void *old, size_t count, size_t size);

/* A NUL-terminated copy; NULL for NULL. */
char *memory_copy_text(const char *text);

/* A NUL-terminated copy of the first `length` bytes. */
char *memory_copy_bytes(const char *bytes, size_t length);

/* Wipes and frees a text in which a secret may stand, and forgets it; `*text` may be NULL. */
void memory_wipe_text(char **text);

/* A formatted text. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
