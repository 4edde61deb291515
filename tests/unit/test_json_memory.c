#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "json_memory.h"

#include <stdlib.h>
#include <string.h>

static void pieces_do_not_overlap(void **state) {
    (void)state;
    enum { PIECES = 20000 }; /* more than the block holds */
    unsigned char **pieces = calloc(PIECES, sizeof *pieces);
    for (int i = 0; i < PIECES; i++) {
        size_t size = (size_t)(i % 64) + 1;
        pieces[i] = json_memory_new(size);
        assert_int_equal((uintptr_t)pieces[i] % sizeof(void *), 0);
        memset(pieces[i], i & 0xff, size);
    }
    for (int i = 0; i < PIECES; i++) {
        assert_int_equal(pieces[i][0], i & 0xff);
        assert_int_equal(pieces[i][i % 64], i & 0xff);
        json_memory_free(pieces[i]);
    }
    free(pieces);
}

static void starts_anew_when_all_is_given_back(void **state) {
    (void)state;
    char *first = json_memory_new(100);
    char *second = json_memory_new(100);
    json_memory_free(first);
    char *third = json_memory_new(100);
    assert_ptr_not_equal(third, second);
    json_memory_free(second);
    json_memory_free(third);
    char *fourth = json_memory_new(100);
    if (JSON_MEMORY_BLOCK)
        assert_ptr_equal(fourth, first);
    json_memory_free(fourth);
}

static void a_huge_piece_and_none(void **state) {
    (void)state;
    char *huge = json_memory_new(50 << 20);
    huge[(50 << 20) - 1] = 1;
    json_memory_free(huge);
    json_memory_free(NULL);
}

static void documents_live_as_long_as_they_like(void **state) {
    (void)state;
    json_memory_use();
    cJSON *kept = json_parse("{\"a\":[1,\"two\"]}", 15);
    for (int i = 0; i < 10000; i++)
        cJSON_Delete(json_parse("[\"xxxxxxxxxxxxxxxxxxxxxxxx\",{}]", 31));
    char *text = json_print(kept);
    assert_string_equal(text, "{\"a\":[1,\"two\"]}");
    free(text);
    cJSON_Delete(kept);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(starts_anew_when_all_is_given_back),
        cmocka_unit_test(a_huge_piece_and_none),
        cmocka_unit_test(documents_live_as_long_as_they_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
