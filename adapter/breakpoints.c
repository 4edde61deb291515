#include "breakpoints.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void breakpoints_init(struct breakpoints *breakpoints, int32_t first_wire_id) {
    *breakpoints = (struct breakpoints){.next_wire_id = first_wire_id, .next_id = 1};
}

static void free_breakpoint(struct breakpoint *breakpoint) {
    free(breakpoint->condition);
    free(breakpoint->hits);
    free(breakpoint->log);
    free(breakpoint->log_parts);
    free(breakpoint->refused);
    free(breakpoint->sent_path);
}

static void free_source(struct source *source) {
    for (size_t i = 0; i < source->count; i++)
        free_breakpoint(&source->items[i]);
    free(source->items);
    free(source->path);
    free(source->function.file);
    free(source->function.why);
    free(source->target);
}

void breakpoints_clear(struct breakpoints *breakpoints) {
    for (size_t i = 0; i < breakpoints->count; i++)
        free_source(&breakpoints->sources[i]);
    free(breakpoints->sources);
    for (size_t i = 0; i < breakpoints->id_count; i++)
        free(breakpoints->ids[i].path);
    free(breakpoints->ids);
    *breakpoints = (struct breakpoints){.next_wire_id = breakpoints->next_wire_id,
                                        .next_id = breakpoints->next_id};
}

void breakpoints_finish(struct breakpoints *breakpoints) {
    breakpoints_clear(breakpoints);
}

struct source *breakpoints_source(struct breakpoints *breakpoints, enum source_kind kind,
                                  const char *path) {
    for (size_t i = 0; i < breakpoints->count; i++)
        if (breakpoints->sources[i].kind == kind && !strcmp(breakpoints->sources[i].path, path))
            return &breakpoints->sources[i];
    breakpoints->sources =
        memory_resize(breakpoints->sources, breakpoints->count + 1, sizeof *breakpoints->sources);
    struct source *source = &breakpoints->sources[breakpoints->count++];
    *source = (struct source){
        .kind = kind, .path = memory_copy_text(path), .target = memory_copy_text(path)};
    return source;
}

void breakpoints_drop_empty(struct breakpoints *breakpoints) {
    size_t kept = 0;
    for (size_t i = 0; i < breakpoints->count; i++) {
        struct source *source = &breakpoints->sources[i];
        if (source->kind == SOURCE_LOCAL && !source->count)
            free_source(source);
        else
            breakpoints->sources[kept++] = *source;
    }
    breakpoints->count = kept;
}

struct breakpoint *breakpoints_add(struct breakpoints *breakpoints, struct source *source,
                                   int64_t line) {
    source->items = memory_resize(source->items, source->count + 1, sizeof *source->items);
    struct breakpoint *breakpoint = &source->items[source->count++];
    *breakpoint =
        (struct breakpoint){.id = breakpoints->next_id++, .line = line, .asked_line = line};
    return breakpoint;
}

void breakpoints_remove(struct source *source, size_t index) {
    free_breakpoint(&source->items[index]);
    source->count--;
    memmove(&source->items[index], &source->items[index + 1],
            (source->count - index) * sizeof *source->items);
}

struct breakpoint *breakpoints_beside(const struct source *source,
                                      const struct breakpoint *breakpoint) {
    for (size_t i = 0; i < source->count; i++)
        if (&source->items[i] != breakpoint && source->items[i].line == breakpoint->line &&
            source->items[i].sent_path)
            return &source->items[i];
    return NULL;
}

void breakpoints_assign(struct breakpoints *breakpoints, const struct source *source,
                        struct breakpoint *breakpoint) {
    breakpoint->wire_id = breakpoints->next_wire_id++;
    free(breakpoint->sent_path);
    breakpoint->sent_path = memory_copy_text(source->target);
    breakpoint->asked = source->kind != SOURCE_TEMPLATE; /* of those ptvsd says nothing */
    breakpoint->bound = source->kind == SOURCE_TEMPLATE;
    breakpoint->edited = breakpoint->doubted = false;
    breakpoints->ids =
        memory_resize(breakpoints->ids, breakpoints->id_count + 1, sizeof *breakpoints->ids);
    breakpoints->ids[breakpoints->id_count++] = (struct wire_id){
        breakpoint->wire_id, breakpoint->id, breakpoint->line, memory_copy_text(source->target)};
}

struct breakpoint *breakpoints_by_id(struct breakpoints *breakpoints, int id,
                                     struct source **source) {
    for (size_t i = 0; i < breakpoints->count; i++)
        for (size_t j = 0; j < breakpoints->sources[i].count; j++)
            if (breakpoints->sources[i].items[j].id == id) {
                if (source)
                    *source = &breakpoints->sources[i];
                return &breakpoints->sources[i].items[j];
            }
    return NULL;
}

const struct wire_id *breakpoints_wire_id(const struct breakpoints *breakpoints, int32_t id) {
    for (size_t i = breakpoints->id_count; i-- > 0;)
        if (breakpoints->ids[i].id == id)
            return &breakpoints->ids[i];
    return NULL;
}

struct source *breakpoints_function_without_file(struct breakpoints *breakpoints,
                                                 struct source *before) {
    for (size_t i = before ? (size_t)(before - breakpoints->sources) + 1 : 0;
         i < breakpoints->count; i++) {
        struct source *source = &breakpoints->sources[i];
        if (source->kind == SOURCE_FUNCTION && source->count && !source->function.file)
            return source;
    }
    return NULL;
}

void breakpoints_place_function(struct source *source, const char *file, int64_t line,
                                const char *why) {
    struct function *function = &source->function;
    free(function->file);
    free(function->why);
    *function = (struct function){memory_copy_text(file), line, memory_copy_text(why), false};
    for (size_t i = 0; i < source->count; i++)
        source->items[i].line = line;
}

/* ---- which remote file
 * ---------------------------------------------------------------------------- */

/* Names that stand in every package say nothing, and a library's file is rarely what is meant:
 * there the folder must agree too. */
static size_t least_tail(const char *remote) {
    bool common = !strncmp(pathmap_base(remote), "__", 2);
    return common || pathmap_in_library(remote) ? 2 : 1;
}

static bool claimed_better(const struct breakpoints *breakpoints, const struct source *source,
                           const char *remote, size_t tail) {
    for (size_t i = 0; i < breakpoints->count; i++) {
        const struct source *other = &breakpoints->sources[i];
        if (other != source && other->kind == SOURCE_LOCAL && other->count &&
            pathmap_shared_tail(other->path, remote) > tail)
            return true;
    }
    return false;
}

static const struct module *module_at(const struct modules *modules, const char *path) {
    for (size_t i = 0; i < modules->count; i++)
        if (modules->items[i].here && pathmap_same(modules->items[i].source, path))
            return &modules->items[i];
    return NULL;
}

static const struct module *module_by_name(const struct breakpoints *breakpoints,
                                           const struct source *source,
                                           const struct modules *modules) {
    const struct module *best = NULL;
    size_t best_tail = 0;
    for (size_t i = 0; i < modules->count; i++) {
        const char *remote = modules->items[i].source;
        size_t tail = pathmap_shared_tail(source->path, remote);
        if (!modules->items[i].here || tail <= best_tail || tail < least_tail(remote) ||
            claimed_better(breakpoints, source, remote, tail))
            continue;
        best = &modules->items[i];
        best_tail = tail;
    }
    return best;
}

static char *to_remote(const struct pathmap *map, const struct source *source) {
    bool local = source->kind == SOURCE_LOCAL || source->kind == SOURCE_TEMPLATE;
    return local ? pathmap_to_remote(map, source->path) : NULL;
}

bool breakpoints_resolve(struct breakpoints *breakpoints, struct source *source,
                         const struct pathmap *map, const struct modules *modules) {
    char *mapped = to_remote(map, source);
    const char *path = source->function.file ? source->function.file : source->path;
    const struct module *module = module_at(modules, mapped ? mapped : path);
    if (!module && !mapped && source->kind == SOURCE_LOCAL)
        module = module_by_name(breakpoints, source, modules);
    const char *target = module ? module->source : mapped ? mapped : path;
    source->loaded = module != NULL;
    bool changed = strcmp(target, source->target) != 0;
    if (changed) {
        free(source->target);
        source->target = memory_copy_text(target);
    }
    free(mapped);
    return changed;
}

static bool is_package(const struct modules *modules, const char *directory, size_t length) {
    for (size_t i = 0; i < modules->count; i++) {
        const char *file = modules->items[i].source;
        const char *base = pathmap_base(file);
        bool here = (size_t)(base - file) == length && !strncmp(file, directory, length);
        if (here && modules->items[i].here && !strcmp(base, "__init__.py"))
            return true;
    }
    return false;
}

bool breakpoints_matches_loosely(const struct source *source, const char *sent,
                                 const struct modules *modules) {
    size_t needed = 1;
    const char *target = source->target;
    size_t length = (size_t)(pathmap_base(target) - target); /* with the last slash */
    while (length > 1 && is_package(modules, target, length)) {
        needed++;
        length--;
        while (length && target[length - 1] != '/' && target[length - 1] != '\\')
            length--;
    }
    return pathmap_shared_tail(sent, target) >= needed;
}

bool breakpoints_accepts(const struct breakpoints *breakpoints, const struct source *source,
                         const struct pathmap *map, const char *remote) {
    if (pathmap_same(source->target, remote))
        return true;
    if (source->kind != SOURCE_LOCAL)
        return false;
    char *mapped = pathmap_to_remote(map, source->path);
    bool by_name = !mapped && !source->loaded;
    free(mapped);
    size_t tail = by_name ? pathmap_shared_tail(source->path, remote) : 0;
    return tail >= 1 && !claimed_better(breakpoints, source, remote, tail);
}
