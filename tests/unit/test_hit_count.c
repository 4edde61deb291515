#include "hit_count.h"
#include "logpoint.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, enum hit_test test, int32_t number) {
    struct hit_count count;
    const char *why = hit_count_read(text, &count);
    if (why || count.test != test || count.number != number)
        fail_msg("%s: %d %d", text, (int)count.test, (int)count.number);
}

static void reads_what_is_allowed(void **state) {
    (void)state;
    check(NULL, HIT_ALWAYS, 0);
    check(" \t", HIT_ALWAYS, 0);
    check("5", HIT_EQUAL, 5);
    check(" == 5 ", HIT_EQUAL, 5);
    check(">5", HIT_AT_LEAST, 6);
    check(">0", HIT_AT_LEAST, 1);
    check(">=5", HIT_AT_LEAST, 5);
    check("<5", HIT_BELOW, 5);
    check("<= 5", HIT_BELOW, 6);
    check("%3", HIT_EVERY, 3);
    check("<=2147483646", HIT_BELOW, 2147483647);
}

static void refuses_the_rest(void **state) {
    (void)state;
    const char *bad[] = {"abc",   "0",          "==0", "%0",          "<1",
                         "<=0",   "-1",         "=5",  "5 6",         "5a",
                         ">",     "2147483647", "1.5", "!=3",         "===5",
                         "% 3 %", "0x5",        "%",   "99999999999", "999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hit_count count;
        const char *why = hit_count_read(bad[i], &count);
        if (!why || count.test != HIT_ALWAYS)
            fail_msg("%s was understood", bad[i]);
        assert_non_null(strstr(why, ">=5"));
    }
}

/* What a condition becomes without counts. */
static void check_condition(const char *text, enum wire_condition kind, const char *wanted) {
    char *copy = memory_copy_text(text), *made;
    struct breakpoint breakpoint = {.condition = copy};
    struct wire_breakpoint wire = {0};
    hit_count_fill(&breakpoint, false, &wire, &made);
    assert_int_equal(wire.condition_kind, kind);
    assert_int_equal(wire.pass_kind, WIRE_PASS_ALWAYS);
    if (wanted)
        assert_string_equal(wire.condition, wanted);
    else
        assert_null(wire.condition);
    free(copy);
    free(made);
}

static void knows_changed(void **state) {
    (void)state;
    check_condition(NULL, WIRE_CONDITION_ALWAYS, NULL);
    check_condition("x > 1", WIRE_CONDITION_TRUE, "x > 1");
    check_condition("changed(x)", WIRE_CONDITION_CHANGED, "x");
    check_condition(" changed ( f(x)[1] + ')' ) ", WIRE_CONDITION_CHANGED, " f(x)[1] + ')' ");
    check_condition("changed('\\')')", WIRE_CONDITION_CHANGED, "'\\')'");
    check_condition("changed(a) or changed(b)", WIRE_CONDITION_TRUE, "changed(a) or changed(b)");
    check_condition("changed()", WIRE_CONDITION_TRUE, "changed()");
    check_condition("changed(x", WIRE_CONDITION_TRUE, "changed(x");
    check_condition("changed", WIRE_CONDITION_TRUE, "changed");
    check_condition("changed_at(x)", WIRE_CONDITION_TRUE, "changed_at(x)");
}

static void uses_what_the_wire_has(void **state) {
    (void)state;
    struct breakpoint breakpoint = {.wire_id = 7, .edition = 2, .hit_count = {HIT_EVERY, 3}};
    struct wire_breakpoint wire = {0};
    char *made;
    hit_count_fill(&breakpoint, true, &wire, &made);
    assert_null(made);
    assert_int_equal(wire.pass_kind, WIRE_PASS_EVERY);
    assert_int_equal(wire.pass_count, 3);
    assert_int_equal(wire.condition_kind, WIRE_CONDITION_ALWAYS);
    hit_count_fill(&breakpoint, false, &wire, &made);
    assert_int_equal(wire.pass_kind, WIRE_PASS_ALWAYS);
    assert_int_equal(wire.condition_kind, WIRE_CONDITION_TRUE);
    assert_non_null(strstr(made, "'point': (7, 2), 'when': None, 'changed': False, "
                                 "'test': lambda n: n % 3 == 0, 'log': None"));
    free(made);
}

static void check_parts(const char *message, const char *wanted) {
    char why[200] = "";
    char *parts = logpoint_parts(message, why, sizeof why);
    if (!parts != !wanted || (parts && strcmp(parts, wanted) != 0))
        fail_msg("%s: %s (%s)", message, parts ? parts : "NULL", why);
    assert_true(parts || *why);
    free(parts);
}

static void cuts_log_messages(void **state) {
    (void)state;
    check_parts("", "[]");
    check_parts("plain", "[u'plain', ]");
    check_parts("{x}", "[(u'x',), ]");
    check_parts("a {x}{y} b", "[u'a ', (u'x',), (u'y',), u' b', ]");
    check_parts("{{x}} } }}", "[u'{x} } }', ]");
    check_parts("{{{x}}}", "[u'{', (u'x',), u'}', ]");
    check_parts("{ {1: '}'} }", "[(u' {1: \\'}\\'} ',), ]");
    check_parts("{'''}' ''' + \"\\\"}\"}", "[(u'\\'\\'\\'}\\' \\'\\'\\' + \"\\\\\"}\"',), ]");
    check_parts("it's {x}", "[u'it\\'s ', (u'x',), ]");
    check_parts("gr\xc3\xbc\xc3\x9f", "[u'gr\\xfc\\xdf', ]");
    check_parts("{", NULL);
    check_parts("{x", NULL);
    check_parts("{}", NULL);
    check_parts("{ \t}", NULL);
    check_parts("{'}", NULL);
    check_parts("{\\", NULL);
    check_parts("{'\\", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_allowed), cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(knows_changed),         cmocka_unit_test(uses_what_the_wire_has),
        cmocka_unit_test(cuts_log_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
