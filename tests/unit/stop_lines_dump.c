/* Prints what stop_lines_scan finds in the files that stdin names, one a line: `file PATH`, then
 * `line kind scope moved` for each line. */
#include "sources.h"
#include "stop_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void dump(const char *path) {
    static const char *const kinds[] = {"never", "perhaps", "begins"};
    size_t length = 0;
    char *text = sources_read(path, &length);
    if (!text)
        return;
    struct stop_lines stops;
    stop_lines_init(&stops);
    stop_lines_scan(&stops, text, length);
    printf("file %s\n", path);
    for (size_t i = 0; i < stops.count; i++)
        printf("%zu %s %u %" PRId64 "\n", i + 1, kinds[stops.lines[i].kind],
               (unsigned)stops.lines[i].scope, stop_lines_move(&stops, (int64_t)i + 1));
    stop_lines_finish(&stops);
    free(text);
}

int main(void) {
    char path[4096];
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        dump(path);
    }
    return 0;
}
