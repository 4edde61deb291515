#include "websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MASK = 0x37fa213d };

/* Feeds the bytes to a reader of this role and expects what follows; `step` at a time. */
static struct websocket reader(bool client, const void *bytes, size_t length) {
    struct websocket websocket;
    websocket_init(&websocket, client);
    buf_append(&websocket.in, bytes, length);
    return websocket;
}

static void check_broken(bool client, const void *bytes, size_t length, int code) {
    struct websocket websocket = reader(client, bytes, length);
    struct websocket_frame frame;
    int result;
    while ((result = websocket_read(&websocket, &frame)) > 0)
        continue;
    assert_int_equal(result, -1);
    assert_int_equal(websocket.error_code, code);
    assert_non_null(websocket.error);
    assert_int_equal(websocket_read(&websocket, &frame), -1);
    websocket_finish(&websocket);
}

#define BROKEN(client, bytes, code) check_broken(client, bytes, sizeof bytes - 1, code)

static void check_trip(bool client, size_t length) {
    char *sent = malloc(length + 1);
    for (size_t i = 0; i < length; i++)
        sent[i] = (char)(i * 7);
    struct buf out;
    buf_init(&out, 2 * (size_t)WEBSOCKET_FRAME_LIMIT);
    assert_int_equal(websocket_write(&out, client, WEBSOCKET_BINARY, sent, length, MASK), 0);
    struct websocket websocket = reader(!client, "", 0);
    struct websocket_frame frame;
    size_t step = length > 1000 ? length / 3 + 1 : 1, at = 0;
    while (at < out.length) {
        assert_int_equal(websocket_read(&websocket, &frame), 0);
        size_t now = out.length - at < step ? out.length - at : step;
        buf_append(&websocket.in, out.bytes + at, now);
        at += now;
    }
    assert_int_equal(websocket_read(&websocket, &frame), 1);
    assert_int_equal(frame.opcode, WEBSOCKET_BINARY);
    assert_true(frame.last);
    assert_int_equal(frame.length, length);
    assert_memory_equal(frame.bytes, sent, length);
    assert_int_equal(websocket_read(&websocket, &frame), 0);
    websocket_finish(&websocket);
    buf_finish(&out);
    free(sent);
}

static void test_there_and_back(void **state) {
    static const size_t lengths[] = {0, 1, 125, 126, 127, 65535, 65536, WEBSOCKET_FRAME_LIMIT};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        check_trip(true, lengths[i]);
        check_trip(false, lengths[i]);
    }
}

/* The examples of RFC 6455, section 5.7. */
static void test_examples(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 100);
    uint32_t mask;
    memcpy(&mask, "\x37\xfa\x21\x3d", 4);
    websocket_write(&out, false, WEBSOCKET_TEXT, "Hello", 5, 0);
    assert_memory_equal(out.bytes, "\x81\x05Hello", 7);
    buf_clear(&out);
    websocket_write(&out, true, WEBSOCKET_TEXT, "Hello", 5, mask);
    assert_memory_equal(out.bytes, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
    buf_finish(&out);
}

static void test_messages_in_pieces(void **state) {
    (void)state;
    static const char bytes[] = "\x01\x03Hel\x89\x02hi\x80\x02lo\x82\x01!";
    struct websocket websocket = reader(true, bytes, sizeof bytes - 1);
    struct websocket_frame frame;
    static const struct {
        enum websocket_opcode opcode;
        bool last;
        const char *text;
    } wanted[] = {{WEBSOCKET_TEXT, false, "Hel"},
                  {WEBSOCKET_PING, true, "hi"},
                  {WEBSOCKET_TEXT, true, "lo"},
                  {WEBSOCKET_BINARY, true, "!"}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(websocket_read(&websocket, &frame), 1);
        assert_int_equal(frame.opcode, wanted[i].opcode);
        assert_int_equal(frame.last, wanted[i].last);
        assert_int_equal(frame.length, strlen(wanted[i].text));
        assert_memory_equal(frame.bytes, wanted[i].text, frame.length);
    }
    websocket_finish(&websocket);
}

static void test_broken_rules(void **state) {
    (void)state;
    BROKEN(true, "\x81\x85\x01\x02\x03\x04Hello",
           WEBSOCKET_PROTOCOL_ERROR);                         /* masked by a server */
    BROKEN(false, "\x81\x05Hello", WEBSOCKET_PROTOCOL_ERROR); /* not by a client */
    BROKEN(true, "\xc1\x01x", WEBSOCKET_PROTOCOL_ERROR);      /* reserved bit */
    BROKEN(true, "\x83\x01x", WEBSOCKET_PROTOCOL_ERROR);      /* opcode 3 */
    BROKEN(true, "\x8b\x01x", WEBSOCKET_PROTOCOL_ERROR);      /* opcode 11 */
    BROKEN(true, "\x80\x01x", WEBSOCKET_PROTOCOL_ERROR);      /* continues nothing */
    BROKEN(true, "\x01\x01x\x81\x01y", WEBSOCKET_PROTOCOL_ERROR);
    BROKEN(true, "\x09\x01x", WEBSOCKET_PROTOCOL_ERROR);        /* a ping in pieces */
    BROKEN(true, "\x89\x7e\x00\x7e", WEBSOCKET_PROTOCOL_ERROR); /* a ping of 126 */
    BROKEN(true, "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x01", WEBSOCKET_TOO_LARGE);
    BROKEN(true, "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", WEBSOCKET_TOO_LARGE);
    BROKEN(true, "\x88\x01x", WEBSOCKET_PROTOCOL_ERROR);        /* half a code */
    BROKEN(true, "\x88\x02\x03\xed", WEBSOCKET_PROTOCOL_ERROR); /* 1005 */
    BROKEN(true, "\x88\x03\x03\xe8\xff", WEBSOCKET_NOT_TEXT);
    BROKEN(true, "\x81\x01\xff", WEBSOCKET_NOT_TEXT);
    BROKEN(true, "\x81\x02\xe2\x9c", WEBSOCKET_NOT_TEXT); /* ends within a character */
    BROKEN(true, "\x01\x02\xe2\x9c\x80\x01x", WEBSOCKET_NOT_TEXT);
}

static void test_text_cut_within_a_character(void **state) {
    (void)state;
    static const char bytes[] = "\x01\x01\xf0\x00\x02\x9f\x98\x00\x00\x80\x02\x80!";
    struct websocket websocket = reader(true, bytes, sizeof bytes - 1);
    struct websocket_frame frame;
    for (int i = 0; i < 4; i++)
        assert_int_equal(websocket_read(&websocket, &frame), 1);
    assert_true(frame.last);
    websocket_finish(&websocket);
}

static void check_close(int code, const char *reason, int wanted) {
    struct buf out;
    char found[200];
    buf_init(&out, 200);
    assert_int_equal(websocket_write_close(&out, false, code, reason, 0), 0);
    struct websocket websocket = reader(true, out.bytes, out.length);
    struct websocket_frame frame;
    assert_int_equal(websocket_read(&websocket, &frame), 1);
    assert_int_equal(websocket_close_code(&frame, found, sizeof found), wanted);
    assert_int_equal(strncmp(found, reason, strlen(found)), 0);
    websocket_finish(&websocket);
    buf_finish(&out);
}

static void test_close(void **state) {
    (void)state;
    check_close(1001, "going away", 1001);
    check_close(1000, "", 1000);
    check_close(WEBSOCKET_NO_CODE, "", WEBSOCKET_NO_CODE);
    char long_reason[300];
    memset(long_reason, 'x', sizeof long_reason - 1);
    long_reason[sizeof long_reason - 1] = '\0';
    check_close(1011, long_reason, 1011);
}

static void test_no_room(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 6);
    assert_int_equal(websocket_write(&out, false, WEBSOCKET_TEXT, "Hello", 5, 0), -1);
    assert_int_equal(out.length, 0);
    buf_finish(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_messages_in_pieces),
        cmocka_unit_test(test_broken_rules),
        cmocka_unit_test(test_text_cut_within_a_character),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
