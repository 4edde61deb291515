#include "arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void check_aligned(const void *bytes) {
    assert_non_null(bytes);
    assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
}

static void gives_zeroed_aligned_memory(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *bytes = arena_alloc(&arena, size);
        check_aligned(bytes);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xA5, size);
    }
    arena_finish(&arena);
}

/* Each piece keeps its own value while others are made around it, in small and large blocks. */
static void pieces_do_not_overlap(void **state) {
    (void)state;
    enum { COUNT = 200 };
    struct arena arena;
    unsigned char *pieces[COUNT];
    arena_init(&arena);
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 50 ? i * 7 : 40000 + i;
        pieces[i] = arena_alloc(&arena, size);
        memset(pieces[i], (int)i, size);
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 50 ? i * 7 : 40000 + i;
        for (size_t j = 0; j < size; j++)
            assert_int_equal(pieces[i][j], i);
    }
    arena_finish(&arena);
}

static void copies_texts(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_null(arena_copy_text(&arena, NULL));
    assert_string_equal(arena_copy_text(&arena, ""), "");
    char text[] = "secret";
    char *copy = arena_copy_text(&arena, text);
    text[0] = 'x';
    assert_string_equal(copy, "secret");
    assert_memory_equal(arena_copy_bytes(&arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(arena_copy_bytes(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy_bytes(&arena, NULL, 0), "");
    arena_finish(&arena);
}

static void reset_keeps_a_block(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_reset(&arena);
    assert_null(arena.blocks);
    char *first = arena_copy_text(&arena, "used before");
    arena_reset(&arena);
    assert_non_null(arena.blocks);
    char *again = arena_alloc(&arena, 12);
    assert_ptr_equal(again, first);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(again[i], 0);
    arena_finish(&arena);
    assert_null(arena.blocks);
}

static void reset_gives_back_a_large_block(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, 100);
    memset(arena_alloc(&arena, 1024 * 1024), 1, 1024 * 1024);
    arena_reset(&arena);
    assert_null(arena.blocks);
    assert_string_equal(arena_copy_text(&arena, "still usable"), "still usable");
    arena_finish(&arena);
    arena_finish(&arena);
}

static void check_aborts(size_t size) {
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        struct arena arena;
        arena_init(&arena);
        arena_alloc(&arena, size);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void impossible_sizes_abort(void **state) {
    (void)state;
    for (size_t below = 0; below < 64; below += 8)
        check_aborts(SIZE_MAX - below);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(copies_texts),
        cmocka_unit_test(reset_keeps_a_block),
        cmocka_unit_test(reset_gives_back_a_large_block),
        cmocka_unit_test(impossible_sizes_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
