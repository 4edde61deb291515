#include "utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of a literal, without its terminator. */
#define VALID(text) utf8_valid("" text, sizeof(text) - 1)

static void test_accepts_all_lengths_up_to_their_bounds(void **state) {
    (void)state;
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid(NULL, 0));
    assert_true(VALID("plain\x7F\0ascii"));
    assert_true(VALID("\xC2\x80\xDF\xBF"));
    assert_true(VALID("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"));
    assert_true(VALID("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

static void test_refuses_what_is_no_utf8(void **state) {
    (void)state;
    assert_false(VALID("\x80")); /* continuation alone */
    assert_false(VALID("a\xBFz"));
    assert_false(VALID("\xC0\x80\xC1\xBF")); /* overlong */
    assert_false(VALID("\xC1\xBF"));
    assert_false(VALID("\xE0\x9F\xBF"));
    assert_false(VALID("\xF0\x8F\xBF\xBF"));
    assert_false(VALID("\xED\xA0\x80")); /* surrogates */
    assert_false(VALID("\xED\xBF\xBF"));
    assert_false(VALID("\xF4\x90\x80\x80")); /* above U+10FFFF */
    assert_false(VALID("\xF5\x80\x80\x80"));
    assert_false(VALID("\xFF"));
    assert_false(VALID("\xC3\x28")); /* no continuation */
    assert_false(VALID("\xE2\x82\x28"));
    assert_false(VALID("\xF0\x9F\x98\x28"));
    assert_false(VALID("\xC3")); /* cut */
    assert_false(VALID("\xE2\x82"));
    assert_false(VALID("\xF0\x9F\x98"));
}

static void expect(const char *bytes, size_t length, const char *text) {
    struct arena arena;
    arena_init(&arena);
    assert_string_equal(utf8_from_bytes(&arena, bytes, length), text);
    arena_finish(&arena);
}

static void test_keeps_valid_text(void **state) {
    (void)state;
    expect("", 0, "");
    expect("gr\xC3\xBC\xC3\x9F", 6, "gr\xC3\xBC\xC3\x9F");
}

static void test_reads_anything_else_as_latin1(void **state) {
    (void)state;
    expect("gr\xFC\xDF", 4, "gr\xC3\xBC\xC3\x9F");
    expect("\x80\xBF\xC0\xFF", 4, "\xC2\x80\xC2\xBF\xC3\x80\xC3\xBF");
}

static void test_shows_nul(void **state) {
    (void)state;
    expect("a\0b", 3,
           "a\xE2\x90\x80"
           "b");
    expect("\0\xFF", 2, "\xE2\x90\x80\xC3\xBF");
    expect("\0\xC3\xBC", 3, "\xE2\x90\x80\xC3\xBC");
}

/* Every string of up to three of these bytes becomes valid. */
static void test_result_is_always_valid(void **state) {
    (void)state;
    static const unsigned char bytes[] = {0, 'a', 0x7F, 0x80, 0xA0, 0xBF, 0xC2, 0xE0, 0xED, 0xF4};
    enum { COUNT = sizeof bytes };
    for (size_t i = 0; i < COUNT * COUNT * COUNT; i++) {
        char text[] = {(char)bytes[i % COUNT], (char)bytes[i / COUNT % COUNT],
                       (char)bytes[i / COUNT / COUNT]};
        struct arena arena;
        arena_init(&arena);
        const char *result = utf8_from_bytes(&arena, text, sizeof text);
        assert_true(utf8_valid(result, strlen(result)));
        assert_true(strlen(result) >= sizeof text);
        arena_finish(&arena);
    }
}

static void test_shows_controls(void **state) {
    (void)state;
    char *shown = utf8_show_controls("a\x1b[2J\x07\x7f\xc2\x9b\xc2\xa0\xc3\x9b\t\n\r");
    assert_string_equal(shown, "a\\x1b[2J\\x07\\x7f\\x9b\xc2\xa0\xc3\x9b\t\n\\x0d");
    free(shown);
    shown = utf8_show_controls("");
    assert_string_equal(shown, "");
    free(shown);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts_all_lengths_up_to_their_bounds),
        cmocka_unit_test(test_refuses_what_is_no_utf8),
        cmocka_unit_test(test_keeps_valid_text),
        cmocka_unit_test(test_reads_anything_else_as_latin1),
        cmocka_unit_test(test_shows_nul),
        cmocka_unit_test(test_result_is_always_valid),
        cmocka_unit_test(test_shows_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
