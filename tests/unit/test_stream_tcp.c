/* The TCP link against a peer that is this test itself, which also says what the host's addresses
 * are. */
#include "lookup.h"
#include "reach_tcp.h"
#include "stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
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

/* ---- the addresses --------------------------------------------------------------------------- */

enum { ADDRESSES_MOST = 4 };

static struct sockaddr_in addresses[ADDRESSES_MOST];
static struct addrinfo infos[ADDRESSES_MOST];
static int address_count;

static void add_address(const char *address, int port) {
    assert_true(address_count < ADDRESSES_MOST);
    struct sockaddr_in *to = &addresses[address_count];
    *to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    assert_int_equal(inet_pton(AF_INET, address, &to->sin_addr), 1);
    infos[address_count] = (struct addrinfo){
        .ai_family = AF_INET, .ai_addr = (struct sockaddr *)to, .ai_addrlen = sizeof *to};
    if (address_count)
        infos[address_count - 1].ai_next = &infos[address_count];
    address_count++;
}

struct addrinfo *lookup_read(const char *host, int port, int family) {
    (void)host, (void)port, (void)family;
    return infos;
}

struct lookup *lookup_start(uv_loop_t *loop, const char *host, int port, int family,
                            lookup_done *done, void *context) {
    (void)loop, (void)host, (void)port, (void)family, (void)done, (void)context;
    return NULL;
}

void lookup_give_up(struct lookup *lookup) {
    (void)lookup;
}

/* Instead of the system's, as these are not its own. */
void freeaddrinfo(struct addrinfo *first) {
    assert_ptr_equal(first, infos);
    address_count = 0;
}

/* ---- what is told ---------------------------------------------------------------------------- */

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
    assert_int_equal(listen(fd, 0), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* A port to which nothing is bound any more. */
static void add_refusing(void) {
    int port;
    close(listening(&port));
    add_address("127.0.0.1", port);
}

enum { FILLERS = 3 };

struct silent {
    int server, fillers[FILLERS];
};

/* With its queue full, the system answers nobody who wants in. */
static struct silent add_silent(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct silent silent;
    int port;
    silent.server = listening(&port);
    to.sin_port = htons((uint16_t)port);
    for (int i = 0; i < FILLERS; i++) {
        silent.fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        fcntl(silent.fillers[i], F_SETFL, O_NONBLOCK);
        (void)!connect(silent.fillers[i], (struct sockaddr *)&to, sizeof to);
    }
    add_address("127.0.0.1", port);
    return silent;
}

static void end_silent(const struct silent *silent) {
    for (int i = 0; i < FILLERS; i++)
        close(silent->fillers[i]);
    close(silent->server);
}

/* TCP has no way to all of a network at once. */
static void add_unreachable(void) {
    add_address("255.255.255.255", 1);
}

/* What becomes of the way to the addresses that were added; with a second for all of them. */
static struct heard reached(void) {
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard heard = {0};
    struct reach_tcp terms = reach_tcp_usual();
    terms.connect_s = 1;
    uint64_t since = uv_now(&loop);
    struct stream *stream = stream_tcp_create(&loop, "host", 1, &terms);
    stream_start(stream, (struct stream_owner){&heard, note_ready, note_data, note_closed});
    while (!heard.ready && !heard.closed)
        uv_run(&loop, UV_RUN_ONCE);
    assert_true(uv_now(&loop) - since < 1500);
    if (!heard.closed)
        stream_close(stream);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(address_count, 0);
    return heard;
}

/* ---- the tests ------------------------------------------------------------------------------- */

/* A write fails while the peer's last words are still unread: they are told, and then the end. */
static void test_last_words_before_a_reset(void **state) {
    (void)state;
    int port;
    int server = listening(&port);
    add_address("127.0.0.1", port);
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

static void test_silent_address_leaves_time_for_the_next(void **state) {
    (void)state;
    int port;
    struct silent one = add_silent(), other = add_silent();
    int server = listening(&port);
    add_address("127.0.0.1", port);
    assert_true(reached().ready);
    close(server);
    end_silent(&one);
    end_silent(&other);
}

static void test_the_error_that_says_most(void **state) {
    (void)state;
    add_refusing();
    add_unreachable();
    assert_int_equal(reached().end, STREAM_REFUSED);
    add_unreachable();
    add_refusing();
    assert_int_equal(reached().end, STREAM_REFUSED);
    add_unreachable();
    assert_int_equal(reached().end, STREAM_UNREACHABLE);
    add_refusing();
    struct silent silent = add_silent();
    add_unreachable();
    assert_int_equal(reached().end, STREAM_REFUSED);
    end_silent(&silent);
    silent = add_silent();
    add_unreachable();
    assert_int_equal(reached().end, STREAM_TIMED_OUT);
    end_silent(&silent);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_words_before_a_reset),
        cmocka_unit_test(test_silent_address_leaves_time_for_the_next),
        cmocka_unit_test(test_the_error_that_says_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
