#include "pathmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* `wanted` may be NULL; the result is freed. */
static void check_result(const char *path, char *is, const char *wanted) {
    if (!is != !wanted || (is && strcmp(is, wanted) != 0))
        fail_msg("%s: %s instead of %s", path, is ? is : "NULL", wanted ? wanted : "NULL");
    free(is);
}

static void check_remote(const struct pathmap *map, const char *local, const char *remote) {
    check_result(local, pathmap_to_remote(map, local), remote);
}

static void check_local(const struct pathmap *map, const char *remote, const char *local) {
    check_result(remote, pathmap_to_local(map, remote), local);
}

static void check_both(const struct pathmap *map, const char *local, const char *remote) {
    check_remote(map, local, remote);
    check_local(map, remote, local);
}

static struct pathmap make_map(const char *local, const char *remote) {
    struct pathmap map;
    pathmap_init(&map);
    pathmap_add(&map, local, remote);
    return map;
}

static void maps_posix_to_posix(void **state) {
    (void)state;
    struct pathmap map = make_map("/home/me/app", "/srv/app");
    check_both(&map, "/home/me/app/x/y.py", "/srv/app/x/y.py");
    check_both(&map, "/home/me/app/../y.py", "/srv/app/../y.py");
    check_both(&map, "/home/me/app", "/srv/app");
    check_both(&map, "/home/me/app/a\\b.py", "/srv/app/a\\b.py");
    check_remote(&map, "/home/me//app/./x/y.py", "/srv/app/x/y.py");
    check_remote(&map, "/home/me/app/", "/srv/app");
    check_remote(&map, "/home/me/app2/y.py", NULL);
    check_remote(&map, "/home/me/ap", NULL);
    check_remote(&map, "/home/me/App/y.py", NULL);
    check_remote(&map, "/home/me", NULL);
    check_remote(&map, "home/me/app/y.py", NULL);
    check_remote(&map, "", NULL);
    check_local(&map, "/srv/app2/y.py", NULL);
    check_local(&map, "/home/me/app/y.py", NULL);
    pathmap_finish(&map);
}

static void maps_windows_to_posix(void **state) {
    (void)state;
    struct pathmap map = make_map("C:\\proj", "/srv");
    check_remote(&map, "c:\\Proj\\a\\b.py", "/srv/a/b.py");
    check_remote(&map, "c:/PROJ/a\\b.py", "/srv/a/b.py");
    check_both(&map, "C:\\proj\\a\\b.py", "/srv/a/b.py");
    check_remote(&map, "C:\\project\\b.py", NULL);
    check_remote(&map, "D:\\proj\\b.py", NULL);
    check_remote(&map, "\\proj\\b.py", NULL);
    check_remote(&map, "/proj/b.py", NULL);
    check_local(&map, "/Srv/a/b.py", NULL);
    check_local(&map, "\\Srv\\a\\b.py", "C:\\proj\\a\\b.py");
    pathmap_finish(&map);
}

static void maps_posix_to_windows(void **state) {
    (void)state;
    struct pathmap map = make_map("/home/me", "C:/proj/");
    check_both(&map, "/home/me/A/b.py", "C:/proj/A/b.py");
    check_local(&map, "c:\\PROJ\\A\\b.py", "/home/me/A/b.py");
    check_remote(&map, "/home/Me/b.py", NULL);
    pathmap_finish(&map);
}

static void maps_unc_paths(void **state) {
    (void)state;
    struct pathmap map = make_map("\\\\server\\share\\x\\", "/srv");
    check_both(&map, "\\\\server\\share\\x\\a.py", "/srv/a.py");
    check_remote(&map, "\\\\SERVER\\share/X\\a.py", "/srv/a.py");
    check_remote(&map, "\\server\\share\\x\\a.py", NULL);
    check_remote(&map, "\\\\server\\share\\a.py", NULL);
    pathmap_finish(&map);
}

static void maps_roots(void **state) {
    (void)state;
    struct pathmap map = make_map("C:\\", "/");
    check_both(&map, "C:\\a\\b.py", "/a/b.py");
    check_both(&map, "C:\\", "/");
    check_local(&map, "a/b.py", NULL);
    pathmap_finish(&map);
    map = make_map("C:", "///");
    check_both(&map, "C:\\a\\b.py", "/a/b.py");
    pathmap_finish(&map);
}

static void slashes_at_the_end_do_not_matter(void **state) {
    (void)state;
    struct pathmap map = make_map("/home/me/app//", "/srv/app/");
    check_both(&map, "/home/me/app/x.py", "/srv/app/x.py");
    check_both(&map, "/home/me/app", "/srv/app");
    pathmap_finish(&map);
}

static void maps_relative_paths(void **state) {
    (void)state;
    struct pathmap map = make_map("/home/me", ".");
    check_remote(&map, "/home/me/a/b.py", "./a/b.py");
    check_local(&map, "a/b.py", "/home/me/a/b.py");
    check_local(&map, "/a/b.py", NULL);
    pathmap_finish(&map);
}

static void the_longest_prefix_wins(void **state) {
    (void)state;
    struct pathmap map = make_map("/a", "/1");
    pathmap_add(&map, "/a/b/c", "/2/3/4");
    pathmap_add(&map, "/a/b", "/2/3");
    pathmap_add(&map, "/a/b", "/never");
    pathmap_add(&map, "/", "/everything");
    check_both(&map, "/a/x.py", "/1/x.py");
    check_both(&map, "/a/b/x.py", "/2/3/x.py");
    check_both(&map, "/a/b/c/x.py", "/2/3/4/x.py");
    check_both(&map, "/x.py", "/everything/x.py");
    /* long text, but fewer components */
    pathmap_add(&map, "/q", "/a-directory-with-a-long-name");
    pathmap_add(&map, "/r", "/a-directory-with-a-long-name/b");
    check_local(&map, "/a-directory-with-a-long-name/b/x.py", "/r/x.py");
    pathmap_finish(&map);
}

static void no_rule_maps_nothing(void **state) {
    (void)state;
    struct pathmap map;
    pathmap_init(&map);
    check_remote(&map, "/a.py", NULL);
    check_local(&map, "/a.py", NULL);
    pathmap_add(&map, "", "/srv");
    pathmap_add(&map, "/home", "");
    pathmap_add(&map, NULL, NULL);
    check_remote(&map, "a.py", NULL);
    check_local(&map, "a.py", NULL);
    pathmap_finish(&map);
    pathmap_finish(&map);
}

static void compiled_files_stand_for_their_source(void **state) {
    (void)state;
    struct pathmap map = make_map("/home/me", "/srv");
    check_local(&map, "/srv/x.pyc", "/home/me/x.py");
    check_local(&map, "/srv/x.pyo", "/home/me/x.py");
    check_local(&map, "/srv/x.PYC", "/home/me/x.PYC");
    check_local(&map, "/srv/x.pyd", "/home/me/x.pyd");
    check_remote(&map, "/home/me/x.pyc", "/srv/x.pyc");
    pathmap_finish(&map);
    check_result("pyc", pathmap_source_of("/srv/x.pyc"), "/srv/x.py");
    check_result("pyo", pathmap_source_of("x.pyo"), "x.py");
    check_result("py", pathmap_source_of("/srv/x.py"), "/srv/x.py");
    check_result("PYC", pathmap_source_of("C:\\X.PYC"), "C:\\X.PY");
    check_result("pyc/", pathmap_source_of("/srv/x.pyc/y"), "/srv/x.pyc/y");
    check_result("c", pathmap_source_of("yc"), "yc");
    check_result("", pathmap_source_of(""), "");
}

static void base_is_the_last_component(void **state) {
    (void)state;
    assert_string_equal(pathmap_base("/a/b.py"), "b.py");
    assert_string_equal(pathmap_base("b.py"), "b.py");
    assert_string_equal(pathmap_base("C:\\a/b.py"), "b.py");
    assert_string_equal(pathmap_base("C:\\a\\b.py"), "b.py");
    assert_string_equal(pathmap_base("a\\b.py"), "b.py");
    assert_string_equal(pathmap_base("/a\\b.py"), "a\\b.py");
    assert_string_equal(pathmap_base("\\\\s\\x"), "x");
    assert_string_equal(pathmap_base("/a/b/"), "b/");
    assert_string_equal(pathmap_base("/"), "");
    assert_string_equal(pathmap_base(""), "");
}

static void tells_windows_paths(void **state) {
    (void)state;
    assert_true(pathmap_is_windows("C:\\a"));
    assert_true(pathmap_is_windows("c:/a"));
    assert_true(pathmap_is_windows("c:"));
    assert_true(pathmap_is_windows("\\\\s\\x/y"));
    assert_true(pathmap_is_windows("a\\b"));
    assert_false(pathmap_is_windows("a\\b/c"));
    assert_false(pathmap_is_windows("/a\\b"));
    assert_false(pathmap_is_windows("a/b"));
    assert_false(pathmap_is_windows("c:a"));
    assert_false(pathmap_is_windows("1:/a"));
    assert_false(pathmap_is_windows("<string>"));
    assert_false(pathmap_is_windows(""));
}

static void check_same(const char *one, const char *other, bool wanted) {
    if (pathmap_same(one, other) != wanted || pathmap_same(other, one) != wanted)
        fail_msg("%s and %s", one, other);
}

static void knows_the_same_file(void **state) {
    (void)state;
    check_same("/a/b.py", "/a/b.py", true);
    check_same("/a/b.py", "//a/./b.py", true);
    check_same("/a/b.py", "/a/b.pyc", true);
    check_same("/a/b.pyo", "/a/b.pyc", true);
    check_same("/a/b.py", "/a/B.py", false);
    check_same("/a/b.py", "a/b.py", false);
    check_same("/a/b.py", "/b.py", false);
    check_same("/a/../b.py", "/b.py", false);
    check_same("/a.pyc/b.py", "/a.py/b.py", false);
    check_same("C:\\a\\b.py", "c:/A\\B.PYC", true);
    check_same("C:\\a\\b.py", "/a/b.py", false);
    check_same("a/b.py", "A\\b.py", true);
    check_same("\\\\s\\a", "\\s\\a", false);
    check_same("\\\\s\\a", "\\\\S\\a\\", true);
    check_same("/", "/", true);
    check_same("/", "", false);
}

static void check_tail(const char *one, const char *other, size_t wanted) {
    size_t tail = pathmap_shared_tail(one, other);
    if (tail != wanted || pathmap_shared_tail(other, one) != wanted)
        fail_msg("%s and %s: %zu instead of %zu", one, other, tail, wanted);
}

static void counts_the_shared_tail(void **state) {
    (void)state;
    check_tail("/a/b/c.py", "/x/b/c.py", 2);
    check_tail("/a/b/c.py", "/x/y/c.py", 1);
    check_tail("/a/b/c.py", "/a/b/d.py", 0);
    check_tail("/a/b/c.py", "c.py", 1);
    check_tail("/a/b/c.py", "/a/b/c.py", 3);
    check_tail("/a/b/c.py", "/b/c.pyc", 2);
    check_tail("/a/./b//c.py", "/x/b/c.py", 2);
    check_tail("/a/b/c.py", "/B/c.py", 1);
    check_tail("/a/b/c.py", "C:\\x\\B\\C.PY", 2);
    check_tail("/a/b.pyc/c.py", "/a/b.py/c.py", 1);
    check_tail("/ab/c.py", "/b/c.py", 1);
    check_tail("/c.py", "/bc.py", 0);
    check_tail("", "", 0);
    check_tail("/", "/", 0);
}

static void compares_maps(void **state) {
    (void)state;
    struct pathmap one, other;
    pathmap_init(&one);
    pathmap_init(&other);
    assert_true(pathmap_equal(&one, &other));
    pathmap_add(&one, "/a", "/b");
    assert_false(pathmap_equal(&one, &other));
    pathmap_add(&other, "/a/", "/b");
    assert_true(pathmap_equal(&one, &other));
    pathmap_add(&one, "/a", "/c");
    pathmap_add(&other, "/a", "/d");
    assert_false(pathmap_equal(&one, &other));
    pathmap_finish(&one);
    pathmap_add(&one, "/A", "/b");
    pathmap_add(&one, "/a", "/d");
    assert_false(pathmap_equal(&one, &other));
    pathmap_finish(&one);
    pathmap_finish(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_posix_to_posix),
        cmocka_unit_test(maps_windows_to_posix),
        cmocka_unit_test(maps_posix_to_windows),
        cmocka_unit_test(maps_unc_paths),
        cmocka_unit_test(maps_roots),
        cmocka_unit_test(slashes_at_the_end_do_not_matter),
        cmocka_unit_test(maps_relative_paths),
        cmocka_unit_test(the_longest_prefix_wins),
        cmocka_unit_test(no_rule_maps_nothing),
        cmocka_unit_test(compiled_files_stand_for_their_source),
        cmocka_unit_test(base_is_the_last_component),
        cmocka_unit_test(tells_windows_paths),
        cmocka_unit_test(knows_the_same_file),
        cmocka_unit_test(counts_the_shared_tail),
        cmocka_unit_test(compares_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
