#include "pathmap.h"

#include "buf.h"
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How a path begins. A drive letter is no root but a component of its own. */
enum root { ROOT_NONE, ROOT_SLASH, ROOT_UNC };

/* Components are read from both ends: `at` and `end` bound what is left. */
struct walk {
    const char *at, *end;
    bool windows;
};

struct part {
    const char *text;
    size_t length; /* 0: no component is left */
};

struct pathmap_rule {
    char *local, *remote;
};

/* ---- components --------------------------------------------------------------------------------
 */

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool has_drive(const char *path) {
    return is_letter(path[0]) && path[1] == ':' &&
           (path[2] == '\\' || path[2] == '/' || path[2] == '\0');
}

bool pathmap_is_windows(const char *path) {
    return has_drive(path) || strncmp(path, "\\\\", 2) == 0 ||
           (strchr(path, '\\') && !strchr(path, '/'));
}

static bool is_slash(char byte, bool windows) {
    return byte == '/' || (windows && byte == '\\');
}

static enum root root_of(const char *path) {
    if (strncmp(path, "\\\\", 2) == 0)
        return ROOT_UNC;
    return is_slash(*path, pathmap_is_windows(path)) ? ROOT_SLASH : ROOT_NONE;
}

static struct walk walk_along(const char *path) {
    return (struct walk){path, path + strlen(path), pathmap_is_windows(path)};
}

static bool is_here(struct part part) {
    return part.length == 1 && *part.text == '.';
}

static struct part next_part(struct walk *walk) {
    struct part part;
    do {
        while (walk->at < walk->end && is_slash(*walk->at, walk->windows))
            walk->at++;
        part.text = walk->at;
        while (walk->at < walk->end && !is_slash(*walk->at, walk->windows))
            walk->at++;
        part.length = (size_t)(walk->at - part.text);
    } while (is_here(part));
    return part;
}

static struct part last_part(struct walk *walk) {
    struct part part;
    do {
        while (walk->at < walk->end && is_slash(walk->end[-1], walk->windows))
            walk->end--;
        const char *end = walk->end;
        while (walk->at < walk->end && !is_slash(walk->end[-1], walk->windows))
            walk->end--;
        part = (struct part){walk->end, (size_t)(end - walk->end)};
    } while (is_here(part));
    return part;
}

/* ASCII only: what Windows does with other letters depends on its file system. */
static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool same_part(struct part one, struct part other, bool fold) {
    if (one.length != other.length)
        return false;
    for (size_t i = 0; i < one.length; i++) {
        char a = one.text[i], b = other.text[i];
        if (fold ? lower(a) != lower(b) : a != b)
            return false;
    }
    return true;
}

/* The file name without the `c` or `o` of a compiled file. */
static struct part source_part(struct part name, bool fold) {
    static const char *const endings[] = {".pyc", ".pyo"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct part ending = {endings[i], 4};
        if (name.length < ending.length)
            continue;
        struct part tail = {name.text + name.length - ending.length, ending.length};
        if (same_part(tail, ending, fold))
            name.length--;
    }
    return name;
}

const char *pathmap_base(const char *path) {
    bool windows = pathmap_is_windows(path);
    const char *base = path;
    for (const char *at = path; *at; at++)
        if (is_slash(*at, windows) && !is_slash(at[1], windows) && at[1])
            base = at + 1;
    return is_slash(*base, windows) ? base + strlen(base) : base;
}

char *pathmap_source_of(const char *remote) {
    struct part all = {remote, strlen(remote)};
    return memory_copy_bytes(remote, source_part(all, pathmap_is_windows(remote)).length);
}

/* ---- comparing ---------------------------------------------------------------------------------
 */

static size_t count_parts(const char *path) {
    struct walk walk = walk_along(path);
    size_t count = 0;
    while (next_part(&walk).length)
        count++;
    return count;
}

size_t pathmap_shared_tail(const char *one, const char *other) {
    struct walk first = walk_along(one), second = walk_along(other);
    bool fold = first.windows || second.windows;
    struct part a = source_part(last_part(&first), fold);
    struct part b = source_part(last_part(&second), fold);
    size_t count = 0;
    while (a.length && same_part(a, b, fold)) {
        count++;
        a = last_part(&first);
        b = last_part(&second);
    }
    return count;
}

bool pathmap_same(const char *one, const char *other) {
    size_t count = count_parts(one);
    return root_of(one) == root_of(other) && count_parts(other) == count &&
           pathmap_shared_tail(one, other) == count;
}

/* ---- rules -------------------------------------------------------------------------------------
 */

void pathmap_init(struct pathmap *map) {
    *map = (struct pathmap){0};
}

void pathmap_finish(struct pathmap *map) {
    for (size_t i = 0; i < map->count; i++) {
        free(map->rules[i].local);
        free(map->rules[i].remote);
    }
    free(map->rules);
    pathmap_init(map);
}

static char *copy_root(const char *root) {
    bool windows = pathmap_is_windows(root);
    size_t length = strlen(root), kept = has_drive(root) ? 3 : 1;
    while (length > kept && is_slash(root[length - 1], windows))
        length--;
    return memory_copy_bytes(root, length);
}

void pathmap_add(struct pathmap *map, const char *local_root, const char *remote_root) {
    /* an empty root, most often a variable that was not set, would take in every relative path */
    if (!local_root || !*local_root || !remote_root || !*remote_root)
        return;
    map->rules = memory_resize(map->rules, map->count + 1, sizeof *map->rules);
    map->rules[map->count++] =
        (struct pathmap_rule){.local = copy_root(local_root), .remote = copy_root(remote_root)};
}

bool pathmap_equal(const struct pathmap *one, const struct pathmap *other) {
    bool equal = one->count == other->count;
    for (size_t i = 0; equal && i < one->count; i++)
        equal = !strcmp(one->rules[i].local, other->rules[i].local) &&
                !strcmp(one->rules[i].remote, other->rules[i].remote);
    return equal;
}

/* Is `path` below `root`, or the root itself? Then `rest` walks the components that follow. */
static bool is_below(const char *path, const char *root, struct walk *rest) {
    struct walk above = walk_along(root);
    *rest = walk_along(path);
    bool fold = above.windows || rest->windows;
    if (root_of(path) != root_of(root))
        return false;
    for (struct part part = next_part(&above); part.length; part = next_part(&above))
        if (!same_part(part, next_part(rest), fold))
            return false;
    return true;
}

static char slash_of(const char *root) {
    if (!pathmap_is_windows(root))
        return '/';
    return strchr(root, '/') && !strchr(root, '\\') ? '/' : '\\';
}

/* `root` and the rest of the components, in the root's slashes. */
static char *join(const char *root, struct walk rest) {
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_append_text(&text, root);
    char slash = slash_of(root);
    for (struct part part = next_part(&rest); part.length; part = next_part(&rest)) {
        if (!is_slash(text.bytes[text.length - 1], pathmap_is_windows(root)))
            buf_append(&text, &slash, 1);
        buf_append(&text, part.text, part.length);
    }
    char *path = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return path;
}

/* By the rule with the most components, of equal ones the first; NULL if none matches. */
static char *apply(const struct pathmap *map, const char *path, bool to_local) {
    const char *best = NULL;
    struct walk best_rest = {0};
    size_t most = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct pathmap_rule *rule = &map->rules[i];
        const char *from = to_local ? rule->remote : rule->local;
        struct walk rest;
        if (!is_below(path, from, &rest) || (best && count_parts(from) <= most))
            continue;
        best = to_local ? rule->local : rule->remote;
        best_rest = rest;
        most = count_parts(from);
    }
    return best ? join(best, best_rest) : NULL;
}

char *pathmap_to_remote(const struct pathmap *map, const char *local) {
    return apply(map, local, false);
}

char *pathmap_to_local(const struct pathmap *map, const char *remote) {
    char *source = pathmap_source_of(remote);
    char *local = apply(map, source, true);
    free(source);
    return local;
}

/* What Python runs can have any name, or no ending at all: so these are counted up. */
bool pathmap_is_template(const char *path) {
    static const char *const endings[] = {"html", "htm", "xhtml", "djhtml", "djt",  "txt",
                                          "xml",  "svg", "css",   "js",     "json", "csv"};
    const char *dot = strrchr(pathmap_base(path), '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (!strcasecmp(dot + 1, endings[i]))
            return true;
    return false;
}

bool pathmap_in_library(const char *file) {
    return strstr(file, "/lib/python") || strstr(file, "/lib-python/") ||
           strstr(file, "/lib/pypy") || strstr(file, "/site-packages/") ||
           strstr(file, "\\site-packages\\") || strstr(file, "\\Lib\\") || strstr(file, "\\lib\\");
}
