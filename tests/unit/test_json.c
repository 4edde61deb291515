#include "json.h"

#include "buf.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static cJSON *parse(const char *text) {
    /* A copy of the exact size, so that the address sanitizer sees every look beyond its end. */
    size_t length = strlen(text);
    char *exact = memory_resize(NULL, length, 1);
    memcpy(exact, text, length);
    cJSON *document = json_parse(exact, length);
    free(exact);
    return document;
}

/* The document's string must be `wanted`. */
static void check_string(const char *text, const char *wanted) {
    cJSON *document = parse(text);
    assert_true(cJSON_IsString(document));
    assert_string_equal(document->valuestring, wanted);
    cJSON_Delete(document);
}

static void check_refused(const char *text) {
    cJSON *document = parse(text);
    if (document)
        fail_msg("accepted: %s", text);
}

static void check_accepted(const char *text) {
    cJSON *document = parse(text);
    if (!document)
        fail_msg("refused: %s", text);
    cJSON_Delete(document);
}

static void surrogates(void **state) {
    (void)state;
    check_string("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80");
    check_string("\"\\uD83D\\uDE00x\"", "\xf0\x9f\x98\x80x");
    check_string("\"a\\ud800b\"", "a\xef\xbf\xbd"
                                  "b");
    check_string("\"\\udc00\"", "\xef\xbf\xbd");
    check_string("\"\\ud800\"", "\xef\xbf\xbd");
    check_string("\"\\ud800\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80");
    check_string("\"\\ud800\\u0041\"", "\xef\xbf\xbd"
                                       "A");
    check_string("\"\\ud800\\n\"", "\xef\xbf\xbd\n");
    check_string("\"\\\\ud800\"", "\\ud800"); /* an escaped backslash, no escape */
}

static void nul(void **state) {
    (void)state;
    check_string("\"a\\u0000b\"", "a\xe2\x90\x80"
                                  "b");
    check_string("\"\\\\u0000\"", "\\u0000");
    cJSON *document = json_parse("\"a\0b\"", 5);
    assert_string_equal(document->valuestring, "a\xe2\x90\x80"
                                               "b");
    cJSON_Delete(document);
    assert_null(json_parse("[1,\0 2]", 7));
}

static void bad_bytes(void **state) {
    (void)state;
    check_string("\"gr\xc3\xbc\xc3\x9f\"", "gr\xc3\xbc\xc3\x9f");
    check_string("\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80");
    check_string("\"\xfcx\"", "\xef\xbf\xbdx");
    check_string("\"\xc3\"", "\xef\xbf\xbd");
    check_string("\"\xc0\x80\"", "\xef\xbf\xbd\xef\xbf\xbd");
    check_string("\"\xe0\x80\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check_string("\"\xed\xa0\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check_string("\"\xf4\x90\x80\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check_string("\"\xf5\x80\x80\x80\"", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    check_refused("[1\xff]");
    check_refused("\\\xff\\\xff\\\xff\\\xff[1]");
}

/* Keys are mended too, and what is beside the mended piece stays. */
static void mended_keys(void **state) {
    (void)state;
    cJSON *document = parse("{\"k\\ud800\": {\"\xff\": \"\\u0000\\\"\\u00e9\"}, \"n\": 7}");
    const cJSON *inner = json_object(document, "k\xef\xbf\xbd");
    assert_string_equal(json_text(inner, "\xef\xbf\xbd"), "\xe2\x90\x80\"\xc3\xa9");
    assert_int_equal(json_int(document, "n", 0), 7);
    cJSON_Delete(document);
}

static void whole_documents(void **state) {
    (void)state;
    check_accepted("{}");
    check_accepted(" {\"a\": [1, 2.5, -3e2, true, false, null]} \r\n\t ");
    check_accepted("17");
    check_refused("");
    check_refused("  ");
    check_refused("{} {}");
    check_refused("{}x");
    check_refused("17 18");
    check_refused("{\"a\":1,");
    check_refused("{\"1\":1,}");
    check_refused("[1,]");
    check_refused("{\"a\"");
    check_refused("\"abc");
    check_refused("\"abc\\");
    check_refused("\"abc\\u12");
    check_refused("\"\\u12g4\"");
    check_refused("\"\\uzzzz\"");
    check_refused("\"\\q\"");
    check_refused("]");
    check_refused("[}");
    check_refused("nul");
}

static char *nested(int depth) {
    char *text = memory_new((size_t)depth * 2 + 1);
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    return text;
}

static void depth(void **state) {
    (void)state;
    char *deepest = nested(128), *too_deep = nested(129), *far_too_deep = nested(1000000);
    check_accepted(deepest);
    check_refused(too_deep);
    check_refused(far_too_deep);
    free(deepest);
    free(too_deep);
    free(far_too_deep);
    char *brackets = memory_format("\"%0*d[[{{]\"", 3, 0); /* those in a string do not count */
    check_string(brackets, "000[[{{]");
    free(brackets);
}

static void check_print(const char *string, const char *wanted) {
    cJSON *value = cJSON_CreateString(string);
    char *text = json_print(value);
    assert_string_equal(text, wanted);
    free(text);
    cJSON_Delete(value);
}

static void printing(void **state) {
    (void)state;
    check_print("plain", "\"plain\"");
    check_print("gr\xc3\xbc\xc3\x9f", "\"gr\\u00fc\\u00df\"");
    check_print("\xe2\x82\xac", "\"\\u20ac\"");
    check_print("\xf0\x9f\x98\x80", "\"\\ud83d\\ude00\"");
    check_print("\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"");
    check_print("\xff!", "\"\\ufffd!\"");
    check_print("\x7f\n\x01\\\"/", "\"\\u007f\\n\\u0001\\\\\\\"/\"");
}

static void printed_controls(void **state) {
    (void)state;
    cJSON *value = cJSON_CreateString("\x1b[2J\x07\x7f\xc2\x9b\xc2\xa0\t\n\r");
    char *shown = json_print_shown(value), *raw = json_print(value);
    assert_string_equal(shown, "\"\\\\x1b[2J\\\\x07\\\\x7f\\\\x9b\\u00a0\\u0009\\n\\\\x0d\"");
    assert_string_equal(raw, "\"\\u001b[2J\\u0007\\u007f\\u009b\\u00a0\\u0009\\n\\u000d\"");
    free(shown);
    free(raw);
    cJSON_Delete(value);
}

/* `count` times `one` in an array. */
static bool parses_many(const char *one, size_t count) {
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_append_text(&text, "[");
    for (size_t i = 0; i < count; i++) {
        buf_append_text(&text, i ? "," : "");
        buf_append_text(&text, one);
    }
    buf_append_text(&text, "]");
    cJSON *document = json_parse(text.bytes, text.length);
    buf_finish(&text);
    cJSON_Delete(document);
    return document != NULL;
}

/* A value of two bytes costs 80; a text needs memory of its own besides. */
static void too_many_values(void **state) {
    (void)state;
    assert_true(parses_many("1", 1000000));
    assert_false(parses_many("1", 3400000));
    assert_false(parses_many("[]", 1700000));
    assert_false(parses_many("{\"\":\"\"}", 1200000));
    assert_true(parses_many("\",[{,[{,[{,[{,[{,[{,[{,[{,[{,[{,[{,[{,[{\"", 100000));
}

static void numbers(void **state) {
    (void)state;
    cJSON *document =
        parse("{\"thread\": 9007199254740992, \"low\": 140352984823552, \"half\": 2.5,"
              " \"huge\": 1e300, \"text\": \"5\", \"less\": -9007199254740992}");
    assert_true(json_int(document, "thread", 0) == INT64_C(9007199254740992));
    assert_true(json_int(document, "less", 0) == -INT64_C(9007199254740992));
    assert_true(json_int(document, "low", 0) == INT64_C(140352984823552));
    assert_int_equal(json_int(document, "half", -1), -1);
    assert_int_equal(json_int(document, "huge", -1), -1);
    assert_int_equal(json_int(document, "text", -1), -1);
    assert_int_equal(json_int(document, "none", -1), -1);
    cJSON_Delete(document);
}

/* Parses and prints; both texts must be the same. */
static void check_same(const char *text) {
    cJSON *document = parse(text);
    char *printed = json_print(document);
    assert_string_equal(printed, text);
    free(printed);
    cJSON_Delete(document);
}

static void printed_documents(void **state) {
    (void)state;
    check_same("{}");
    check_same("[]");
    check_same("[9007199254740992,-9007199254740992,9007199254740991,0,-1,100000000000000000]");
    check_same("[2.5,-0.125,1.0000000000000001e+300]");
    check_same("{\"a\":[1,[2,{\"b\":null}],true,false],\"c d\":\"\",\"\\u00fc\\\"\":{}}");
    cJSON *infinite = cJSON_CreateNumber(1e308 * 10);
    char *text = json_print(infinite);
    assert_string_equal(text, "null");
    free(text);
    cJSON_Delete(infinite);
}

static void getters(void **state) {
    (void)state;
    cJSON *document =
        parse("{\"t\": \"x\", \"b\": true, \"f\": false, \"o\": {}, \"a\": [], \"z\": null}");
    assert_string_equal(json_text(document, "t"), "x");
    assert_null(json_text(document, "T"));
    assert_null(json_text(document, "b"));
    assert_true(json_bool(document, "b", false));
    assert_false(json_bool(document, "f", true));
    assert_true(json_bool(document, "z", true));
    assert_non_null(json_object(document, "o"));
    assert_null(json_object(document, "a"));
    assert_non_null(json_array(document, "a"));
    assert_null(json_array(document, "o"));
    assert_null(json_text(NULL, "t"));
    assert_int_equal(json_int(NULL, "t", 5), 5);
    assert_true(json_bool(NULL, "t", true));
    assert_null(json_object(NULL, "o"));
    assert_null(json_array(NULL, "a"));
    cJSON_Delete(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surrogates),
        cmocka_unit_test(nul),
        cmocka_unit_test(bad_bytes),
        cmocka_unit_test(mended_keys),
        cmocka_unit_test(depth),
        cmocka_unit_test(whole_documents),
        cmocka_unit_test(printing),
        cmocka_unit_test(numbers),
        cmocka_unit_test(getters),
        cmocka_unit_test(printed_documents),
        cmocka_unit_test(printed_controls),
        cmocka_unit_test(too_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
