#include "address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct accepted {
    const char *text;
    enum address_scheme scheme;
    const char *secret, *host;
    int port;
    const char *path;
};

static void check_text(const char *text, const char *is, const char *wanted) {
    if (!is != !wanted || (is && strcmp(is, wanted) != 0))
        fail_msg("%s: %s instead of %s", text, is ? is : "NULL", wanted ? wanted : "NULL");
}

static void check_accepted(const struct accepted *row) {
    struct address address;
    char error[300] = "";
    if (address_parse(&address, row->text, error, sizeof error) != 0)
        fail_msg("%s: %s", row->text, error);
    check_text(row->text, address.secret, row->secret);
    check_text(row->text, address.host, row->host);
    check_text(row->text, address.path, row->path);
    if (address.port != row->port || address.scheme != row->scheme)
        fail_msg("%s: %s, port %d", row->text, address_scheme_name(address.scheme), address.port);
    check_text(row->text, error, "");
    address_finish(&address);
}

static const struct accepted ACCEPTED[] = {
    {"tcp://s@h:1/p?q=1", ADDRESS_TCP, "s", "h", 1, "/p?q=1"},
    {"h", ADDRESS_TCP, NULL, "h", 5678, ""},
    {"s@h", ADDRESS_TCP, "s", "h", 5678, ""},
    {"s@h:99", ADDRESS_TCP, "s", "h", 99, ""},
    {"h:99", ADDRESS_TCP, NULL, "h", 99, ""},
    {"127.0.0.1:65535", ADDRESS_TCP, NULL, "127.0.0.1", 65535, ""},
    {"h:1", ADDRESS_TCP, NULL, "h", 1, ""},
    {"tcp://h", ADDRESS_TCP, NULL, "h", 5678, ""},
    {"tcps://h", ADDRESS_TCPS, NULL, "h", 5678, ""},
    {"ws://h", ADDRESS_WS, NULL, "h", 80, ""},
    {"wss://s@h", ADDRESS_WSS, "s", "h", 443, ""},
    {"wss://s@h:8443/site/ptvsd", ADDRESS_WSS, "s", "h", 8443, "/site/ptvsd"},
    {"WSS://h/", ADDRESS_WSS, NULL, "h", 443, "/"},
    {"[::1]", ADDRESS_TCP, NULL, "::1", 5678, ""},
    {"tcp://[::1]:5", ADDRESS_TCP, NULL, "::1", 5, ""},
    {"s@[fe80::1%eth0]:5/p", ADDRESS_TCP, "s", "fe80::1%eth0", 5, "/p"},
    {"::1", ADDRESS_TCP, NULL, "::1", 5678, ""},
    {"s@fe80::1%eth0", ADDRESS_TCP, "s", "fe80::1%eth0", 5678, ""},
    {"tcp://::ffff:1.2.3.4/p", ADDRESS_TCP, NULL, "::ffff:1.2.3.4", 5678, "/p"},
    {"s%40x@h", ADDRESS_TCP, "s@x", "h", 5678, ""},
    {"a@b@h", ADDRESS_TCP, "a@b", "h", 5678, ""},
    {"tcp://a:b@h", ADDRESS_TCP, "a:b", "h", 5678, ""},
    {"a:b:c@h:7", ADDRESS_TCP, "a:b:c", "h", 7, ""},
    {"se%2Fcret%25%c3%A9@h", ADDRESS_TCP, "se/cret%\xc3\xa9", "h", 5678, ""},
    {"a?b#c@h", ADDRESS_TCP, "a?b#c", "h", 5678, ""},
    {"a b@h", ADDRESS_TCP, "a b", "h", 5678, ""},
    {"@h", ADDRESS_TCP, NULL, "h", 5678, ""},
    {"wss://h/p?user=me@example.com", ADDRESS_WSS, NULL, "h", 443, "/p?user=me@example.com"},
    {"ws://s@h/@", ADDRESS_WS, "s", "h", 80, "/@"},
    {"tcp://h?q=1", ADDRESS_TCP, NULL, "h", 5678, "/?q=1"},
    {"ws://h:5?q=/x@y", ADDRESS_WS, NULL, "h", 5, "/?q=/x@y"},
    {" \t tcp://s@h:1 \r\n", ADDRESS_TCP, "s", "h", 1, ""},
    {"b\xc3\xbc"
     "cher.example",
     ADDRESS_TCP, NULL, "xn--bcher-kva.example", 5678, ""},
};

static void accepts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ACCEPTED / sizeof *ACCEPTED; i++)
        check_accepted(&ACCEPTED[i]);
}

/* `text` is refused, the sentence holds `wanted`, and nothing is left to free. */
static void check_refused(const char *text, const char *wanted) {
    struct address address;
    char error[300] = "";
    if (address_parse(&address, text, error, sizeof error) != -1)
        fail_msg("accepted: %s", text);
    if (!strstr(error, wanted))
        fail_msg("%s: %s", text, error);
    if (error[strlen(error) - 1] != '.')
        fail_msg("%s: the sentence is cut: %s", text, error);
    assert_null(address.secret);
    assert_null(address.host);
    assert_null(address.path);
    address_finish(&address);
}

static void refuses(void **state) {
    (void)state;
    check_refused("", "address is empty");
    check_refused(" \n", "address is empty");
    check_refused("tcp://", "no host");
    check_refused("s@", "no host");
    check_refused(":5678", "no host");
    check_refused("tcp://s@:5678/p", "no host");
    check_refused("tcp:///p", "no host");
    check_refused("tcp://?q", "no host");
    check_refused("[]", "[::1]:5678");
    check_refused("http://h", "unknown scheme \"http\"");
    check_refused("udp+x://h", "unknown scheme \"udp+x\"");
    check_refused("tcpx://h", "unknown scheme \"tcpx\"");
    check_refused("tc://h", "unknown scheme \"tc\"");
    check_refused("h:0", "port in the address \"0\"");
    check_refused("h:65536", "port in the address \"65536\"");
    check_refused("h:99999999999999999999", "from 1 to 65535");
    check_refused("h:abc", "port in the address \"abc\"");
    check_refused("h:5x", "port in the address \"5x\"");
    check_refused("h:-1", "port in the address \"-1\"");
    check_refused("h:", "port in the address \"\"");
    check_refused("h:/p", "port in the address \"\"");
    check_refused("[::1]:", "port in the address \"\"");
    check_refused("s@h:x", "port in the address \"x\"");
    check_refused("h:5\x01", "port in the address is no number");
    check_refused("[::1", "[::1]:5678");
    check_refused("[::1]5", "[::1]:5678");
    check_refused("[h]:5", "[::1]:5678");
    check_refused("h:5:6", "more than one colon");
    check_refused("my host", "no host name has");
    check_refused("\\\\h", "no host name has");
    check_refused("s%40h", "no host name has");
    check_refused("h]", "no host name has");
    check_refused("%zz@h", "%25");
    check_refused("%4@h", "%25");
    check_refused("a%@h", "%25");
    check_refused("%4g@h", "%25");
    check_refused("a%00b@h", "%25");
    check_refused("tcp://se/cret@host", "%2F");
    check_refused("tcps://s@se/cret@host:1", "%2F");
    check_refused("h:5?q=/x@y", "%2F");
}

/* Whatever is wrong with it, what may be the secret is not repeated. */
static void errors_never_hold_the_secret(void **state) {
    (void)state;
    static const char *const texts[] = {
        "hunter2@h:0",
        "tcp://hunter2@",
        "hunter2://x@h",
        "tcp://hunter2@h:x",
        "hunter2%zz@h",
        "hunter2%00@h",
        "tcp://a:hunter2/x@h:1",
        "tcp://a:b:hunter2/x@h:1",
        "x@hunter2@h:1:2",
        "tcp://hunter2 x/y@h",
        "tcp://a:hunter2?b/c@h:1",
        "http://hunter2@h",
        "[hunter2@[h",
        "hunter2@[h]",
        "tcp://[hunter2]/x@h",
        "a:hunter2/b@h@i",
        "x://hunter2/y@h",
        "hunter2@my host",
        "tcp://hunter2/x@h:1",
        "x/hunter2@h",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct address address;
        char error[300] = "";
        if (address_parse(&address, texts[i], error, sizeof error) == 0)
            fail_msg("accepted: %s", texts[i]);
        if (strstr(error, "hunter2") || !*error)
            fail_msg("%s: %s", texts[i], error);
    }
}

static void a_small_error_buffer_is_enough(void **state) {
    (void)state;
    struct address address;
    char error[8];
    memset(error, 'x', sizeof error);
    assert_int_equal(address_parse(&address, "", error, sizeof error), -1);
    assert_string_equal(error, "The add");
    assert_int_equal(address_parse(&address, "", NULL, 0), -1);
}

static void check_shown(const char *text, const char *wanted) {
    struct address address;
    assert_int_equal(address_parse(&address, text, NULL, 0), 0);
    char *shown = address_show(&address);
    assert_string_equal(shown, wanted);
    free(shown);
    address_finish(&address);
}

static void shows_all_but_the_secret(void **state) {
    (void)state;
    check_shown("hunter2@h", "tcp://h:5678");
    check_shown("wss://hunter2@h/p?q=1", "wss://h:443/p?q=1");
    check_shown("ws://h:81", "ws://h:81");
    check_shown("tcps://hunter2@[::1]:5/", "tcps://[::1]:5/");
    check_shown("fe80::1%eth0", "tcp://[fe80::1%eth0]:5678");
}

static void the_secret_can_be_replaced(void **state) {
    (void)state;
    struct address address;
    assert_int_equal(address_parse(&address, "h", NULL, 0), 0);
    address_set_secret(&address, "one%40");
    assert_string_equal(address.secret, "one%40");
    address_set_secret(&address, address.secret);
    assert_string_equal(address.secret, "one%40");
    address_set_secret(&address, "two");
    assert_string_equal(address.secret, "two");
    address_set_secret(&address, "");
    assert_null(address.secret);
    address_set_secret(&address, "three");
    address_set_secret(&address, NULL);
    assert_null(address.secret);
    address_set_secret(&address, "four");
    address_finish(&address);
    assert_null(address.secret);
    assert_null(address.host);
    address_finish(&address);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts),
        cmocka_unit_test(refuses),
        cmocka_unit_test(errors_never_hold_the_secret),
        cmocka_unit_test(a_small_error_buffer_is_enough),
        cmocka_unit_test(shows_all_but_the_secret),
        cmocka_unit_test(the_secret_can_be_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
