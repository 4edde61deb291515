/* The files that the debuggee has loaded, each once, in the order told. ptvsd tells a file again
 * after every re-attach, under a new number; those of a process that has gone keep their places, as
 * the editor knows them by these. */
#ifndef MODULES_H
#define MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct module {
    char *file;   /* as the debuggee spells it */
    char *source; /* its .py: differs for a .pyc (Python 2) */
    uint64_t hash;
    bool here; /* told since the last attach */
};

struct modules {
    struct module *items;
    size_t count, room;
    size_t told; /* so many the editor knows of */
};

void modules_init(struct modules *modules);
void modules_finish(struct modules *modules);

/* The debuggee is left: none is here until it is told again. */
void modules_leave(struct modules *modules);

/* The new module, or NULL when the file was here. */
const struct module *modules_add(struct modules *modules, const char *file);

#endif
