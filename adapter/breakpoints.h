/* What the editor wants per file ⇄ ids given to ptvsd ⇄ what ptvsd said. A store: it sends nothing.
 *
 * Ids on the wire start at a random base, as pending breakpoints of an earlier session live on in
 * the server, and are never given out twice. A breakpoint that moved to another remote path keeps
 * its old ids as aliases; an id that leads to nothing is a ghost. */
#ifndef BREAKPOINTS_H
#define BREAKPOINTS_H

#include "modules.h"
#include "pathmap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hit_test { HIT_ALWAYS, HIT_EVERY, HIT_EQUAL, HIT_AT_LEAST, HIT_BELOW };

/* Which of the passes for which the condition holds are hits. */
struct hit_count {
    enum hit_test test;
    int32_t number;
};

struct breakpoint {
    int id;             /* the editor's, from 1 */
    int64_t line;       /* where it is … */
    int64_t asked_line; /* … and where the editor wanted it */
    char *condition;    /* NULL: none */
    char *hits;         /* the hitCondition as written; NULL: none */
    struct hit_count hit_count;
    char *log;          /* the log point's message; NULL: none, it stops */
    char *log_parts;    /* the same for Python; see logpoint.h */
    int edition;        /* of what the four above say */
    bool edited;        /* since it was sent under this id */
    bool doubted;       /* ptvsd may still go by an earlier edition */
    char *refused;      /* why it is not set at all, or NULL */
    bool never_stops;   /* … which is that nothing stops on its line */
    int32_t wire_id;    /* 0: not sent */
    char *sent_path;    /* NULL: not sent */
    bool asked;         /* ptvsd has not answered yet */
    bool bound;         /* ptvsd found the module */
    bool wanted;        /* while a setBreakpoints request is compared with what is there */
    bool told_verified; /* what the editor was last told */
};

enum source_kind {
    SOURCE_LOCAL,    /* the editor's own file */
    SOURCE_TEMPLATE, /* the same, a template of Django's: no module ever has it */
    SOURCE_REMOTE,   /* shown by a sourceReference: its path is that of the remote file */
    SOURCE_FUNCTION  /* no file of the editor: its path is the function's name, see below */
};

/* Where a function of that name begins; asked of the debuggee. */
struct function {
    char *file; /* remote; NULL: not found (yet) */
    int64_t line;
    char *why;  /* not, or NULL: not asked yet */
    bool asked; /* under way */
};

struct source {
    enum source_kind kind;
    char *path; /* as the editor spells it */
    struct breakpoint *items;
    size_t count;
    struct function function; /* SOURCE_FUNCTION */
    char *target;     /* the remote file it belongs to, or where it is expected; never NULL */
    bool loaded;      /* the target is a loaded module */
    bool lines_asked; /* the debuggee is asked where in it Python can stop */
    bool lines_held;  /* … and the attach stop waits for the answer */
};

struct wire_id {
    int32_t id;
    int breakpoint; /* 0: it was removed */
    int64_t line;
    char *path;
};

struct breakpoints {
    struct source *sources;
    size_t count;
    struct wire_id *ids; /* all that were ever sent */
    size_t id_count;
    int32_t next_wire_id;
    int next_id;
};

void breakpoints_init(struct breakpoints *breakpoints, int32_t first_wire_id);
void breakpoints_finish(struct breakpoints *breakpoints);

/* Forgets all, but gives out no id of the past again. */
void breakpoints_clear(struct breakpoints *breakpoints);

/* The source of that kind and path, made if there is none. Pointers to sources and breakpoints are
 * good until the next of these calls. */
struct source *breakpoints_source(struct breakpoints *breakpoints, enum source_kind kind,
                                  const char *path);

/* Forgets the local files in which there is none any more. */
void breakpoints_drop_empty(struct breakpoints *breakpoints);

struct breakpoint *breakpoints_add(struct breakpoints *breakpoints, struct source *source,
                                   int64_t line);

void breakpoints_remove(struct source *source, size_t index);

/* Another of the source's that was sent for the same line, or NULL. */
struct breakpoint *breakpoints_beside(const struct source *source,
                                      const struct breakpoint *breakpoint);

/* A new wire id for the breakpoint, under the source's target. */
void breakpoints_assign(struct breakpoints *breakpoints, const struct source *source,
                        struct breakpoint *breakpoint);

/* By the editor's id; NULL if it is gone. `source` may be NULL. */
struct breakpoint *breakpoints_by_id(struct breakpoints *breakpoints, int id,
                                     struct source **source);

/* The next function without a file after `before`, or the first; NULL: there is none. */
struct source *breakpoints_function_without_file(struct breakpoints *breakpoints,
                                                 struct source *before);

/* The function is there (the texts are copied; `file` NULL: it is not, and why). */
void breakpoints_place_function(struct source *source, const char *file, int64_t line,
                                const char *why);

/* The record of a wire id, or NULL if it is not of this session. */
const struct wire_id *breakpoints_wire_id(const struct breakpoints *breakpoints, int32_t id);

/* Finds the source's target anew; true when it changed. By mapping, by the same path, or by name:
 * the loaded module with the longest shared tail that no other source claims with a longer one. */
bool breakpoints_resolve(struct breakpoints *breakpoints, struct source *source,
                         const struct pathmap *map, const struct modules *modules);

/* Would a breakpoint sent under `sent` hit in the source's target, which is loaded, by ptvsd's
 * loose match: the same file name, and the same folder names as long as these are packages? */
bool breakpoints_matches_loosely(const struct source *source, const char *sent,
                                 const struct modules *modules);

/* Is a stop in `remote` by one of this source's pending breakpoints meant? Those match loosely on
 * the server: by the file's name, also where another source has more of the path. */
bool breakpoints_accepts(const struct breakpoints *breakpoints, const struct source *source,
                         const struct pathmap *map, const char *remote);

#endif
