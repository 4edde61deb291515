/* The small Python programs of adapter/remote/ that the bridge executes in the debuggee, each as
 * the one expression for WIRE_EXECUTE. The expression needs nothing of the frame, or module, that
 * it is executed in and does not raise. Its value is a short ASCII text that says what was done, or
 * rows (remote_ask.h).
 *
 * v8 can execute it while the program runs: module "ptvsd" (any in sys.modules will do). Everywhere
 * else it needs a stopped thread, of which frame 0 is as good as any. */
#ifndef REMOTE_H
#define REMOTE_H

enum remote_program {
    REMOTE_DROP_GUARD,    /* at every attach; "guarded", "again" or "no: reason".
                           * 'dead_after': seconds until a silent link counts as lost, else 90 */
    REMOTE_UNWRAP_OUTPUT, /* at every attach; "unwrapped N" */
    REMOTE_DEBUG_OPTIONS, /* v2, v4; "set". 'options': {'DEBUG_STDLIB': True}, also
                           * BREAK_ON_SYSTEMEXIT_ZERO, DJANGO_DEBUG. {} puts the old values
                           * back: "restored" */
    REMOTE_RELEASE,       /* behind REMOTE_DROP_GUARD, in ptvsd's REPL alone, which it ends */
    REMOTE_HIT_TEST,      /* a breakpoint's condition, whose value is true or not: its
                           * arguments stand there, and are made by hit_count.c */
    REMOTE_KEEP_LOCALS,   /* behind an assignment, in its frame */
    REMOTE_LAUNCH,        /* of launch.c, in a Python that it starts. 'link': 3; with a path
                           * also 'hold': (0, 1) */
    /* These bring rows: see the programs for their arguments and rows. In a frame: */
    REMOTE_CHILDREN,
    REMOTE_WHOLE_VALUE,
    REMOTE_EXCEPTION,
    REMOTE_COMPLETIONS,
    REMOTE_ALONE,
    REMOTE_JUMP,
    REMOTE_LOCATION,
    /* Anywhere: */
    REMOTE_END,
    REMOTE_STACKS, /* v8, while it runs */
    REMOTE_SOURCE,
    REMOTE_FUNCTIONS,
    REMOTE_STOP_LINES,
    REMOTE_CALL_TARGETS,
    REMOTE_EXCEPTION_BASES,
    REMOTE_PROGRAMS
};

/* The texts, made by remote/embed.py. */
extern const char *const remote_programs[REMOTE_PROGRAMS];

/* The expression; the caller frees it. `arguments` are items of a Python dict, "'ids': [1, 2]",
 * with every text in them made by literal.h; NULL for none. */
char *remote_text(enum remote_program program, const char *arguments);

#endif
