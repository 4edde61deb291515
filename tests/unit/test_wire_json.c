#include "frame.h"
#include "memory.h"
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put(struct wire *wire, const char *body) {
    frame_append(&wire->in, body, strlen(body));
}

static void put_event(struct wire *wire, const char *name, const char *body) {
    char *text = memory_format("{\"type\": \"event\", \"seq\": 0, \"event\": \"%s\", \"body\": %s}",
                               name, body);
    put(wire, text);
    free(text);
}

static void put_response(struct wire *wire, const char *command, int seq, bool success,
                         const char *message, const char *body) {
    char *text =
        memory_format("{\"type\": \"response\", \"seq\": 3, \"request_seq\": %d, \"success\": %s,"
                      " \"command\": \"%s\", \"message\": \"%s\", \"body\": %s}",
                      seq, success ? "true" : "false", command, message, body);
    put(wire, text);
    free(text);
}

/* The next event, which must be of this type. */
static struct wire_event next(struct wire *wire, enum wire_event_type type) {
    struct wire_event event;
    assert_int_equal(wire_decode(wire, &event), 1);
    assert_string_equal(wire_event_name(event.type), wire_event_name(type));
    return event;
}

static struct wire_event decode(struct wire *wire, enum wire_event_type type, const char *name,
                                const char *body) {
    put_event(wire, name, body);
    struct wire_event event = next(wire, type);
    assert_int_equal(wire->in.length, 0);
    return event;
}

/* Nothing more, and nothing left over. */
static void check_quiet(struct wire *wire) {
    struct wire_event event;
    assert_int_equal(wire_decode(wire, &event), 0);
    assert_int_equal(wire->in.length, 0);
}

static int setup(void **state) {
    static struct wire wire;
    wire_init(&wire, wire_version_find(8));
    *state = &wire;
    return 0;
}

static int teardown(void **state) {
    wire_finish(*state);
    return 0;
}

static void plain_events(void **state) {
    static const struct {
        const char *name;
        enum wire_event_type type;
    } kinds[] = {
        {"legacyThreadCreate", WIRE_THREAD_STARTED},
        {"legacyThreadExit", WIRE_THREAD_ENDED},
        {"legacyProcessLoad", WIRE_LOADED},
        {"legacyBreakpointSet", WIRE_BOUND},
        {"legacyBreakpointFailed", WIRE_PENDING},
        {"legacyBreakpointHit", WIRE_HIT},
        {"legacyStepDone", WIRE_STEPPED},
        {"legacyAsyncBreak", WIRE_BROKE},
        {"legacyModulesChanged", WIRE_MODULES_CHANGED},
        {"legacyDetach", WIRE_DETACHED},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct wire_event event = decode(*state, kinds[i].type, kinds[i].name,
                                         "{\"threadId\": 9007199254740992, \"breakpointId\": -8}");
        assert_true(event.thread == INT64_C(9007199254740992));
        assert_int_equal(event.breakpoint, -8);
    }
}

static void modules(void **state) {
    struct wire_event event =
        decode(*state, WIRE_MODULE, "legacyModuleLoad",
               "{\"moduleId\": 31, \"moduleFileName\": \"/gr\\u00fc\\udce9.py\","
               " \"moduleName\": null, \"isStdLib\": true}");
    assert_int_equal(event.module.id, 31);
    assert_string_equal(event.module.file, "/gr\xc3\xbc\xef\xbf\xbd.py");
}

static void frames(void **state) {
    struct wire_event event =
        decode(*state, WIRE_FRAMES, "legacyThreadFrameList",
               "{\"threadId\": 5, \"threadName\": \"MainThread\", \"threadFrames\": ["
               "{\"startLine\": 1, \"endLine\": 9, \"lineNo\": 4, \"frameName\": \"f\","
               " \"fileName\": \"/t.html\", \"argCount\": 1, \"frameKind\": 2,"
               " \"djangoSourceFile\": \"/t.py\", \"djangoSourceLine\": 77, \"variables\": ["
               "  {\"name\": \"x\", \"obj\": {\"objRepr\": \"1\", \"hexRepr\": \"0x1\","
               "   \"typeName\": \"int\", \"length\": 0, \"flags\": 0}},"
               "  {\"name\": \"s\", \"obj\": {\"objRepr\": \"'ab'\", \"hexRepr\": null,"
               "   \"typeName\": \"str\", \"length\": 2, \"flags\": 17}}]},"
               "{\"startLine\": 1, \"endLine\": 90, \"lineNo\": 44, \"frameName\": \"<module>\","
               " \"fileName\": \"/m.py\", \"argCount\": 0, \"frameKind\": 1, \"variables\": []}]}");
    assert_int_equal(event.thread, 5);
    assert_string_equal(event.frames.thread_name, "MainThread");
    assert_int_equal(event.frames.count, 2);
    const struct wire_frame *frame = event.frames.frames;
    assert_int_equal(frame->first_line, 1);
    assert_int_equal(frame->last_line, 9);
    assert_int_equal(frame->line, 4);
    assert_string_equal(frame->name, "f");
    assert_string_equal(frame->file, "/t.html");
    assert_int_equal(frame->argument_count, 1);
    assert_int_equal(frame->kind, WIRE_FRAME_DJANGO);
    assert_string_equal(frame->python_file, "/t.py");
    assert_int_equal(frame->python_line, 77);
    assert_int_equal(frame->variable_count, 2);
    assert_string_equal(frame->variables[0].name, "x");
    assert_null(frame->variables[0].expression);
    assert_string_equal(frame->variables[0].object.hex, "0x1");
    assert_string_equal(frame->variables[1].object.repr, "'ab'");
    assert_null(frame->variables[1].object.hex);
    assert_string_equal(frame->variables[1].object.type, "str");
    assert_int_equal(frame->variables[1].object.length, 2);
    assert_int_equal(frame->variables[1].object.flags, WIRE_EXPANDABLE | WIRE_HAS_RAW_REPR);
    frame++;
    assert_int_equal(frame->kind, WIRE_FRAME_PYTHON);
    assert_null(frame->python_file);
    assert_int_equal(frame->variable_count, 0);
    event = decode(*state, WIRE_FRAMES, "legacyThreadFrameList",
                   "{\"threadId\": 5, \"threadName\": null, \"threadFrames\": []}");
    assert_null(event.frames.thread_name);
    assert_int_equal(event.frames.count, 0);
}

static void exception_events(void **state) {
    struct wire_event event = decode(
        *state, WIRE_EXCEPTION, "legacyException",
        "{\"threadId\": 6, \"data\": {\"typename\": \"ValueError\", \"message\": \"bad\","
        " \"breaktype\": \"unhandled\", \"trace\": \"'f',1,'g','h'\", \"excvalue\": \"$e\"}}");
    assert_int_equal(event.thread, 6);
    assert_string_equal(event.exception.type, "ValueError");
    assert_string_equal(event.exception.message, "bad");
    assert_int_equal(event.exception.handled, WIRE_UNHANDLED);
    assert_string_equal(event.exception.trace, "'f',1,'g','h'");
    assert_string_equal(event.exception.value, "$e");
    event = decode(*state, WIRE_EXCEPTION, "legacyException",
                   "{\"threadId\": 6, \"data\": {\"typename\": \"E\", \"message\": \"\"}}");
    assert_int_equal(event.exception.handled, WIRE_HANDLED);
    assert_null(event.exception.trace);
    assert_null(event.exception.value);
}

static void answers(void **state) {
    struct wire_event event =
        decode(*state, WIRE_RESULT, "legacyExecutionResult",
               "{\"executionId\": 12, \"obj\": {\"objRepr\": null, \"hexRepr\": null,"
               " \"typeName\": \"str\", \"length\": 100000, \"flags\": 24}}");
    assert_int_equal(event.token, 12);
    assert_null(event.object.repr);
    assert_int_equal(event.object.length, 100000);
    assert_int_equal(event.object.flags, WIRE_RAW | WIRE_HAS_RAW_REPR);
    event = decode(*state, WIRE_FAILED, "legacyExecutionException",
                   "{\"executionId\": 13, \"exceptionText\": \"no\\nway\"}");
    assert_int_equal(event.token, 13);
    assert_string_equal(event.text, "no\nway");
    event =
        decode(*state, WIRE_CHILDREN_ARE, "legacyEnumChildrenResult",
               "{\"executionId\": 14, \"children\": ["
               "{\"name\": \"[0]\", \"expression\": \"x[0]\", \"obj\": {\"objRepr\": \"1\"}},"
               "{\"name\": \"[...]\", \"expression\": null, \"obj\": {\"objRepr\": \"'more'\"}}]}");
    assert_int_equal(event.token, 14);
    assert_int_equal(event.children.count, 2);
    assert_string_equal(event.children.children[0].expression, "x[0]");
    assert_string_equal(event.children.children[0].object.repr, "1");
    assert_string_equal(event.children.children[1].name, "[...]");
    assert_null(event.children.children[1].expression);
    event = decode(*state, WIRE_WANTS_HANDLERS, "legacyRequestHandlers",
                   "{\"fileName\": \"C:\\\\a.py\"}");
    assert_string_equal(event.text, "C:\\a.py");
}

static void output(void **state) {
    static const struct {
        const char *fields;
        enum wire_channel channel;
    } kinds[] = {
        {"", WIRE_STDOUT},
        {", \"isStdOut\": true", WIRE_STDOUT},
        {", \"isStdOut\": false", WIRE_STDERR},
        {", \"channel\": \"stdout\"", WIRE_STDOUT},
        {", \"channel\": \"stderr\"", WIRE_STDERR},
        {", \"channel\": \"debug\"", WIRE_DEBUG},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char *body = memory_format("{\"threadId\": 3, \"output\": \"hi\"%s}", kinds[i].fields);
        struct wire_event event = decode(*state, WIRE_OUTPUT, "legacyDebuggerOutput", body);
        assert_string_equal(event.text, "hi");
        assert_int_equal(event.thread, 3);
        assert_int_equal(event.channel, kinds[i].channel);
        free(body);
    }
}

static void responses(void **state) {
    struct wire *wire = *state;
    static const char *const resumes[] = {"legacyResumeAll", "legacyStepInto", "legacyStepOver",
                                          "legacyStepOut"};
    for (size_t i = 0; i < sizeof resumes / sizeof *resumes; i++) {
        put_response(wire, resumes[i], 1, true, "", "{}");
        next(wire, WIRE_RESUMED);
    }
    put_response(wire, "legacyGetBreakpointHitCount", 99, true, "", "{\"hitCount\": 5}");
    struct wire_event event = next(wire, WIRE_HIT_COUNT);
    assert_int_equal(event.token, 99);
    assert_int_equal(event.count, 5);
    put_response(wire, "legacySetLineNumber", 1, true, "",
                 "{\"result\": 1, \"threadId\": 8, \"newLineNo\": 40}");
    event = next(wire, WIRE_LINE_SET);
    assert_true(event.line_set.ok);
    assert_int_equal(event.thread, 8);
    assert_int_equal(event.line_set.line, 40);
    put_response(wire, "legacySetLineNumber", 1, true, "",
                 "{\"result\": 0, \"threadId\": 8, \"newLineNo\": 0}");
    assert_false(next(wire, WIRE_LINE_SET).line_set.ok);
    put_response(wire, "legacySetBreakpoint", 1, true, "", "{}");
    check_quiet(wire);
}

/* The second answer to one request is only worth a line in the log; to a detach not even that. */
static void refusals(void **state) {
    struct wire *wire = *state;
    put_response(wire, "legacyExecuteText", 1, true, "", "{}");
    put_response(wire, "legacyExecuteText", 1, false, "Traceback", "{}");
    assert_string_equal(next(wire, WIRE_REFUSED).text, "legacyExecuteText: Traceback");
    put_response(wire, "legacyResumeAll", 1, false, "no", "{}");
    assert_string_equal(next(wire, WIRE_REFUSED).text, "legacyResumeAll: no");
    put_response(wire, "legacyDetach", 1, true, "", "{}");
    put_event(wire, "legacyDetach", "{}");
    put_response(wire, "legacyDetach", 1, false, "DebuggerExitException", "{}");
    put_response(wire, "legacyGoodbye", 2, false, "Unknown command", "{}");
    next(wire, WIRE_DETACHED);
    next(wire, WIRE_FAREWELL_DONE);
    check_quiet(wire);
}

static void chores(void **state) {
    struct wire *wire = *state;
    put_event(wire, "legacyLast", "{\"threadId\": 4}");
    put_response(wire, "legacyResumeAll", 1, true, "", "{}");
    assert_int_equal(next(wire, WIRE_RESUMED).thread, 0);
    buf_append(&wire->out, "", 1);
    assert_string_equal(wire->out.bytes,
                        "Content-Length: 67\r\n\r\n{\"type\":\"request\",\"seq\":0,"
                        "\"command\":\"legacyLastAck\",\"arguments\":{}}");
    check_quiet(wire);
}

/* What a later server might add does no harm. */
static void unknown_messages(void **state) {
    struct wire *wire = *state;
    put_event(wire, "legacySomethingNew", "{\"x\": [1]}");
    put(wire, "{}");
    put(wire, "{\"type\": \"request\", \"command\": \"x\"}");
    put(wire, "{\"type\": 5}");
    put(wire, "{\"type\": \"event\"}");
    put(wire, "{\"type\": \"response\"}");
    check_quiet(wire);
    assert_int_equal(wire->out.length, 0);
}

/* Wrong types and missing fields cost a value, not the session. */
static void odd_fields(void **state) {
    struct wire *wire = *state;
    struct wire_event event = decode(wire, WIRE_HIT, "legacyBreakpointHit",
                                     "{\"threadId\": \"x\", \"breakpointId\": 99999999999}");
    assert_int_equal(event.thread, 0);
    assert_int_equal(event.breakpoint, 0);
    event = decode(wire, WIRE_HIT, "legacyBreakpointHit", "null");
    assert_int_equal(event.breakpoint, 0);
    event = decode(wire, WIRE_FRAMES, "legacyThreadFrameList",
                   "{\"threadFrames\": [null, {\"variables\": [3, {\"name\": 5, \"obj\": []}],"
                   " \"frameKind\": 2}, {\"variables\": {}}]}");
    assert_int_equal(event.frames.count, 3);
    assert_string_equal(event.frames.frames[0].name, "");
    assert_string_equal(event.frames.frames[1].python_file, "");
    assert_int_equal(event.frames.frames[1].variable_count, 2);
    assert_string_equal(event.frames.frames[1].variables[1].name, "");
    assert_string_equal(event.frames.frames[1].variables[1].object.type, "");
    assert_int_equal(event.frames.frames[2].variable_count, 0);
    event = decode(wire, WIRE_EXCEPTION, "legacyException", "{\"data\": [1]}");
    assert_string_equal(event.exception.type, "");
    event = decode(wire, WIRE_CHILDREN_ARE, "legacyEnumChildrenResult", "{}");
    assert_int_equal(event.children.count, 0);
    event = decode(wire, WIRE_MODULE, "legacyModuleLoad", "[]");
    assert_string_equal(event.module.file, "");
    event = decode(wire, WIRE_OUTPUT, "legacyDebuggerOutput", "{\"channel\": 5}");
    assert_string_equal(event.text, "");
    put_response(wire, "legacyGetBreakpointHitCount", 6, true, "", "null");
    assert_int_equal(next(wire, WIRE_HIT_COUNT).count, 0);
}

static void check_broken(const char *bytes) {
    struct wire wire;
    struct wire_event event;
    wire_init(&wire, wire_version_find(7));
    buf_append_text(&wire.in, bytes);
    if (wire_decode(&wire, &event) != -1)
        fail_msg("not broken: %s", bytes);
    assert_true(wire.error[0]);
    assert_int_equal(wire_decode(&wire, &event), -1);
    wire_finish(&wire);
}

static void broken(void **state) {
    (void)state;
    check_broken("PTVSDBG");
    check_broken("Content-Length: x\r\n\r\n");
    check_broken("Content-Length: 999999999\r\n\r\n");
    check_broken("Content-Length: 0\r\n\r\n");
    check_broken("Content-Length: 2\r\n\r\n[]");
    check_broken("Content-Length: 2\r\n\r\n{]");
    check_broken("Content-Length: 4\r\n\r\nnull");
}

/* `count` times the item within an event's array. */
static char *many(const char *before, size_t count, const char *item, const char *after) {
    struct buf text;
    buf_init(&text, WIRE_MESSAGE_LIMIT);
    buf_append_text(&text, before);
    for (size_t i = 0; i < count; i++) {
        buf_append_text(&text, i ? "," : "");
        buf_append_text(&text, item);
    }
    buf_append_text(&text, after);
    char *copy = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return copy;
}

static void check_count(const char *before, const char *after, size_t limit) {
    for (size_t over = 0; over < 2; over++) {
        struct wire wire;
        struct wire_event event;
        wire_init(&wire, wire_version_find(8));
        char *text = many(before, limit + over, "{}", after);
        put(&wire, text);
        assert_int_equal(wire_decode(&wire, &event), over ? -1 : 1);
        free(text);
        wire_finish(&wire);
    }
}

static void counts(void **state) {
    (void)state;
    check_count(
        "{\"type\":\"event\",\"event\":\"legacyEnumChildrenResult\",\"body\":{\"children\":[",
        "]}}", WIRE_CHILD_LIMIT);
    check_count(
        "{\"type\":\"event\",\"event\":\"legacyThreadFrameList\",\"body\":{\"threadFrames\":[",
        "]}}", WIRE_FRAME_LIMIT);
    check_count(
        "{\"type\":\"event\",\"event\":\"legacyThreadFrameList\",\"body\":{\"threadFrames\":["
        "{\"variables\":[",
        "]}]}}", WIRE_VARIABLE_LIMIT);
}

/* Once the header is there, nothing is looked at until the whole message is. */
static void pieces(void **state) {
    struct wire *wire = *state;
    struct wire_event event;
    put_event(wire, "legacyThreadCreate", "{\"threadId\": 5}");
    char *bytes = memory_copy_bytes(wire->in.bytes, wire->in.length);
    size_t length = wire->in.length;
    buf_clear(&wire->in);
    for (size_t i = 0; i < length - 1; i++) {
        buf_append(&wire->in, bytes + i, 1);
        assert_int_equal(wire_decode(wire, &event), 0);
        assert_true(wire->needed == (i < 21 ? i + 2 : length));
    }
    buf_append(&wire->in, bytes + length - 1, 1);
    assert_int_equal(next(wire, WIRE_THREAD_STARTED).thread, 5);
    free(bytes);
}

/* The strings of an event live until the next decode, though `in` has gone on. */
static void lifetime(void **state) {
    struct wire *wire = *state;
    put_event(wire, "legacyDebuggerOutput", "{\"output\": \"kept\"}");
    struct wire_event event = next(wire, WIRE_OUTPUT);
    for (int i = 0; i < 1000; i++)
        put_event(wire, "legacyDebuggerOutput", "{\"output\": \"other\"}");
    assert_string_equal(event.text, "kept");
}

#define WITH_WIRE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_WIRE(plain_events),     WITH_WIRE(modules),       WITH_WIRE(frames),
        WITH_WIRE(exception_events), WITH_WIRE(answers),       WITH_WIRE(output),
        WITH_WIRE(responses),        WITH_WIRE(refusals),      WITH_WIRE(chores),
        WITH_WIRE(unknown_messages), WITH_WIRE(odd_fields),    WITH_WIRE(pieces),
        WITH_WIRE(lifetime),         cmocka_unit_test(broken), cmocka_unit_test(counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
