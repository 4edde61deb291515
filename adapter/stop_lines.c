#include "stop_lines.h"

#include "memory.h"
#include "tokens.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 200, LINE_LIMIT = 10000000, TAB_WIDTH = 8 };

void stop_lines_init(struct stop_lines *stops) {
    *stops = (struct stop_lines){0};
}

void stop_lines_finish(struct stop_lines *stops) {
    free(stops->lines);
    stop_lines_init(stops);
}

/* Makes room for so many lines; the new ones never stop, and belong to no scope yet. */
static void reach(struct stop_lines *stops, size_t count) {
    if (count <= stops->count)
        return;
    stops->lines = memory_resize(stops->lines, count, sizeof *stops->lines);
    memset(stops->lines + stops->count, 0, (count - stops->count) * sizeof *stops->lines);
    stops->count = count;
}

/* ---- a source text
 * ------------------------------------------------------------------------------------ */

struct open_scope {
    size_t indent; /* of its body */
    uint32_t number;
    int64_t first_statement;
    bool stops; /* some statement of it does */
};

/* A logical line. */
struct statement {
    int64_t first, last;
    size_t indent;
    bool only_strings, begins_scope, silent;
    bool formatted; /* the token before is the prefix of an f-string: all its lines may stop */
};

struct scan {
    struct stop_lines *stops;
    const char *text, *end;
    struct tokens tokens;
    struct open_scope open[DEPTH_LIMIT];
    size_t depth; /* the module is open[0] */
    uint32_t scopes;
    bool header; /* the last statement was a def or class … */
    size_t header_indent;
    int64_t seen; /* lines up to here have their scope */
};

static struct open_scope *innermost(struct scan *scan) {
    return &scan->open[scan->depth - 1];
}

static void set(struct stop_lines *stops, int64_t line, enum stop_line_kind kind, uint32_t scope) {
    if (line >= 1 && (size_t)line <= stops->count)
        stops->lines[line - 1] = (struct stop_line){(unsigned char)kind, scope};
}

/* A function of nothing but a docstring does stop somewhere. */
static void close_scope(struct scan *scan) {
    const struct open_scope *scope = innermost(scan);
    if (!scope->stops)
        set(scan->stops, scope->first_statement, STOP_PERHAPS, scope->number);
    scan->depth--;
}

static void open_scope(struct scan *scan, const struct statement *statement) {
    if (scan->depth < DEPTH_LIMIT)
        scan->open[scan->depth++] =
            (struct open_scope){statement->indent, ++scan->scopes, statement->first, false};
}

/* ---- lines between statements */

struct gap {
    int64_t first, last;
    struct open_scope before[DEPTH_LIMIT];
    size_t depth;
};

/* The scope before the gap that a comment of that indentation still belongs to. */
static uint32_t scope_of_comment(const struct scan *scan, const struct gap *gap, size_t indent) {
    for (size_t i = gap->depth; i-- > scan->depth;)
        if (indent >= gap->before[i].indent)
            return gap->before[i].number;
    return scan->open[scan->depth - 1].number;
}

static const char *next_line(const char *at, const char *end) {
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    if (at + 1 < end && at[0] == '\r' && at[1] == '\n')
        at++;
    return at < end ? at + 1 : end;
}

static size_t indentation(const char **at, const char *end) {
    size_t indent = 0;
    for (; *at < end && (**at == ' ' || **at == '\t'); (*at)++)
        indent = **at == ' ' ? indent + 1 : (indent / TAB_WIDTH + 1) * TAB_WIDTH;
    return indent;
}

/* `from` is the text of the gap's first line. What follows the gap decides, but for comments. */
static void fill_gap(struct scan *scan, const struct gap *gap, const char *from) {
    for (int64_t line = gap->first; line <= gap->last; line++) {
        const char *at = from;
        size_t indent = indentation(&at, scan->end);
        bool comment = at < scan->end && *at == '#';
        uint32_t scope = comment ? scope_of_comment(scan, gap, indent) : innermost(scan)->number;
        set(scan->stops, line, STOP_NEVER, scope);
        from = next_line(from, scan->end);
    }
}

/* ---- statements */

static void enter_scope_of(struct scan *scan, const struct statement *statement) {
    while (scan->depth > 1 && innermost(scan)->indent > statement->indent)
        close_scope(scan);
    if (scan->header && statement->indent > scan->header_indent)
        open_scope(scan, statement);
}

static void take_first(struct statement *statement, const struct token *token) {
    static const char *const silent[] = {"else", "finally", "global", "nonlocal"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        statement->silent = statement->silent || token_is_word(token, silent[i]);
    statement->begins_scope = token_is_word(token, "def") || token_is_word(token, "class");
}

/* Of a string: b, r, u, f … */
static bool is_prefix(const struct token *token, const char *end) {
    const char *behind = token->text + token->length;
    return token->kind == TOKEN_NAME && token->length <= 2 && behind < end &&
           (*behind == '"' || *behind == '\'');
}

static bool is_formatted(const struct token *prefix) {
    return memchr(prefix->text, 'f', prefix->length) || memchr(prefix->text, 'F', prefix->length);
}

static bool closes(const struct token *token) {
    return token_is_mark(token, ')') || token_is_mark(token, ']') || token_is_mark(token, '}') ||
           token_is_mark(token, ',');
}

/* Lines of the token: the first may stop if it stands there first, the last of a string does on
 * Pythons before 3.8. */
static void take_token(struct scan *scan, struct statement *statement, const struct token *token) {
    uint32_t scope = innermost(scan)->number;
    int64_t last = scan->tokens.line;
    for (int64_t line = statement->last + 1; line <= last; line++)
        set(scan->stops, line, statement->formatted ? STOP_PERHAPS : STOP_NEVER, scope);
    if (!closes(token)) {
        if (token->line > statement->first)
            set(scan->stops, token->line, STOP_PERHAPS, scope);
        if (last > statement->first)
            set(scan->stops, last, STOP_PERHAPS, scope);
    }
    bool prefix = is_prefix(token, scan->end);
    statement->formatted = prefix && is_formatted(token);
    statement->only_strings =
        statement->only_strings && !statement->formatted && (token->kind == TOKEN_STRING || prefix);
    statement->last = last;
}

/* `else: x` on one line does stop, and so does `global x; x += 1`. */
static bool follows_on_line(const struct token *before, const struct token *token) {
    return (token_is_mark(before, ':') || token_is_mark(before, ';')) &&
           token->kind != TOKEN_NEWLINE && token->kind != TOKEN_END;
}

/* What is only strings, but no docstring, does stop on some Pythons. */
static void end_statement(struct scan *scan, const struct statement *statement) {
    struct open_scope *scope = innermost(scan);
    if (!scope->first_statement)
        scope->first_statement = statement->first;
    bool docstring = statement->only_strings && scope->first_statement == statement->first;
    for (int64_t line = statement->first; line <= statement->last && statement->only_strings;
         line++)
        set(scan->stops, line, docstring ? STOP_NEVER : STOP_PERHAPS, scope->number);
    bool never = docstring || statement->silent;
    if (never || !statement->only_strings)
        set(scan->stops, statement->first, never ? STOP_NEVER : STOP_BEGINS, scope->number);
    scope->stops = scope->stops || !never;
    scan->header = statement->begins_scope;
    scan->header_indent = statement->indent;
    scan->seen = statement->last;
}

static void read_statement(struct scan *scan, struct token token, const char *gap_text) {
    struct statement statement = {.first = token.line,
                                  .last = token.line - 1,
                                  .indent = scan->tokens.indent,
                                  .only_strings = true};
    struct gap *gap = memory_new(sizeof *gap);
    *gap = (struct gap){.first = scan->seen + 1, .last = token.line - 1, .depth = scan->depth};
    memcpy(gap->before, scan->open, sizeof gap->before);
    enter_scope_of(scan, &statement);
    fill_gap(scan, gap, gap_text);
    free(gap);
    take_first(&statement, &token);
    struct token before = token;
    while (token.kind != TOKEN_NEWLINE && token.kind != TOKEN_END) {
        take_token(scan, &statement, &token);
        bool was_async = statement.last == statement.first && token_is_word(&token, "async");
        before = token;
        token = tokens_next(&scan->tokens);
        statement.begins_scope =
            statement.begins_scope || (was_async && token_is_word(&token, "def"));
        if (follows_on_line(&before, &token))
            statement.silent = false;
    }
    end_statement(scan, &statement);
}

static size_t count_lines(const char *text, const char *end) {
    size_t count = 0;
    for (; text < end; text = next_line(text, end))
        count++;
    return count;
}

static void end_of_text(struct scan *scan, const char *gap_text) {
    struct gap *gap = memory_new(sizeof *gap);
    *gap = (struct gap){scan->seen + 1, (int64_t)scan->stops->count, {{0}}, scan->depth};
    memcpy(gap->before, scan->open, sizeof gap->before);
    while (scan->depth > 1)
        close_scope(scan);
    fill_gap(scan, gap, gap_text);
    free(gap);
}

void stop_lines_scan(struct stop_lines *stops, const char *text, size_t length) {
    stop_lines_finish(stops);
    size_t count = count_lines(text, text + length);
    if (!count || count > LINE_LIMIT)
        return;
    reach(stops, count);
    struct scan *scan = memory_new(sizeof *scan);
    *scan = (struct scan){.stops = stops, .text = text, .end = text + length, .depth = 1};
    scan->open[0].stops = true;
    scan->tokens = tokens_begin(text, length);
    const char *gap_text = text;
    for (;;) {
        struct token token = tokens_next(&scan->tokens);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind == TOKEN_NEWLINE)
            continue;
        read_statement(scan, token, gap_text);
        gap_text = scan->tokens.at;
    }
    end_of_text(scan, gap_text);
    free(scan);
}

/* ---- line tables
 * -------------------------------------------------------------------------------------- */

void stop_lines_scope(struct stop_lines *stops, int64_t first, int64_t last, uint32_t scope) {
    if (first < 1 || last < first || last > LINE_LIMIT)
        return;
    reach(stops, (size_t)last);
    for (int64_t line = first; line <= last; line++)
        stops->lines[line - 1].scope = scope;
}

void stop_lines_mark(struct stop_lines *stops, int64_t line, uint32_t scope) {
    if (line >= 1 && (size_t)line <= stops->count && !stops->lines[line - 1].kind)
        stops->lines[line - 1] = (struct stop_line){STOP_BEGINS, scope};
}

/* ---- questions
 * ---------------------------------------------------------------------------------------- */

int64_t stop_lines_move(const struct stop_lines *stops, int64_t line) {
    if (line < 1 || (size_t)line > stops->count)
        return 0;
    const struct stop_line *asked = &stops->lines[line - 1];
    if (asked->kind != STOP_NEVER)
        return line;
    for (size_t i = (size_t)line; i < stops->count; i++)
        if (stops->lines[i].kind == STOP_BEGINS && stops->lines[i].scope == asked->scope)
            return (int64_t)i + 1;
    return 0;
}

int64_t stop_lines_next(const struct stop_lines *stops, int64_t line) {
    for (size_t i = line < 1 ? 0 : (size_t)line - 1; i < stops->count; i++)
        if (stops->lines[i].kind == STOP_BEGINS)
            return (int64_t)i + 1;
    return 0;
}
