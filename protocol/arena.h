/* Memory that is freed all at once: the strings and arrays of one wire event, or the stored frames
 * of one thread. Everything handed out lives until arena_reset() or arena_finish(). */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

void arena_init(struct arena *arena);
void arena_finish(struct arena *arena);

/* Forgets everything, but keeps one block so that a steady stream of events does not allocate. */
void arena_reset(struct arena *arena);

/* `size` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length);

/* A copy of a NUL-terminated text; NULL for NULL. */
char *arena_copy_text(struct arena *arena, const char *text);

#endif
