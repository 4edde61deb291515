#include "exception_modes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BOTH = WIRE_BREAK_ALWAYS | WIRE_BREAK_UNHANDLED };

static int add(struct exception_modes *modes, const char *name, int mode, bool besides) {
    return exception_modes_add(modes, name, strlen(name), mode, besides);
}

/* The last mode for that name, as ptvsd has it; -1 if it is not named. */
static int made_mode(const struct wire_exceptions *made, const char *name) {
    int mode = -1;
    for (size_t i = 0; i < made->count; i++)
        if (!strcmp(made->names[i].name, name))
            mode = made->names[i].mode;
    return mode;
}

static void test_nothing_wanted(void **state) {
    (void)state;
    struct exception_modes modes = {0};
    struct wire_exceptions made = exception_modes_make(&modes);
    assert_int_equal(made.mode, WIRE_BREAK_NEVER);
    assert_int_equal(made.count, 0);
    exception_modes_free(&made);
    exception_modes_finish(&modes);
}

static void test_bare_names_have_homes(void **state) {
    (void)state;
    struct exception_modes modes = {0};
    assert_int_equal(add(&modes, "KeyError", WIRE_BREAK_ALWAYS, true), 0);
    assert_int_equal(add(&modes, "json.Error", WIRE_BREAK_UNHANDLED, true), 0);
    struct wire_exceptions made = exception_modes_make(&modes);
    assert_int_equal(made.mode, WIRE_BREAK_NEVER);
    assert_int_equal(made.count, 5);
    static const char *const names[] = {"KeyError", "exceptions.KeyError", "builtins.KeyError",
                                        "__main__.KeyError"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(made_mode(&made, names[i]), WIRE_BREAK_ALWAYS);
    assert_int_equal(made_mode(&made, "json.Error"), WIRE_BREAK_UNHANDLED);
    assert_int_equal(exception_modes_of(&modes, "exceptions.KeyError"), WIRE_BREAK_ALWAYS);
    assert_int_equal(exception_modes_of(&modes, "KeyError"), WIRE_BREAK_ALWAYS);
    assert_int_equal(exception_modes_of(&modes, "other.KeyError"), WIRE_BREAK_NEVER);
    assert_int_equal(exception_modes_of(&modes, NULL), WIRE_BREAK_NEVER);
    exception_modes_free(&made);
    exception_modes_finish(&modes);
}

static void test_besides_what_all_have(void **state) {
    (void)state;
    struct exception_modes modes = {.all = WIRE_BREAK_UNHANDLED};
    add(&modes, "KeyError", WIRE_BREAK_ALWAYS, true);
    add(&modes, "ValueError", WIRE_BREAK_NEVER, false);
    struct wire_exceptions made = exception_modes_make(&modes);
    assert_int_equal(made_mode(&made, "KeyError"), BOTH);
    assert_int_equal(made_mode(&made, "ValueError"), WIRE_BREAK_NEVER);
    assert_int_equal(exception_modes_of(&modes, "KeyError"), BOTH);
    exception_modes_free(&made);
    exception_modes_finish(&modes);
}

static void test_said_twice(void **state) {
    (void)state;
    struct exception_modes modes = {0};
    add(&modes, "A", WIRE_BREAK_ALWAYS, true);
    add(&modes, "A", WIRE_BREAK_UNHANDLED, true);
    assert_int_equal(exception_modes_of(&modes, "A"), BOTH);
    add(&modes, "A", WIRE_BREAK_NEVER, false);
    assert_int_equal(exception_modes_of(&modes, "A"), WIRE_BREAK_NEVER);
    assert_int_equal(modes.count, 1);
    exception_modes_finish(&modes);
}

/* Loops raise them: only who names them is stopped by them. */
static void test_the_silent_ones(void **state) {
    (void)state;
    struct exception_modes modes = {.all = WIRE_BREAK_ALWAYS};
    add(&modes, "GeneratorExit", WIRE_BREAK_ALWAYS, true);
    struct wire_exceptions made = exception_modes_make(&modes);
    assert_int_equal(made_mode(&made, "StopIteration"), WIRE_BREAK_NEVER);
    assert_int_equal(made_mode(&made, "builtins.StopIteration"), WIRE_BREAK_NEVER);
    assert_int_equal(made_mode(&made, "GeneratorExit"), WIRE_BREAK_ALWAYS);
    exception_modes_free(&made);
    exception_modes_finish(&modes);
}

static void test_no_names(void **state) {
    (void)state;
    static const char *const names[] = {"", "x y", "1x", ".x", "x.", "x()", "x>1", "x\n"};
    struct exception_modes modes = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(add(&modes, names[i], WIRE_BREAK_ALWAYS, true), -1);
    assert_int_equal(modes.count, 0);
    assert_int_equal(add(&modes,
                         "Gr\xc3\xb6\xc3\x9f"
                         "e",
                         WIRE_BREAK_ALWAYS, true),
                     0);
    exception_modes_finish(&modes);
}

static void test_names_beneath(void **state) {
    (void)state;
    struct exception_modes beneath = {0};
    struct exception_modes modes = {.all = WIRE_BREAK_UNHANDLED, .beneath = &beneath};
    add(&beneath, "KeyError", WIRE_BREAK_NEVER, false);
    add(&beneath, "ValueError", WIRE_BREAK_ALWAYS, false);
    add(&beneath, "StopIteration", WIRE_BREAK_ALWAYS, false);
    add(&beneath, "builtins.TypeError", WIRE_BREAK_NEVER, false);
    add(&modes, "ValueError", WIRE_BREAK_NEVER, false);
    add(&modes, "TypeError", WIRE_BREAK_ALWAYS, false);
    struct wire_exceptions made = exception_modes_make(&modes);
    assert_int_equal(made.mode, WIRE_BREAK_UNHANDLED);
    assert_int_equal(made_mode(&made, "KeyError"), WIRE_BREAK_NEVER);
    assert_int_equal(made_mode(&made, "exceptions.ValueError"), WIRE_BREAK_NEVER);
    assert_int_equal(made_mode(&made, "StopIteration"), WIRE_BREAK_ALWAYS);
    assert_int_equal(made_mode(&made, "builtins.TypeError"), WIRE_BREAK_ALWAYS);
    assert_int_equal(exception_modes_of(&modes, "builtins.KeyError"), WIRE_BREAK_NEVER);
    assert_int_equal(exception_modes_of(&modes, "ValueError"), WIRE_BREAK_NEVER);
    assert_int_equal(exception_modes_of(&modes, "builtins.TypeError"), WIRE_BREAK_ALWAYS);
    exception_modes_free(&made);
    exception_modes_finish(&modes);
    assert_int_equal(exception_modes_of(&modes, "ValueError"), WIRE_BREAK_ALWAYS);
    exception_modes_finish(&beneath);
}

static void test_the_list_ends(void **state) {
    (void)state;
    struct exception_modes modes = {0};
    char name[20];
    for (int i = 0; i <= EXCEPTION_NAMES; i++) {
        snprintf(name, sizeof name, "E%d", i);
        assert_int_equal(add(&modes, name, WIRE_BREAK_ALWAYS, true), i < EXCEPTION_NAMES ? 0 : -1);
    }
    exception_modes_finish(&modes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_wanted),        cmocka_unit_test(test_bare_names_have_homes),
        cmocka_unit_test(test_besides_what_all_have), cmocka_unit_test(test_said_twice),
        cmocka_unit_test(test_the_silent_ones),       cmocka_unit_test(test_no_names),
        cmocka_unit_test(test_names_beneath),         cmocka_unit_test(test_the_list_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
