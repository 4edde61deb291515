#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LARGE = 3 * 1024 * 1024 };

static void check_holds(const struct buf *buf, const char *text) {
    assert_int_equal(buf->length, strlen(text));
    assert_memory_equal(buf->bytes, text, strlen(text));
}

static void begins_empty(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 10);
    assert_null(buf.bytes);
    assert_int_equal(buf.length, 0);
    assert_int_equal(buf.limit, 10);
    buf_consume(&buf, 3);
    buf_clear(&buf);
    assert_null(buf.bytes);
    buf_finish(&buf);
}

static void appends_and_consumes(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    assert_int_equal(buf_append(&buf, "abc\0d", 5), 0);
    assert_int_equal(buf_append_text(&buf, "efg"), 0);
    assert_int_equal(buf.length, 8);
    assert_memory_equal(buf.bytes, "abc\0defg", 8);
    buf_consume(&buf, 4);
    check_holds(&buf, "defg");
    buf_consume(&buf, 0);
    check_holds(&buf, "defg");
    buf_append_text(&buf, "h");
    check_holds(&buf, "defgh");
    buf_finish(&buf);
}

static void consumes_at_most_all(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    buf_append_text(&buf, "abc");
    buf_consume(&buf, 3);
    assert_int_equal(buf.length, 0);
    buf_append_text(&buf, "de");
    check_holds(&buf, "de");
    buf_consume(&buf, 1);
    buf_consume(&buf, SIZE_MAX);
    assert_int_equal(buf.length, 0);
    assert_ptr_equal(buf.bytes, buf.memory);
    buf_append_text(&buf, "f");
    check_holds(&buf, "f");
    buf_finish(&buf);
}

static void refuses_more_than_the_limit(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 5);
    assert_int_equal(buf_append_text(&buf, "abcdef"), -1);
    assert_int_equal(buf.length, 0);
    assert_int_equal(buf_append_text(&buf, "abc"), 0);
    assert_int_equal(buf_append_text(&buf, "def"), -1);
    assert_int_equal(buf_append(&buf, "x", SIZE_MAX), -1);
    assert_int_equal(buf_append(&buf, "x", SIZE_MAX - 1), -1);
    check_holds(&buf, "abc");
    assert_int_equal(buf_append_text(&buf, "de"), 0);
    assert_int_equal(buf_append_text(&buf, ""), 0);
    assert_int_equal(buf_append_text(&buf, "f"), -1);
    buf_consume(&buf, 1);
    assert_int_equal(buf_append_text(&buf, "f"), 0);
    check_holds(&buf, "bcdef");
    buf_finish(&buf);
}

static void a_limit_of_nothing_takes_nothing(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 0);
    assert_int_equal(buf_append(&buf, NULL, 0), 0);
    assert_int_equal(buf_append(&buf, "a", 1), -1);
    assert_null(buf.bytes);
    buf_finish(&buf);
}

static void finish_leaves_a_usable_buffer(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 3);
    buf_append_text(&buf, "abc");
    buf_finish(&buf);
    assert_null(buf.bytes);
    assert_int_equal(buf.length, 0);
    assert_int_equal(buf.limit, 3);
    assert_int_equal(buf_append_text(&buf, "abcd"), -1);
    assert_int_equal(buf_append_text(&buf, "abc"), 0);
    buf_finish(&buf);
}

static void memory_of_a_large_buffer_is_given_back(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, LARGE);
    char *zeros = calloc(1, LARGE);
    assert_int_equal(buf_append(&buf, zeros, LARGE), 0);
    buf_consume(&buf, LARGE - 1);
    assert_non_null(buf.memory);
    buf_consume(&buf, 1);
    assert_null(buf.memory);
    assert_null(buf.bytes);
    assert_int_equal(buf.limit, LARGE);
    buf_append(&buf, zeros, 100);
    buf_consume(&buf, 100);
    assert_non_null(buf.memory);
    free(zeros);
    buf_finish(&buf);
}

/* The stream 0, 1, 2 … 250, 0 … goes through the buffer in pieces of any size. */
static unsigned char stream_byte(size_t position) {
    return (unsigned char)(position % 251);
}

static size_t append_stream(struct buf *buf, size_t from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = stream_byte(from + i);
        if (buf_append(buf, &byte, 1) < 0)
            return i;
    }
    return count;
}

static void keeps_the_order_of_a_long_stream(void **state) {
    (void)state;
    enum { ROUNDS = 3000, BUF_LIMIT = 40000 };
    struct buf buf;
    buf_init(&buf, BUF_LIMIT);
    unsigned random = 7;
    size_t written = 0, consumed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        random = random * 1103515245 + 12345;
        written += append_stream(&buf, written, random >> 16 & 1023);
        assert_int_equal(buf.length, written - consumed);
        for (size_t i = 0; i < buf.length; i += 97)
            assert_int_equal((unsigned char)buf.bytes[i], stream_byte(consumed + i));
        random = random * 1103515245 + 12345;
        size_t count = random >> 16 & 1023;
        count = count < buf.length ? count : buf.length;
        buf_consume(&buf, count);
        consumed += count;
    }
    buf_finish(&buf);
}

/* A nearly full buffer that takes one byte for each that leaves must not copy all for each. */
static void seldom_moves_its_bytes(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 1 << 20);
    append_stream(&buf, 0, 4095);
    int moves = 0;
    for (size_t i = 0; i < 10000; i++) {
        const char *before = buf.bytes;
        append_stream(&buf, 4095 + i, 1);
        moves += buf.bytes != before;
        buf_consume(&buf, 1);
    }
    assert_in_range(moves, 0, 10);
    assert_int_equal((unsigned char)buf.bytes[0], stream_byte(10000));
    assert_in_range(buf.room, 4096, 16384);
    buf_finish(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_empty),
        cmocka_unit_test(appends_and_consumes),
        cmocka_unit_test(consumes_at_most_all),
        cmocka_unit_test(refuses_more_than_the_limit),
        cmocka_unit_test(a_limit_of_nothing_takes_nothing),
        cmocka_unit_test(finish_leaves_a_usable_buffer),
        cmocka_unit_test(memory_of_a_large_buffer_is_given_back),
        cmocka_unit_test(keeps_the_order_of_a_long_stream),
        cmocka_unit_test(seldom_moves_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
