/* At which exceptions the editor wants to stop: a mode for all, and modes by name: `KeyError` of
 * Python's own, `package.Class` of the program's. ptvsd compares exact names; that types which
 * derive from them are meant, too, is taught by remote/exception_bases.py. What lies beneath stays
 * exact. It sends nothing. Modes are WIRE_BREAK_… bits. */
#ifndef EXCEPTION_MODES_H
#define EXCEPTION_MODES_H

#include "wire.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXCEPTION_NAMES = 1000 };

struct exception_mode {
    char *name;
    int mode;
    bool besides; /* what is wanted of all is wanted of it, too */
};

struct exception_modes {
    int all;
    struct exception_mode *names;
    size_t count;
    const struct exception_modes *beneath; /* its names hold where they are not among these, or NULL
                                            */
};

/* Nothing is wanted then; what lies beneath stays there. */
void exception_modes_finish(struct exception_modes *modes);

/* 0, or -1: this is no name, or the list is full. The name is the first `length` bytes. Of one that
 * is there already the modes add up if `besides`, else the later holds. */
int exception_modes_add(struct exception_modes *modes, const char *name, size_t length, int mode,
                        bool besides);

/* Whether the name itself is among them. */
bool exception_modes_has(const struct exception_modes *modes, const char *name);

/* The command, of which `names` is made here: the caller frees them with exception_modes_free().
 * Under `Error` ptvsd would look for builtins.Error, exceptions.Error or __main__.Error, as the
 * version has it. */
struct wire_exceptions exception_modes_make(const struct exception_modes *modes);
void exception_modes_free(struct wire_exceptions *made);

/* The arguments of REMOTE_EXCEPTION_BASES, or NULL where no type is named. The caller frees them.
 */
char *exception_modes_bases(const struct exception_modes *modes);

/* The mode of an exception that ptvsd has reported. */
int exception_modes_of(const struct exception_modes *modes, const char *name);

#endif
