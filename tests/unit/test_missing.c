/* protocol/missing.c, all of it: the C library of this system has the functions itself. */
#define LACKS_EXPLICIT_BZERO
#define LACKS_MEMRCHR
#define LACKS_MEMMEM
#include "../../protocol/missing.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void wipes(void **state) {
    (void)state;
    char secret[] = "swordfish";
    explicit_bzero(secret + 1, 7);
    assert_memory_equal(secret, "s\0\0\0\0\0\0\0h", 9);
    explicit_bzero(secret, 0);
    assert_int_equal(secret[0], 's');
}

static void finds_the_last_byte(void **state) {
    (void)state;
    const char *text = "a:b:c\xff";
    assert_ptr_equal(memrchr(text, ':', 6), text + 3);
    assert_ptr_equal(memrchr(text, ':', 3), text + 1);
    assert_ptr_equal(memrchr(text, 'a', 6), text);
    assert_ptr_equal(memrchr(text, '\xff', 6), text + 5);
    assert_null(memrchr(text, ':', 1));
    assert_null(memrchr(text, 'a', 0));
}

static void finds_bytes(void **state) {
    (void)state;
    const char *text = "x\r\r\n";
    assert_ptr_equal(memmem(text, 4, "\r\n", 2), text + 2);
    assert_null(memmem(text, 3, "\r\n", 2));
    assert_null(memmem(text, 1, "\r\n", 2));
    assert_null(memmem(text, 0, "x", 1));
    assert_ptr_equal(memmem(text, 4, text, 4), text);
    assert_ptr_equal(memmem(text, 4, "", 0), text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wipes),
        cmocka_unit_test(finds_the_last_byte),
        cmocka_unit_test(finds_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
