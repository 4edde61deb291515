#include "dap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_request_refused(const char *text) {
    struct dap_request request;
    const char *error = NULL;
    assert_int_equal(dap_request_parse(&request, text, strlen(text), &error), -1);
    assert_non_null(error);
    dap_request_finish(&request);
}

static void requests(void **state) {
    (void)state;
    struct dap_request request;
    const char *error;
    const char *text =
        "{\"seq\":0,\"type\":\"request\",\"command\":\"next\",\"arguments\":{\"threadId\":3}}";
    assert_int_equal(dap_request_parse(&request, text, strlen(text), &error), 0);
    assert_int_equal(request.seq, 0);
    assert_string_equal(request.command, "next");
    assert_int_equal(json_int(request.arguments, "threadId", 0), 3);
    dap_request_finish(&request);
    dap_request_finish(&request);
}

static void requests_without_arguments(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"seq\":7,\"type\":\"request\",\"command\":\"threads\"}",
        "{\"seq\":7,\"type\":\"request\",\"command\":\"threads\",\"arguments\":null}",
        "{\"seq\":7,\"type\":\"request\",\"command\":\"threads\",\"arguments\":[]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dap_request request;
        const char *error;
        assert_int_equal(dap_request_parse(&request, texts[i], strlen(texts[i]), &error), 0);
        assert_null(request.arguments);
        assert_int_equal(request.seq, 7);
        dap_request_finish(&request);
    }
}

static void no_requests(void **state) {
    (void)state;
    check_request_refused("");
    check_request_refused("{");
    check_request_refused("[]");
    check_request_refused("7");
    check_request_refused("{}");
    check_request_refused("{\"seq\":1,\"type\":\"event\",\"command\":\"x\"}");
    check_request_refused("{\"seq\":1,\"command\":\"x\"}");
    check_request_refused("{\"seq\":1,\"type\":\"request\"}");
    check_request_refused("{\"seq\":1,\"type\":\"request\",\"command\":5}");
    check_request_refused("{\"type\":\"request\",\"command\":\"x\"}");
    check_request_refused("{\"seq\":\"1\",\"type\":\"request\",\"command\":\"x\"}");
}

static void check_message(cJSON *message, const char *wanted) {
    char *text = json_print(message);
    assert_string_equal(text, wanted);
    free(text);
    cJSON_Delete(message);
}

static void messages(void **state) {
    (void)state;
    check_message(dap_response(2, 1, "threads", NULL),
                  "{\"seq\":2,\"type\":\"response\",\"request_seq\":1,\"success\":true,"
                  "\"command\":\"threads\"}");
    check_message(dap_response(2, 1, "threads", cJSON_CreateObject()),
                  "{\"seq\":2,\"type\":\"response\",\"request_seq\":1,\"success\":true,"
                  "\"command\":\"threads\",\"body\":{}}");
    check_message(dap_event(3, "initialized", NULL),
                  "{\"seq\":3,\"type\":\"event\",\"event\":\"initialized\"}");
    check_message(
        dap_failure(4, 9, "next", "no {such} thread", NULL),
        "{\"seq\":4,\"type\":\"response\",\"request_seq\":9,\"success\":false,"
        "\"command\":\"next\",\"message\":\"no {such} thread\",\"body\":{\"error\":{\"id\":1,"
        "\"format\":\"no (such) thread\",\"showUser\":true}}}");
}

/* The arguments the tests below look into. */
static cJSON *sample(void) {
    static const char text[] =
        "{\"n\": 5, \"half\": 1.5, \"huge\": 1e40, \"t\": \"x\", \"yes\": true, \"no\": false,"
        " \"null\": null, \"port\": \"5678\", \"bad\": \"56 78\", \"big\": \"65536\", \"none\": "
        "\"\","
        " \"list\": []}";
    return json_parse(text, sizeof text - 1);
}

static void ints(void **state) {
    (void)state;
    cJSON *arguments = sample();
    struct dap_error error;
    int64_t value = 77;
    assert_int_equal(dap_want_int(arguments, "absent", &value, &error), 0);
    assert_int_equal(dap_want_int(arguments, "null", &value, &error), 0);
    assert_int_equal(dap_want_int(arguments, "no", &value, &error), 0);
    assert_int_equal(dap_want_int(NULL, "n", &value, &error), 0);
    assert_int_equal(value, 77);
    assert_int_equal(dap_want_int(arguments, "n", &value, &error), 0);
    assert_int_equal(value, 5);
    assert_int_equal(dap_want_int(arguments, "half", &value, &error), -1);
    assert_string_equal(error.text, "\"half\" must be a whole number.");
    assert_int_equal(dap_want_int(arguments, "huge", &value, &error), -1);
    assert_int_equal(dap_want_int(arguments, "t", &value, &error), -1);
    assert_int_equal(dap_want_int(arguments, "yes", &value, &error), -1);
    assert_int_equal(dap_need_int(arguments, "n", &value, &error), 0);
    assert_int_equal(dap_need_int(arguments, "absent", &value, &error), -1);
    assert_string_equal(error.text, "\"absent\" is missing.");
    assert_int_equal(dap_need_int(arguments, "null", &value, &error), -1);
    assert_int_equal(dap_need_int(arguments, "no", &value, &error), -1);
    assert_int_equal(dap_need_int(NULL, "n", &value, &error), -1);
    assert_int_equal(dap_need_int(arguments, "t", &value, &error), -1);
    assert_string_equal(error.text, "\"t\" must be a whole number.");
    cJSON_Delete(arguments);
}

static void texts(void **state) {
    (void)state;
    cJSON *arguments = sample();
    struct dap_error error;
    const char *value = "old";
    assert_int_equal(dap_want_text(arguments, "absent", &value, &error), 0);
    assert_int_equal(dap_want_text(arguments, "null", &value, &error), 0);
    assert_int_equal(dap_want_text(arguments, "no", &value, &error), 0);
    assert_string_equal(value, "old");
    assert_int_equal(dap_want_text(arguments, "t", &value, &error), 0);
    assert_string_equal(value, "x");
    assert_int_equal(dap_want_text(arguments, "n", &value, &error), -1);
    assert_string_equal(error.text, "\"n\" must be a text.");
    assert_int_equal(dap_want_text(arguments, "yes", &value, &error), -1);
    assert_int_equal(dap_need_text(arguments, "t", &value, &error), 0);
    assert_int_equal(dap_need_text(arguments, "none", &value, &error), 0);
    assert_string_equal(value, "");
    assert_int_equal(dap_need_text(arguments, "no", &value, &error), -1);
    assert_string_equal(error.text, "\"no\" is missing.");
    assert_int_equal(dap_need_text(arguments, "list", &value, &error), -1);
    cJSON_Delete(arguments);
}

static void bools(void **state) {
    (void)state;
    cJSON *arguments = sample();
    struct dap_error error;
    bool value = true;
    assert_int_equal(dap_want_bool(arguments, "absent", &value, &error), 0);
    assert_int_equal(dap_want_bool(arguments, "null", &value, &error), 0);
    assert_true(value);
    assert_int_equal(dap_want_bool(arguments, "no", &value, &error), 0);
    assert_false(value);
    assert_int_equal(dap_want_bool(arguments, "yes", &value, &error), 0);
    assert_true(value);
    assert_int_equal(dap_want_bool(arguments, "n", &value, &error), -1);
    assert_string_equal(error.text, "\"n\" must be true or false.");
    cJSON_Delete(arguments);
}

static void ports(void **state) {
    (void)state;
    cJSON *arguments = sample();
    struct dap_error error;
    int64_t value = 77;
    assert_int_equal(dap_want_port(arguments, "absent", &value, &error), 0);
    assert_int_equal(dap_want_port(arguments, "no", &value, &error), 0);
    assert_int_equal(value, 77);
    assert_int_equal(dap_want_port(arguments, "port", &value, &error), 0);
    assert_int_equal(value, 5678);
    assert_int_equal(dap_want_port(arguments, "n", &value, &error), 0);
    assert_int_equal(value, 5);
    static const char *const wrong[] = {"bad", "big", "none", "half", "yes", "t", "list", "huge"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(dap_want_port(arguments, wrong[i], &value, &error), -1);
    assert_string_equal(error.text, "\"huge\" must be a port number, 1 to 65535.");
    assert_int_equal(value, 5);
    cJSON_Delete(arguments);
}

/* A field's name may be as long as it likes. */
static void long_names(void **state) {
    (void)state;
    char name[1000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct dap_error error;
    int64_t value;
    assert_int_equal(dap_need_int(NULL, name, &value, &error), -1);
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),    cmocka_unit_test(requests_without_arguments),
        cmocka_unit_test(no_requests), cmocka_unit_test(messages),
        cmocka_unit_test(ints),        cmocka_unit_test(texts),
        cmocka_unit_test(bools),       cmocka_unit_test(ports),
        cmocka_unit_test(long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
