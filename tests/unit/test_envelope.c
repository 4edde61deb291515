#include "envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *renumbered(const char *text, int64_t seq, int64_t request_seq) {
    struct buf out;
    buf_init(&out, 1 << 20);
    char *copy = NULL;
    /* of its own size, so that the sanitizer sees who reads on */
    char *exact = malloc(strlen(text) + !*text);
    memcpy(exact, text, strlen(text));
    if (envelope_renumber(&out, exact, strlen(text), seq, request_seq) == 0)
        copy = strndup(out.bytes, out.length);
    free(exact);
    buf_finish(&out);
    return copy;
}

static void expect(const char *text, int64_t request_seq, const char *wanted) {
    char *got = renumbered(text, 7, request_seq);
    assert_string_equal(got, wanted);
    free(got);
}

static void test_reads(void **state) {
    (void)state;
    static const char text[] =
        " { \"body\" : {\"a\":[1,{\"seq\":5}],\"b\":\"}\\\"\"} ,\"seq\":12,\n"
        "\"type\":\"response\",\"success\":true, \"command\":\"next\","
        "\"request_seq\":3,\"message\":\"\" } ";
    struct envelope envelope;
    assert_int_equal(envelope_read(&envelope, text, strlen(text)), 0);
    assert_int_equal(envelope.type, ENVELOPE_RESPONSE);
    assert_int_equal(envelope.seq, 12);
    assert_int_equal(envelope.request_seq, 3);
    assert_true(envelope.success);
    assert_string_equal(envelope.name, "next");
    assert_true(span_is(envelope.body, "{\"a\":[1,{\"seq\":5}],\"b\":\"}\\\"\"}"));
    assert_int_equal(span_int(members_find(envelope.body.at, envelope.body.length, "a"), -1), -1);
}

static void test_odd_names(void **state) {
    (void)state;
    struct envelope envelope;
    static const char escaped[] = "{\"event\":\"a\\u0041\",\"type\":\"event\"}";
    static const char of_no_text[] = "{\"event\":5,\"type\":7,\"seq\":-1}";
    assert_int_equal(envelope_read(&envelope, escaped, strlen(escaped)), 0);
    assert_string_equal(envelope.name, "");
    assert_int_equal(envelope_read(&envelope, of_no_text, strlen(of_no_text)), 0);
    assert_int_equal(envelope.type, ENVELOPE_OTHER);
    assert_int_equal(envelope.seq, -1);
}

static void test_renumbers(void **state) {
    (void)state;
    expect("{\"seq\":1,\"a\":123456789012345678901234567890,\"b\":-1.50E+3}", -1,
           "{\"seq\": 7, \"a\":123456789012345678901234567890, \"b\":-1.50E+3}");
    expect("{\"request_seq\":1,\"type\":\"response\"}", 9,
           "{\"seq\": 7, \"request_seq\": 9, \"type\":\"response\"}");
    expect("{\"request_seq\":1,\"seq\":1}", -1, "{\"seq\": 7, \"request_seq\":1}");
    expect("{}", -1, "{\"seq\": 7}");
    expect("{\"body\":null,\"x\":{\"body\":null}}", -1, "{\"seq\": 7, \"x\":{\"body\":null}}");
}

static void test_text_becomes_ascii(void **state) {
    (void)state;
    expect("{\"a\":\"\xe2\x82\xac \xf0\x9f\x98\x80 \\u20ac\"}", -1,
           "{\"seq\": 7, \"a\":\"\\u20ac \\ud83d\\ude00 \\u20ac\"}");
    expect("{\"a\":\"\xff \xe2\x82 \xc0\x80 \xed\xa0\x80\"}", -1,
           "{\"seq\": 7, \"a\":\"\\ufffd \\ufffd\\ufffd \\ufffd\\ufffd \\ufffd\\ufffd\\ufffd\"}");
}

static void test_malformed(void **state) {
    (void)state;
    static const char *const broken[] = {
        "",           "[]",         "{",          "{\"a\"",         "{\"a\":", "{\"a\":}",
        "{\"a\":1",   "{\"a\":[1}", "{\"a\":\"x", "{\"a\":\"\\",    "{a:1}",   "{\"a\":1 \"b\":2}",
        "{\"a\":1,}", "null",       "{\"a\" 1}",  "{\"a\":{\"b\":1"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_null(renumbered(broken[i], 1, -1));
}

static void test_deep(void **state) {
    (void)state;
    char text[500] = "{\"a\":";
    memset(text + 5, '[', 200);
    memset(text + 205, ']', 200 - 6);
    strcat(text, "}");
    assert_null(renumbered(text, 1, -1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),     cmocka_unit_test(test_odd_names),
        cmocka_unit_test(test_renumbers), cmocka_unit_test(test_text_becomes_ascii),
        cmocka_unit_test(test_malformed), cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
