/* Which local file shows a remote one. Known local files are those the editor named in breakpoints;
 * from a pair that was matched by name the folders of others follow. */
#ifndef SOURCES_H
#define SOURCES_H

#include "pathmap.h"

#include <stddef.h>

struct source_pair {
    char *remote;
    char *local; /* NULL: no local copy is known */
};

struct sources {
    struct source_pair *cache; /* what was found out */
    size_t cached;
    struct source_pair *matched; /* what breakpoints have matched, newest last */
    size_t matches;
};

void sources_init(struct sources *sources);
void sources_finish(struct sources *sources);

/* A breakpoint's local file belongs to this remote file. */
void sources_match(struct sources *sources, const char *local, const char *remote);

/* The local path to show for a remote file, spelled as the editor spells it, or NULL when there is
 * no local copy: matched file, mapping, without any mapping the same path here, a file beside a
 * matched one. So with a mapping a server cannot make us read what is neither below its roots nor
 * beside a file that the editor named. Lives until the next sources_match() or sources_finish(). */
const char *sources_local(struct sources *sources, const struct pathmap *map, const char *remote);

#endif
