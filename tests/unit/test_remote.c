#include "remote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 64 << 10 };

static void test_every_program_is_one_short_ascii_line(void **state) {
    (void)state;
    for (int program = 0; program < REMOTE_PROGRAMS; program++) {
        assert_non_null(remote_programs[program]);
        char *text = remote_text((enum remote_program)program, NULL);
        assert_true(strlen(text) > 200 && strlen(text) < LIMIT / 2);
        for (const char *at = text; *at; at++)
            assert_true(*at >= ' ' && *at < 0x7F);
        free(text);
    }
}

static void test_programs_are_without_comments(void **state) {
    (void)state;
    for (int program = 0; program < REMOTE_PROGRAMS; program++) {
        assert_null(strchr(remote_programs[program], '#'));
        assert_null(strstr(remote_programs[program], "\"\"\""));
    }
}

static void test_arguments_stand_in_the_globals(void **state) {
    (void)state;
    char *text = remote_text(REMOTE_DEBUG_OPTIONS, "'options': {}");
    assert_non_null(strstr(text, "{'__name__': '<bridge>', 'options': {}})"));
    free(text);
}

static void test_what_is_put_off_stands_there_too(void **state) {
    (void)state;
    char *text = remote_text(REMOTE_DROP_GUARD, NULL);
    const char *put_off = strstr(text, "'put_off': 'class Gone"),
               *compiled = strstr(text, "b['compile']");
    assert_true(put_off && compiled < put_off);
    assert_null(strstr(text, "\\x0a\\x0a\\x0a"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_program_is_one_short_ascii_line),
        cmocka_unit_test(test_programs_are_without_comments),
        cmocka_unit_test(test_arguments_stand_in_the_globals),
        cmocka_unit_test(test_what_is_put_off_stands_there_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
