#include "wire.h"
#include "wire_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const int64_t THREAD = 140311884257088;

static void open_wire(struct wire *wire, int version) {
    wire_init(wire, wire_version_find(version));
}

/* The one event that the bytes in `in` hold. */
static struct wire_event only(struct wire *wire) {
    struct wire_event event;
    assert_int_equal(wire_decode(wire, &event), 1);
    assert_int_equal(wire->in.length, 0);
    return event;
}

static void expect_broken(struct wire *wire, const char *error) {
    struct wire_event event;
    assert_int_equal(wire_decode(wire, &event), -1);
    assert_string_equal(wire->error, error);
    build(&wire->in, "t", "DETC");
    assert_int_equal(wire_decode(wire, &event), -1); /* for good */
    wire_finish(wire);
}

static const int VERSIONS[] = {2, 4, 6};
enum { VERSION_COUNT = sizeof VERSIONS / sizeof VERSIONS[0] };

/* ---- decoding
 * ------------------------------------------------------------------------------------ */

static void test_thread_messages(void **state) {
    (void)state;
    static const struct {
        const char *tag;
        enum wire_event_type type;
    } messages[] = {{"NEWT", WIRE_THREAD_STARTED},
                    {"EXTT", WIRE_THREAD_ENDED},
                    {"LOAD", WIRE_LOADED},
                    {"STPD", WIRE_STEPPED},
                    {"ASBR", WIRE_BROKE}};
    for (size_t i = 0; i < VERSION_COUNT * 5; i++) {
        struct wire wire;
        open_wire(&wire, VERSIONS[i / 5]);
        build(&wire.in, "tl", messages[i % 5].tag, THREAD);
        struct wire_event event = only(&wire);
        assert_int_equal(event.type, messages[i % 5].type);
        assert_int_equal(event.thread, THREAD);
        wire_finish(&wire);
    }
}

static void test_small_messages(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "tia", "MODL", 12, "/tmp/a.py");
    struct wire_event event = only(&wire);
    assert_int_equal(event.type, WIRE_MODULE);
    assert_int_equal(event.module.id, 12);
    assert_string_equal(event.module.file, "/tmp/a.py");
    build(&wire.in, "ti", "BRKS", 3);
    event = only(&wire);
    assert_int_equal(event.type, WIRE_BOUND);
    assert_int_equal(event.breakpoint, 3);
    build(&wire.in, "ti", "BRKF", -4);
    event = only(&wire);
    assert_int_equal(event.type, WIRE_PENDING);
    assert_int_equal(event.breakpoint, -4);
    build(&wire.in, "til", "BRKH", 5, THREAD);
    event = only(&wire);
    assert_int_equal(event.type, WIRE_HIT);
    assert_int_equal(event.breakpoint, 5);
    assert_int_equal(event.thread, THREAD);
    build(&wire.in, "tii", "BKHC", 8, 1000);
    event = only(&wire);
    assert_int_equal(event.type, WIRE_HIT_COUNT);
    assert_int_equal(event.token, 8);
    assert_int_equal(event.count, 1000);
    build(&wire.in, "tiu", "EXCE", 9, "");
    event = only(&wire);
    assert_int_equal(event.type, WIRE_FAILED);
    assert_int_equal(event.token, 9);
    assert_string_equal(event.text, "");
    build(&wire.in, "tla", "OUTP", THREAD, "gr\xFC\xDF\n");
    event = only(&wire);
    assert_int_equal(event.type, WIRE_OUTPUT);
    assert_int_equal(event.channel, WIRE_STDOUT);
    assert_int_equal(event.thread, THREAD);
    assert_string_equal(event.text, "gr\xC3\xBC\xC3\x9F\n");
    build(&wire.in, "tu", "REQH", "<frozen x>");
    event = only(&wire);
    assert_int_equal(event.type, WIRE_WANTS_HANDLERS);
    assert_string_equal(event.text, "<frozen x>");
    build(&wire.in, "tili", "SETL", 1, THREAD, 77);
    event = only(&wire);
    assert_int_equal(event.type, WIRE_LINE_SET);
    assert_true(event.line_set.ok);
    assert_int_equal(event.thread, THREAD);
    assert_int_equal(event.line_set.line, 77);
    build(&wire.in, "t", "DETC");
    assert_int_equal(only(&wire).type, WIRE_DETACHED);
    wire_finish(&wire);
}

static void test_result_by_version(void **state) {
    (void)state;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        struct wire wire;
        open_wire(&wire, VERSIONS[i]);
        build(&wire.in, "tinau", "EXCR", 11, "0xff", "int");
        if (VERSIONS[i] == 2)
            build(&wire.in, "i", 1);
        else
            build(&wire.in, "ii", 300, WIRE_EXPANDABLE | WIRE_HAS_RAW_REPR);
        struct wire_event event = only(&wire);
        assert_int_equal(event.type, WIRE_RESULT);
        assert_int_equal(event.token, 11);
        assert_null(event.object.repr);
        assert_string_equal(event.object.hex, "0xff");
        assert_string_equal(event.object.type, "int");
        assert_int_equal(event.object.length, VERSIONS[i] == 2 ? 0 : 300);
        assert_int_equal(event.object.flags, VERSIONS[i] == 2 ? 1 : 17);
        wire_finish(&wire);
    }
}

static void add_stack(struct buf *out, int version) {
    build(out, "tlaiiiiauiii", "THRF", THREAD, "MainThread", 2, 10, -1, 12, "f", "/a.py", 1,
          WIRE_FRAME_PYTHON, 2);
    build(out, "aanai", "x", "5", "int", 0);
    build(out, version == 2 ? "" : "i", 0);
    build(out, "aaani", "y", "[]", "0x0", 3);
    build(out, version == 2 ? "" : "i", 1);
    build(out, "iiiauiiuii", 1, 2, 3, "<module>", "/t.html", 0, WIRE_FRAME_DJANGO, "/t.py", 44, 0);
}

static void test_stack(void **state) {
    (void)state;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        struct wire wire;
        open_wire(&wire, VERSIONS[i]);
        add_stack(&wire.in, VERSIONS[i]);
        struct wire_event event = only(&wire);
        assert_int_equal(event.type, WIRE_FRAMES);
        assert_int_equal(event.thread, THREAD);
        assert_string_equal(event.frames.thread_name, "MainThread");
        assert_int_equal(event.frames.count, 2);
        const struct wire_frame *inner = &event.frames.frames[0], *outer = inner + 1;
        assert_int_equal(inner->first_line, 10);
        assert_int_equal(inner->last_line, -1);
        assert_int_equal(inner->line, 12);
        assert_string_equal(inner->name, "f");
        assert_string_equal(inner->file, "/a.py");
        assert_int_equal(inner->argument_count, 1);
        assert_int_equal(inner->kind, WIRE_FRAME_PYTHON);
        assert_null(inner->python_file);
        assert_int_equal(inner->variable_count, 2);
        assert_string_equal(inner->variables[0].name, "x");
        assert_null(inner->variables[0].expression);
        assert_null(inner->variables[0].object.hex);
        assert_string_equal(inner->variables[1].object.type, ""); /* None */
        assert_int_equal(inner->variables[1].object.flags, 1);
        assert_int_equal(outer->kind, WIRE_FRAME_DJANGO);
        assert_string_equal(outer->python_file, "/t.py");
        assert_int_equal(outer->python_line, 44);
        assert_int_equal(outer->variable_count, 0);
        wire_finish(&wire);
    }
}

static void test_children_with_expressions(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 4);
    build(&wire.in, "tii", "CHLD", 5, 2);
    build(&wire.in, "uuunuii", "[0]", "a[0]", "1", "int", 0, 0);
    build(&wire.in, "unnnnii", "[...]", 0, 0);
    struct wire_event event = only(&wire);
    assert_int_equal(event.type, WIRE_CHILDREN_ARE);
    assert_int_equal(event.token, 5);
    assert_int_equal(event.children.count, 2);
    assert_int_equal(event.children.attributes, 0);
    assert_string_equal(event.children.children[0].name, "[0]");
    assert_string_equal(event.children.children[0].expression, "a[0]");
    assert_string_equal(event.children.children[0].object.repr, "1");
    assert_null(event.children.children[1].expression);
    wire_finish(&wire);
}

static void test_children_in_two_lists(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 2);
    build(&wire.in, "tiiiii", "CHLD", 5, 1, 2, 0, 1);
    build(&wire.in, "aanai", "name", "'x'", "str", 0);
    build(&wire.in, "aanai", "[0]", "7", "int", 0);
    build(&wire.in, "aanai", "[1]", "[8]", "list", 1);
    struct wire_event event = only(&wire);
    assert_int_equal(event.token, 5);
    assert_int_equal(event.children.count, 3);
    assert_int_equal(event.children.attributes, 1);
    assert_false(event.children.indexable);
    assert_true(event.children.enumerate);
    assert_string_equal(event.children.children[2].object.repr, "[8]");
    assert_int_equal(event.children.children[2].object.flags, WIRE_EXPANDABLE);
    wire_finish(&wire);
}

static void test_break_types(void **state) {
    (void)state;
    static const struct {
        int version, type;
        enum wire_handled handled;
    } cases[] = {
        {2, 1, WIRE_UNHANDLED},       {4, 1, WIRE_UNHANDLED},       {6, 1, WIRE_UNHANDLED},
        {2, 2, WIRE_HANDLED_UNKNOWN}, {4, 2, WIRE_HANDLED_UNKNOWN}, {6, 2, WIRE_HANDLED},
        {6, 0, WIRE_HANDLED},         {6, 3, WIRE_HANDLED_UNKNOWN}, {2, 0, WIRE_HANDLED_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire wire;
        open_wire(&wire, cases[i].version);
        build(&wire.in, "talia", "EXCP", "ValueError", THREAD, cases[i].type, "bad value");
        struct wire_event event = only(&wire);
        assert_int_equal(event.type, WIRE_EXCEPTION);
        assert_int_equal(event.thread, THREAD);
        assert_string_equal(event.exception.type, "ValueError");
        assert_string_equal(event.exception.message, "bad value");
        assert_int_equal(event.exception.handled, cases[i].handled);
        assert_null(event.exception.trace);
        wire_finish(&wire);
    }
}

static void test_rich_exception(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "tliuuuuuuuuuuuu", "EXC2", THREAD, 6, "typename", "KeyError", "message", "'k'",
          "trace", "'a.py',1,'f','x'", "excvalue", "__exception_info", "breaktype", "unhandled",
          "news", "ignored");
    struct wire_event event = only(&wire);
    assert_int_equal(event.type, WIRE_EXCEPTION);
    assert_int_equal(event.thread, THREAD);
    assert_string_equal(event.exception.type, "KeyError");
    assert_string_equal(event.exception.message, "'k'");
    assert_string_equal(event.exception.trace, "'a.py',1,'f','x'");
    assert_string_equal(event.exception.value, "__exception_info");
    assert_int_equal(event.exception.handled, WIRE_UNHANDLED);
    build(&wire.in, "tliuu", "EXC2", THREAD, 1, "breaktype", "else");
    event = only(&wire);
    assert_string_equal(event.exception.type, "");
    assert_null(event.exception.value);
    assert_int_equal(event.exception.handled, WIRE_HANDLED);
    wire_finish(&wire);
}

/* ---- what is not whole, not right, not asked for ------------------------------------------------
 */

static void test_last_is_acknowledged(void **state) {
    (void)state;
    struct wire wire;
    struct wire_event event;
    open_wire(&wire, 6);
    build(&wire.in, "ttil", "LAST", "BRKH", 5, THREAD);
    assert_int_equal(only(&wire).type, WIRE_HIT);
    assert_int_equal(wire.out.length, 4);
    assert_memory_equal(wire.out.bytes, "lack", 4);
    build(&wire.in, "t", "LAST");
    assert_int_equal(wire_decode(&wire, &event), 0);
    assert_int_equal(wire.in.length, 0);
    assert_int_equal(wire.out.length, 8);
    wire_finish(&wire);
}

/* Feeds byte after byte, for what follows may come much later than the thread id. */
static int decode_slowly(struct wire *wire, struct wire_event *event, const struct buf *bytes) {
    int result = 0;
    for (size_t i = 0; i < bytes->length && !result; i++) {
        buf_append(&wire->in, bytes->bytes + i, 1);
        result = wire_decode(wire, event);
    }
    return result;
}

static void test_output_that_was_broken_off(void **state) {
    (void)state;
    static const char *const followers[] = {"DETC", "EXTT", "ASBR", "THRF", "NEWT"};
    for (size_t i = 0; i < 5; i++) {
        struct wire wire;
        struct wire_event event;
        struct buf bytes;
        buf_init(&bytes, 100);
        open_wire(&wire, 6);
        build(&bytes, "tltl", "OUTP", THREAD, followers[i], THREAD);
        assert_int_equal(decode_slowly(&wire, &event, &bytes), 1);
        assert_int_equal(event.type, WIRE_OUTPUT);
        assert_int_equal(event.thread, THREAD);
        assert_string_equal(event.text, "");
        assert_true(wire.in.length >= 1 && wire.in.length < 10);
        assert_memory_equal(wire.in.bytes, followers[i], wire.in.length < 4 ? wire.in.length : 4);
        wire_finish(&wire);
        buf_finish(&bytes);
    }
}

/* "NEX" is no beginning of a tag, so the N is a text. */
static void test_output_of_none(void **state) {
    (void)state;
    struct wire wire;
    struct wire_event event;
    open_wire(&wire, 6);
    build(&wire.in, "tlntl", "OUTP", THREAD, "EXTT", THREAD);
    assert_int_equal(wire_decode(&wire, &event), 1);
    assert_int_equal(event.type, WIRE_OUTPUT);
    assert_string_equal(event.text, "");
    assert_int_equal(only(&wire).type, WIRE_THREAD_ENDED);
    struct buf bytes;
    buf_init(&bytes, 100);
    build(&bytes, "tlntl", "OUTP", THREAD, "EXTT", THREAD);
    assert_int_equal(decode_slowly(&wire, &event, &bytes), 1);
    assert_int_equal(wire.in.length, 2);
    assert_memory_equal(wire.in.bytes, "EX", 2);
    buf_finish(&bytes);
    wire_finish(&wire);
}

static void test_output_that_is_wrong(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "tl", "OUTP", THREAD);
    buf_append(&wire.in, "U\x7f\xff\xff\xff\xff\xff\xff\xff", 9);
    expect_broken(&wire, "message OUTP: a text's length is impossible");
    wire_finish(&wire);
    open_wire(&wire, 6);
    build(&wire.in, "tlt", "OUTP", THREAD, "what");
    expect_broken(&wire, "message OUTP: a text has neither of the prefixes N, U and A");
    wire_finish(&wire);
}

static void test_waits_for_what_is_needed(void **state) {
    (void)state;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        struct wire wire;
        struct wire_event event;
        struct buf stack;
        buf_init(&stack, 4096);
        add_stack(&stack, VERSIONS[i]);
        open_wire(&wire, VERSIONS[i]);
        size_t fed = 0;
        while (wire_decode(&wire, &event) == 0) {
            assert_true(wire.needed > fed); /* else it would spin */
            assert_true(wire.needed <= stack.length);
            assert_null(wire.arena.blocks); /* nothing is built from a part */
            buf_append(&wire.in, stack.bytes + fed, wire.needed - fed);
            fed = wire.needed;
        }
        assert_int_equal(fed, stack.length);
        assert_int_equal(event.frames.count, 2);
        assert_int_equal(wire.needed, 0);
        wire_finish(&wire);
        buf_finish(&stack);
    }
}

static void test_does_not_look_before_enough_is_there(void **state) {
    (void)state;
    struct wire wire;
    struct wire_event event;
    open_wire(&wire, 6);
    build(&wire.in, "t", "DETC");
    wire.needed = 5;
    assert_int_equal(wire_decode(&wire, &event), 0);
    wire.needed = 4;
    assert_int_equal(only(&wire).type, WIRE_DETACHED);
    wire_finish(&wire);
}

static void test_events_reuse_their_memory(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "tia", "MODL", 1, "/a.py");
    const char *file = only(&wire).module.file;
    build(&wire.in, "tia", "MODL", 2, "/b.py");
    assert_ptr_equal(only(&wire).module.file, file);
    wire_finish(&wire);
}

/* As a server may send it: field by field. Reading each time from the start would take minutes. */
static void test_large_message_in_single_bytes(void **state) {
    (void)state;
    enum { COUNT = 10000 };
    struct wire wire;
    struct wire_event event;
    struct buf message;
    buf_init(&message, 4 << 20);
    build(&message, "tii", "CHLD", 1, COUNT);
    for (int i = 0; i < COUNT; i++)
        build(&message, "uuuuuii", "[12]", "items[12]", "12345", "0x3039", "int", 0, 0);
    open_wire(&wire, 6);
    clock_t start = clock();
    for (size_t i = 0; i + 1 < message.length; i++) {
        buf_append(&wire.in, message.bytes + i, 1);
        assert_int_equal(wire_decode(&wire, &event), 0);
    }
    buf_append(&wire.in, message.bytes + message.length - 1, 1);
    assert_int_equal(only(&wire).children.count, COUNT);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
    wire_finish(&wire);
    buf_finish(&message);
}

static void test_claimed_counts_allocate_nothing(void **state) {
    (void)state;
    struct wire wire;
    struct wire_event event;
    open_wire(&wire, 6);
    build(&wire.in, "tlni", "THRF", THREAD, WIRE_FRAME_LIMIT);
    assert_int_equal(wire_decode(&wire, &event), 0);
    build(&wire.in, "iiiuuiii", 1, 1, 1, "f", "/a.py", 0, 1, WIRE_VARIABLE_LIMIT);
    assert_int_equal(wire_decode(&wire, &event), 0);
    assert_null(wire.arena.blocks);
    wire_finish(&wire);
}

static void test_limits(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "tlni", "THRF", THREAD, WIRE_FRAME_LIMIT + 1);
    expect_broken(&wire, "message THRF: a count is impossible");
    open_wire(&wire, 6);
    build(&wire.in, "tlniiiiuuiii", "THRF", THREAD, 1, 1, 1, 1, "f", "/a.py", 0, 1,
          WIRE_VARIABLE_LIMIT + 1);
    expect_broken(&wire, "message THRF: a count is impossible");
    open_wire(&wire, 4);
    build(&wire.in, "tii", "CHLD", 1, WIRE_CHILD_LIMIT + 1);
    expect_broken(&wire, "message CHLD: a count is impossible");
    open_wire(&wire, 2);
    build(&wire.in, "tiii", "CHLD", 1, 0, -1);
    expect_broken(&wire, "message CHLD: a count is impossible");
    open_wire(&wire, 6);
    build(&wire.in, "tli", "EXC2", THREAD, 65);
    expect_broken(&wire, "message EXC2: a count is impossible");
    open_wire(&wire, 6);
    build(&wire.in, "titi", "MODL", 1, "U", WIRE_TEXT_LIMIT + 1);
    expect_broken(&wire, "message MODL: a text's length is impossible");
}

static void test_message_longer_than_the_buffer(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    wire.in.limit = 1000;
    build(&wire.in, "titi", "MODL", 1, "U", 1000 - 4 - 8 - 9 + 1);
    expect_broken(&wire, "a message is longer than 1000 bytes");
}

static void test_nonsense(void **state) {
    (void)state;
    struct wire wire;
    open_wire(&wire, 6);
    build(&wire.in, "t", "HTTP/1.1 400");
    expect_broken(&wire, "unknown message 'HTTP'");
    open_wire(&wire, 6);
    build(&wire.in, "t", "\x16\x03'\xFF");
    expect_broken(&wire, "unknown message '\\x16\\x03'\\xff'");
    open_wire(&wire, 4); /* messages of other versions */
    build(&wire.in, "t", "EXC2");
    expect_broken(&wire, "unknown message 'EXC2'");
    open_wire(&wire, 2);
    build(&wire.in, "t", "BKHC");
    expect_broken(&wire, "unknown message 'BKHC'");
    open_wire(&wire, 6);
    build(&wire.in, "tit", "MODL", 1, "DETC");
    expect_broken(&wire, "message MODL: a text has neither of the prefixes N, U and A");
    open_wire(&wire, 6);
    build(&wire.in, "tlniiiiuuii", "THRF", THREAD, 1, 1, 1, 1, "f", "/a.py", 0, 3);
    expect_broken(&wire, "message THRF: a frame has an unknown kind");
    open_wire(&wire, 6);
    build(&wire.in, "tl", "BRKS", INT64_C(0x100000001));
    expect_broken(&wire, "message BRKS: an id is none of ours");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thread_messages),
        cmocka_unit_test(test_small_messages),
        cmocka_unit_test(test_result_by_version),
        cmocka_unit_test(test_stack),
        cmocka_unit_test(test_children_with_expressions),
        cmocka_unit_test(test_children_in_two_lists),
        cmocka_unit_test(test_break_types),
        cmocka_unit_test(test_rich_exception),
        cmocka_unit_test(test_last_is_acknowledged),
        cmocka_unit_test(test_output_that_was_broken_off),
        cmocka_unit_test(test_output_of_none),
        cmocka_unit_test(test_output_that_is_wrong),
        cmocka_unit_test(test_waits_for_what_is_needed),
        cmocka_unit_test(test_does_not_look_before_enough_is_there),
        cmocka_unit_test(test_events_reuse_their_memory),
        cmocka_unit_test(test_large_message_in_single_bytes),
        cmocka_unit_test(test_claimed_counts_allocate_nothing),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_message_longer_than_the_buffer),
        cmocka_unit_test(test_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
