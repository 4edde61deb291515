#include "tokens.h"

#include <string.h>

enum { TAB_WIDTH = 8 };

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\f';
}

static bool is_line_end(char byte) {
    return byte == '\n' || byte == '\r';
}

static size_t left(const struct tokens *tokens) {
    return (size_t)(tokens->end - tokens->at);
}

static bool take_line_end(struct tokens *tokens) {
    if (!left(tokens) || !is_line_end(*tokens->at))
        return false;
    bool pair = left(tokens) > 1 && tokens->at[0] == '\r' && tokens->at[1] == '\n';
    tokens->at += pair ? 2 : 1;
    tokens->line++;
    return true;
}

static void skip_comment(struct tokens *tokens) {
    if (!left(tokens) || *tokens->at != '#')
        return;
    while (left(tokens) && !is_line_end(*tokens->at))
        tokens->at++;
}

/* The indentation of the next line that is not empty. */
static void take_indent(struct tokens *tokens) {
    do {
        tokens->indent = 0;
        for (; left(tokens) && is_blank(*tokens->at); tokens->at++) {
            if (*tokens->at == ' ')
                tokens->indent++;
            else if (*tokens->at == '\t')
                tokens->indent = (tokens->indent / TAB_WIDTH + 1) * TAB_WIDTH;
            else
                tokens->indent = 0;
        }
        skip_comment(tokens);
    } while (take_line_end(tokens));
}

static bool skip_continuation(struct tokens *tokens) {
    if (left(tokens) < 2 || tokens->at[0] != '\\' || !is_line_end(tokens->at[1]))
        return false;
    tokens->at++;
    return take_line_end(tokens);
}

static void skip_space(struct tokens *tokens) {
    for (;;) {
        while (left(tokens) && is_blank(*tokens->at))
            tokens->at++;
        skip_comment(tokens);
        if (!skip_continuation(tokens) && !(tokens->depth && take_line_end(tokens)))
            return;
    }
}

/* A backslash shields the next character in raw strings, too. A string in single quotes that is not
 * closed ends with its line. */
static void take_string(struct tokens *tokens) {
    char quote[3] = {*tokens->at, *tokens->at, *tokens->at};
    size_t width = left(tokens) >= 3 && memcmp(tokens->at, quote, 3) == 0 ? 3 : 1;
    tokens->at += width;
    while (left(tokens)) {
        if (*tokens->at == '\\') {
            tokens->at++;
            if (left(tokens) && !take_line_end(tokens))
                tokens->at++;
        } else if (left(tokens) >= width && memcmp(tokens->at, quote, width) == 0) {
            tokens->at += width;
            return;
        } else if (!is_line_end(*tokens->at)) {
            tokens->at++;
        } else if (width == 1) {
            return;
        } else {
            take_line_end(tokens);
        }
    }
}

static enum token_kind take_word(struct tokens *tokens) {
    bool number = *tokens->at >= '0' && *tokens->at <= '9';
    while (left(tokens) && is_name_byte(*tokens->at))
        tokens->at++;
    return number ? TOKEN_OTHER : TOKEN_NAME;
}

static void take_mark(struct tokens *tokens) {
    char mark = *tokens->at++;
    if (mark == '(' || mark == '[' || mark == '{')
        tokens->depth++;
    else if ((mark == ')' || mark == ']' || mark == '}') && tokens->depth)
        tokens->depth--;
}

static enum token_kind take_any(struct tokens *tokens) {
    if (!left(tokens))
        return TOKEN_END;
    if (take_line_end(tokens)) {
        tokens->fresh = true;
        return TOKEN_NEWLINE;
    }
    if (is_name_byte(*tokens->at))
        return take_word(tokens);
    if (*tokens->at == '"' || *tokens->at == '\'') {
        take_string(tokens);
        return TOKEN_STRING;
    }
    take_mark(tokens);
    return TOKEN_MARK;
}

struct token tokens_next(struct tokens *tokens) {
    if (tokens->fresh)
        take_indent(tokens);
    tokens->fresh = false;
    skip_space(tokens);
    struct token token = {.text = tokens->at, .line = tokens->line};
    token.kind = take_any(tokens);
    token.length = (size_t)(tokens->at - token.text);
    return token;
}

bool token_is_word(const struct token *token, const char *word) {
    return token->kind == TOKEN_NAME && token->length == strlen(word) &&
           memcmp(token->text, word, token->length) == 0;
}

bool token_is_mark(const struct token *token, char mark) {
    return token->kind == TOKEN_MARK && *token->text == mark;
}

struct tokens tokens_begin(const char *text, size_t length) {
    struct tokens tokens = {.at = text, .end = text + length, .line = 1, .fresh = true};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        tokens.at += 3;
    return tokens;
}
