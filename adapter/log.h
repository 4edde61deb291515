/* The log: one line an event, with the time. Off until --log-file or --log-level, or the attributes
 * of these names, ask for it.
 * Secrets never reach it; variable values, source text and expressions only at level trace. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG, LOG_TRACE };

struct log {
    FILE *file; /* NULL: nothing is logged */
    enum log_level level;
    const char *who;   /* which of several sessions; NULL: there is one */
    bool hides_values; /* of what may hold some, only the length is logged */
};

/* `path` NULL means stderr. 0, or -1 with errno set. */
int log_open(struct log *log, const char *path, enum log_level level);
void log_close(struct log *log);

void log_line(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* At level trace, what may hold values, source text or expressions. */
void log_text(struct log *log, const char *what, const char *text);

/* 0 and the level of that name ("error" … "trace"), or -1. */
int log_level_find(const char *name, enum log_level *level);

#endif
