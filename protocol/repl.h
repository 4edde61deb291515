/* ptvsd's REPL, a side channel of wire versions 2 to 7 that a second client may use while a
 * debugger is attached: text in, output out. Bytes to values and back; no I/O. Facts:
 * visualstudio_py_repl.py of ptvsd 2.0 to 3.1. */
#ifndef REPL_H
#define REPL_H

#include "arena.h"
#include "buf.h"

enum repl_event_type {
    REPL_OUTPUT, /* `text`: what ran here wrote, and what the program itself writes meanwhile */
    REPL_DONE,   /* the command has run */
    REPL_FAILED, /* it raised; the traceback came as output */
    REPL_OTHER   /* prompts, module lists and the like */
};

struct repl_event {
    enum repl_event_type type;
    const char *text; /* in the arena */
};

/* Which module the commands run in; there is no answer. */
void repl_set_module(struct buf *out, const char *name);

/* One statement, answered by REPL_DONE or REPL_FAILED. */
void repl_run(struct buf *out, const char *statement);

/* A command that it does not know, which it ignores: it lets the REPL see that it was told to end.
 */
void repl_nudge(struct buf *out);

/* 1: `*event` was taken from the front of `in`. 0: more bytes are needed. -1: this is no REPL. */
int repl_decode(struct buf *in, struct arena *arena, struct repl_event *event);

#endif
