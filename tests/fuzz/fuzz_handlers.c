/* Any bytes as Python source: the ranges must be in order, not empty, and named; a line moves to
 * one where a statement begins, or stays. */
#include "handlers.h"
#include "stop_lines.h"
#include "utf8.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_item(const struct wire_handler *item) {
    assert(item->end > item->first);
    assert(item->name_count > 0);
    for (size_t i = 0; i < item->name_count; i++) {
        const char *name = item->names[i];
        assert(*name && utf8_valid(name, strlen(name)));
        assert(strcmp(name, "*") != 0 || item->name_count == 1);
    }
}

static void check_items(const struct handlers *handlers) {
    int64_t line = 0;
    for (size_t i = 0; i < handlers->count; i++) {
        assert(handlers->items[i].first > line);
        line = handlers->items[i].first;
        check_item(&handlers->items[i]);
    }
}

static void check_stops(const uint8_t *data, size_t size) {
    struct stop_lines stops;
    stop_lines_init(&stops);
    stop_lines_scan(&stops, (const char *)data, size);
    for (int64_t line = 0; line <= (int64_t)stops.count + 1; line++) {
        int64_t moved = stop_lines_move(&stops, line);
        assert(!moved || moved >= line);
        assert(moved <= line || stops.lines[moved - 1].kind == STOP_BEGINS);
    }
    stop_lines_finish(&stops);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    check_stops(data, size);
    struct handlers handlers;
    handlers_init(&handlers);
    handlers_scan(&handlers, (const char *)data, size);
    check_items(&handlers);
    handlers_finish(&handlers);
    return 0;
}
