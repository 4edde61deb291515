#include "stop_lines.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where each line moves to, as "1 3 3 0". */
static char *moves(const struct stop_lines *stops) {
    char *text = memory_copy_text("");
    for (size_t i = 0; i < stops->count; i++) {
        char *longer = memory_format("%s%s%d", text, i ? " " : "",
                                     (int)stop_lines_move(stops, (int64_t)i + 1));
        free(text);
        text = longer;
    }
    return text;
}

static void check(const char *source, const char *wanted) {
    struct stop_lines stops;
    stop_lines_init(&stops);
    /* a copy of the exact size, so that the address sanitizer sees every look beyond its end */
    size_t length = strlen(source);
    char *exact = memory_resize(NULL, length, 1);
    memcpy(exact, source, length);
    stop_lines_scan(&stops, exact, length);
    free(exact);
    char *is = moves(&stops);
    if (strcmp(is, wanted) != 0)
        fail_msg("%s\nis     %s\nwanted %s", source, is, wanted);
    free(is);
    stop_lines_finish(&stops);
}

static void blank_and_comment(void **state) {
    (void)state;
    check("", "");
    check("\n", "0");
    check("a\n\n# x\nb", "1 4 4 4");
    check("a\r\n\r\n# x\r\nb\r\n\r\n", "1 4 4 4 0");
    check("a\r\r# x\rb\r", "1 4 4 4");
    check("\xEF\xBB\xBF# x\na\n", "2 2");
}

static void functions(void **state) {
    (void)state;
    check("def f():\n\n  '''d\n  e'''\n  a\n\n  # in\n\n# out\nb\n", "1 5 5 5 5 10 0 10 10 10");
    check("def f():\n  a\n\n  # to b\n  b\n", "1 2 5 5 5");
    check("def f(): a\n\nb\n", "1 3 3");
    check("async def f():\n  'd'\n  a\n\nb\n", "1 3 3 5 5");
    check("async with x:\n  a\n# c\nb\n", "1 2 4 4");
    check("def f():\n  def g():\n    a\n    # g\n  # f\n  b\n", "1 2 3 0 6 6");
    check("class A:\n  'd'\n\n  # m\n  def f(self):\n    'd'\n    a\n", "1 5 5 5 5 7 7");
    check("def f():\n  'only'\n", "1 2");
    check("def f(a,\n\n      b):\n  c\n", "1 0 3 4");
}

static void words(void **state) {
    (void)state;
    check("if a:\n  b\nelse:\n  c\n", "1 2 4 4");
    check("if a: b\nelse: c\n", "1 2");
    check("try:\n  a\nfinally:\n  b\n", "1 2 4 4");
    check("def f():\n  global a\n  nonlocal b\n  a\n", "1 4 4 4");
    check("def f():\n  global a; a = 1\n  nonlocal b;\n  b\n", "1 2 4 4");
}

static void long_statements(void **state) {
    (void)state;
    check("a(1,\n\n  # x\n  2,\n  )\nb\n", "1 6 6 4 6 6");
    check("a = '''x\ny\nz'''\nb\n", "1 4 3 4");
    check("a = f'''x\n{y}\nz'''\nb\n", "1 2 3 4");
    check("a = \\\n  b\n\nc\n", "1 2 4 4");
    check("a\n'no docstring'\nb\n", "1 2 3");
    check("r'''a\ndocstring'''\nb\n", "3 3 3");
}

static void nothing_sensible(void **state) {
    (void)state;
    check("'''open\n\n", "0 0");
    check("(\n(\n", "1 2");
    char deep[4000] = "";
    for (int i = 0; i < 60; i++)
        sprintf(deep + strlen(deep), "%*sdef f():\n", i, "");
    struct stop_lines stops;
    stop_lines_init(&stops);
    stop_lines_scan(&stops, deep, strlen(deep));
    assert_int_equal(stop_lines_move(&stops, 60), 60);
    assert_int_equal(stop_lines_move(&stops, 61), 0);
    assert_int_equal(stop_lines_move(&stops, 0), 0);
    assert_int_equal(stop_lines_move(&stops, -1), 0);
    assert_int_equal(stop_lines_move(&stops, INT64_MAX), 0);
    assert_int_equal(stop_lines_next(&stops, -5), 1);
    assert_int_equal(stop_lines_next(&stops, INT64_MAX), 0);
    stop_lines_finish(&stops);
}

static void tables(void **state) {
    (void)state;
    struct stop_lines stops;
    stop_lines_init(&stops);
    stop_lines_scope(&stops, 1, 9, 0);
    stop_lines_scope(&stops, 3, 6, 1);
    stop_lines_scope(&stops, 0, 5, 2);
    stop_lines_scope(&stops, 5, INT64_MAX, 2);
    stop_lines_mark(&stops, 2, 0);
    stop_lines_mark(&stops, 9, 0);
    stop_lines_mark(&stops, 2, 1);
    stop_lines_mark(&stops, 5, 1);
    stop_lines_mark(&stops, 0, 1);
    stop_lines_mark(&stops, 10, 1);
    char *is = moves(&stops);
    assert_string_equal(is, "2 2 5 5 5 0 9 9 9");
    free(is);
    stop_lines_finish(&stops);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blank_and_comment),
        cmocka_unit_test(functions),
        cmocka_unit_test(words),
        cmocka_unit_test(long_statements),
        cmocka_unit_test(nothing_sensible),
        cmocka_unit_test(tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
