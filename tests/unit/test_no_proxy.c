#include "no_proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_list(void **state) {
    (void)state;
    static const struct {
        const char *list, *host;
        bool fits;
    } rows[] = {
        {"", "a.example", false},
        {"*", "a.example", true},
        {"a.example", "A.Example", true},
        {"a.example", "b.a.example", true},
        {".a.example", "b.a.example", true},
        {".a.example", "a.example", true},
        {"*.a.example", "b.a.example", true},
        {"a.example", "xa.example", false},
        {"a.example", "a.example.evil", false},
        {"one,two  three,", "three", true},
        {"one, ,two", "", false},
        {".", "a", false},
        {"a.example:8000", "a.example", true},
        {"a.example:80", "a.example", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.34", false},
        {"10.0.0.0/8", "10.1.2.3", true},
        {"10.0.0.0/8", "11.1.2.3", false},
        {"10.1.2.128/25", "10.1.2.200", true},
        {"10.1.2.128/25", "10.1.2.100", false},
        {"10.0.0.0/x", "10.1.2.3", false},
        {"10.0.0.0/33", "10.0.0.0", false},
        {"0.0.0.0/0", "10.1.2.3", true},
        {"10.0.0.0/8", "10.a.example", false},
        {"::1", "::1", true},
        {"[fd00::1]:8000", "fd00::1", true},
        {"[fd00::1]:80", "fd00::1", false},
        {"[fd00::1", "fd00::1", false},
        {"fd00::/8", "fdab::1", true},
        {"fd00::/8", "10.1.2.3", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (no_proxy_for(rows[i].list, rows[i].host, 8000) != rows[i].fits)
            fail_msg("\"%s\" and %s", rows[i].list, rows[i].host);
}

static void test_long_entry(void **state) {
    (void)state;
    char list[1000];
    memset(list, 'a', sizeof list);
    memcpy(list + sizeof list - 6, ",host", 6);
    assert_true(no_proxy_for(list, "host", 1));
    assert_false(no_proxy_for(list, "aaa", 1));
}

static void test_here(void **state) {
    (void)state;
    assert_true(no_proxy_is_here("localhost") && no_proxy_is_here("a.LOCALHOST"));
    assert_true(no_proxy_is_here("127.0.0.1") && no_proxy_is_here("127.9.9.9"));
    assert_true(no_proxy_is_here("::1"));
    assert_false(no_proxy_is_here("localhost.example") || no_proxy_is_here("128.0.0.1"));
    assert_false(no_proxy_is_here("127.0.0.1.example"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_long_entry),
        cmocka_unit_test(test_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
