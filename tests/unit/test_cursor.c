#include "cursor.h"

#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define INT0 "\0\0\0\0\0\0\0"

static struct cursor over(const char *bytes, size_t length) {
    struct cursor cursor;
    cursor_init(&cursor, bytes, length);
    return cursor;
}

/* Of a literal, without its terminator. */
#define OVER(text) over("" text, sizeof(text) - 1)

static void test_int_is_big_endian_and_signed(void **state) {
    (void)state;
    struct cursor cursor = OVER("\x01\x02\x03\x04\x05\x06\x07\x08"
                                "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"
                                "\x80\0\0\0\0\0\0\0");
    assert_int_equal(cursor_int(&cursor), 0x0102030405060708);
    assert_int_equal(cursor_int(&cursor), -2);
    assert_true(cursor_int(&cursor) == INT64_MIN);
    assert_int_equal(cursor.at, 24);
    assert_int_equal(cursor.short_by, 0);
    assert_null(cursor.bad);
}

static void test_short_is_sticky(void **state) {
    (void)state;
    struct cursor cursor = OVER("\0\0\0\0\0");
    assert_int_equal(cursor_int(&cursor), 0);
    assert_int_equal(cursor.short_by, 3);
    assert_null(cursor_tag(&cursor)); /* four bytes are there, but not for it */
    assert_int_equal(cursor_count(&cursor, 9, "count"), 0);
    assert_int_equal(cursor.short_by, 3);
    assert_int_equal(cursor.at, 0);
    assert_null(cursor.bad);
}

static void test_count_has_limits(void **state) {
    (void)state;
    struct cursor cursor = OVER(INT0 "\x09" INT0 "\x0A");
    assert_int_equal(cursor_count(&cursor, 9, "too many"), 9);
    assert_null(cursor.bad);
    assert_int_equal(cursor_count(&cursor, 9, "too many"), 0);
    assert_string_equal(cursor.bad, "too many");
    struct cursor negative = OVER("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    assert_int_equal(cursor_count(&negative, 9, "negative"), 0);
    assert_string_equal(negative.bad, "negative");
}

static void test_tag_is_four_bytes_of_the_input(void **state) {
    (void)state;
    const char *bytes = "BRKHx";
    struct cursor cursor = over(bytes, 5);
    assert_ptr_equal(cursor_tag(&cursor), bytes);
    assert_null(cursor_tag(&cursor));
    assert_int_equal(cursor.short_by, 3);
}

static void test_texts(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct cursor cursor = OVER("U" INT0 "\x03"
                                "f\xC3\xBC"
                                "A" INT0 "\x02"
                                "f\xFC"
                                "N"
                                "A" INT0 "\0"
                                "X");
    assert_string_equal(cursor_text(&cursor, &arena), "f\xC3\xBC");
    assert_string_equal(cursor_text(&cursor, &arena), "f\xC3\xBC");
    assert_null(cursor_text(&cursor, &arena));
    assert_null(cursor.bad);
    assert_string_equal(cursor_text(&cursor, &arena), "");
    assert_null(cursor_text(&cursor, &arena));
    assert_non_null(cursor.bad);
    arena_finish(&arena);
}

static void test_text_can_be_skipped(void **state) {
    (void)state;
    struct cursor cursor = OVER("U" INT0 "\x03"
                                "abcN" INT0 "\x05");
    assert_null(cursor_text(&cursor, NULL));
    assert_null(cursor_text(&cursor, NULL));
    assert_int_equal(cursor_int(&cursor), 5);
}

static void test_prefix_is_judged_before_the_length(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct cursor cursor = OVER("D");
    assert_null(cursor_text(&cursor, &arena));
    assert_non_null(cursor.bad);
    assert_int_equal(cursor.short_by, 0);
    arena_finish(&arena);
}

static void test_length_is_judged_before_anything_is_allocated(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct cursor negative = OVER("U\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    assert_null(cursor_text(&negative, &arena));
    assert_non_null(negative.bad);
    struct cursor huge = OVER("A\0\0\0\0\x04\0\0\x01"); /* the limit and one more */
    assert_null(cursor_text(&huge, &arena));
    assert_non_null(huge.bad);
    struct cursor large = OVER("A\0\0\0\0\x04\0\0\0"
                               "only this");
    assert_null(cursor_text(&large, &arena));
    assert_null(large.bad);
    assert_int_equal(large.short_by, WIRE_TEXT_LIMIT - 9);
    assert_null(arena.blocks);
}

static void test_bad_is_sticky(void **state) {
    (void)state;
    struct cursor cursor = OVER("?" INT0 "\x01");
    assert_null(cursor_text(&cursor, NULL));
    assert_int_equal(cursor_int(&cursor), 0);
    assert_null(cursor_tag(&cursor));
    assert_int_equal(cursor.at, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_int_is_big_endian_and_signed),
        cmocka_unit_test(test_short_is_sticky),
        cmocka_unit_test(test_count_has_limits),
        cmocka_unit_test(test_tag_is_four_bytes_of_the_input),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_text_can_be_skipped),
        cmocka_unit_test(test_prefix_is_judged_before_the_length),
        cmocka_unit_test(test_length_is_judged_before_anything_is_allocated),
        cmocka_unit_test(test_bad_is_sticky),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
