/* Local paths (the editor's) and remote paths (the debuggee's): either may have either kind of
 * slash, a drive letter, and its own directories. Pure text: no file system here.
 *
 * Three ways from one to the other, the first that applies wins:
 *  1. a mapping the user gave (pathMappings, localRoot/remoteRoot): the longest matching prefix;
 *  2. the same path on both sides;
 *  3. the file's name: of all candidates the one that shares the longest tail of path components.
 * Components compare without case when either path is a Windows path (drive letter, UNC or
 * backslash), else exactly. A remote `x.pyc` or `x.pyo` stands for `x.py` (Python 2). */
#ifndef PATHMAP_H
#define PATHMAP_H

#include <stdbool.h>
#include <stddef.h>

struct pathmap_rule;

struct pathmap {
    struct pathmap_rule *rules;
    size_t count;
};

void pathmap_init(struct pathmap *map);
void pathmap_finish(struct pathmap *map);

/* Both are copied; trailing slashes do not matter. */
void pathmap_add(struct pathmap *map, const char *local_root, const char *remote_root);

/* Do both hold the same rules, as they were given? */
bool pathmap_equal(const struct pathmap *one, const struct pathmap *other);

/* By the rules alone: the other side's path, in the slash kind of the rule's other root; NULL when
 * no rule matches. The caller frees it. */
char *pathmap_to_remote(const struct pathmap *map, const char *local);
char *pathmap_to_local(const struct pathmap *map, const char *remote);

/* The last component; points into `path`. */
const char *pathmap_base(const char *path);

/* A copy with .pyc/.pyo turned into .py. The caller frees it. */
char *pathmap_source_of(const char *remote);

/* Do both name the same file: same components (`.` and doubled slashes aside), .pyc as .py? */
bool pathmap_same(const char *one, const char *other);

/* How many last components both share, 0 when not even the file name is the same. */
size_t pathmap_shared_tail(const char *one, const char *other);

bool pathmap_is_windows(const char *path);

/* Is it a template of Django's rather than a file of Python's, by its ending? */
bool pathmap_is_template(const char *path);

/* Python's own library, or an installed package, as far as a remote path tells. */
bool pathmap_in_library(const char *file);

#endif
