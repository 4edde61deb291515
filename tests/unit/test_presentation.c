#include "presentation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_kinds(void **state) {
    (void)state;
    static const struct {
        const char *name, *type;
        enum presentation_kind kind;
    } cases[] = {{"__init__", "method", PRESENTATION_SPECIAL},
                 {"__own", "int", PRESENTATION_PROTECTED},
                 {"_", NULL, PRESENTATION_PROTECTED},
                 {"____", "int", PRESENTATION_PROTECTED},
                 {"f", "instancemethod", PRESENTATION_FUNCTION},
                 {"C", "classobj", PRESENTATION_CLASS},
                 {"x_", "int", PRESENTATION_PLAIN},
                 {"", NULL, PRESENTATION_PLAIN},
                 {NULL, NULL, PRESENTATION_PLAIN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(presentation_kind(cases[i].name, cases[i].type), cases[i].kind);
}

static void check_cut(int64_t longest, const char *text, const char *wanted) {
    struct presentation presentation = {.longest = longest};
    char *cut = presentation_cut(&presentation, text);
    if (wanted)
        assert_string_equal(cut, wanted);
    else
        assert_null(cut);
    free(cut);
}

/* Characters, not bytes. */
static void test_cut(void **state) {
    (void)state;
    check_cut(0, "abc", NULL);
    check_cut(3, "abc", NULL);
    check_cut(2, "abc", "ab...");
    check_cut(1, "\xc3\xa4\xe2\x82\xac", "\xc3\xa4...");
    check_cut(2, "\xc3\xa4\xe2\x82\xac", NULL);
    check_cut(1, "", NULL);
}

/* What the user has not spoken of stays as it is. */
static void test_usual(void **state) {
    (void)state;
    struct presentation presentation = {0};
    cJSON *groups[PRESENTATION_KINDS],
        *all = cJSON_Parse("[{\"name\": \"_x\"}, {\"name\": \"f\", \"type\": \"function\"}]");
    presentation_sort(&presentation, all, groups);
    assert_int_equal(cJSON_GetArraySize(all), 2);
    for (size_t kind = 0; kind < PRESENTATION_KINDS; kind++)
        assert_null(groups[kind]);
    assert_false(presentation_wants(&presentation, PRESENTATION_SPECIAL));
    cJSON_Delete(all);
}

/* An item is none of them, whatever its container's key looks like. */
static void test_items(void **state) {
    (void)state;
    struct presentation presentation = {.ways = {[PRESENTATION_FUNCTION] = PRESENTATION_HIDE,
                                                 [PRESENTATION_PROTECTED] = PRESENTATION_GROUP}};
    cJSON *groups[PRESENTATION_KINDS],
        *all = cJSON_Parse("[{\"name\": \"[0]\", \"type\": \"function\"}, {\"name\": \"_x\"},"
                           " {\"name\": \"f\", \"type\": \"function\"}]");
    presentation_sort(&presentation, all, groups);
    assert_int_equal(cJSON_GetArraySize(all), 1);
    assert_int_equal(cJSON_GetArraySize(groups[PRESENTATION_PROTECTED]), 1);
    cJSON_Delete(groups[PRESENTATION_PROTECTED]);
    cJSON_Delete(all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_usual),
        cmocka_unit_test(test_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
