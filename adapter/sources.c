#include "sources.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SOURCE_LIMIT = 16 << 20, REFERENCE_LIMIT = 1 << 30 };

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

void sources_map_anew(struct sources *sources) {
    forget_cache(sources);
    free_pairs(sources->matched, sources->matches);
    sources->matched = NULL;
    sources->matches = 0;
}

void sources_finish(struct sources *sources) {
    sources_map_anew(sources);
    free_pairs(sources->compared, sources->comparisons);
    for (size_t i = 0; i < sources->references; i++)
        free(sources->referred[i]);
    free(sources->referred);
    sources_init(sources);
}

static int find_reference(const struct sources *sources, const char *remote) {
    for (size_t i = 0; i < sources->references; i++)
        if (!strcmp(sources->referred[i], remote))
            return (int)i + 1;
    return 0;
}

bool sources_has_reference(const struct sources *sources, const char *remote) {
    return find_reference(sources, remote) != 0;
}

void sources_match(struct sources *sources, const char *local, const char *remote) {
    if (find_reference(sources, local))
        return; /* the editor sends back the path that stands beside the reference */
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

/* ---- texts that are not here
 * ------------------------------------------------------------------------- */

int sources_reference(struct sources *sources, const char *remote) {
    char *plain = pathmap_source_of(remote);
    int found = find_reference(sources, plain);
    if (found || sources->references == REFERENCE_LIMIT) {
        free(plain);
        return found;
    }
    sources->referred =
        memory_resize(sources->referred, sources->references + 1, sizeof *sources->referred);
    sources->referred[sources->references] = plain;
    return (int)++sources->references;
}

const char *sources_referred(const struct sources *sources, int64_t reference) {
    bool known = reference > 0 && (uint64_t)reference <= sources->references;
    return known ? sources->referred[reference - 1] : NULL;
}

/* ---- texts that differ
 * ------------------------------------------------------------------------------- */

static size_t find_pair(const struct sources *sources, const char *remote, const char *local) {
    size_t i = 0;
    while (i < sources->comparisons && (strcmp(sources->compared[i].remote, remote) != 0 ||
                                        strcmp(sources->compared[i].local, local) != 0))
        i++;
    return i;
}

bool sources_compare_once(struct sources *sources, const char *remote, const char *local) {
    size_t count = sources->comparisons;
    if (find_pair(sources, remote, local) < count)
        return false;
    sources->compared = memory_resize(sources->compared, count + 1, sizeof *sources->compared);
    sources->compared[sources->comparisons++] =
        (struct source_pair){memory_copy_text(remote), memory_copy_text(local)};
    return true;
}

void sources_compare_again(struct sources *sources, const char *remote, const char *local) {
    size_t found = find_pair(sources, remote, local);
    if (found == sources->comparisons)
        return;
    struct source_pair *pair = &sources->compared[found];
    free(pair->remote);
    free(pair->local);
    *pair = sources->compared[--sources->comparisons];
}

char *sources_read(const char *path, size_t *length) {
    FILE *file = is_file(path) ? fopen(path, "re") : NULL;
    if (!file)
        return NULL;
    struct stat about;
    char *text = NULL;
    if (!fstat(fileno(file), &about) && S_ISREG(about.st_mode) && about.st_size <= SOURCE_LIMIT) {
        text = memory_new((size_t)about.st_size + 1);
        *length = fread(text, 1, (size_t)about.st_size, file);
    }
    fclose(file);
    return text;
}

static size_t line_feeds_only(char *text, size_t length) {
    size_t to = 0;
    for (size_t at = 0; at < length; at++) {
        bool pair = text[at] == '\r' && at + 1 < length && text[at + 1] == '\n';
        if (!pair)
            text[to++] = (char)(text[at] == '\r' ? '\n' : text[at]);
    }
    while (to && strchr(" \t\n\v\f", text[to - 1]) && text[to - 1])
        to--;
    return to;
}

bool sources_sum(const char *path, struct source_sum *sum) {
    size_t length = 0;
    char *text = sources_read(path, &length);
    if (!text)
        return false;
    *sum = (struct source_sum){line_feeds_only(text, length), 0};
    for (size_t at = 0; at < sum->size; at += 2) {
        uint64_t high = at + 1 < sum->size ? (unsigned char)text[at + 1] : 0;
        sum->sum += ((unsigned char)text[at] | high << 8) * (at / 2 + 1);
    }
    free(text);
    return true;
}
