/* Prints what handlers_scan finds: for each file `file PATH`, then `first end name name...` per
 * item. handlers_against_ast.py compares that with Python's own parser. */
#include "buf.h"
#include "handlers.h"

#include <inttypes.h>
#include <stdio.h>

enum { FILE_LIMIT = 64 << 20 };

static int read_file(struct buf *text, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    char chunk[16384];
    size_t length;
    int result = 0;
    while (!result && (length = fread(chunk, 1, sizeof chunk, file)) > 0)
        result = buf_append(text, chunk, length);
    if (ferror(file))
        result = -1;
    fclose(file);
    return result;
}

static void dump(struct handlers *handlers, const struct buf *text, const char *path) {
    handlers_scan(handlers, text->bytes, text->length);
    printf("file %s\n", path);
    for (size_t i = 0; i < handlers->count; i++) {
        const struct wire_handler *item = &handlers->items[i];
        printf("%" PRId64 " %" PRId64, item->first, item->end);
        for (size_t j = 0; j < item->name_count; j++)
            printf(" %s", item->names[j]);
        putchar('\n');
    }
}

int main(int argc, char **argv) {
    struct handlers handlers;
    struct buf text;
    handlers_init(&handlers);
    buf_init(&text, FILE_LIMIT);
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        buf_clear(&text);
        if (read_file(&text, argv[i]) == 0) {
            dump(&handlers, &text, argv[i]);
        } else {
            fprintf(stderr, "handlers_dump: cannot read %s\n", argv[i]);
            failed = 1;
        }
    }
    buf_finish(&text);
    handlers_finish(&handlers);
    return failed;
}
