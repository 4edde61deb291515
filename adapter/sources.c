#include "sources.h"

#include "memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void sources_init(struct sources *sources) {
    *sources = (struct sources){0};
}

static void free_pairs(struct source_pair *pairs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].remote);
        free(pairs[i].local);
    }
    free(pairs);
}

static void forget_cache(struct sources *sources) {
    free_pairs(sources->cache, sources->cached);
    sources->cache = NULL;
    sources->cached = 0;
}

void sources_finish(struct sources *sources) {
    forget_cache(sources);
    free_pairs(sources->matched, sources->matches);
    sources_init(sources);
}

void sources_match(struct sources *sources, const char *local, const char *remote) {
    for (size_t i = 0; i < sources->matches; i++)
        if (!strcmp(sources->matched[i].local, local) &&
            !strcmp(sources->matched[i].remote, remote))
            return;
    forget_cache(sources);
    sources->matched =
        memory_resize(sources->matched, sources->matches + 1, sizeof *sources->matched);
    sources->matched[sources->matches++] =
        (struct source_pair){memory_copy_text(remote), memory_copy_text(local)};
}

static bool is_file(const char *path) {
    struct stat about;
    return path && !stat(path, &about) && S_ISREG(about.st_mode);
}

/* `local` if it is a file, else it is freed. */
static char *if_file(char *local) {
    if (is_file(local))
        return local;
    free(local);
    return NULL;
}

static char *matched_file(const struct sources *sources, const char *remote) {
    for (size_t i = sources->matches; i-- > 0;)
        if (pathmap_same(sources->matched[i].remote, remote))
            return memory_copy_text(sources->matched[i].local);
    return NULL;
}

/* The path without its last `components` components. */
static char *root_of(const char *path, size_t components) {
    size_t length = strlen(path);
    while (components-- && length)
        do
            length--;
        while (length && path[length] != '/' && path[length] != '\\');
    return memory_copy_bytes(path, length);
}

/* A matched pair shares a tail; what lies before it maps as if the user had said so. Is that
 * nothing and did the user say something else, then only the folder of the file itself is taken. */
static char *file_beside(const struct source_pair *pair, const struct pathmap *map,
                         const char *remote) {
    size_t tail = pathmap_shared_tail(pair->local, pair->remote);
    char *local_root = root_of(pair->local, tail);
    if (!*local_root && map->count) {
        free(local_root);
        tail = 1;
        local_root = root_of(pair->local, tail);
    }
    char *remote_root = root_of(pair->remote, tail);
    struct pathmap learned;
    pathmap_init(&learned);
    pathmap_add(&learned, *local_root ? local_root : "/", *remote_root ? remote_root : "/");
    char *local = if_file(pathmap_to_local(&learned, remote));
    pathmap_finish(&learned);
    free(local_root);
    free(remote_root);
    return local;
}

/* ptvsd sends none; it would lead out of the folders that the user named. */
static bool goes_up(const char *path) {
    for (const char *at = path; (at = strstr(at, "..")) != NULL; at++)
        if ((at == path || strchr("/\\", at[-1])) && strchr("/\\", at[2]))
            return true;
    return false;
}

/* By what is known of its neighbours. A file that is here by the same name too is no other one. */
static char *beside_matched(const struct sources *sources, const struct pathmap *map,
                            const char *remote, const char *same) {
    for (size_t i = sources->matches; i-- > 0;) {
        char *local = file_beside(&sources->matched[i], map, remote);
        if (local && (!same || !strcmp(local, same)))
            return local;
        free(local);
    }
    return NULL;
}

static char *find_local(const struct sources *sources, const struct pathmap *map,
                        const char *remote) {
    char *local = matched_file(sources, remote);
    if (local || goes_up(remote))
        return local;
    local = pathmap_to_local(map, remote);
    if (local && (is_file(local) || pathmap_is_windows(local)))
        return local; /* the editor may run on Windows and the bridge not: it cannot be looked up */
    free(local);
    char *same = if_file(pathmap_source_of(remote));
    if (same && !map->count)
        return same; /* the user said nothing else: both see the same files */
    local = beside_matched(sources, map, remote, same);
    free(same);
    return local;
}

const char *sources_local(struct sources *sources, const struct pathmap *map, const char *remote) {
    for (size_t i = 0; i < sources->cached; i++)
        if (!strcmp(sources->cache[i].remote, remote))
            return sources->cache[i].local;
    char *local = find_local(sources, map, remote);
    sources->cache = memory_resize(sources->cache, sources->cached + 1, sizeof *sources->cache);
    sources->cache[sources->cached++] = (struct source_pair){memory_copy_text(remote), local};
    return local;
}
