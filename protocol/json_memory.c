#include "json_memory.h"

#include "memory.h"

#include <cjson/cJSON.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { UNIT = alignof(max_align_t), SIZES = JSON_MEMORY_PIECE / UNIT + 1 };

struct free_piece {
    struct free_piece *next;
};

static struct {
    struct free_piece *free[SIZES];             /* by units */
    size_t pages;                               /* in use, from the first on */
    unsigned char units[JSON_MEMORY_PAGES + 1]; /* of the pieces in each page */
    alignas(max_align_t) char bytes[JSON_MEMORY_PAGES * JSON_MEMORY_PAGE + 1];
} block;

/* False when the block is full. */
static bool cut_page(size_t units) {
    if (block.pages == JSON_MEMORY_PAGES)
        return false;
    char *page = block.bytes + block.pages * JSON_MEMORY_PAGE;
    block.units[block.pages++] = (unsigned char)units;
    for (size_t at = JSON_MEMORY_PAGE / (units * UNIT); at-- > 0;) {
        struct free_piece *piece = (struct free_piece *)(void *)(page + at * units * UNIT);
        piece->next = block.free[units];
        block.free[units] = piece;
    }
    return true;
}

void *json_memory_new(size_t size) {
    size_t units = size ? (size + UNIT - 1) / UNIT : 1;
    if (size > JSON_MEMORY_PIECE || (!block.free[units] && !cut_page(units)))
        return memory_resize(NULL, size, 1);
    struct free_piece *piece = block.free[units];
    block.free[units] = piece->next;
    return piece;
}

void json_memory_free(void *bytes) {
    uintptr_t at =
        (uintptr_t)bytes - (uintptr_t)block.bytes; /* huge when it lies before the block */
    if (at >= block.pages * JSON_MEMORY_PAGE) {
        free(bytes);
        return;
    }
    struct free_piece *piece = bytes;
    size_t units = block.units[at / JSON_MEMORY_PAGE];
    piece->next = block.free[units];
    block.free[units] = piece;
}

void json_memory_use(void) {
    cJSON_InitHooks(&(cJSON_Hooks){json_memory_new, json_memory_free});
}
