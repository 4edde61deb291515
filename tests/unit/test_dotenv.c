#include "dotenv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const char *outside(const char *name) {
    return !strcmp(name, "HOME") ? "/home/one" : NULL;
}

static void assert_last(const char *text, const char *name, const char *value) {
    struct dotenv dotenv;
    dotenv_read(&dotenv, text, outside);
    assert_true(dotenv.count > 0);
    assert_string_equal(dotenv.items[dotenv.count - 1].name, name);
    assert_string_equal(dotenv.items[dotenv.count - 1].value, value);
    dotenv_finish(&dotenv);
}

static void assert_count(const char *text, size_t count) {
    struct dotenv dotenv;
    dotenv_read(&dotenv, text, outside);
    assert_int_equal(dotenv.count, count);
    dotenv_finish(&dotenv);
}

static void test_values(void **state) {
    (void)state;
    assert_last("A=b", "A", "b");
    assert_last("\xef\xbb\xbf  export A_1 =  b c  \r\n", "A_1", "b c");
    assert_last("A=", "A", "");
    assert_last("A=b=c", "A", "b=c");
    assert_last("A='b c' # d", "A", "b c");
    assert_last("A=\"b\\nc\\\"d\"", "A", "b\nc\"d");
    assert_last("A='b\\nc'", "A", "b\nc");
    assert_last("A=b\\nc", "A", "b\\nc");
    assert_last("A=b#c # d", "A", "b#c");
    assert_last("A=# d", "A", "");
    assert_last("A='b' c", "A", "'b' c");
    assert_last("A='b\nB=c", "B", "c");
}

static void test_several_lines(void **state) {
    (void)state;
    assert_last("A=\"-----BEGIN\r\n# abc=\n-----END\"\n", "A", "-----BEGIN\n# abc=\n-----END");
    assert_count("A='b\nc=d'\nE=f\n", 2);
}

static void test_what_is_none(void **state) {
    (void)state;
    assert_count("# A=b\n\n  \nA\n1A=b\n=c\nexport\nA-B=c\n", 0);
    assert_last("exported=1", "exported", "1");
}

static void test_references(void **state) {
    (void)state;
    assert_last("A=b\nB=${A}/${HOME}${NONE}", "B", "b//home/one");
    assert_last("A=b\nA=${A}:c\nB='${A}'", "B", "b:c");
    assert_last("A=\\${HOME} $HOME ${1} ${", "A", "${HOME} $HOME ${1} ${");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_several_lines),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
