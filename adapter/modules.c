#include "modules.h"

#include "memory.h"
#include "pathmap.h"

#include <stdlib.h>
#include <string.h>

void modules_init(struct modules *modules) {
    *modules = (struct modules){0};
}

void modules_finish(struct modules *modules) {
    for (size_t i = 0; i < modules->count; i++) {
        free(modules->items[i].file);
        free(modules->items[i].source);
    }
    free(modules->items);
    modules_init(modules);
}

void modules_leave(struct modules *modules) {
    for (size_t i = 0; i < modules->count; i++)
        modules->items[i].here = false;
}

/* FNV-1a */
static uint64_t hash_of(const char *text) {
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

const struct module *modules_add(struct modules *modules, const char *file) {
    uint64_t hash = hash_of(file);
    for (size_t i = 0; i < modules->count; i++) {
        struct module *known = &modules->items[i];
        if (known->hash != hash || strcmp(known->file, file) != 0)
            continue;
        bool was_here = known->here;
        known->here = true;
        return was_here ? NULL : known;
    }
    if (modules->count == modules->room) {
        modules->room = modules->room ? modules->room * 2 : 128;
        modules->items = memory_resize(modules->items, modules->room, sizeof *modules->items);
    }
    struct module *module = &modules->items[modules->count++];
    *module = (struct module){memory_copy_text(file), pathmap_source_of(file), hash, true};
    return module;
}
