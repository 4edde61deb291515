#include "sources.h"

#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory with app/main.py, app/util.py, secret.py and a util.py of its own. */
struct place {
    char root[64], app[128], main[192], util[192], secret[128], twin[128];
    struct sources sources;
    struct pathmap map;
};

static void write_file(const char *path) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fclose(file);
}

static int setup(void **state) {
    static struct place place;
    strcpy(place.root, "/tmp/sources.XXXXXX");
    assert_non_null(mkdtemp(place.root));
    snprintf(place.app, sizeof place.app, "%s/app", place.root);
    snprintf(place.main, sizeof place.main, "%s/main.py", place.app);
    snprintf(place.util, sizeof place.util, "%s/util.py", place.app);
    snprintf(place.secret, sizeof place.secret, "%s/secret.py", place.root);
    snprintf(place.twin, sizeof place.twin, "%s/util.py", place.root);
    assert_int_equal(mkdir(place.app, 0700), 0);
    write_file(place.main);
    write_file(place.util);
    write_file(place.secret);
    write_file(place.twin);
    sources_init(&place.sources);
    pathmap_init(&place.map);
    *state = &place;
    return 0;
}

static int teardown(void **state) {
    struct place *place = *state;
    sources_finish(&place->sources);
    pathmap_finish(&place->map);
    unlink(place->main);
    unlink(place->util);
    unlink(place->secret);
    unlink(place->twin);
    rmdir(place->app);
    rmdir(place->root);
    return 0;
}

static void check(struct place *place, const char *remote, const char *local) {
    const char *found = sources_local(&place->sources, &place->map, remote);
    if (local) {
        assert_non_null(found);
        assert_string_equal(found, local);
    } else {
        assert_null(found);
    }
}

static void the_same_path(void **state) {
    struct place *place = *state;
    check(place, place->secret, place->secret);
    check(place, "/srv/app/main.py", NULL);
}

/* With a mapping only what it leads to, and what the editor named and what stands beside that. */
static void a_mapping(void **state) {
    struct place *place = *state;
    pathmap_add(&place->map, place->app, "/srv/app");
    check(place, "/srv/app/main.py", place->main);
    check(place, "/srv/app/none.py", NULL);
    check(place, place->secret, NULL);
    check(place, "/srv/app/../secret.py", NULL);
    check(place, "/srv/app/x/../../secret.py", NULL);
}

static void what_the_editor_named(void **state) {
    struct place *place = *state;
    pathmap_add(&place->map, "/home/nobody/src", "/srv/other");
    check(place, "/srv/app/util.py", NULL);
    sources_match(&place->sources, place->main, "/srv/app/main.py");
    check(place, "/srv/app/main.py", place->main);
    check(place, "/srv/app/util.py", place->util);
    check(place, "/srv/app/../secret.py", NULL);
    sources_match(&place->sources, place->util, place->util);
    check(place, place->main, place->main);
    check(place, place->secret, NULL);
    sources_match(&place->sources, place->secret, place->secret);
    check(place, place->secret, place->secret);
}

/* It is shown by its own name then, so no other file may stand for it. */
static void a_file_of_that_name_is_here(void **state) {
    struct place *place = *state;
    char remote[128];
    snprintf(remote, sizeof remote, "%s/main.py", place->root);
    sources_match(&place->sources, place->main, remote);
    check(place, place->twin, place->twin);
    pathmap_add(&place->map, "/home/nobody/src", "/srv/other");
    sources_match(&place->sources, place->main, "/srv/x/main.py");
    check(place, place->twin, NULL);
}

static void references_stay(void **state) {
    struct place *place = *state;
    struct sources *sources = &place->sources;
    int first = sources_reference(sources, "/srv/a.py"), second = sources_reference(sources, "b");
    assert_true(first > 0 && second > 0 && first != second);
    assert_int_equal(sources_reference(sources, "/srv/a.pyc"), first);
    assert_string_equal(sources_referred(sources, first), "/srv/a.py");
    assert_null(sources_referred(sources, 0));
    assert_null(sources_referred(sources, -1));
    assert_null(sources_referred(sources, second + 1));
    assert_null(sources_referred(sources, INT64_MAX));
    /* the path that stands beside a reference is no local file */
    sources_match(sources, "/srv/a.py", "/srv/a.py");
    check(place, "/srv/a.py", NULL);
}

static void texts_are_compared_once(void **state) {
    struct sources *sources = &((struct place *)*state)->sources;
    assert_true(sources_compare_once(sources, "/srv/a.py", "/a.py"));
    assert_false(sources_compare_once(sources, "/srv/a.py", "/a.py"));
    assert_true(sources_compare_once(sources, "/srv/a.py", "/b.py"));
    sources_compare_again(sources, "/srv/a.py", "/a.py");
    sources_compare_again(sources, "/srv/none.py", "/a.py");
    assert_true(sources_compare_once(sources, "/srv/a.py", "/a.py"));
    assert_false(sources_compare_once(sources, "/srv/a.py", "/b.py"));
}

static void check_sum(struct place *place, const char *text, size_t size, uint64_t wanted) {
    FILE *file = fopen(place->main, "we");
    fputs(text, file);
    fclose(file);
    struct source_sum sum = {0};
    assert_true(sources_sum(place->main, &sum));
    assert_int_equal(sum.size, size);
    assert_int_equal(sum.sum, wanted);
}

static void sums(void **state) {
    struct place *place = *state;
    struct source_sum sum;
    check_sum(place, "", 0, 0);
    check_sum(place, "a", 1, 'a');
    check_sum(place, "ab\r\nc \r\r\n", 4, ('a' | 'b' << 8) + 2 * ('\n' | 'c' << 8));
    check_sum(place, " \n\t\v\f\r", 0, 0);
    assert_false(sources_sum("/no/such/file", &sum));
    assert_false(sources_sum(place->root, &sum));
}

static void other_mappings(void **state) {
    struct place *place = *state;
    int reference = sources_reference(&place->sources, "/srv/new/main.py");
    pathmap_add(&place->map, place->app, "/srv/app");
    check(place, "/srv/app/main.py", place->main);
    sources_match(&place->sources, place->secret, "/srv/secret.py");
    pathmap_finish(&place->map);
    pathmap_add(&place->map, place->app, "/srv/new");
    sources_map_anew(&place->sources);
    check(place, "/srv/app/main.py", NULL);
    check(place, "/srv/secret.py", NULL);
    check(place, "/srv/new/main.py", place->main);
    assert_int_equal(sources_reference(&place->sources, "/srv/new/main.py"), reference);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_PLACE(the_same_path),
        IN_PLACE(a_mapping),
        IN_PLACE(what_the_editor_named),
        IN_PLACE(a_file_of_that_name_is_here),
        IN_PLACE(references_stay),
        IN_PLACE(texts_are_compared_once),
        IN_PLACE(sums),
        IN_PLACE(other_mappings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
