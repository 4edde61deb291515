/* Runs a fuzz target over files, and over the files of directories, without libFuzzer: so that a
 * corpus is a regression test under any compiler. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 0, or -1 when it cannot be read. The bytes are passed in memory of exactly their size, so that a
 * sanitizer sees each step beyond. */
static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    uint8_t *data = NULL;
    size_t size = 0, got;
    do {
        uint8_t *more = realloc(data, size + 4096);
        if (!more)
            abort();
        data = more;
        got = fread(data + size, 1, 4096, file);
        size += got;
    } while (got > 0);
    int failed = ferror(file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        abort();
    memcpy(exact, data, size);
    free(data);
    if (!failed)
        LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return failed ? -1 : 0;
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* The number of inputs run, or -1. */
static int run_directory(const char *path) {
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort), run = 0;
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0)
            abort();
        run = run < 0 || run_file(file) < 0 ? -1 : run + 1;
        free(file);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return count < 0 ? -1 : run;
}

int main(int argc, char **argv) {
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int run = run_directory(argv[i]);
        if (run < 0)
            run = run_file(argv[i]) < 0 ? -1 : 1;
        if (run < 0) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        total += run;
    }
    printf("%d inputs\n", total);
    return 0;
}
