#include "literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_text(const char *text, const char *literal) {
    char *made = literal_text(text);
    assert_string_equal(made, literal);
    free(made);
}

static void expect_native(const char *text, const char *literal) {
    char *made = literal_native(text);
    assert_string_equal(made, literal);
    free(made);
}

static void test_plain_text(void **state) {
    (void)state;
    expect_text("", "u''");
    expect_text("abc {0} %s #", "u'abc {0} %s #'");
    expect_native("", "''");
    expect_native("a.b_c", "'a.b_c'");
}

static void test_quotes_and_backslashes(void **state) {
    (void)state;
    expect_text("'", "u'\\''");
    expect_text("\"", "u'\"'");
    expect_text("C:\\new", "u'C:\\\\new'");
    expect_text("\\", "u'\\\\'");
    expect_text("\\'", "u'\\\\\\''");
    expect_native("\\N{BULLET}\\u0041", "'\\\\N{BULLET}\\\\u0041'");
}

static void test_control_characters(void **state) {
    (void)state;
    expect_text("a\nb\r\tc\x01\x1F\x7F", "u'a\\x0ab\\x0d\\x09c\\x01\\x1f\\x7f'");
    expect_native("a\n", "'a\\x0a'");
}

static void test_characters_of_every_length(void **state) {
    (void)state;
    expect_text("gr\xC3\xBC\xC3\x9F", "u'gr\\xfc\\xdf'");
    expect_text("\xC2\x80\xC4\x80", "u'\\x80\\u0100'");
    expect_text("\xE2\x80\xA8\xEF\xBF\xBF", "u'\\u2028\\uffff'");
    expect_text("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", "u'\\U00010000\\U0010FFFF'");
    expect_text("\xE0\xA0\x80\xDF\xBF", "u'\\u0800\\u07ff'");
}

/* A character is not joined with the digits behind it. */
static void test_digits_behind_an_escape(void **state) {
    (void)state;
    expect_text("\x01"
                "23",
                "u'\\x0123'");
    expect_text("\xC4\x80"
                "ff",
                "u'\\u0100ff'");
}

static void test_native_text_that_is_not_ascii(void **state) {
    (void)state;
    expect_native("\xC3\xA9'",
                  "(u'\\xe9\\'' if ''.__class__ is u''.__class__ else b'\\xc3\\xa9\\'')");
}

/* Callers pass valid UTF-8; whatever else comes stays inside the quotes, and inside the memory. */
static void test_broken_utf8(void **state) {
    (void)state;
    expect_text("\x80\xFF", "u'\\x80\\xff'");
    expect_text("\xC3", "u'\\xc3'");
    expect_text("\xC3'", "u'\\xc3\\''");
    expect_text("\xE2\x82", "u'\\xe2\\x82'");
    expect_text("\xF0\x9F\x98'", "u'\\xf0\\x9f\\x98\\''");
    expect_text("\xF4\x90\x80\x80", "u'\\xf4\\x90\\x80\\x80'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_quotes_and_backslashes),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_characters_of_every_length),
        cmocka_unit_test(test_digits_behind_an_escape),
        cmocka_unit_test(test_native_text_that_is_not_ascii),
        cmocka_unit_test(test_broken_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
