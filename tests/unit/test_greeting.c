#include "greeting.h"

#include "frame.h"
#include "json.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) literal, sizeof(literal) - 1
#define SIGNATURE "PTVSDBG\0\0\0\0\0\0\0"

static int setup(void **state) {
    static struct greeting greeting;
    greeting_init(&greeting, "se\"cret", "A,B");
    *state = &greeting;
    return 0;
}

static int teardown(void **state) {
    greeting_finish(*state);
    return 0;
}

/* Feeds the bytes one by one; all but the last must leave things open. */
static enum greeting_result feed(struct greeting *greeting, const char *bytes, size_t length) {
    enum greeting_result result = GREETING_GOES_ON;
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(result, GREETING_GOES_ON);
        buf_append(&greeting->in, bytes + i, 1);
        result = greeting_feed(greeting);
    }
    return result;
}

static void check_sent(struct greeting *greeting, const char *bytes, size_t length) {
    assert_int_equal(greeting->out.length, length);
    assert_memory_equal(greeting->out.bytes, bytes, length);
    buf_clear(&greeting->out);
}

/* ---- binary ---------------------------------------------------------------------------------- */

static void binary_attach(void **state) {
    struct greeting *greeting = *state;
    assert_int_equal(feed(greeting, BYTES(SIGNATURE "\6")), GREETING_GOES_ON);
    check_sent(greeting, BYTES(SIGNATURE "\6\0\0\0\0\0\0\0\7se\"cret"));
    assert_int_equal(feed(greeting, BYTES("ACPT")), GREETING_GOES_ON);
    check_sent(greeting, BYTES("ATCH\0\0\0\0\0\0\0\3A,B"));
    assert_int_equal(feed(greeting, BYTES("ACPT")), GREETING_GOES_ON);
    assert_int_equal(greeting->out.length, 0);
    assert_int_equal(feed(greeting, BYTES("\0\0\0\0\0\0\x11\x2f\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\6"
                                          "\0\0\0\0\0\0\0\17")),
                     GREETING_ATTACHED);
    assert_int_equal(greeting->version, 6);
    assert_int_equal(greeting->pid, 0x112f);
    assert_int_equal(greeting->python[0], 3);
    assert_int_equal(greeting->python[1], 6);
    assert_int_equal(greeting->python[2], 15);
    assert_int_equal(greeting->in.length, 0);
}

/* 2 and 4 have no options; and what comes in one piece with the last answer is the wire's. */
static void old_binary_attach(void **state) {
    struct greeting *greeting = *state;
    buf_append(&greeting->in,
               BYTES(SIGNATURE "\4ACPTACPT\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\7"
                               "\0\0\0\0\0\0\0\22NEWT123"));
    assert_int_equal(greeting_feed(greeting), GREETING_ATTACHED);
    check_sent(greeting, BYTES(SIGNATURE "\4\0\0\0\0\0\0\0\7se\"cretATCH"));
    assert_int_equal(greeting->in.length, 7);
    assert_memory_equal(greeting->in.bytes, "NEWT123", 7);
    assert_int_equal(greeting_feed(greeting), GREETING_ATTACHED); /* a result stays */
}

static void binary_refusals(void **state) {
    struct greeting *greeting = *state;
    feed(greeting, BYTES(SIGNATURE "\2"));
    assert_int_equal(feed(greeting, BYTES("RJCT")), GREETING_WRONG_SECRET);
    assert_int_equal(greeting_closed(greeting), GREETING_WRONG_SECRET);
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\2ACPT"));
    assert_int_equal(feed(greeting, BYTES("RJCT")), GREETING_ALREADY_DEBUGGED);
}

static void binary_oddities(void **state) {
    struct greeting *greeting = *state;
    assert_int_equal(feed(greeting, BYTES(SIGNATURE "\5")), GREETING_UNKNOWN_VERSION);
    assert_int_equal(greeting->version, 5);
    assert_int_equal(greeting->out.length, 0);
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\6"));
    assert_int_equal(feed(greeting, BYTES("WHAT")), GREETING_BROKEN);
    assert_string_equal(greeting->heard, "it answered the secret with WHAT");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\6"
                                   "ACPT"));
    assert_int_equal(feed(greeting, BYTES("\0\1\2\3")), GREETING_BROKEN);
    assert_string_equal(greeting->heard,
                        "it answered the attach request with \\x00\\x01\\x02\\x03");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\6"
                                   "ACPTACPT"));
    assert_int_equal(feed(greeting, BYTES("\0\0\0\0\0\0\0\1\xff\0\0\0\0\0\0\2")), GREETING_BROKEN);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static enum greeting_result feed_json(struct greeting *greeting, const char *body) {
    struct buf framed;
    buf_init(&framed, 1 << 20);
    frame_append(&framed, body, strlen(body));
    enum greeting_result result = feed(greeting, framed.bytes, framed.length);
    buf_finish(&framed);
    return result;
}

static void check_sent_json(struct greeting *greeting, const char *body) {
    char *framed = memory_format("Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    check_sent(greeting, framed, strlen(framed));
    free(framed);
}

static enum greeting_result connected(struct greeting *greeting, int version) {
    char *body =
        memory_format("{\"type\": \"event\", \"seq\": 0, \"event\": \"legacyRemoteConnected\","
                      " \"body\": {\"debuggerName\": \"PTVSDBG\","
                      " \"debuggerProtocolVersion\": %d}}",
                      version);
    enum greeting_result result = feed_json(greeting, body);
    free(body);
    return result;
}

static enum greeting_result answer(struct greeting *greeting, const char *command,
                                   const char *success, const char *answer_body) {
    char *body =
        memory_format("{\"type\": \"response\", \"seq\": 1, \"request_seq\": 0, \"success\": %s,"
                      " \"command\": \"%s\", \"message\": \"\", \"body\": %s}",
                      success, command, answer_body);
    enum greeting_result result = feed_json(greeting, body);
    free(body);
    return result;
}

static const char authenticate[] = "legacyRemoteDebuggerAuthenticate";
static const char attach[] = "legacyRemoteDebuggerAttach";

static void json_attach(void **state) {
    struct greeting *greeting = *state;
    assert_int_equal(connected(greeting, 8), GREETING_GOES_ON);
    assert_int_equal(greeting->version, 8);
    check_sent_json(greeting, "{\"type\":\"request\",\"seq\":0,"
                              "\"command\":\"legacyRemoteDebuggerAuthenticate\",\"arguments\":{"
                              "\"debuggerName\":\"PTVSDBG\",\"debuggerProtocolVersion\":8,"
                              "\"clientSecret\":\"se\\\"cret\"}}");
    assert_int_equal(answer(greeting, authenticate, "true", "{\"accepted\": true}"),
                     GREETING_GOES_ON);
    check_sent_json(greeting, "{\"type\":\"request\",\"seq\":1,"
                              "\"command\":\"legacyRemoteDebuggerAttach\",\"arguments\":{"
                              "\"debugOptions\":\"A,B\"}}");
    assert_int_equal(answer(greeting, attach, "true",
                            "{\"accepted\": true, \"processId\": 77, \"pythonMajor\": 2,"
                            " \"pythonMinor\": 7, \"pythonMicro\": 18}"),
                     GREETING_ATTACHED);
    assert_int_equal(greeting->pid, 77);
    assert_int_equal(greeting->python[0], 2);
    assert_int_equal(greeting->python[1], 7);
    assert_int_equal(greeting->python[2], 18);
    assert_int_equal(greeting->in.length, 0);
    assert_int_equal(greeting->out.length, 0);
}

/* What follows the attach answer in the same piece belongs to the wire. */
static void json_rest(void **state) {
    struct greeting *greeting = *state;
    connected(greeting, 7);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    const char *body = "{\"type\":\"response\",\"command\":\"legacyRemoteDebuggerAttach\","
                       "\"success\":true,\"body\":{\"accepted\":true}}";
    frame_append(&greeting->in, body, strlen(body));
    buf_append_text(&greeting->in, "Content-Le");
    assert_int_equal(greeting_feed(greeting), GREETING_ATTACHED);
    assert_int_equal(greeting->in.length, 10);
    assert_memory_equal(greeting->in.bytes, "Content-Le", 10);
}

static void json_refusals(void **state) {
    struct greeting *greeting = *state;
    connected(greeting, 7);
    assert_int_equal(answer(greeting, authenticate, "true", "{\"accepted\": false}"),
                     GREETING_WRONG_SECRET);
    greeting_finish(greeting);
    setup(state);
    connected(greeting, 7);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    assert_int_equal(answer(greeting, attach, "true", "{\"accepted\": false}"),
                     GREETING_ALREADY_DEBUGGED);
}

static void json_oddities(void **state) {
    struct greeting *greeting = *state;
    assert_int_equal(connected(greeting, 9), GREETING_UNKNOWN_VERSION);
    assert_int_equal(greeting->version, 9);
    assert_int_equal(greeting->out.length, 0);
    static const struct {
        const char *command, *success, *body;
    } wrong[] = {
        {authenticate, "true", "{}"},
        {authenticate, "true", "{\"accepted\": 1}"},
        {authenticate, "false", "{\"accepted\": true}"},
        {attach, "true", "{\"accepted\": true}"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        greeting_finish(greeting);
        setup(state);
        connected(greeting, 7);
        buf_clear(&greeting->out);
        assert_int_equal(answer(greeting, wrong[i].command, wrong[i].success, wrong[i].body),
                         GREETING_BROKEN);
        assert_ptr_equal(strstr(greeting->heard, "it answered the secret with {"), greeting->heard);
        assert_int_equal(greeting->out.length, 0);
    }
    greeting_finish(greeting);
    setup(state);
    connected(greeting, 7);
    assert_int_equal(feed(greeting, BYTES("X")), GREETING_BROKEN);
    assert_string_equal(greeting->heard, "it answered the secret with X");
    greeting_finish(greeting);
    setup(state);
    connected(greeting, 7);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    assert_int_equal(answer(greeting, attach, "true", "{\"accepted\": true, \"pythonMajor\": -1}"),
                     GREETING_BROKEN);
    assert_string_equal(greeting->heard, "it told an impossible Python version");
}

/* ---- others ---------------------------------------------------------------------------------- */

static void speaks_dap(void **state) {
    struct greeting *greeting = *state;
    static const char *const bodies[] = {
        "{\"output\": \"ptvsd\", \"category\": \"telemetry\", \"data\": {\"version\": \"4.3.2\"}}",
        "{\"output\": \"ptvsd\", \"category\": \"telemetry\", \"data\": {\"packageVersion\": "
        "\"1.8.22\"}}",
        "{\"output\": \"debugpy\", \"category\": \"telemetry\", \"data\": {\"packageVersion\": "
        "\"\x1b[2J\"}}",
        "{\"output\": \"debugpy\", \"category\": \"telemetry\"}",
    };
    static const char *const releases[] = {"4.3.2", "1.8.22", "", ""};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char *event =
            memory_format("{\"type\": \"event\", \"event\": \"output\", \"body\": %s}", bodies[i]);
        assert_int_equal(feed_json(greeting, event), GREETING_SPEAKS_DAP);
        assert_string_equal(greeting->release, releases[i]);
        assert_true(greeting->in.length > strlen(event)); /* the relay wants to see it */
        assert_int_equal(greeting->out.length, 0);
        free(event);
        greeting_finish(greeting);
        setup(state);
    }
}

/* After a reconnect ptvsd 4 sends the program's output before anything else. */
static void output_first(void **state) {
    struct greeting *greeting = *state;
    const char *output =
        "{\"type\": \"event\", \"event\": \"output\", \"body\": {\"output\": \"hi\"}}";
    assert_int_equal(feed_json(greeting, output), GREETING_GOES_ON);
    assert_int_equal(feed_json(greeting, output), GREETING_GOES_ON);
    assert_int_equal(feed_json(greeting, "{\"type\": \"event\", \"event\": \"output\", \"body\":"
                                         " {\"output\": \"ptvsd\", \"category\": \"telemetry\"}}"),
                     GREETING_SPEAKS_DAP);
    assert_true(greeting->in.length > 2 * strlen(output));
}

/* An hour of output is none of a debugger that is about to greet. */
static void output_without_end(void **state) {
    struct greeting *greeting = *state;
    const char *output =
        "{\"type\": \"event\", \"event\": \"output\", \"body\": {\"output\": \"hi\"}}";
    struct buf events;
    buf_init(&events, 4096);
    for (int i = 0; i < 10; i++)
        frame_append(&events, output, strlen(output));
    enum greeting_result result = GREETING_GOES_ON;
    while (result == GREETING_GOES_ON && greeting->in.length <= 3 << 19) {
        buf_append(&greeting->in, events.bytes, events.length);
        result = greeting_feed(greeting);
    }
    buf_finish(&events);
    assert_int_equal(result, GREETING_BROKEN);
    assert_string_equal(greeting->heard, "it sends output without end and no greeting");
}

static void json_versions_that_are_none(void **state) {
    struct greeting *greeting = *state;
    static const char *const versions[] = {"\"8\"", "null", "8.5", "true", "[8]", "1e300"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char *event =
            memory_format("{\"type\": \"event\", \"event\": \"legacyRemoteConnected\", \"body\": "
                          "{\"debuggerName\": \"PTVSDBG\", \"debuggerProtocolVersion\": %s}}",
                          versions[i]);
        assert_int_equal(feed_json(greeting, event), GREETING_BROKEN);
        assert_string_equal(greeting->heard, "its protocol version is no whole number");
        free(event);
        greeting_finish(greeting);
        setup(state);
    }
}

static void strangers(void **state) {
    struct greeting *greeting = *state;
    static const struct {
        const char *bytes, *heard;
    } kinds[] = {
        {"SSH-2.0-OpenSSH_9.2\r\n", "S"},
        {"\x80", "\\x80"},
        {"PTVX", "PTVX"},
        {"PR", "PR"},
        {"CONNECT", "CON"},
        {"Content-Length: 2\r\n\r\n{}", "Content-Length: 2\\x0d\\x0a\\x0d\\x0a{}"},
        {"Content-Length: 2\r\n\r\n{]", "Content-Length: 2\\x0d\\x0a\\x0d\\x0a{]"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        enum greeting_result result = GREETING_GOES_ON;
        for (const char *at = kinds[i].bytes; *at && result == GREETING_GOES_ON; at++)
            result = feed(greeting, at, 1);
        assert_int_equal(result, GREETING_NOT_PTVSD);
        if (i == 4) /* refused at the first byte that cannot be Content-Length */
            assert_memory_equal(greeting->heard, kinds[i].heard, 3);
        else
            assert_string_equal(greeting->heard, kinds[i].heard);
        assert_int_equal(greeting->out.length, 0);
        greeting_finish(greeting);
        setup(state);
    }
    assert_int_equal(feed_json(greeting,
                               "{\"type\": \"event\", \"event\": \"legacyRemoteConnected\","
                               " \"body\": {\"debuggerName\": \"Other\"}}"),
                     GREETING_NOT_PTVSD);
}

static void tls(void **state) {
    assert_int_equal(feed(*state, BYTES("\x15")), GREETING_SPEAKS_TLS);
}

/* However much it says, `heard` keeps its bounds. */
static void long_talk(void **state) {
    struct greeting *greeting = *state;
    char bytes[1000];
    memset(bytes, 0xee, sizeof bytes);
    buf_append(&greeting->in, bytes, sizeof bytes);
    assert_int_equal(greeting_feed(greeting), GREETING_NOT_PTVSD);
    assert_int_equal(strlen(greeting->heard), 156);
    greeting_finish(greeting);
    setup(state);
    memset(bytes, 'x', sizeof bytes);
    buf_append(&greeting->in, bytes, sizeof bytes);
    greeting_feed(greeting);
    assert_int_equal(strlen(greeting->heard), 100);
}

static void check_closed(struct greeting *greeting, enum greeting_result result,
                         const char *heard) {
    assert_int_equal(greeting_closed(greeting), result);
    assert_string_equal(greeting->heard, heard);
    assert_int_equal(greeting_feed(greeting), result);
}

static void closed(void **state) {
    struct greeting *greeting = *state;
    check_closed(greeting, GREETING_NOT_PTVSD, "");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES("PTV"));
    check_closed(greeting, GREETING_BROKEN, "it closed the connection within its greeting");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES("Content-Length: 30\r\n"));
    check_closed(greeting, GREETING_NOT_PTVSD, "Content-Length: 30\\x0d\\x0a");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\2"));
    check_closed(greeting, GREETING_BROKEN,
                 "it closed the connection instead of answering the secret");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\2ACPT"));
    check_closed(greeting, GREETING_BROKEN,
                 "it closed the connection instead of letting us attach");
    greeting_finish(greeting);
    setup(state);
    feed(greeting, BYTES(SIGNATURE "\2ACPTACPT\0"));
    check_closed(greeting, GREETING_BROKEN,
                 "it closed the connection right after we were attached");
    greeting_finish(greeting);
    setup(state);
    connected(greeting, 7);
    check_closed(greeting, GREETING_BROKEN,
                 "it closed the connection instead of answering the secret");
    greeting_finish(greeting);
    setup(state);
    buf_append(&greeting->in, BYTES(SIGNATURE "\2RJCT")); /* not looked at yet */
    assert_int_equal(greeting_closed(greeting), GREETING_WRONG_SECRET);
}

static void stalled(void **state) {
    struct greeting *greeting = *state;
    assert_null(greeting_stalled(greeting));
    feed(greeting, BYTES("P"));
    assert_string_equal(greeting_stalled(greeting), "did not finish its greeting");
    feed(greeting, BYTES("TVSDBG\0\0\0\0\0\0\0\2"));
    assert_string_equal(greeting_stalled(greeting), "did not answer the secret");
    feed(greeting, BYTES("ACPT"));
    assert_string_equal(greeting_stalled(greeting),
                        "accepted the secret, but did not answer the request to attach");
    feed(greeting, BYTES("ACPT\0"));
    assert_string_equal(greeting_stalled(greeting), "let us attach, but did not tell its process");
    feed(greeting, BYTES("\0\0\0\0\0\0\1\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0\17"));
    assert_null(greeting_stalled(greeting)); /* there is a result */
}

/* ---- INFO ------------------------------------------------------------------------------------ */

#define PROCESS "\0\0\0\0\0\0\0\7A\0\0\0\0\0\0\0\4/a/b"

static void binary_info(void **state) {
    struct greeting *greeting = *state;
    greeting->purpose = GREETING_TO_INFO;
    feed(greeting, BYTES(SIGNATURE "\6"));
    assert_false(greeting->let_in);
    buf_clear(&greeting->out);
    assert_int_equal(feed(greeting, BYTES("ACPT")), GREETING_GOES_ON);
    check_sent(greeting, BYTES("INFO"));
    assert_true(greeting->let_in);
    assert_int_equal(feed(greeting, BYTES(PROCESS "NU\0\0\0\0\0\0\0\7CPython")), GREETING_INFORMED);
    assert_int_equal(greeting->pid, 7);
    assert_string_equal(greeting->executable, "/a/b");
    assert_string_equal(greeting->user, "");
    assert_string_equal(greeting->interpreter, "CPython");
    assert_int_equal(greeting_feed(greeting), GREETING_INFORMED);
}

static void binary_info_breaks_off(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        const char *said;
    } cases[] = {{BYTES(PROCESS), "no name"},
                 {BYTES(PROCESS "A"), "closed the connection instead"},
                 {BYTES("\0\0"), "closed the connection instead"},
                 {BYTES(PROCESS "Q"), "prefix"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct greeting *greeting = *state;
        greeting->purpose = GREETING_TO_INFO;
        feed(greeting, BYTES(SIGNATURE "\2ACPT"));
        buf_append(&greeting->in, cases[i].bytes, cases[i].length);
        assert_int_equal(greeting_closed(greeting), GREETING_BROKEN);
        if (!strstr(greeting->heard, cases[i].said))
            fail_msg("%s", greeting->heard);
        teardown(state);
        setup(state);
    }
}

static void json_info(void **state) {
    struct greeting *greeting = *state;
    greeting->purpose = GREETING_TO_INFO;
    connected(greeting, 8);
    buf_clear(&greeting->out);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    assert_true(greeting->let_in);
    check_sent_json(greeting, "{\"type\":\"request\",\"seq\":1,"
                              "\"command\":\"legacyRemoteDebuggerInfo\",\"arguments\":{}}");
    assert_int_equal(answer(greeting, "legacyRemoteDebuggerInfo", "true",
                            "{\"processId\": 7, \"executable\": \"/a/b\", \"user\": 1,"
                            " \"pythonVersion\": \"CPython\"}"),
                     GREETING_INFORMED);
    assert_int_equal(greeting->pid, 7);
    assert_string_equal(greeting->executable, "/a/b");
    assert_string_equal(greeting->user, "");
    assert_string_equal(greeting->interpreter, "CPython");
}

static void json_info_fails(void **state) {
    struct greeting *greeting = *state;
    greeting->purpose = GREETING_TO_INFO;
    connected(greeting, 7);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    assert_int_equal(answer(greeting, "legacyRemoteDebuggerInfo", "false", "{}"),
                     GREETING_INFORMED);
    assert_int_equal(greeting->pid, 0);
    assert_string_equal(greeting->executable, "");
    teardown(state);
    setup(state);
    greeting->purpose = GREETING_TO_INFO;
    connected(greeting, 7);
    answer(greeting, authenticate, "true", "{\"accepted\": true}");
    assert_int_equal(answer(greeting, "legacyRemoteDebuggerOther", "true", "{}"), GREETING_BROKEN);
    assert_non_null(strstr(greeting->heard, "the question for its process"));
}

#define WITH_GREETING(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_GREETING(binary_attach),
        WITH_GREETING(old_binary_attach),
        WITH_GREETING(binary_refusals),
        WITH_GREETING(binary_oddities),
        WITH_GREETING(json_attach),
        WITH_GREETING(json_rest),
        WITH_GREETING(json_refusals),
        WITH_GREETING(json_oddities),
        WITH_GREETING(speaks_dap),
        WITH_GREETING(output_first),
        WITH_GREETING(strangers),
        WITH_GREETING(tls),
        WITH_GREETING(long_talk),
        WITH_GREETING(closed),
        WITH_GREETING(stalled),
        WITH_GREETING(output_without_end),
        WITH_GREETING(json_versions_that_are_none),
        WITH_GREETING(binary_info),
        WITH_GREETING(binary_info_breaks_off),
        WITH_GREETING(json_info),
        WITH_GREETING(json_info_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
