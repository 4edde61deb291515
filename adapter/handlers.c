#include "handlers.h"

#include "buf.h"
#include "memory.h"
#include "tokens.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_LIMIT = 1000, LAST_LINE = 2147483647 };

/* ---- open tries --------------------------------------------------------------------------------
 */

struct name {
    const char *text;
    struct name *before;
};

enum part { PART_BODY, PART_EXCEPT, PART_LAST };

struct open_try {
    size_t indent;
    size_t item; /* index: items stand in the order of their `try` */
    enum part part;
    struct name *names; /* last first */
    size_t name_count;
    bool all;
};

enum clause_state {
    CLAUSE_NONE,
    CLAUSE_WANTS_NAME,
    CLAUSE_WANTS_ATTRIBUTE,
    CLAUSE_HAS_NAME,
    CLAUSE_HAS_LIST,
    CLAUSE_REST /* `as e`, or all that follows what was not understood */
};

struct scan {
    struct tokens source;
    struct arena *arena;
    struct wire_handler *items;
    size_t count, room;
    struct open_try *open;
    size_t open_count;
    int64_t last_line; /* of the last token */
    int64_t try_line;  /* of a `try` whose colon should be next, else 0 */
    bool line_begun;
    /* the except clause being read, of the innermost open try */
    enum clause_state clause;
    bool listed, starred; /* after `(`, after the `*` of except* */
    struct buf name;
};

static struct open_try *innermost(struct scan *scan) {
    return scan->open_count ? &scan->open[scan->open_count - 1] : NULL;
}

static void open_try(struct scan *scan) {
    if (scan->open_count == OPEN_LIMIT)
        return;
    if (scan->count == scan->room) {
        scan->room = scan->room ? scan->room * 2 : 16;
        scan->items = memory_resize(scan->items, scan->room, sizeof *scan->items);
    }
    scan->items[scan->count] = (struct wire_handler){.first = scan->try_line};
    scan->open[scan->open_count++] =
        (struct open_try){.indent = scan->source.indent, .item = scan->count++};
}

static void close_try(struct scan *scan) {
    const struct open_try *try = &scan->open[--scan->open_count];
    struct wire_handler *item = &scan->items[try->item];
    item->name_count = try->all ? 1 : try->name_count;
    const char **names = arena_alloc(scan->arena, item->name_count * sizeof *names);
    const struct name *name = try->names;
    for (size_t i = item->name_count; i > 0 && !try->all; i--, name = name->before)
        names[i - 1] = name->text;
    if (try->all)
        names[0] = "*";
    item->names = names;
}

/* ---- except clauses ----------------------------------------------------------------------------
 */

static void catch_all(struct scan *scan) {
    innermost(scan)->all = true;
    scan->clause = CLAUSE_REST;
}

static void add_name(struct scan *scan) {
    struct open_try *try = innermost(scan);
    struct name *name = arena_alloc(scan->arena, sizeof *name);
    name->text = utf8_from_bytes(scan->arena, scan->name.bytes, scan->name.length);
    name->before = try->names;
    try->names = name;
    try->name_count++;
}

static void add_word(struct scan *scan, const struct token *token) {
    /* never fails: the limit is the source's length */
    buf_append(&scan->name, token->text, token->length);
    scan->clause = CLAUSE_HAS_NAME;
}

/* Words that are expressions by themselves, but no names. */
static bool is_value(const struct token *token) {
    return token_is_word(token, "None") || token_is_word(token, "True") ||
           token_is_word(token, "False") || token_is_word(token, "lambda") ||
           token_is_word(token, "yield");
}

static void read_name(struct scan *scan, const struct token *token) {
    buf_clear(&scan->name);
    if (token->kind == TOKEN_NAME && !is_value(token))
        add_word(scan, token);
    else if (token_is_mark(token, '(') && !scan->listed)
        scan->listed = true;
    else if (token_is_mark(token, ')') && scan->listed)
        scan->clause = CLAUSE_HAS_LIST;
    else if (token_is_mark(token, '*') && !scan->listed && !scan->starred)
        scan->starred = true;
    else
        catch_all(scan);
}

static void read_attribute(struct scan *scan, const struct token *token) {
    if (token->kind == TOKEN_NAME)
        add_word(scan, token);
    else
        catch_all(scan);
}

static void read_after_name(struct scan *scan, const struct token *token) {
    if (token_is_mark(token, '.')) {
        buf_append(&scan->name, ".", 1);
        scan->clause = CLAUSE_WANTS_ATTRIBUTE;
        return;
    }
    if (token_is_mark(token, ',')) /* without brackets, Python 2's `except A, e` */
        scan->clause = scan->listed ? CLAUSE_WANTS_NAME : CLAUSE_REST;
    else if (token_is_mark(token, ')') && scan->listed)
        scan->clause = CLAUSE_HAS_LIST;
    else if (token_is_word(token, "as") && !scan->listed)
        scan->clause = CLAUSE_REST;
    else
        catch_all(scan);
    add_name(scan);
}

static void read_after_list(struct scan *scan, const struct token *token) {
    if (token_is_mark(token, ',') || token_is_word(token, "as"))
        scan->clause = CLAUSE_REST;
    else
        catch_all(scan);
}

static void end_clause(struct scan *scan) {
    if (scan->clause == CLAUSE_HAS_NAME && !scan->listed)
        add_name(scan);
    else if (scan->clause != CLAUSE_HAS_LIST && scan->clause != CLAUSE_REST)
        catch_all(scan);
    scan->clause = CLAUSE_NONE;
}

/* Any colon ends it: one inside brackets comes only where the names are already known. */
static void read_clause(struct scan *scan, const struct token *token) {
    if (token_is_mark(token, ':')) {
        end_clause(scan);
        return;
    }
    switch (scan->clause) {
    case CLAUSE_WANTS_NAME:
        read_name(scan, token);
        break;
    case CLAUSE_WANTS_ATTRIBUTE:
        read_attribute(scan, token);
        break;
    case CLAUSE_HAS_NAME:
        read_after_name(scan, token);
        break;
    case CLAUSE_HAS_LIST:
        read_after_list(scan, token);
        break;
    case CLAUSE_NONE:
    case CLAUSE_REST:
        break;
    }
}

/* ---- logical lines -----------------------------------------------------------------------------
 */

static void end_body(struct scan *scan, struct open_try *try) {
    if (try->part == PART_BODY)
        scan->items[try->item].end = scan->last_line + 1;
}

/* Does the line belong to the innermost try, whose indentation it has? */
static bool continue_try(struct scan *scan, const struct token *token) {
    struct open_try *try = innermost(scan);
    if (token_is_word(token, "except") && try->part != PART_LAST) {
        end_body(scan, try);
        try->part = PART_EXCEPT;
        scan->clause = CLAUSE_WANTS_NAME;
        scan->listed = scan->starred = false;
        return true;
    }
    if (!token_is_word(token, "else") && !token_is_word(token, "finally"))
        return false;
    end_body(scan, try);
    try->part = PART_LAST;
    return true;
}

/* `try` and its clauses stand only at the beginning of a logical line. */
static void begin_line(struct scan *scan, const struct token *token) {
    while (scan->open_count && innermost(scan)->indent > scan->source.indent)
        close_try(scan);
    if (scan->open_count && innermost(scan)->indent == scan->source.indent)
        if (!continue_try(scan, token))
            close_try(scan);
    scan->try_line = token_is_word(token, "try") ? scan->source.line : 0;
    scan->line_begun = true;
}

static void end_line(struct scan *scan) {
    if (scan->clause != CLAUSE_NONE)
        end_clause(scan);
    scan->line_begun = false;
    scan->try_line = 0;
}

static void continue_line(struct scan *scan, const struct token *token) {
    if (scan->try_line && token_is_mark(token, ':'))
        open_try(scan);
    scan->try_line = 0;
    if (scan->clause != CLAUSE_NONE)
        read_clause(scan, token);
}

static void read_lines(struct scan *scan) {
    for (;;) {
        struct token token = tokens_next(&scan->source);
        if (token.kind == TOKEN_NEWLINE || token.kind == TOKEN_END)
            end_line(scan);
        else if (!scan->line_begun)
            begin_line(scan, &token);
        else
            continue_line(scan, &token);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind != TOKEN_NEWLINE)
            scan->last_line = scan->source.line;
    }
    while (scan->open_count)
        close_try(scan);
}

/* ---- the result --------------------------------------------------------------------------------
 */

void handlers_init(struct handlers *handlers) {
    *handlers = (struct handlers){0};
    arena_init(&handlers->arena);
}

void handlers_finish(struct handlers *handlers) {
    arena_finish(&handlers->arena);
    handlers_init(handlers);
}

static void clear(struct handlers *handlers) {
    arena_reset(&handlers->arena);
    handlers->items = NULL;
    handlers->count = 0;
}

/* Leaves out a try that handles nothing (`finally` alone, `except ():`): to the server an item
 * without names would mean all. */
static void keep_items(struct handlers *handlers, const struct scan *scan) {
    handlers->items = arena_alloc(&handlers->arena, scan->count * sizeof *handlers->items);
    for (size_t i = 0; i < scan->count; i++)
        if (scan->items[i].name_count)
            handlers->items[handlers->count++] = scan->items[i];
}

void handlers_scan(struct handlers *handlers, const char *source, size_t length) {
    clear(handlers);
    if (!length)
        return;
    struct scan scan = {.source = tokens_begin(source, length), .arena = &handlers->arena};
    scan.open = memory_resize(NULL, OPEN_LIMIT, sizeof *scan.open);
    buf_init(&scan.name, length);
    read_lines(&scan);
    keep_items(handlers, &scan);
    buf_finish(&scan.name);
    free(scan.open);
    free(scan.items);
}

void handlers_catch_all(struct handlers *handlers) {
    clear(handlers);
    const char **names = arena_alloc(&handlers->arena, sizeof *names);
    names[0] = "*";
    handlers->items = arena_alloc(&handlers->arena, sizeof *handlers->items);
    handlers->items[0] = (struct wire_handler){.end = LAST_LINE, .names = names, .name_count = 1};
    handlers->count = 1;
}
