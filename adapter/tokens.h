/* The tokens of a Python source text, 2.7 to 3.11: names, strings of all kinds, marks, ends of
 * logical lines; comments, continuation lines and line ends inside brackets are passed over. String
 * prefixes count as names. Anything is read as something: there are no errors. */
#ifndef TOKENS_H
#define TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind { TOKEN_NAME, TOKEN_MARK, TOKEN_STRING, TOKEN_OTHER, TOKEN_NEWLINE, TOKEN_END };

struct token {
    enum token_kind kind;
    const char *text; /* in the source text */
    size_t length;
    int64_t line; /* of its first character */
};

struct tokens {
    const char *at, *end;
    int64_t line;  /* from 1 */
    size_t depth;  /* of open brackets: inside them line ends mean nothing */
    size_t indent; /* of the logical line */
    bool fresh;    /* a logical line is about to begin */
};

struct tokens tokens_begin(const char *text, size_t length);

/* After the last one TOKEN_END, each time. */
struct token tokens_next(struct tokens *tokens);

bool token_is_word(const struct token *token, const char *word);
bool token_is_mark(const struct token *token, char mark);

#endif
