#include "frame.h"
#include "memory.h"
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The next message in `out` must be a request with this seq, command and these arguments. */
static void check_out(struct wire *wire, int seq, const char *command, const char *arguments) {
    const char *body, *error;
    size_t length, whole;
    assert_int_equal(frame_next(&wire->out, wire->out.limit, &body, &length, &whole, &error), 1);
    char *text = memory_copy_bytes(body, length);
    char *wanted =
        memory_format("{\"type\":\"request\",\"seq\":%d,\"command\":\"%s\",\"arguments\":%s}", seq,
                      command, arguments);
    assert_string_equal(text, wanted);
    free(text);
    free(wanted);
    buf_consume(&wire->out, whole);
}

static void check_encoded(int version, struct wire_command command, const char *name,
                          const char *arguments) {
    struct wire wire;
    wire_init(&wire, wire_version_find(version));
    wire_encode(&wire, &command);
    check_out(&wire, 0, name, arguments);
    assert_int_equal(wire.out.length, 0);
    wire_finish(&wire);
}

static void breakpoint_commands(void **state) {
    (void)state;
    struct wire_breakpoint breakpoint = {.id = 7,
                                         .line = 12,
                                         .file = "/a/\xc3\xbc.py",
                                         .condition_kind = WIRE_CONDITION_CHANGED,
                                         .condition = "x > 1",
                                         .pass_kind = WIRE_PASS_AT_LEAST,
                                         .pass_count = 3,
                                         .language = WIRE_LANGUAGE_DJANGO};
    check_encoded(
        7, (struct wire_command){WIRE_SET_BREAKPOINT, .breakpoint = breakpoint},
        "legacySetBreakpoint",
        "{\"language\":1,\"breakpointId\":7,\"breakpointLineNo\":12,"
        "\"breakpointFileName\":\"/a/\\u00fc.py\",\"conditionKind\":2,\"condition\":\"x > 1\","
        "\"passCountKind\":3,\"passCount\":3}");
    check_encoded(8, (struct wire_command){WIRE_REMOVE_BREAKPOINT, .breakpoint = breakpoint},
                  "legacyRemoveBreakpoint",
                  "{\"language\":1,\"breakpointId\":7,\"breakpointLineNo\":12,"
                  "\"breakpointFileName\":\"/a/\\u00fc.py\"}");
    check_encoded(8, (struct wire_command){WIRE_SET_CONDITION, .breakpoint = breakpoint},
                  "legacySetBreakpointCondition",
                  "{\"breakpointId\":7,\"conditionKind\":2,\"condition\":\"x > 1\"}");
    check_encoded(8, (struct wire_command){WIRE_SET_PASS_COUNT, .breakpoint = breakpoint},
                  "legacySetBreakpointPassCount",
                  "{\"breakpointId\":7,\"passCountKind\":3,\"passCount\":3}");
    check_encoded(8, (struct wire_command){WIRE_SET_HIT_COUNT, .breakpoint = breakpoint},
                  "legacySetBreakpointHitCount", "{\"breakpointId\":7,\"hitCount\":3}");
}

/* What would harm the program is not sent: a condition without text, every 0th hit, null. */
static void harmless_breakpoints(void **state) {
    (void)state;
    struct wire_breakpoint breakpoint = {.id = 1,
                                         .line = 2,
                                         .condition_kind = WIRE_CONDITION_TRUE,
                                         .condition = "",
                                         .pass_kind = WIRE_PASS_EVERY};
    check_encoded(8, (struct wire_command){WIRE_SET_BREAKPOINT, .breakpoint = breakpoint},
                  "legacySetBreakpoint",
                  "{\"language\":0,\"breakpointId\":1,\"breakpointLineNo\":2,"
                  "\"breakpointFileName\":\"\",\"conditionKind\":0,\"condition\":\"\","
                  "\"passCountKind\":0,\"passCount\":0}");
    breakpoint.condition = NULL;
    check_encoded(8, (struct wire_command){WIRE_SET_CONDITION, .breakpoint = breakpoint},
                  "legacySetBreakpointCondition",
                  "{\"breakpointId\":1,\"conditionKind\":0,\"condition\":\"\"}");
    breakpoint = (struct wire_breakpoint){.id = 1, .condition = "left over"};
    check_encoded(8, (struct wire_command){WIRE_SET_CONDITION, .breakpoint = breakpoint},
                  "legacySetBreakpointCondition",
                  "{\"breakpointId\":1,\"conditionKind\":0,\"condition\":\"\"}");
}

static void running_commands(void **state) {
    (void)state;
    static const int64_t thread = INT64_C(9007199254740992);
    check_encoded(7, (struct wire_command){.type = WIRE_BREAK_ALL}, "legacyBreakAll", "{}");
    check_encoded(7, (struct wire_command){.type = WIRE_RESUME_ALL}, "legacyResumeAll", "{}");
    check_encoded(7, (struct wire_command){.type = WIRE_DETACH}, "legacyDetach", "{}");
    check_encoded(7, (struct wire_command){.type = WIRE_FAREWELL}, "legacyGoodbye", "{}");
    check_encoded(7, (struct wire_command){WIRE_CLEAR_STEPPING, .thread = thread},
                  "legacyClearStepping", "{\"threadId\":9007199254740992}");
    check_encoded(7, (struct wire_command){WIRE_RESUME_THREAD, .thread = 5}, "legacyResumeThread",
                  "{\"threadId\":5}");
    check_encoded(7, (struct wire_command){WIRE_STEP_INTO, .thread = 5}, "legacyStepInto",
                  "{\"threadId\":5}");
    check_encoded(7, (struct wire_command){WIRE_STEP_OVER, .thread = 5}, "legacyStepOver",
                  "{\"threadId\":5}");
    check_encoded(7, (struct wire_command){WIRE_STEP_OUT, .thread = 5}, "legacyStepOut",
                  "{\"threadId\":5}");
    check_encoded(7, (struct wire_command){WIRE_SET_LINE, .set_line = {5, 1, 30}},
                  "legacySetLineNumber", "{\"threadId\":5,\"frameId\":1,\"lineNo\":30}");
}

static void questions(void **state) {
    (void)state;
    struct wire_execute execute = {.token = 9,
                                   .thread = 140352984823552,
                                   .frame = 2,
                                   .frame_kind = WIRE_FRAME_PYTHON,
                                   .text = "a\n\"b\"",
                                   .repr = WIRE_REPR_RAW,
                                   .module = "os"};
    check_encoded(8, (struct wire_command){WIRE_EXECUTE, .execute = execute}, "legacyExecuteText",
                  "{\"text\":\"a\\n\\\"b\\\"\",\"threadId\":140352984823552,\"frameId\":2,"
                  "\"executionId\":9,\"frameKind\":1,\"reprKind\":1,\"moduleName\":\"os\","
                  "\"printResult\":false}");
    execute.module = NULL;
    check_encoded(8, (struct wire_command){WIRE_EXECUTE, .execute = execute}, "legacyExecuteText",
                  "{\"text\":\"a\\n\\\"b\\\"\",\"threadId\":140352984823552,\"frameId\":2,"
                  "\"executionId\":9,\"frameKind\":1,\"reprKind\":1,\"moduleName\":null,"
                  "\"printResult\":false}");
    check_encoded(7, (struct wire_command){WIRE_EXECUTE, .execute = execute}, "legacyExecuteText",
                  "{\"text\":\"a\\n\\\"b\\\"\",\"threadId\":140352984823552,\"frameId\":2,"
                  "\"executionId\":9,\"frameKind\":1,\"reprKind\":1}");
    check_encoded(8, (struct wire_command){WIRE_CHILDREN, .execute = execute}, "legacyEnumChildren",
                  "{\"text\":\"a\\n\\\"b\\\"\",\"threadId\":140352984823552,\"frameId\":2,"
                  "\"executionId\":9,\"frameKind\":1}");
}

static void exceptions(void **state) {
    (void)state;
    const struct wire_exception_mode modes[] = {{"ValueError", WIRE_BREAK_ALWAYS},
                                                {"a.Error", WIRE_BREAK_NEVER}};
    check_encoded(
        7,
        (struct wire_command){WIRE_SET_EXCEPTIONS, .exceptions = {WIRE_BREAK_UNHANDLED, modes, 2}},
        "legacySetExceptionInfo",
        "{\"defaultBreakOnMode\":32,\"breakOn\":[{\"name\":\"ValueError\",\"mode\":1},"
        "{\"name\":\"a.Error\",\"mode\":0}]}");
    check_encoded(7, (struct wire_command){.type = WIRE_SET_EXCEPTIONS}, "legacySetExceptionInfo",
                  "{\"defaultBreakOnMode\":0,\"breakOn\":[]}");
    static const char *const names[] = {"KeyError", "*"};
    const struct wire_handler handlers[] = {{3, 9, names, 2}, {10, 11, names + 1, 1}};
    check_encoded(7,
                  (struct wire_command){WIRE_SET_HANDLERS, .handlers = {"<string>", handlers, 2}},
                  "legacySetExceptionHandlerInfo",
                  "{\"fileName\":\"<string>\",\"statements\":["
                  "{\"lineStart\":3,\"lineEnd\":9,\"expressions\":[\"KeyError\",\"*\"]},"
                  "{\"lineStart\":10,\"lineEnd\":11,\"expressions\":[\"*\"]}]}");
}

/* The answer to a hit count is known by its request's seq, so that is the token. */
static void sequence(void **state) {
    (void)state;
    struct wire wire;
    wire_init(&wire, wire_version_find(8));
    wire_encode(&wire, &(struct wire_command){.type = WIRE_BREAK_ALL});
    wire_encode(&wire,
                &(struct wire_command){WIRE_GET_HIT_COUNT, .breakpoint = {.id = 4, .token = 99}});
    wire_encode(&wire, &(struct wire_command){.type = WIRE_RESUME_ALL});
    check_out(&wire, 0, "legacyBreakAll", "{}");
    check_out(&wire, 99, "legacyGetBreakpointHitCount", "{\"breakpointId\":4}");
    check_out(&wire, 1, "legacyResumeAll", "{}");
    wire_finish(&wire);
}

/* A command that does not fit is not sent in half. */
static void full(void **state) {
    (void)state;
    struct wire wire;
    wire_init(&wire, wire_version_find(8));
    wire.out.limit = 100;
    wire_encode(&wire, &(struct wire_command){.type = WIRE_RESUME_ALL});
    size_t before = wire.out.length;
    assert_true(before > 0);
    wire_encode(&wire, &(struct wire_command){.type = WIRE_RESUME_ALL});
    assert_int_equal(wire.out.length, before);
    struct wire_event event;
    assert_int_equal(wire_decode(&wire, &event), -1);
    wire_finish(&wire);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breakpoint_commands),
        cmocka_unit_test(harmless_breakpoints),
        cmocka_unit_test(running_commands),
        cmocka_unit_test(questions),
        cmocka_unit_test(exceptions),
        cmocka_unit_test(sequence),
        cmocka_unit_test(full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
