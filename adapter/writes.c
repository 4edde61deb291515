#include "writes.h"

#include "literal.h"
#include "memory.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static bool is_name_byte(char byte) {
    unsigned char value = (unsigned char)byte;
    return value >= 0x80 || value == '_' || isalnum(value);
}

static size_t word_length(const char *at) {
    size_t length = 0;
    while (is_name_byte(at[length]))
        length++;
    return length;
}

/* Past a string that starts here; of one that does not end, its end. */
static const char *skip_string(const char *at) {
    char quote = *at;
    bool triple = at[1] == quote && at[2] == quote;
    size_t ends = triple ? 3 : 1;
    for (at += ends; *at; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == quote && (!triple || (at[1] == quote && at[2] == quote)))
            return at + ends;
    }
    return at;
}

static bool is_one_of(const char *word, size_t length, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == length && !strncmp(*words, word, length))
            return true;
    return false;
}

/* Not `if` and `for` inside an expression. */
static bool starts_statement(const char *text) {
    static const char *const words[] = {"assert", "class",  "def",   "del",    "exec",     "for",
                                        "from",   "global", "if",    "import", "nonlocal", "print",
                                        "raise",  "try",    "while", "with",   NULL};
    return is_one_of(text, word_length(text), words);
}

/* Is the bracket one of a call: behind a name or a bracket, and not behind an operator in words? */
static bool calls(const char *bracket, const char *text) {
    static const char *const words[] = {"and", "else",   "for", "if", "in",
                                        "is",  "lambda", "not", "or", NULL};
    const char *end = bracket;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    const char *start = end;
    while (start > text && is_name_byte(start[-1]))
        start--;
    if (start < end)
        return !is_one_of(start, (size_t)(end - start), words);
    return end > text && strchr(")]", end[-1]);
}

/* Is the operator before a `=` one of comparison? */
static bool compares(const char *equals, const char *text) {
    return equals[1] == '=' || (equals > text && strchr("=!", equals[-1])) ||
           (equals > text && strchr("<>", equals[-1]) &&
            !(equals > text + 1 && equals[-2] == equals[-1]));
}

bool writes_may_write(const char *text) {
    if (starts_statement(text))
        return true;
    for (const char *at = text; *at;) {
        if (*at == '\'' || *at == '"') {
            at = skip_string(at);
            continue;
        }
        if (*at == '\n' || *at == ';' || (*at == '(' && calls(at, text)) ||
            (*at == '=' && !compares(at, text)))
            return true;
        at++;
    }
    return false;
}

/* ---- functions in it
 * ------------------------------------------------------------------------------ */

/* The text behind its first `=` that assigns, or as it is; a lambda's is a default. */
static const char *assigned_value(const char *text) {
    static const char *const words[] = {"lambda", NULL};
    int depth = 0;
    for (const char *at = text; *at;) {
        size_t word = word_length(at);
        if (depth == 0 && is_one_of(at, word, words))
            return text;
        if (word) {
            at += word;
            continue;
        }
        if (*at == '\'' || *at == '"') {
            at = skip_string(at);
            continue;
        }
        depth += strchr("([{", *at) ? 1 : strchr(")]}", *at) ? -1 : 0;
        if (depth == 0 && *at == '=' && !compares(at, text))
            return at + 1;
        at += *at == '=' && at[1] == '=' ? 2 : 1;
    }
    return text;
}

/* One expression, with one of these words in it. */
static bool makes_function(const char *text, const char *const *words) {
    bool makes = false;
    int depth = 0;
    for (const char *at = text; *at;) {
        size_t word = word_length(at);
        makes = makes || is_one_of(at, word, words);
        if (*at == '\'' || *at == '"') {
            at = skip_string(at);
            continue;
        }
        depth += strchr("([{", *at) ? 1 : strchr(")]}", *at) ? -1 : 0;
        bool binds = *at == ':' && at[1] == '='; /* in what the copy is thrown away with */
        if (binds || (depth == 0 && strchr("#;\n", *at)))
            return false;
        at += word ? word : 1;
    }
    return makes && assigned_value(text) == text;
}

/* The builtins are fetched by hand: the frame may have names of its own for them. A lambda that is
 * kept would not see what the module's names become later, and is left as it is. */
char *writes_seeing_locals(const char *text, bool assigned) {
    static const char *const words[] = {"for", "lambda", NULL}, *const kept[] = {"lambda", NULL};
    const char *value = assigned_value(text);
    bool keeps = (assigned || value > text) && makes_function(value, kept);
    if (starts_statement(text) || keeps || !makes_function(value, words))
        return NULL;
    char *literal = literal_text(value + strspn(value, " \t"));
    char *seeing = memory_format(
        "%.*s(lambda b, l: b['eval'](b['compile'](%s, '<debug input>', 'eval', 0, True), "
        "l if l is b['globals']() else b['dict'](b['list'](b['globals']().items()) + "
        "b['list'](l.items())), l))("
        "__builtins__ if __builtins__.__class__ is {}.__class__ else __builtins__.__dict__, "
        "(__builtins__ if __builtins__.__class__ is {}.__class__ else __builtins__.__dict__)"
        "['locals']())",
        (int)(value - text), text, literal);
    free(literal);
    return seeing;
}
