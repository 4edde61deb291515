/* Frame ids, variablesReferences and locationReferences. They are good for one stop:
 * handles_clear() ends them all, handles_end() those of a thread, and no number is given out twice
 * in a row of stops, so that a late request meets nothing instead of something else. Numbers are 1
 * … 2^31-1. */
#ifndef HANDLES_H
#define HANDLES_H

#include "json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum handle_kind {
    HANDLE_FRAME,
    HANDLE_LOCALS,
    HANDLE_USED_GLOBALS, /* by the frame's code */
    HANDLE_GLOBALS,
    HANDLE_EXCEPTION,
    HANDLE_CHILDREN, /* of `expression` */
    HANDLE_LAZY,     /* the value of `expression`, which has side effects */
    HANDLE_LOCATION  /* where its value is defined */
};

struct handle {
    enum handle_kind kind;
    int64_t thread; /* ptvsd's ident */
    size_t frame;   /* its index, 0 = innermost */
    char *expression;
    int64_t start, count; /* HANDLE_CHILDREN: only these items of it; count 0: all there is */
    cJSON *kept;          /* a list of Variables: nothing is asked; NULL: ptvsd is */
    bool over;
};

struct handles {
    struct handle *items;
    size_t count, room;
    int base; /* number of items[0] */
};

void handles_init(struct handles *handles);
void handles_finish(struct handles *handles);
void handles_clear(struct handles *handles);
void handles_end(struct handles *handles, int64_t thread);

/* The number of a new handle; the expression is copied, NULL for none. */
int handles_add(struct handles *handles, enum handle_kind kind, int64_t thread, size_t frame,
                const char *expression);

/* The number of a new handle for some items of what `of` is for. */
int handles_add_part(struct handles *handles, const struct handle *of, int64_t start,
                     int64_t count);

/* The number of a new handle for some variables, already made, of what `of` is for. Takes `kept`.
 */
int handles_add_kept(struct handles *handles, const struct handle *of, cJSON *kept);

/* NULL when the number means nothing (any more). Good until the next handles_add(). */
const struct handle *handles_find(const struct handles *handles, int64_t number);

#endif
