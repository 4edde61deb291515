#include "log.h"

#include "utf8.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warning", "info", "debug", "trace"};

int log_open(struct log *log, const char *path, enum log_level level) {
    *log = (struct log){.level = level};
    if (!path) {
        log->file = stderr;
        return 0;
    }
    /* O_NOFOLLOW: the path may come from a stranger's configuration. */
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    log->file = fdopen(fd, "a");
    if (!log->file) {
        close(fd);
        return -1;
    }
    setvbuf(log->file, NULL, _IOLBF, 0);
    return 0;
}

void log_close(struct log *log) {
    if (log->file && log->file != stderr)
        fclose(log->file);
    log->file = NULL;
}

/* What a server or an editor said may stand in it: one line, that commands no terminal. */
static void write_text(FILE *file, const char *text) {
    char *shown = utf8_show_controls(text);
    for (const char *c = shown; *c; c++) {
        if (*c == '\n')
            fputs("\\n", file);
        else
            fputc(*c, file);
    }
    fputc('\n', file);
    free(shown);
}

void log_line(struct log *log, enum log_level level, const char *format, ...) {
    if (!log->file || level > log->level)
        return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm parts;
    localtime_r(&now.tv_sec, &parts);
    char stamp[32];
    strftime(stamp, sizeof stamp, "%H:%M:%S", &parts);
    fprintf(log->file, "%s.%03ld %s: ", stamp, now.tv_nsec / 1000000, level_names[level]);
    if (log->who)
        fprintf(log->file, "[%s] ", log->who);
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    write_text(log->file, text ? text : "?");
    free(text);
}

void log_text(struct log *log, const char *what, const char *text) {
    if (log->hides_values)
        log_line(log, LOG_TRACE, "%s: %zu bytes", what, strlen(text));
    else
        log_line(log, LOG_TRACE, "%s: %s", what, text);
}

int log_level_find(const char *name, enum log_level *level) {
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (!strcmp(name, level_names[i])) {
            *level = (enum log_level)i;
            return 0;
        }
    return -1;
}
