/* Both ways to learn whose connection it is, on real ones. */
#include "peer_user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
    int listener, caller, accepted;
};

static void connect_pair(struct pair *pair, int family, const char *host, const char *from) {
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *)&six : (void *)&four;
    socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
    void *ip = family == AF_INET6 ? (void *)&six.sin6_addr : &four.sin_addr;
    assert_int_equal(inet_pton(family, host, ip), 1);
    pair->listener = socket(family, SOCK_STREAM, 0);
    if (bind(pair->listener, address, size) < 0)
        skip(); /* there is no IPv6 here */
    assert_int_equal(listen(pair->listener, 1), 0);
    assert_int_equal(getsockname(pair->listener, address, &size), 0);
    if (from) { /* of the other family */
        six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = four.sin_port};
        assert_int_equal(inet_pton(AF_INET6, from, &six.sin6_addr), 1);
        address = (struct sockaddr *)&six;
        size = sizeof six;
    }
    pair->caller = socket(address->sa_family, SOCK_STREAM, 0);
    assert_int_equal(connect(pair->caller, address, size), 0);
    pair->accepted = accept(pair->listener, NULL, NULL);
}

static void close_pair(struct pair *pair) {
    close(pair->accepted);
    close(pair->listener);
}

static void knows(int family, const char *host, const char *from) {
    struct pair pair;
    uid_t asked = (uid_t)-1, looked_up = (uid_t)-1, either = (uid_t)-1;
    bool asks = false;
    connect_pair(&pair, family, host, from);
    assert_int_equal(peer_user(pair.accepted, &either, &asks), 0);
    assert_int_equal(either, geteuid());
    assert_int_equal(peer_user_look_up(pair.accepted, &looked_up), 0);
    assert_int_equal(looked_up, geteuid());
    if (peer_user_ask(pair.accepted, &asked) == 0) /* else not built in here */
        assert_int_equal(asked, geteuid());
    assert_int_equal(asks, asked == geteuid());
    close(pair.caller);
    /* Nobody's any more; the kernel then says root. */
    assert_int_equal(peer_user_look_up(pair.accepted, &looked_up), -1);
    assert_int_equal(peer_user_ask(pair.accepted, &asked), -1);
    close_pair(&pair);
}

static void test_of_ipv4(void **state) {
    (void)state;
    knows(AF_INET, "127.0.0.1", NULL);
}

static void test_of_ipv6(void **state) {
    (void)state;
    knows(AF_INET6, "::1", NULL);
}

static void test_of_ipv4_through_ipv6(void **state) {
    (void)state;
    knows(AF_INET, "127.0.0.1", "::ffff:127.0.0.1");
}

static void test_of_a_unix_socket(void **state) {
    (void)state;
    int ends[2];
    uid_t user = (uid_t)-1;
    bool asks = false;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(peer_user(ends[0], &user, &asks), 0);
    assert_int_equal(user, geteuid());
    close(ends[0]);
    close(ends[1]);
}

static void test_of_no_socket(void **state) {
    (void)state;
    uid_t user;
    bool asks = false;
    assert_int_equal(peer_user(-1, &user, &asks), -1);
    assert_int_equal(peer_user_ask(-1, &user), -1);
    assert_int_equal(peer_user_look_up(-1, &user), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_ipv4),
        cmocka_unit_test(test_of_ipv6),
        cmocka_unit_test(test_of_ipv4_through_ipv6),
        cmocka_unit_test(test_of_a_unix_socket),
        cmocka_unit_test(test_of_no_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
