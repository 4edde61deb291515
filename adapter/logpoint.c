#include "logpoint.h"

#include "buf.h"
#include "literal.h"
#include "memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_LIMIT = 64 << 10, LIST_LIMIT = 16 << 20 };

static void add_part(struct buf *list, const char *text, bool expression) {
    char *literal = literal_text(text);
    char *part = memory_format(expression ? "(%s,), " : "%s, ", literal);
    buf_append(list, part, strlen(part));
    free(literal);
    free(part);
}

/* Behind the string that begins at `at`, or its NUL if it does not end. */
static const char *skip_string(const char *at) {
    char quote = *at;
    size_t length = at[1] == quote && at[2] == quote ? 3 : 1;
    const char *end = at + length;
    while (*end) {
        if (*end == '\\' && end[1])
            end++;
        else if (!strncmp(end, (const char[]){quote, quote, quote, 0}, length))
            return end + length;
        end++;
    }
    return end;
}

/* The brace that ends the expression at `at`, or NULL. Those of dicts, sets and in strings are
 * its own. */
static const char *expression_end(const char *at) {
    int open = 0;
    while (*at) {
        if (*at == '\'' || *at == '"') {
            at = skip_string(at);
            continue;
        }
        if (*at == '}' && !open)
            return at;
        open += strchr("([{", *at) ? 1 : strchr(")]}", *at) ? -1 : 0;
        at++;
    }
    return NULL;
}

static bool is_blank(const char *text) {
    return !text[strspn(text, " \t")];
}

/* Behind the expression whose brace is at `at`, or NULL. */
static const char *add_expression(struct buf *list, const char *at, char *why, size_t size) {
    const char *end = expression_end(at + 1);
    char *text = end ? memory_format("%.*s", (int)(end - at - 1), at + 1) : NULL;
    const char *next = end ? end + 1 : NULL;
    if (!text) {
        snprintf(why, size, "The log message has a { without its }. A brace itself is written {{.");
    } else if (is_blank(text)) {
        snprintf(why, size,
                 "The log message has nothing between { and }. Braces themselves are "
                 "written {{ and }}.");
        next = NULL;
    } else {
        add_part(list, text, true);
    }
    free(text);
    return next;
}

char *logpoint_parts(const char *message, char *why, size_t size) {
    size_t length = strlen(message), plain = 0;
    if (length > MESSAGE_LIMIT) {
        snprintf(why, size, "The log message is longer than 64 KiB.");
        return NULL;
    }
    char *text = memory_new(length + 1);
    struct buf list;
    buf_init(&list, LIST_LIMIT);
    buf_append(&list, "[", 1);
    const char *at = message;
    while (at && *at) {
        if (*at != '{' || at[1] == '{') {
            at += (*at == '{' || *at == '}') && at[1] == *at; /* of two, one */
            text[plain++] = *at++;
            continue;
        }
        text[plain] = '\0';
        if (plain)
            add_part(&list, text, false);
        plain = 0;
        at = add_expression(&list, at, why, size);
    }
    text[plain] = '\0';
    if (plain)
        add_part(&list, text, false);
    buf_append(&list, "]", 2);
    char *whole = at ? memory_copy_text(list.bytes) : NULL;
    buf_finish(&list);
    free(text);
    return whole;
}
