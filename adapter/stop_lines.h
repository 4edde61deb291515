/* On which lines of a file Python can stop: of its source text, read by its tokens, or of the line
 * tables that the debuggee sends. A line where it never does (blank, comment, docstring, `else:` …)
 * moves to the next one of the same function, class body or module. What the tokens do not tell, as
 * in the later lines of a long statement, counts as possible. */
#ifndef STOP_LINES_H
#define STOP_LINES_H

#include <stddef.h>
#include <stdint.h>

enum stop_line_kind { STOP_NEVER, STOP_PERHAPS, STOP_BEGINS /* a statement begins there */ };

struct stop_line {
    unsigned char kind;
    uint32_t scope; /* a number of its own for each function, class body, and the module: 0 */
};

struct stop_lines {
    struct stop_line *lines; /* of line i + 1 */
    size_t count;
};

void stop_lines_init(struct stop_lines *stops);
void stop_lines_finish(struct stop_lines *stops);

/* Replaces what was there. */
void stop_lines_scan(struct stop_lines *stops, const char *text, size_t length);

/* From line tables: first all lines get their scope, outer scopes before inner ones, then those
 * where it stops are marked. */
void stop_lines_scope(struct stop_lines *stops, int64_t first, int64_t last, uint32_t scope);
void stop_lines_mark(struct stop_lines *stops, int64_t line, uint32_t scope);

/* The line itself, or the one that it moves to, or 0: it never stops there, nor later in the same
 * scope. */
int64_t stop_lines_move(const struct stop_lines *stops, int64_t line);

/* The next line from `line` on where a statement begins, or 0. */
int64_t stop_lines_next(const struct stop_lines *stops, int64_t line);

#endif
