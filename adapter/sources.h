/* Which local file shows a remote one. Known local files are those the editor named in breakpoints;
 * from a pair that was matched by name the folders of others follow. A remote file without a local
 * copy has a number, DAP's sourceReference, by which the editor asks for its text. */
#ifndef SOURCES_H
#define SOURCES_H

#include "pathmap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_pair {
    char *remote;
    char *local; /* NULL: no local copy is known */
};

struct sources {
    struct source_pair *cache; /* what was found out */
    size_t cached;
    struct source_pair *matched; /* what breakpoints have matched, newest last */
    size_t matches;
    char **referred; /* remote files; reference 1 is the first */
    size_t references;
    struct source_pair *compared; /* whose texts were compared */
    size_t comparisons;
};

/* Of a text with its line ends as line feeds and without white space at its end, as
 * remote/source.py takes them: its bytes, and the sum of its 16-bit words times their places. */
struct source_sum {
    size_t size;
    uint64_t sum;
};

void sources_init(struct sources *sources);
void sources_finish(struct sources *sources);

/* A breakpoint's local file belongs to this remote file. */
void sources_match(struct sources *sources, const char *local, const char *remote);

/* For other mappings: forgets what was found out and matched, but no reference. */
void sources_map_anew(struct sources *sources);

/* The local path to show for a remote file, spelled as the editor spells it, or NULL when there is
 * no local copy: matched file, mapping, without any mapping the same path here, a file beside a
 * matched one. So with a mapping a server cannot make us read what is neither below its roots nor
 * beside a file that the editor named. Lives until the next of these or of sources_finish(). */
const char *sources_local(struct sources *sources, const struct pathmap *map, const char *remote);

/* The reference of a remote file: 1 … 2^31-1, the same each time, until sources_finish(). */
int sources_reference(struct sources *sources, const char *remote);
bool sources_has_reference(const struct sources *sources, const char *remote);

/* The remote file of a reference, or NULL. */
const char *sources_referred(const struct sources *sources, int64_t reference);

/* True the first time for this pair; sources_compare_again() makes the next time the first. */
bool sources_compare_once(struct sources *sources, const char *remote, const char *local);
void sources_compare_again(struct sources *sources, const char *remote, const char *local);

/* False when the file cannot be read or is too large. */
bool sources_sum(const char *path, struct source_sum *sum);

/* The bytes of a local file, NULL when it cannot be read or is too large. The caller frees it. */
char *sources_read(const char *path, size_t *length);

#endif
