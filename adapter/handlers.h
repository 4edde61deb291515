/* The try/except ranges of a Python source text, for the server's question which exceptions a file
 * handles (WIRE_WANTS_HANDLERS). Reads Python 2.7 to 3.11 by its tokens, not its grammar: strings
 * of all kinds, comments, continuation lines, brackets, indentation; anything it cannot follow is
 * left out. Facts: binary.md section 5.6, json.md section 6. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "arena.h"
#include "wire.h"

#include <stddef.h>

struct handlers {
    struct arena arena; /* owns the items and their names */
    struct wire_handler *items;
    size_t count;
};

void handlers_init(struct handlers *handlers);
void handlers_finish(struct handlers *handlers);

/* One item per `try` that has an except clause: first = line of `try`, end = line after the last
 * line of its body; names of all its except clauses as dotted names, only "*" when one is bare or
 * is no plain list of names. try/finally without except gives none. Replaces what was there. */
void handlers_scan(struct handlers *handlers, const char *source, size_t length);

/* The answer for a file whose text cannot be had: everything is handled. */
void handlers_catch_all(struct handlers *handlers);

#endif
