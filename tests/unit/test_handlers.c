#include "handlers.h"

#include "buf.h"
#include "memory.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_LIMIT = 1 << 20 };

/* `first-end name name; …` */
static void append_item(struct buf *text, const struct wire_handler *item) {
    char *lines =
        memory_format("%s%" PRId64 "-%" PRId64, text->length ? "; " : "", item->first, item->end);
    buf_append_text(text, lines);
    free(lines);
    for (size_t i = 0; i < item->name_count; i++) {
        buf_append_text(text, " ");
        buf_append_text(text, item->names[i]);
    }
}

static char *describe(const struct handlers *handlers) {
    struct buf text;
    buf_init(&text, TEXT_LIMIT);
    for (size_t i = 0; i < handlers->count; i++)
        append_item(&text, &handlers->items[i]);
    char *result = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return result;
}

static void check_bytes(const char *source, size_t length, const char *wanted) {
    /* a copy of the exact size, so that the address sanitizer sees every look beyond its end */
    char *exact = memory_resize(NULL, length, 1);
    memcpy(exact, source, length);
    struct handlers handlers;
    handlers_init(&handlers);
    handlers_scan(&handlers, exact, length);
    free(exact);
    char *is = describe(&handlers);
    if (strcmp(is, wanted) != 0)
        fail_msg("%s\nis     %s\nwanted %s", source, is, wanted);
    free(is);
    handlers_finish(&handlers);
}

static void check(const char *source, const char *wanted) {
    check_bytes(source, strlen(source), wanted);
}

/* The clause after `except`, as the only one of a try. */
static void check_clause(const char *clause, const char *names) {
    char *source = memory_format("try:\n  f()\nexcept%s\n  g()\n", clause);
    char *wanted = memory_format("1-3%s%s", *names ? " " : "", names);
    check(source, *names ? wanted : "");
    free(source);
    free(wanted);
}

static void finds_the_body(void **state) {
    (void)state;
    check("try:\n  a\nexcept E:\n  b\n", "1-3 E");
    check("x\n\ntry:\n  a\n  b\n\n# c\nexcept E:\n  b\n", "3-6 E");
    check("try:\n  a = (1,\n\n)\n\nexcept E: pass\n", "1-5 E");
    check("try:\n  '''\n\n'''\nexcept E: pass\n", "1-5 E");
    check("try:\n  a\n  # the end\nexcept E: pass\n", "1-3 E");
    check("try: a()\nexcept E: pass\n", "1-2 E");
    check("try: a(\n1)\nexcept E: pass\n", "1-3 E");
    check("try : # why\n  a\nexcept E: pass\n", "1-3 E");
    check("try \\\n:\n  a\nexcept E: pass", "1-4 E");
    check("\\\ntry:\n  a\nexcept E: pass", "2-4 E");
    check("try:\n  a\nexcept E:\n  b\nelse:\n  c\nfinally:\n  d\n", "1-3 E");
    check("try:\n  a; b; \\\n  c\nexcept E:\n  b", "1-4 E");
}

static void only_handlers_count(void **state) {
    (void)state;
    check("", "");
    check("x = 1", "");
    check("try:\n  a\nfinally:\n  b\n", "");
    check("try:\n  a\n", "");
    check("try:\n  a\nelse:\n  b\nexcept E:\n  c\n", "");
    check("try:\n  a\nb\nexcept E:\n  c\n", "");
    check("except E:\n  a\n", "");
    check("try x\n  a\nexcept E:\n  b\n", "");
    check("try\nx:\n  a\nexcept E:\n  b\n", "");
    check("try:\n  a\nfinally:\n  b\ntry:\n  a\nexcept E:\n  b\n", "5-7 E");
    check("try:\n  a\nexcept E:\n  b\nfinally:\n  c\nexcept F:\n  d\n", "1-3 E");
}

static void reads_the_names(void **state) {
    (void)state;
    check_clause(" A:", "A");
    check_clause(" A :", "A");
    check_clause(" A.B . c:", "A.B.c");
    check_clause("(A):", "A");
    check_clause(" (A, b.C):", "A b.C");
    check_clause(" (A,):", "A");
    check_clause(" (A, # one\n\n   B\\\n,):", "A B");
    check_clause(" A as e:", "A");
    check_clause(" (A, B) as e:", "A B");
    check_clause(" A, e:", "A");
    check_clause(" A, (e, f):", "A");
    check_clause(" A, d['x':'y']:", "A");
    check_clause(" (A, B), e:", "A B");
    check_clause("* A:", "A");
    check_clause(" *(A, B) as e:", "A B");
    check_clause(":", "*");
    check_clause(" :", "*");
    check_clause(" (\n):", "");
    check_clause(" asx.as_:", "asx.as_");
    check_clause(" \xc3\x84rger:", "\xc3\x84rger");
}

static void what_is_no_name_is_everything(void **state) {
    (void)state;
    check_clause(" f():", "*");
    check_clause(" f(A):", "*");
    check_clause(" d['x':'y']:", "*");
    check_clause(" (A, *b):", "*");
    check_clause(" *A, *B:", "A");
    check_clause(" (A, f(B, C)):", "*");
    check_clause(" (A, (B, C)):", "*");
    check_clause(" (A) + (B):", "*");
    check_clause(" (A).b:", "*");
    check_clause(" A or B:", "*");
    check_clause(" (A if b else C):", "*");
    check_clause(" (A as b):", "*");
    check_clause(" (A for A in b):", "*");
    check_clause(" lambda: A:", "*");
    check_clause(" None:", "*");
    check_clause(" (yield):", "*");
    check_clause(" 'A':", "*");
    check_clause(" (A, {1: B}[1]):", "*");
    check_clause(" (lambda: A)():", "*");
    check_clause(" 1:", "*");
    check_clause(" A.1:", "*");
    check_clause(" A..b:", "*");
    check_clause(" .A:", "*");
    check_clause(" A.:", "*");
    check_clause(" (A:", "*");
    check_clause(" (,):", "*");
    check_clause("", "*");
    check_clause(" A B", "*");
    check_clause(" **A:", "*");
}

static void joins_the_names_of_all_clauses(void **state) {
    (void)state;
    check("try:\n  a\nexcept A: b\nexcept (B, C.d) as e: c\nexcept A: d", "1-3 A B C.d A");
    check("try:\n  a\nexcept A: b\nexcept: c", "1-3 *");
    check("try:\n  a\nexcept A: b\nexcept f(): c\nexcept B: c", "1-3 *");
    check("try:\n  a\nexcept (): b\nexcept B: c\n", "1-3 B");
}

static void follows_nesting(void **state) {
    (void)state;
    check("try:\n  try:\n    a\n  except A:\n    b\n  c\nexcept B:\n  d\n", "1-7 B; 2-4 A");
    check("try:\n  a\nexcept A:\n  try:\n    b\n  except B:\n    c\n  else: d\nexcept C:\n  e\n",
          "1-3 A C; 4-6 B");
    check("try:\n  try:\n    a\n  finally:\n    b\nexcept B:\n  d\n", "1-6 B");
    check("def f():\n  try:\n    a\n  except A:\n    b\nclass C:\n  def g():\n    try:\n      c\n"
          "    except B:\n      d\ntry:\n  e\nexcept D:\n  f\n",
          "2-4 A; 8-10 B; 12-14 D");
    check("try:\n  def f():\n    try:\n      a\n    except A: b\nexcept B: d", "1-6 B; 3-5 A");
    check("try:\n  a\nexcept A:\n  b\ntry:\n  a\nexcept B:\n  b\n", "1-3 A; 5-7 B");
}

static void clauses_of_other_statements_do_not_confuse(void **state) {
    (void)state;
    check("try:\n  for x in y:\n    a\n  else:\n    b\n  while 1:\n    a\n  else: b\nexcept A: c",
          "1-9 A");
    check("if x:\n  try:\n    a\n  except A:\n    b\nelse:\n  try:\n    c\n  except B:\n    d\n",
          "2-4 A; 7-9 B");
    check("for x in y:\n  try:\n    a\n  except A:\n    b\n  else:\n    c\nelse:\n  d\n", "2-4 A");
    check("try:\n  if x: a\n  else: b\nexcept A: c", "1-4 A");
}

static void words_elsewhere_do_not_count(void **state) {
    (void)state;
    check("x.try_ = 1\ntry_ = 2\ntrying: int\n_try: int\nx.\\\ntry\nexcept_ = 1\n", "");
    check("'''\ntry:\n  a\nexcept A:\n  b\n'''\n", "");
    check("# try:\n#   a\n# except A:\n", "");
    check("x = (\ntry:\n  a\nexcept A:\n  b\n)\n", "");
    check("x = 'a\\\ntry:\\\nexcept A:\\\n'\n", "");
    check("x = 1 + \\\ntry:\nexcept A: pass\n", "");
    check("print >>f, x, 'try:'\ntry:\n  print >>f\nexcept A:\n  exec 'a' in b\n", "2-4 A");
    check("try: a\nexcepted: int = 1\n", "");
}

static void knows_strings(void **state) {
    (void)state;
    static const char *const strings[] = {
        "''",
        "'\"'",
        "\"'\"",
        "'\\''",
        "'\\\\'",
        "'#'",
        "'('",
        "rb'''\n'\"\"\"'' \\''' '''",
        "u\"\"\"\"\n\\\"\"\" \"\"\"",
        "f'{a[\"b\"]}'",
        "Br'\\\\'",
        "''''''",
        "'' ''",
        "'a\\\nb'",
        "'a\\\r\nb'",
        "`a`",
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        char *source = memory_format("x = %s\nif 1:\n  try: a\n  except A: b\n", strings[i]);
        struct handlers handlers;
        handlers_init(&handlers);
        handlers_scan(&handlers, source, strlen(source));
        if (handlers.count != 1 || strcmp(handlers.items[0].names[0], "A") != 0)
            fail_msg("%s", source);
        handlers_finish(&handlers);
        free(source);
    }
    /* closed by the line's end, so that the rest of a half-typed file is still read */
    check("x = 'a\ntry: b\nexcept A: c\n", "2-3 A");
    check("x = '''a\ntry: b\nexcept A: c\n", "");
}

static void measures_indentation(void **state) {
    (void)state;
    check("if 1:\n        try:\n\t  a\n\texcept A:\n\t  b\n", "2-4 A");
    check("if 1:\n    \ttry:\n\t\ta\n\texcept A:\n\t\tb\n", "2-4 A");
    check("if 1:\n\ttry:\n\t    a\n        except A:\n\t    b\n", "2-4 A");
    check("\f try:\n  a\n \fexcept A:\n  b\n", "");
    check("  \ftry:\n  a\n\fexcept A:\n  b\n", "1-3 A");
    check("try:\n  a\n \nexcept A:\n      # far\n# near\n  b\n", "1-3 A");
    check("try:\n  a\n  except A:\n    b\n", "");
}

static void counts_all_kinds_of_line_ends(void **state) {
    (void)state;
    check("\r\n\r\ntry:\r\n  a\r\n\r\nexcept A:\r\n  b\r\n", "3-5 A");
    check("\r\rtry:\r  a\r\rexcept A:\r  b\r", "3-5 A");
    check("'''\r\n\r\n'''\r\ntry: a\\\r\n\r\nexcept A: b", "4-5 A");
    check("'''\r\r'''\rtry: (a\r\r)\rexcept A: b", "4-7 A");
    check("# c\rtry: a\n# c\r\nexcept A: b", "2-3 A");
}

static void reads_any_bytes(void **state) {
    (void)state;
    check("\xEF\xBB\xBFtry:\n  a\nexcept A:\n  b\n", "1-3 A");
    check("# coding: latin-1\ntry:\n  a\nexcept \xC4rger, e:\n  b\n", "2-4 \xC3\x84rger");
    check_bytes("\0try: a\nexcept A: b\n", 20, "");
    check_bytes("try: \0\nexcept A: \0", 18, "1-2 A");
    check("try: )]}\nexcept A: b\n", "1-2 A");
    check("$?!\ntry: a\nexcept A: b\n", "2-3 A");
    check("try: a\nexcept A: b\\", "1-2 A");
    check("try: a\nexcept A: '\\", "1-2 A");
    check("try: a\nexcept A", "1-2 A");
    check("try: a\nexcept", "1-2 *");
    check("try", "");
    check("'", "");
    check("\"\"\"", "");
    check("\xEF\xBB", "");
}

static void deep_nesting_is_left_out(void **state) {
    (void)state;
    enum { DEPTH = 1100, LIMIT = 1000 };
    struct buf source;
    buf_init(&source, 8 * DEPTH * DEPTH);
    for (int i = 0; i < DEPTH; i++) {
        char *line = memory_format("%*stry:\n", i, "");
        buf_append_text(&source, line);
        free(line);
    }
    for (int i = DEPTH - 1; i >= 0; i--) {
        char *line = memory_format("%*sexcept E%d: a\n", i, "", i);
        buf_append_text(&source, line);
        free(line);
    }
    struct handlers handlers;
    handlers_init(&handlers);
    handlers_scan(&handlers, source.bytes, source.length);
    assert_int_equal(handlers.count, LIMIT);
    assert_int_equal(handlers.items[LIMIT - 1].first, LIMIT);
    assert_int_equal(handlers.items[LIMIT - 1].end, DEPTH + (DEPTH - LIMIT) + 1);
    assert_string_equal(handlers.items[LIMIT - 1].names[0], "E999");
    assert_string_equal(handlers.items[0].names[0], "E0");
    handlers_finish(&handlers);
    buf_finish(&source);
}

static void each_scan_replaces_the_last(void **state) {
    (void)state;
    struct handlers handlers;
    handlers_init(&handlers);
    const char *source = "try: a\nexcept A: b\n";
    for (int i = 0; i < 3; i++) {
        handlers_scan(&handlers, source, strlen(source));
        assert_int_equal(handlers.count, 1);
        assert_string_equal(handlers.items[0].names[0], "A");
    }
    handlers_catch_all(&handlers);
    char *is = describe(&handlers);
    assert_string_equal(is, "0-2147483647 *");
    free(is);
    handlers_scan(&handlers, NULL, 0);
    assert_int_equal(handlers.count, 0);
    handlers_finish(&handlers);
    handlers_finish(&handlers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_body),
        cmocka_unit_test(only_handlers_count),
        cmocka_unit_test(reads_the_names),
        cmocka_unit_test(what_is_no_name_is_everything),
        cmocka_unit_test(joins_the_names_of_all_clauses),
        cmocka_unit_test(follows_nesting),
        cmocka_unit_test(clauses_of_other_statements_do_not_confuse),
        cmocka_unit_test(words_elsewhere_do_not_count),
        cmocka_unit_test(knows_strings),
        cmocka_unit_test(measures_indentation),
        cmocka_unit_test(counts_all_kinds_of_line_ends),
        cmocka_unit_test(reads_any_bytes),
        cmocka_unit_test(deep_nesting_is_left_out),
        cmocka_unit_test(each_scan_replaces_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
