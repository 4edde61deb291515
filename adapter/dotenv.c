#include "dotenv.h"

#include "buf.h"
#include "memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool in_name(char one) {
    return one == '_' || isalnum((unsigned char)one);
}

static size_t name_length(const char *at) {
    size_t length = 0;
    if (isdigit((unsigned char)*at))
        return 0;
    while (in_name(at[length]))
        length++;
    return length;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t\f\v");
}

static const char *end_of_line(const char *at) {
    return at + strcspn(at, "\r\n");
}

static const char *found(const struct dotenv *dotenv, const char *name, size_t length,
                         const char *(*outside)(const char *name)) {
    for (size_t i = dotenv->count; i > 0; i--) {
        const struct dotenv_item *item = &dotenv->items[i - 1];
        if (!strncmp(item->name, name, length) && !item->name[length])
            return item->value;
    }
    char *copy = memory_copy_bytes(name, length);
    const char *value = outside(copy);
    free(copy);
    return value ? value : "";
}

/* `${NAME}`, whose length it gives; 0 if it is none. */
static size_t reference_length(const char *at, size_t *name) {
    if (at[0] != '$' || at[1] != '{')
        return 0;
    *name = name_length(at + 2);
    return *name && at[2 + *name] == '}' ? *name + 3 : 0;
}

static char *substituted(const struct dotenv *dotenv, const char *value,
                         const char *(*outside)(const char *name)) {
    struct buf text;
    buf_init(&text, SIZE_MAX);
    while (*value) {
        size_t name, length = reference_length(value, &name);
        if (length) {
            buf_append_text(&text, found(dotenv, value + 2, name, outside));
            value += length;
            continue;
        }
        value += value[0] == '\\' && value[1] == '$';
        buf_append(&text, value++, 1);
    }
    char *copy = memory_copy_bytes(text.length ? text.bytes : "", text.length);
    buf_finish(&text);
    return copy;
}

/* ---- a value
 * ------------------------------------------------------------------------------------------- */

/* Where the quote is closed and nothing but a comment follows; NULL if nowhere. */
static const char *closing_quote(const char *open) {
    for (const char *at = open + 1; *at; at++) {
        if (*at == '\\' && at[1]) {
            at++;
        } else if (*at == *open) {
            const char *rest = skip_blanks(at + 1);
            return !*rest || strchr("\r\n#", *rest) ? at : NULL;
        }
    }
    return NULL;
}

/* Without what stands for something else. */
static char *unquoted(const char *start, size_t length, char quote) {
    char *text = memory_new(length + 1), *to = text;
    for (const char *end = start + length; start < end; start++) {
        bool escape = *start == '\\' && start + 1 < end;
        if (escape && start[1] == 'n')
            *to++ = '\n', start++;
        else if (escape && (start[1] == quote || start[1] == '\\'))
            *to++ = *++start;
        else if (*start != '\r')
            *to++ = *start;
    }
    *to = '\0';
    return text;
}

/* Up to the end of the line or a comment. */
static size_t plain_length(const char *start) {
    size_t length = (size_t)(end_of_line(start) - start);
    for (size_t i = 0; i < length; i++)
        if (start[i] == '#' && (!i || isblank((unsigned char)start[i - 1])))
            length = i;
    while (length && isspace((unsigned char)start[length - 1]))
        length--;
    return length;
}

/* The value that starts there; `*at` goes to the end of its last line. */
static char *take_value(const char **at) {
    const char *start = *at;
    const char *close = *start == '"' || *start == '\'' ? closing_quote(start) : NULL;
    *at = end_of_line(close ? close : start);
    return close ? unquoted(start + 1, (size_t)(close - start - 1), *start)
                 : memory_copy_bytes(start, plain_length(start));
}

/* ---- the lines
 * ----------------------------------------------------------------------------------------- */

static const char *skip_export(const char *at) {
    return !strncmp(at, "export", 6) && strchr(" \t", at[6]) && at[6] ? skip_blanks(at + 6) : at;
}

void dotenv_read(struct dotenv *dotenv, const char *text,
                 const char *(*outside)(const char *name)) {
    *dotenv = (struct dotenv){0};
    text += strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3;
    for (const char *at = text; *at; at += strspn(at, "\r\n")) {
        const char *name = skip_export(skip_blanks(at));
        size_t length = name_length(name);
        const char *sign = skip_blanks(name + length);
        at = end_of_line(at);
        if (!length || *sign != '=')
            continue;
        at = skip_blanks(sign + 1);
        char *value = take_value(&at);
        dotenv->items = memory_resize(dotenv->items, dotenv->count + 1, sizeof *dotenv->items);
        dotenv->items[dotenv->count] = (struct dotenv_item){memory_copy_bytes(name, length),
                                                            substituted(dotenv, value, outside)};
        dotenv->count++;
        free(value);
    }
}

void dotenv_finish(struct dotenv *dotenv) {
    for (size_t i = 0; i < dotenv->count; i++) {
        free(dotenv->items[i].name);
        free(dotenv->items[i].value);
    }
    free(dotenv->items);
    *dotenv = (struct dotenv){0};
}
