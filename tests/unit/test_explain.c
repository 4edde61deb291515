#include "explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool says(struct failure_facts facts, const char *words) {
    facts.address = "wss://host/ptvsd";
    facts.host = "host";
    facts.detail = "1006";
    facts.secret_given = true;
    char *text = explain(&facts);
    bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

/* It takes half a minute to see this with a program. */
static void test_request_that_took_too_long(void **state) {
    (void)state;
    static const char words[] = "stood still for 95 s: web servers end a request";
    assert_true(says((struct failure_facts){.failure = FAILURE_LOST, .by_web = true, .stood_s = 95},
                     words));
    assert_true(says(
        (struct failure_facts){.failure = FAILURE_WEBSOCKET_CLOSED, .by_web = true, .stood_s = 95},
        words));
    assert_false(
        says((struct failure_facts){.failure = FAILURE_LOST, .stood_s = 95}, "stood still"));
    assert_false(says((struct failure_facts){.failure = FAILURE_LOST, .by_web = true, .stood_s = 3},
                      "stood still"));
    assert_false(
        says((struct failure_facts){.failure = FAILURE_BROKEN_WIRE, .by_web = true, .stood_s = 95},
             "stood still"));
}

static void test_secret_of_a_site(void **state) {
    (void)state;
    static const char words[] = "WSGI_PTVSD_SECRET";
    assert_true(
        says((struct failure_facts){.failure = FAILURE_WRONG_SECRET, .by_web = true}, words));
    assert_false(says((struct failure_facts){.failure = FAILURE_WRONG_SECRET}, words));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_that_took_too_long),
        cmocka_unit_test(test_secret_of_a_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
