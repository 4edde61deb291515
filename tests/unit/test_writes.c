#include "writes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_what_only_reads(void **state) {
    (void)state;
    static const char *const texts[] = {"a",
                                        "a.b[1]",
                                        "a == b",
                                        "a <= b >= c != d",
                                        "(1, 2)",
                                        "a in (1, 2)",
                                        "not (a)",
                                        "'x = f()'",
                                        "\"\"\"a\"b()\"\"\"",
                                        "a[b == 'c']",
                                        "[(1)]",
                                        "a if b else (c)",
                                        "'\\'=' + a",
                                        "a < b",
                                        "1 + (2)",
                                        ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (writes_may_write(texts[i]))
            fail_msg("%s", texts[i]);
}

static void test_what_may_write(void **state) {
    (void)state;
    static const char *const texts[] = {
        "a = 1", "a=1",   "a += 1",   "a <<= 1", "a >>= 2", "f()",      "a.f (1)",   "a[0](1)",
        "f()()", "del a", "import a", "a; b",    "a\nb",    "(a := 1)", "'x' + f()", "a['='] = 2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!writes_may_write(texts[i]))
            fail_msg("%s", texts[i]);
}

static void test_what_makes_functions(void **state) {
    (void)state;
    static const char *const texts[] = {"[x for x in y if x == limit]",
                                        "any(x>=limit for x in y)",
                                        "lambda: limit",
                                        "lambda x=1: [i for i in x]",
                                        "f(key=lambda x: x)",
                                        "{'=': [a for a in b]}",
                                        "[x for\n x in y]",
                                        "[x for x in y] == z",
                                        "a = [x for x in y]",
                                        "a[b == 1] += sum(x for x in y)"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *seeing = writes_seeing_locals(texts[i], false);
        if (!seeing)
            fail_msg("%s", texts[i]);
        free(seeing);
    }
}

static void test_what_makes_none(void **state) {
    (void)state;
    static const char *const texts[] = {"a",
                                        "'for'",
                                        "before",
                                        "for x in y: f(x)",

                                        "print [x for x in y]",
                                        "[x for x in y]; a",
                                        "f = lambda: 1",
                                        "f = [lambda: x for x in y]",
                                        "a = [x for x in y] # b",
                                        "a.lambda_",
                                        "any((m := x) > 3 for x in xs)",
                                        "form",
                                        "f()\n[x for x in y]",
                                        ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *seeing = writes_seeing_locals(texts[i], false);
        if (seeing)
            fail_msg("%s", texts[i]);
    }
}

static void test_lambda_that_is_assigned(void **state) {
    (void)state;
    assert_null(writes_seeing_locals("lambda: limit", true));
    char *seeing = writes_seeing_locals("[x for x in y]", true);
    assert_non_null(seeing);
    free(seeing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_only_reads),         cmocka_unit_test(test_what_may_write),
        cmocka_unit_test(test_what_makes_functions),    cmocka_unit_test(test_what_makes_none),
        cmocka_unit_test(test_lambda_that_is_assigned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
