#include "frame.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 1000 };

struct outcome {
    int result;
    const char *body;
    size_t length, whole;
    const char *error;
};

static struct outcome look(const struct buf *in) {
    struct outcome seen = {0};
    seen.result = frame_next(in, LIMIT, &seen.body, &seen.length, &seen.whole, &seen.error);
    return seen;
}

/* Feeds the text at once and byte by byte; both must end in `result`. A broken one may be found out
 * early. */
static void check_result(const char *text, int result) {
    struct buf in;
    buf_init(&in, 1 << 20);
    buf_append_text(&in, text);
    struct outcome seen = look(&in);
    if (seen.result != result)
        fail_msg("%d for: %s", seen.result, text);
    assert_true((result == -1) == (seen.error != NULL));
    buf_clear(&in);
    seen.result = 0;
    for (size_t i = 0; text[i] && seen.result == 0; i++) {
        buf_append(&in, text + i, 1);
        seen = look(&in);
        assert_true(seen.result != 0 || seen.whole > in.length);
    }
    assert_int_equal(seen.result, result);
    buf_finish(&in);
}

static void good_heads(void **state) {
    (void)state;
    check_result("Content-Length: 2\r\n\r\n{}", 1);
    check_result("content-length:2\r\n\r\n{}", 1);
    check_result("CONTENT-LENGTH: \t 2 \t\r\n\r\n{}", 1);
    check_result("Content-Type: text; a=b\r\nContent-Length: 2\r\n\r\n{}", 1);
    check_result("Content-Length: 000000002\r\nContent-Type: x\r\n\r\n{}", 1);
    check_result("Content-Length: 0\r\n\r\n", 1);
    check_result("Content-Length: 3\r\n\r\n{}", 0);
    check_result("Content-Length: 2\r\n\r", 0);
}

static void broken_heads(void **state) {
    (void)state;
    check_result("Content-Length: +2\r\n\r\n{}", -1);
    check_result("Content-Length: -2\r\n\r\n{}", -1);
    check_result("Content-Length: 2a\r\n\r\n{}", -1);
    check_result("Content-Length: 0x2\r\n\r\n{}", -1);
    check_result("Content-Length: 1 2\r\n\r\n{}", -1);
    check_result("Content-Length:\r\n\r\n{}", -1);
    check_result("Content-Length: 0000000002\r\n\r\n{}", -1);
    check_result("Content-Length: 1001\r\n\r\n", -1);
    check_result("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", -1);
    check_result("Content-Type: x\r\n\r\n{}", -1);
    check_result("\r\n{}", -1);
    check_result("Host: x\r\nContent-Length: 2\r\n\r\n{}", -1);
    check_result("Content-Length: 2\r\nHost: x\r\n\r\n{}", -1);
    check_result("Content-Length 2\r\n\r\n{}", -1);
    check_result("Content-Length : 2\r\n\r\n{}", -1);
}

/* What is no header at all is refused by its first bytes. */
static void strangers(void **state) {
    (void)state;
    check_result("GET", -1);
    check_result("\x16\x03\x01", -1);
    check_result("{", -1);
    check_result("\n", -1);
    check_result("\rX", -1);
    check_result("Cookie", -1);
    check_result("Content-T", 0);
}

static void limits(void **state) {
    (void)state;
    check_result(
        "Content-Type: 1\r\nContent-Type: 2\r\nContent-Type: 3\r\nContent-Type: 4\r\n"
        "Content-Type: 5\r\nContent-Type: 6\r\nContent-Type: 7\r\nContent-Length: 1\r\n\r\nx",
        1);
    check_result("Content-Type: 1\r\nContent-Type: 2\r\nContent-Type: 3\r\nContent-Type: 4\r\n"
                 "Content-Type: 5\r\nContent-Type: 6\r\nContent-Type: 7\r\nContent-Type: 8\r\n"
                 "Content-Length: 1\r\n\r\nx",
                 -1);
    char *blanks = memory_format("Content-Length:%*s\r\n\r\n{}", FRAME_HEAD_LIMIT - 19, "2");
    check_result(blanks, 1);
    free(blanks);
    blanks = memory_format("Content-Length:%*s\r\n\r\n{}", FRAME_HEAD_LIMIT - 18, "2");
    check_result(blanks, -1);
    free(blanks);
    check_result("Content-Length: 1000\r\n\r\n", 0);
}

static void bodies(void **state) {
    (void)state;
    struct buf in;
    buf_init(&in, 1 << 20);
    assert_int_equal(look(&in).result, 0);
    assert_int_equal(frame_append(&in, "{\"a\":1}", 7), 0);
    assert_int_equal(frame_append(&in, "[]", 2), 0);
    assert_memory_equal(in.bytes, "Content-Length: 7\r\n\r\n{\"a\":1}Content-Length: 2\r\n\r\n[]",
                        in.length);
    struct outcome seen = look(&in);
    assert_int_equal(seen.result, 1);
    assert_int_equal(seen.length, 7);
    assert_memory_equal(seen.body, "{\"a\":1}", 7);
    buf_consume(&in, seen.whole);
    seen = look(&in);
    assert_int_equal(seen.length, 2);
    assert_memory_equal(seen.body, "[]", 2);
    buf_consume(&in, seen.whole);
    assert_int_equal(in.length, 0);
    buf_finish(&in);
}

/* While the body is missing, `whole` says how long the message will be. */
static void needed(void **state) {
    (void)state;
    struct buf in;
    buf_init(&in, 1 << 20);
    buf_append_text(&in, "Content-Length: 500\r\n\r\n{");
    struct outcome seen = look(&in);
    assert_int_equal(seen.result, 0);
    assert_int_equal(seen.whole, 23 + 500);
    buf_finish(&in);
}

/* Head and body, or nothing. */
static void full(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 24);
    assert_int_equal(frame_append(&out, "1234", 4), -1);
    assert_int_equal(frame_append(&out, "12345678901234567890", 20), -1);
    assert_int_equal(frame_append(&out, "", SIZE_MAX), -1);
    assert_int_equal(out.length, 0);
    assert_int_equal(frame_append(&out, "123", 3), 0);
    assert_int_equal(frame_append(&out, "", 0), -1);
    assert_int_equal(out.length, 24);
    buf_finish(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_heads), cmocka_unit_test(broken_heads), cmocka_unit_test(strangers),
        cmocka_unit_test(limits),     cmocka_unit_test(bodies),       cmocka_unit_test(needed),
        cmocka_unit_test(full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
