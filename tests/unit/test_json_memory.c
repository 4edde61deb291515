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
    enum { PIECES = 20000 }; /* more than the block holds; some too large for it */
    unsigned char **pieces = calloc(PIECES, sizeof *pieces);
    for (int i = 0; i < PIECES; i++) {
        size_t size = (size_t)(i % 300) + 1;
        pieces[i] = json_memory_new(size);
        assert_int_equal((uintptr_t)pieces[i] % sizeof(void *), 0);
        memset(pieces[i], i & 0xff, size);
    }
    for (int i = 0; i < PIECES; i++) {
        assert_int_equal(pieces[i][0], i & 0xff);
        assert_int_equal(pieces[i][i % 300], i & 0xff);
        json_memory_free(pieces[i]);
    }
    free(pieces);
}

/* A tree that is kept for the whole session must not cost the others the block. */
static void a_piece_given_back_is_the_next_beside_one_that_stays(void **state) {
    (void)state;
    char *stays = json_memory_new(100);
    char *first = json_memory_new(100);
    json_memory_free(first);
    char *other_size = json_memory_new(20);
    assert_ptr_not_equal(other_size, first);
    char *second = json_memory_new(100);
    assert_ptr_not_equal(second, stays);
    if (JSON_MEMORY_PAGES)
        assert_ptr_equal(second, first);
    json_memory_free(other_size);
    json_memory_free(second);
    json_memory_free(stays);
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
        cmocka_unit_test(a_piece_given_back_is_the_next_beside_one_that_stays),
        cmocka_unit_test(a_huge_piece_and_none),
        cmocka_unit_test(documents_live_as_long_as_they_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
