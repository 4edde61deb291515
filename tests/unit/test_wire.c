#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void unknown_versions(void **state) {
    (void)state;
    for (int number = -1; number < 12; number++)
        if (!wire_version_find(number))
            assert_true(strlen(wire_version_unknown(number)) > 20);
    assert_non_null(strstr(wire_version_unknown(1), "older than ptvsd 2.0"));
    assert_non_null(strstr(wire_version_unknown(3), "2.0 and 2.1"));
    assert_non_null(strstr(wire_version_unknown(5), "2.1 and 2.2"));
    assert_non_null(strstr(wire_version_unknown(9), "newer than ptvsd 3.2"));
}

static void table(void **state) {
    (void)state;
    char *shown = wire_versions_show();
    assert_string_equal(shown, "2 is ptvsd 2.0.x; 4 is ptvsd 2.1.x, of Visual Studio 2010 and "
                               "2012; 6 is ptvsd 2.2.x and 3.0.0, of Visual Studio 2013 and 2015 "
                               "(2.2.x), 2017 (3.0.0); 7 is ptvsd 3.1.x, of Visual Studio 2017; 8 "
                               "is ptvsd 3.2.x, of Visual Studio 2017; ptvsd 4 and debugpy speak "
                               "the Debug Adapter Protocol");
    free(shown);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(unknown_versions), cmocka_unit_test(table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
