/* The TCP link against a peer that is this test itself. */
#include "reach_tcp.h"
#include "stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct heard {
    bool ready, closed;
    enum stream_end end;
    char text[64];
    size_t length;
};

static void note_ready(void *context) {
    ((struct heard *)context)->ready = true;
}

static void note_data(void *context, const char *bytes, size_t length) {
    struct heard *heard = context;
    assert_true(heard->length + length < sizeof heard->text);
    memcpy(heard->text + heard->length, bytes, length);
    heard->length += length;
}

static void note_closed(void *context, enum stream_end end, const char *detail) {
    struct heard *heard = context;
    (void)detail;
    heard->closed = true;
    heard->end = end;
}

static int listening(int *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* A write fails while the peer's last words are still unread: they are told, and then the end. */
static void test_last_words_before_a_reset(void **state) {
    (void)state;
    int port;
    int server = listening(&port);
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard heard = {0};
    struct reach_tcp terms = reach_tcp_usual();
    struct stream *stream = stream_tcp_create(&loop, "127.0.0.1", port, &terms);
    stream_start(stream, (struct stream_owner){&heard, note_ready, note_data, note_closed});
    while (!heard.ready)
        uv_run(&loop, UV_RUN_ONCE);
    int peer = accept(server, NULL, NULL);
    struct linger reset = {1, 0};
    assert_int_equal(send(peer, "last words", 10, 0), 10);
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(peer);
    stream_send(stream, "one", 3);
    stream_send(stream, "two", 3);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_true(heard.closed);
    assert_int_equal(heard.end, STREAM_RESET);
    assert_string_equal(heard.text, "last words");
    close(server);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_last_words_before_a_reset)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
