#include "http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads it byte by byte; the result at the first that is not 0, or 0. */
static int read_slowly(struct http_answer *answer, const char *text) {
    int result = 0;
    for (size_t length = 0; length <= strlen(text) && result == 0; length++)
        result = http_answer_read(answer, text, length);
    return result;
}

static void check_field(const struct http_answer *answer, const char *name, const char *wanted) {
    char *found = http_field(answer, name);
    assert_string_equal(found, wanted);
    free(found);
}

static void test_answer(void **state) {
    (void)state;
    static const char text[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
                               "connection:keep-alive, \t Upgrade \r\nEmpty:\r\n\r\n\x82\x01x";
    struct http_answer answer;
    assert_int_equal(read_slowly(&answer, text), 1);
    assert_int_equal(answer.status, 101);
    assert_string_equal(answer.reason, "Switching Protocols");
    assert_int_equal(answer.size, strlen(text) - 3);
    check_field(&answer, "UPGRADE", "WebSocket");
    check_field(&answer, "Connection", "keep-alive, \t Upgrade");
    check_field(&answer, "Empty", "");
    check_field(&answer, "Upgrad", "");
    check_field(&answer, "Missing", "");
    http_answer_finish(&answer);
}

static void test_lean_answers(void **state) {
    (void)state;
    struct http_answer answer;
    assert_int_equal(read_slowly(&answer, "HTTP/1.0 404\n\n"), 1);
    assert_int_equal(answer.status, 404);
    assert_string_equal(answer.reason, "");
    http_answer_finish(&answer);
    assert_int_equal(read_slowly(&answer, "HTTP/1.1 502 Bad\x1b Gateway\r\n\r\n"), 1);
    assert_string_equal(answer.reason, "Bad\\x1b Gateway");
    http_answer_finish(&answer);
}

static void test_no_answers(void **state) {
    (void)state;
    static const char *const texts[] = {"PTVSDBG",
                                        "HTTP/2 200\r\n\r\n",
                                        "HTTP/1.1 20\r\n\r\n",
                                        "HTTP/1.1  200 OK\r\n\r\n",
                                        "HTTP/1.1 2000 OK\r\n\r\n",
                                        "HTTP/1.x 200 OK\r\n\r\n"};
    struct http_answer answer;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(read_slowly(&answer, texts[i]), -1);
    assert_int_equal(http_answer_read(&answer, "HTTP/1.1 200 O\0K\r\n\r\n", 20), -1);
}

static void test_endless_head(void **state) {
    (void)state;
    size_t length = HTTP_HEAD_LIMIT + 100;
    char *text = malloc(length);
    memset(text, 'x', length);
    memcpy(text, "HTTP/1.1 200 OK\r\n", 17);
    struct http_answer answer;
    assert_int_equal(http_answer_read(&answer, text, HTTP_HEAD_LIMIT), 0);
    assert_int_equal(http_answer_read(&answer, text, length), -1);
    free(text);
}

static void test_words(void **state) {
    (void)state;
    assert_true(http_has_word("Upgrade", "upgrade"));
    assert_true(http_has_word("keep-alive, Upgrade ,x", "upgrade"));
    assert_false(http_has_word("upgrades, an upgrade", "upgrade"));
    assert_false(http_has_word("", "upgrade"));
}

static void check_asked(const char *host, int port, const char *path, const char *line,
                        const char *host_line) {
    struct buf out;
    buf_init(&out, 1000);
    http_ask_websocket(&out, host, port, 80, path, "a2V5", "X-Own: value\r\n");
    buf_append(&out, "", 1);
    assert_int_equal(strncmp(out.bytes, line, strlen(line)), 0);
    assert_non_null(strstr(out.bytes, host_line));
    assert_non_null(strstr(out.bytes, "\r\nSec-WebSocket-Key: a2V5\r\n"));
    assert_non_null(strstr(out.bytes, "\r\nX-Own: value\r\n"));
    assert_string_equal(out.bytes + out.length - 5, "\r\n\r\n");
    buf_finish(&out);
}

static void test_request(void **state) {
    (void)state;
    check_asked("h", 80, "", "GET / HTTP/1.1\r\n", "\r\nHost: h\r\n");
    check_asked("h", 81, "/ptvsd?a=b", "GET /ptvsd?a=b HTTP/1.1\r\n", "\r\nHost: h:81\r\n");
    check_asked("::1", 80, "x", "GET /x HTTP/1.1\r\n", "\r\nHost: [::1]\r\n");
    check_asked("h", 80, "/a b\r\n\xc3\xbc", "GET /a%20b%0D%0A%C3%BC HTTP/1.1\r\n", "Host: h");
}

static void test_other_requests(void **state) {
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    http_ask_tunnel(&out, "fd00::1", 80, "A: b\r\n");
    http_ask_site(&out, "host", 443, 443, "");
    buf_append(&out, "", 1);
    assert_string_equal(out.bytes, "CONNECT [fd00::1]:80 HTTP/1.1\r\nHost: [fd00::1]:80\r\n"
                                   "User-Agent: ptvsd-dap\r\nA: b\r\n\r\n"
                                   "HEAD / HTTP/1.1\r\nHost: host\r\nUser-Agent: ptvsd-dap\r\n"
                                   "Connection: close\r\n\r\n");
    buf_finish(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer),         cmocka_unit_test(test_lean_answers),
        cmocka_unit_test(test_no_answers),     cmocka_unit_test(test_endless_head),
        cmocka_unit_test(test_words),          cmocka_unit_test(test_request),
        cmocka_unit_test(test_other_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
