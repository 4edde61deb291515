#include "remote_reply.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static char *read_slices(const char *first, const char *second) {
    struct wire_variable children[] = {{.object = {.repr = first}}, {.object = {.repr = second}}};
    struct wire_children slices = {.children = children, .count = 2};
    return remote_reply_text(&slices);
}

static void assert_read(const char *first, const char *second, const char *expected) {
    char *text = read_slices(first, second);
    assert_string_equal(text, expected);
    free(text);
}

static void test_literals(void **state) {
    (void)state;
    assert_read("'abc'", "u\"d'e\"", "abcd'e");
    assert_read("'\\n\\t\\r\\\\\\'\\\"'", NULL, "\n\t\r\\'\"");
    assert_read("'\\xe9\\u2713\\U0001f600'", "'\xc3\xa9'",
                "\xc3\xa9\xe2\x9c\x93\xf0\x9f\x98\x80\xc3\xa9");
    assert_read("'\\x00'", "''", "\xe2\x90\x80");
}

/* Python 2 of the narrow kind, and Python 3's strings of half characters. */
static void test_halves(void **state) {
    (void)state;
    assert_read("u'\\ud83d'", "u'\\ude00'", "\xf0\x9f\x98\x80");
    assert_read("'\\ud83d'", "'x'", "\xef\xbf\xbdx");
    assert_read("'\\ud83d\\ud83d\\ude00'", NULL, "\xef\xbf\xbd\xf0\x9f\x98\x80");
    assert_read("'\\ude00'", "'\\ud83d'", "\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_what_is_no_literal(void **state) {
    (void)state;
    assert_read("", "'", "");
    assert_read("u", "u'", "");
    assert_read("abc", "'abc\"", "");
    assert_read("'\\'", "'\\x'", "\\x");
    assert_read("'\\U00110000'", "'\\uzz'", "\xef\xbf\xbduzz");
    assert_read("'\\x\\x\\x\\x\\x\\x\\x\\x\\x\\x\\x\\x'", NULL,
                "xxxxxxxxxxxx"); /* no longer than it was */
    assert_read("'\\\xc3\xa9'", NULL, "\xc3\xa9");
    assert_read("'a'b'", NULL, "a'b");
    assert_read(NULL, NULL, "");
}

static void test_rows(void **state) {
    (void)state;
    char *text = memory_copy_text("yes\na\\tb\t\\\\n\t12\n\nlast\t-3\tx"), *rest = text;
    char *row = remote_reply_row(&rest);
    assert_string_equal(remote_reply_field(&row), "yes");
    assert_string_equal(remote_reply_field(&row), "");
    row = remote_reply_row(&rest);
    assert_string_equal(remote_reply_field(&row), "a\tb");
    assert_string_equal(remote_reply_field(&row), "\\n");
    assert_int_equal(remote_reply_number(&row), 12);
    assert_int_equal(remote_reply_number(&row), 0);
    row = remote_reply_row(&rest);
    assert_string_equal(remote_reply_field(&row), "");
    row = remote_reply_row(&rest);
    assert_string_equal(remote_reply_field(&row), "last");
    assert_int_equal(remote_reply_number(&row), -3);
    assert_int_equal(remote_reply_number(&row), 0);
    assert_null(remote_reply_row(&rest));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_what_is_no_literal),
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
