#include "http_request.h"

#include "http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "GET /ptvsd HTTP/1.1\r\n"
#define UPGRADE                                                                                    \
    "Host: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"                         \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static int read_text(struct http_request *request, const char *text) {
    int result = 0;
    for (size_t length = 0; length <= strlen(text) && result == 0; length++)
        result = http_request_read(request, text, length);
    return result;
}

static void test_request(void **state) {
    (void)state;
    static const char text[] = "GET /a/b%20c?d=e?f HTTP/1.1\r\nHost: one\r\nX:  y\tz \r\n\r\nmore";
    struct http_request request;
    assert_int_equal(read_text(&request, text), 1);
    assert_string_equal(request.method, "GET");
    assert_string_equal(request.path, "/a/b%20c");
    assert_string_equal(request.query, "d=e?f");
    assert_int_equal(request.size, strlen(text) - 4);
    char *value = http_field_in(request.fields, "x");
    assert_string_equal(value, "y\tz");
    free(value);
    assert_false(http_wants_websocket(&request));
    http_request_finish(&request);
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int result;
    } rows[] = {
        {"GET\r\n\r\n", -400},
        {"GET /\r\n\r\n", -400},
        {"\r\n\r\n", -400},
        {"GET http://host/ HTTP/1.1\r\n\r\n", -400},
        {"GET * HTTP/1.1\r\n\r\n", -400},
        {"GET /a b HTTP/1.1\r\n\r\n", -400},
        {"GET /\x01 HTTP/1.1\r\n\r\n", -400},
        {"G(T / HTTP/1.1\r\n\r\n", -400},
        {"GET / HTTP/0.9\r\n\r\n", -505},
        {"GET / HTTP/2.0\r\n\r\n", -505},
        {"PRI * HTTP/2.0\r\n\r\n", -505},
        {"GET / HTTQ/1.1\r\n\r\n", -400},
        {FIRST "Host : x\r\n\r\n", -400},
        {FIRST "Host: x\r\n folded\r\n\r\n", -400},
        {FIRST "no colon\r\n\r\n", -400},
        {FIRST "Host: a\x01z\r\n\r\n", -400},
        {FIRST "Host: a\rz\r\n\r\n", -400},
        {FIRST "Host: a\r\nhost: b\r\n\r\n", -400},
        {FIRST "Content-Length: 5\r\n\r\n", -400},
        {FIRST "Transfer-Encoding: chunked\r\n\r\n", -400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_request request;
        assert_int_equal(read_text(&request, rows[i].text), rows[i].result);
    }
}

static void test_nul(void **state) {
    (void)state;
    static const char text[] = FIRST "Host: a\0b\r\n\r\n";
    struct http_request request;
    assert_int_equal(http_request_read(&request, text, sizeof text - 1), -400);
}

static void test_limit(void **state) {
    (void)state;
    struct http_request request;
    char *text = malloc(HTTP_REQUEST_LIMIT + 1);
    memset(text, 'a', HTTP_REQUEST_LIMIT + 1);
    memcpy(text, FIRST "X: ", strlen(FIRST) + 3);
    assert_int_equal(http_request_read(&request, text, HTTP_REQUEST_LIMIT - 1), 0);
    assert_int_equal(http_request_read(&request, text, HTTP_REQUEST_LIMIT), -431);
    memcpy(text + HTTP_REQUEST_LIMIT - 3, "\r\n\r\n", 4);
    assert_int_equal(http_request_read(&request, text, HTTP_REQUEST_LIMIT + 1), -431);
    memcpy(text + HTTP_REQUEST_LIMIT - 4, "\r\n\r\n", 4);
    assert_int_equal(http_request_read(&request, text, HTTP_REQUEST_LIMIT), 1);
    http_request_finish(&request);
    free(text);
}

static int status_of(const char *text, char key[25]) {
    struct http_request request;
    assert_int_equal(read_text(&request, text), 1);
    assert_true(http_wants_websocket(&request));
    int status = http_websocket_request(&request, key);
    http_request_finish(&request);
    return status;
}

static void test_websocket(void **state) {
    (void)state;
    char key[25];
    assert_int_equal(status_of(FIRST UPGRADE "Sec-WebSocket-Version: 13\r\n\r\n", key), 101);
    assert_string_equal(key, "dGhlIHNhbXBsZSBub25jZQ==");
    assert_int_equal(status_of(FIRST UPGRADE "Sec-WebSocket-Version: 8\r\n\r\n", key), 426);
    assert_int_equal(status_of(FIRST UPGRADE "\r\n", key), 426);
    assert_int_equal(
        status_of("GET / HTTP/1.0\r\n" UPGRADE "Sec-WebSocket-Version: 13\r\n\r\n", key), 400);
    assert_int_equal(
        status_of("HEAD /ptvsd HTTP/1.1\r\n" UPGRADE "Sec-WebSocket-Version: 13\r\n\r\n", key),
        400);
    assert_int_equal(status_of(FIRST "Host: x\r\nUpgrade: websocket\r\n\r\n", key), 400);
    assert_int_equal(status_of(FIRST "Host: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", key),
                     400);
    assert_int_equal(status_of(FIRST "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: abc\r\n\r\n",
                               key),
                     400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_nul),       cmocka_unit_test(test_limit),
        cmocka_unit_test(test_websocket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
