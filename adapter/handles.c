#include "handles.h"

#include "memory.h"

#include <stdlib.h>

enum { LAST_BASE = 1 << 30 };

void handles_init(struct handles *handles) {
    *handles = (struct handles){.base = 1};
}

void handles_finish(struct handles *handles) {
    handles_clear(handles);
    free(handles->items);
    handles_init(handles);
}

void handles_clear(struct handles *handles) {
    for (size_t i = 0; i < handles->count; i++) {
        free(handles->items[i].expression);
        cJSON_Delete(handles->items[i].kept);
    }
    handles->base += (int)handles->count;
    if (handles->base > LAST_BASE)
        handles->base = 1;
    handles->count = 0;
}

void handles_end(struct handles *handles, int64_t thread) {
    for (size_t i = 0; i < handles->count; i++)
        if (handles->items[i].thread == thread)
            handles->items[i].over = true;
}

int handles_add(struct handles *handles, enum handle_kind kind, int64_t thread, size_t frame,
                const char *expression) {
    if (handles->count == handles->room) {
        handles->room = handles->room ? handles->room * 2 : 64;
        handles->items = memory_resize(handles->items, handles->room, sizeof *handles->items);
    }
    handles->items[handles->count] =
        (struct handle){kind, thread, frame, memory_copy_text(expression), 0, 0, NULL, false};
    return handles->base + (int)handles->count++;
}

int handles_add_part(struct handles *handles, const struct handle *of, int64_t start,
                     int64_t count) {
    int number = handles_add(handles, HANDLE_CHILDREN, of->thread, of->frame, of->expression);
    struct handle *added = &handles->items[handles->count - 1];
    added->start = start;
    added->count = count;
    return number;
}

int handles_add_kept(struct handles *handles, const struct handle *of, cJSON *kept) {
    int number = handles_add(handles, of->kind, of->thread, of->frame, of->expression);
    handles->items[handles->count - 1].kept = kept;
    return number;
}

const struct handle *handles_find(const struct handles *handles, int64_t number) {
    if (number < handles->base || (uint64_t)(number - handles->base) >= handles->count)
        return NULL;
    const struct handle *handle = &handles->items[number - handles->base];
    return handle->over ? NULL : handle;
}
