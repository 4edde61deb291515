/* How the user wants variables to be shown: the attributes "variablePresentation", "maxValueLength"
 * and "showGlobals". */
#ifndef PRESENTATION_H
#define PRESENTATION_H

#include "dap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By name before type: `__init__` is special, though a function. */
enum presentation_kind {
    PRESENTATION_SPECIAL,   /* __x__ */
    PRESENTATION_PROTECTED, /* _x */
    PRESENTATION_FUNCTION,
    PRESENTATION_CLASS,
    PRESENTATION_KINDS,
    PRESENTATION_PLAIN = PRESENTATION_KINDS
};

/* USUAL: what ptvsd lists is shown, which is neither __x__ nor the methods of a value's class. */
enum presentation_way {
    PRESENTATION_USUAL,
    PRESENTATION_INLINE,
    PRESENTATION_GROUP,
    PRESENTATION_HIDE
};

struct presentation {
    enum presentation_way ways[PRESENTATION_KINDS];
    int64_t longest; /* characters of a value; 0: all that ptvsd sends */
    bool no_globals;
};

/* 0, or -1 with a sentence. */
int presentation_read(struct presentation *presentation, const cJSON *arguments,
                      struct dap_error *error);

/* Of a variable by its name and type, either of which may be NULL. */
enum presentation_kind presentation_kind(const char *name, const char *type);

/* NULL is none of them. */
bool presentation_is_one_of(const char *type, const char *const *types, size_t count);

bool presentation_is_function(const char *type);
bool presentation_is_class(const char *type);

/* Must ptvsd be asked for more than it lists by itself? */
bool presentation_wants(const struct presentation *presentation, enum presentation_kind kind);

/* Takes out of a list of DAP Variables what is not shown, and puts what is grouped into
 * `groups[kind]`, NULL for an empty one. The caller owns the groups. */
void presentation_sort(const struct presentation *presentation, cJSON *variables,
                       cJSON *groups[PRESENTATION_KINDS]);

/* As the editor shows the group. */
const char *presentation_group_name(enum presentation_kind kind);

/* A copy of the text, no longer than wanted; the caller frees it. NULL: it is short enough. */
char *presentation_cut(const struct presentation *presentation, const char *text);

#endif
