#include "wire.h"
#include "wire_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const int64_t THREAD = 140311884257088;

static void open_wire(struct wire *wire, int version) {
    wire_init(wire, wire_version_find(version));
}

/* ---- versions
 * ------------------------------------------------------------------------------------ */

static void test_version_table(void **state) {
    (void)state;
    static const char *const names[9] = {
        [2] = "binary", [4] = "binary", [6] = "binary", [7] = "JSON", [8] = "JSON"};
    for (int number = -1; number < 9; number++) {
        const struct wire_version *version = wire_version_find(number);
        if (number < 0 || !names[number]) {
            assert_null(version);
        } else {
            assert_int_equal(version->number, number);
            assert_string_equal(version->ops->name, names[number]);
        }
    }
    assert_null(wire_version_find(INT64_C(0x100000002)));
}

static void test_what_versions_lack(void **state) {
    (void)state;
    for (int number = 2; number <= 8; number++) {
        if (!wire_version_find(number))
            continue;
        struct wire wire;
        open_wire(&wire, number);
        assert_true(wire_can(&wire, WIRE_SET_BREAKPOINT));
        assert_true(wire_can(&wire, WIRE_SET_CONDITION));
        assert_true(wire_can(&wire, WIRE_DETACH));
        assert_int_equal(wire_can(&wire, WIRE_SET_PASS_COUNT), number >= 6);
        assert_int_equal(wire_can(&wire, WIRE_GET_HIT_COUNT), number >= 6);
        assert_int_equal(wire_can(&wire, WIRE_SET_HIT_COUNT), number >= 6);
        assert_int_equal(wire_can(&wire, WIRE_FAREWELL), number >= 7);
        wire_finish(&wire);
    }
}

static void test_all_types_have_names(void **state) {
    (void)state;
    for (int type = 0; type < WIRE_COMMAND_TYPES; type++)
        assert_string_not_equal(wire_command_name((enum wire_command_type)type), "?");
    for (int type = 0; type <= WIRE_FAREWELL_DONE; type++)
        assert_string_not_equal(wire_event_name((enum wire_event_type)type), "?");
}

/* ---- encoding
 * ------------------------------------------------------------------------------------ */

/* Does the command become these bytes? */
static void expect(int version, const struct wire_command *command, const char *fields, ...) {
    struct wire wire;
    struct buf expected;
    va_list values;
    open_wire(&wire, version);
    buf_init(&expected, 4096);
    va_start(values, fields);
    build_list(&expected, fields, values);
    va_end(values);
    wire_encode(&wire, command);
    assert_int_equal(wire.out.length, expected.length);
    assert_memory_equal(wire.out.bytes, expected.bytes, expected.length);
    wire_finish(&wire);
    buf_finish(&expected);
}

static void test_breakpoints(void **state) {
    (void)state;
    struct wire_command command = {.type = WIRE_SET_BREAKPOINT,
                                   .breakpoint = {.id = 7, .line = 30, .file = "/a.py"}};
    struct wire_breakpoint *breakpoint = &command.breakpoint;
    expect(2, &command, "tiissi", "brkp", 7, 30, "/a.py", "", 0);
    expect(6, &command, "tiisisii", "brkp", 7, 30, "/a.py", 0, "", 0, 0);
    breakpoint->condition_kind = WIRE_CONDITION_TRUE;
    breakpoint->condition = "x > 1";
    breakpoint->pass_kind = WIRE_PASS_AT_LEAST;
    breakpoint->pass_count = 5;
    expect(4, &command, "tiissi", "brkp", 7, 30, "/a.py", "x > 1", 0);
    expect(6, &command, "tiisisii", "brkp", 7, 30, "/a.py", 1, "x > 1", 3, 5);
    breakpoint->condition_kind = WIRE_CONDITION_CHANGED;
    expect(2, &command, "tiissi", "brkp", 7, 30, "/a.py", "x > 1", 1);
    expect(6, &command, "tiisisii", "brkp", 7, 30, "/a.py", 2, "x > 1", 3, 5);
    breakpoint->condition = ""; /* would be a SyntaxError, and so a hit, each time */
    expect(6, &command, "tiisisii", "brkp", 7, 30, "/a.py", 0, "", 3, 5);
    expect(2, &command, "tiissi", "brkp", 7, 30, "/a.py", "", 0);
    command.type = WIRE_SET_CONDITION;
    breakpoint->condition = "y";
    expect(4, &command, "tisi", "brkc", 7, "y", 1);
    expect(6, &command, "tiis", "brkc", 7, 2, "y");
    breakpoint->condition_kind = WIRE_CONDITION_ALWAYS; /* whatever the text */
    expect(4, &command, "tisi", "brkc", 7, "", 0);
    expect(6, &command, "tiis", "brkc", 7, 0, "");
}

static void test_other_breakpoint_commands(void **state) {
    (void)state;
    struct wire_command command = {
        .type = WIRE_REMOVE_BREAKPOINT,
        .breakpoint = {.id = 7, .line = 30, .file = "/a.py", .token = 99, .pass_count = 5}};
    expect(2, &command, "tii", "brkr", 30, 7);
    expect(6, &command, "tii", "brkr", 30, 7);
    command.breakpoint.language = WIRE_LANGUAGE_DJANGO;
    expect(6, &command, "tiis", "bkdr", 30, 7, "/a.py");
    command.type = WIRE_SET_BREAKPOINT;
    expect(2, &command, "tiis", "bkda", 7, 30, "/a.py");
    expect(6, &command, "tiis", "bkda", 7, 30, "/a.py");
    command.type = WIRE_GET_HIT_COUNT;
    expect(6, &command, "tii", "bkgh", 99, 7);
    command.type = WIRE_SET_HIT_COUNT;
    expect(6, &command, "tii", "bksh", 7, 5);
    command.type = WIRE_SET_PASS_COUNT;
    command.breakpoint.pass_kind = WIRE_PASS_EVERY;
    expect(6, &command, "tiii", "bkpc", 7, 1, 5);
    command.breakpoint.pass_count = 0; /* would raise ZeroDivisionError in the program */
    expect(6, &command, "tiii", "bkpc", 7, 0, 0);
}

static void test_run_commands(void **state) {
    (void)state;
    struct wire_command command = {.type = WIRE_BREAK_ALL};
    expect(6, &command, "t", "brka");
    command.type = WIRE_RESUME_ALL;
    expect(6, &command, "t", "resa");
    command.type = WIRE_DETACH;
    expect(2, &command, "t", "detc");
    command.thread = THREAD;
    command.type = WIRE_CLEAR_STEPPING;
    expect(6, &command, "tl", "clst", THREAD);
    command.type = WIRE_RESUME_THREAD;
    expect(2, &command, "tl", "rest", THREAD);
    command.type = WIRE_STEP_INTO;
    expect(6, &command, "tl", "stpi", THREAD);
    command.type = WIRE_STEP_OVER;
    expect(6, &command, "tl", "stpv", THREAD);
    command.type = WIRE_STEP_OUT;
    expect(6, &command, "tl", "stpo", THREAD);
    struct wire_command move = {.type = WIRE_SET_LINE,
                                .set_line = {.thread = THREAD, .frame = 2, .line = 40}};
    expect(4, &move, "tlii", "setl", THREAD, 2, 40);
}

static void test_questions(void **state) {
    (void)state;
    struct wire_command command = {.type = WIRE_EXECUTE,
                                   .execute = {.token = 101,
                                               .thread = THREAD,
                                               .frame = 3,
                                               .frame_kind = WIRE_FRAME_DJANGO,
                                               .text = "gr\xC3\xBC",
                                               .repr = WIRE_REPR_RAW_LENGTH,
                                               .enumerate = true}};
    expect(2, &command, "tsliii", "exec", "gr\xC3\xBC", THREAD, 3, 101, 2);
    expect(4, &command, "tsliiii", "exec", "gr\xC3\xBC", THREAD, 3, 101, 2, 2);
    expect(6, &command, "tsliiii", "exec", "gr\xC3\xBC", THREAD, 3, 101, 2, 2);
    command.type = WIRE_CHILDREN;
    expect(2, &command, "tsliiii", "chld", "gr\xC3\xBC", THREAD, 3, 101, 2, 1);
    expect(4, &command, "tsliii", "chld", "gr\xC3\xBC", THREAD, 3, 101, 2);
    expect(6, &command, "tsliii", "chld", "gr\xC3\xBC", THREAD, 3, 101, 2);
}

static void test_exception_commands(void **state) {
    (void)state;
    const struct wire_exception_mode modes[] = {{"ValueError", WIRE_BREAK_ALWAYS}, {"a.E", 33}};
    struct wire_command command = {.type = WIRE_SET_EXCEPTIONS,
                                   .exceptions = {WIRE_BREAK_UNHANDLED, modes, 2}};
    expect(6, &command, "tiiisis", "sexi", 32, 2, 1, "ValueError", 33, "a.E");
    const char *const names[] = {"OSError", "socket.error"}, *const all[] = {"*"};
    const struct wire_handler handlers[] = {{4, 8, names, 2}, {10, 12, all, 1}};
    command = (struct wire_command){.type = WIRE_SET_HANDLERS, .handlers = {"/a.py", handlers, 2}};
    expect(4, &command, "tsiiisssiiss", "sehi", "/a.py", 2, 4, 8, "OSError", "socket.error", "-",
           10, 12, "*", "-");
    command.handlers = (struct wire_handlers){"<frozen x>", NULL, 0};
    expect(2, &command, "tsi", "sehi", "<frozen x>", 0);
}

static void test_full_buffer_gets_no_half_command(void **state) {
    (void)state;
    struct wire wire;
    struct wire_event event;
    open_wire(&wire, 6);
    wire.out.limit = 20;
    wire_encode(&wire, &(struct wire_command){.type = WIRE_STEP_INTO, .thread = THREAD});
    assert_int_equal(wire.error[0], '\0');
    wire_encode(&wire, &(struct wire_command){.type = WIRE_STEP_INTO, .thread = THREAD});
    assert_int_equal(wire.out.length, 12);
    assert_int_equal(wire_decode(&wire, &event), -1);
    assert_string_equal(wire.error, "the server does not read our commands any more");
    wire_finish(&wire);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_table),
        cmocka_unit_test(test_what_versions_lack),
        cmocka_unit_test(test_all_types_have_names),
        cmocka_unit_test(test_breakpoints),
        cmocka_unit_test(test_other_breakpoint_commands),
        cmocka_unit_test(test_run_commands),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_exception_commands),
        cmocka_unit_test(test_full_buffer_gets_no_half_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
