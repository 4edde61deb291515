#include "json_memory.h"

#include "memory.h"

#include <cjson/cJSON.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static struct {
    size_t used, pieces;
    alignas(max_align_t) char bytes[JSON_MEMORY_BLOCK + 1];
} block;

void *json_memory_new(size_t size) {
    size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (aligned < size || aligned > JSON_MEMORY_BLOCK - block.used)
        return memory_resize(NULL, size, 1);
    void *piece = block.bytes + block.used;
    block.used += aligned;
    block.pieces++;
    return piece;
}

static bool is_in_block(const void *bytes) {
    uintptr_t at = (uintptr_t)bytes, start = (uintptr_t)block.bytes;
    return at >= start && at < start + JSON_MEMORY_BLOCK;
}

void json_memory_free(void *bytes) {
    if (!is_in_block(bytes))
        free(bytes);
    else if (--block.pieces == 0)
        block.used = 0;
}

void json_memory_use(void) {
    cJSON_InitHooks(&(cJSON_Hooks){json_memory_new, json_memory_free});
}
