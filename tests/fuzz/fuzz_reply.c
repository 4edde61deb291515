/* Any bytes as what a program in the debuggee replies: as one repr and as two slices of it, then
 * line by line. The text must be UTF-8, no longer than the literal, and its fields must end. */
#include "remote_reply.h"
#include "utf8.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_rows(char *text) {
    size_t length = strlen(text), seen = 0;
    char *rest = text;
    for (char *row; (row = remote_reply_row(&rest));) {
        (void)remote_reply_number(&row);
        while (*row) {
            const char *field = remote_reply_field(&row);
            assert(utf8_valid(field, strlen(field)));
        }
        assert(++seen <= length);
    }
}

static void check_text(char *text, size_t room) {
    assert(strlen(text) <= room && utf8_valid(text, strlen(text)));
    check_rows(text);
    free(text);
}

/* As the wire gives it: UTF-8. */
static const char *as_text(struct arena *arena, const uint8_t *data, size_t size) {
    return utf8_from_bytes(arena, (const char *)data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    arena_init(&arena);
    const char *whole = as_text(&arena, data, size);
    check_text(remote_reply_literal(whole), strlen(whole) + 3);
    struct wire_variable halves[] = {
        {.object = {.repr = as_text(&arena, data, size / 2)}},
        {.object = {.repr = as_text(&arena, data + size / 2, size - size / 2)}}};
    struct wire_children children = {.children = halves, .count = 2};
    check_text(remote_reply_text(&children),
               strlen(halves[0].object.repr) + strlen(halves[1].object.repr) + 3);
    arena_finish(&arena);
    return 0;
}
