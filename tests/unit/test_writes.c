#include "writes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_only_reads),
        cmocka_unit_test(test_what_may_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
