#include "idna.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What Python's codec "idna" gives for the same; the last ones are of RFC 3492, section 7.1. */
static void test_names(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"host.example", "host.example"},
        {"Host.Example.", "Host.Example."},
        {"", ""},
        {"fe80::1%eth0", "fe80::1%eth0"},
        {"bücher.example", "xn--bcher-kva.example"},
        {"BÜCHER.Example", "xn--bcher-kva.Example"},
        {"a.ü.ß.b", "a.xn--tda.xn--zca.b"},
        {"пример。испытание", "xn--e1afmkfd.xn--80akhbyknj4f"},
        {"ПРИМЕР", "xn--e1afmkfd"},
        {"ελληνικά.example", "xn--hxargifdar.example"},
        {"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
        {"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
        {"😀.example", "xn--e28h.example"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *name = idna_to_ascii(rows[i][0]);
        assert_string_equal(name, rows[i][1]);
        free(name);
    }
}

static void test_no_names(void **state) {
    (void)state;
    char longest[200] = "";
    assert_null(idna_to_ascii("b\xfc"));
    for (int i = 0; i < 64; i++)
        strcat(longest, "ü");
    assert_null(idna_to_ascii(longest));
    memcpy(longest, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaü", 66);
    longest[66] = '\0';
    assert_null(idna_to_ascii(longest));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
