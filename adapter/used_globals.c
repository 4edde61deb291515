#include "used_globals.h"

#include "buf.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void used_globals_init(struct used_globals *used) {
    *used = (struct used_globals){0};
}

void used_globals_finish(struct used_globals *used) {
    for (size_t i = 0; i < used->count; i++) {
        free(used->entries[i].key);
        free(used->entries[i].mask);
    }
    free(used->entries);
    used_globals_init(used);
}

/* The names are part of the key: two functions can stand on one line. */
static char *key_of(const struct wire_frame *frame) {
    struct buf key;
    buf_init(&key, SIZE_MAX);
    char *head =
        memory_format("%s:%lld:%s", frame->file, (long long)frame->first_line, frame->name);
    buf_append_text(&key, head);
    free(head);
    for (size_t i = 0; i < frame->variable_count; i++) {
        buf_append_text(&key, " ");
        buf_append_text(&key, frame->variables[i].name);
    }
    char *text = memory_copy_bytes(key.bytes, key.length);
    buf_finish(&key);
    return text;
}

const char *used_globals_find(const struct used_globals *used, const struct wire_frame *frame) {
    char *key = key_of(frame);
    const char *mask = NULL;
    for (size_t i = 0; i < used->count && !mask; i++)
        if (!strcmp(used->entries[i].key, key))
            mask = used->entries[i].mask;
    free(key);
    return mask;
}

static bool is_plain_name(const char *name) {
    return name && *name && !strpbrk(name, "\"\\\n\r");
}

char *used_globals_question(const struct wire_frame *frame) {
    bool function = frame->kind != WIRE_FRAME_DJANGO && strcmp(frame->name, "<module>") != 0;
    if (!function || (int64_t)frame->variable_count <= frame->argument_count)
        return NULL;
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_append_text(&text, "(lambda l:''.join(['01'[n in l] for n in (");
    for (size_t i = 0; i < frame->variable_count; i++) {
        const char *name = frame->variables[i].name;
        buf_append_text(&text, "\"");
        buf_append_text(&text, is_plain_name(name) ? name : "?");
        buf_append_text(&text, "\",");
    }
    buf_append_text(&text, ")]))(locals())");
    char *question = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return question;
}

void used_globals_learn(struct used_globals *used, const struct wire_frame *frame,
                        const char *repr) {
    size_t count = frame->variable_count;
    char *mask = memory_new(count + 1);
    memset(mask, '1', count);
    if (repr && strlen(repr) == count + 2 && repr[0] == '\'')
        memcpy(mask, repr + 1, count);
    /* Of globals only those with a value are listed: what has none yet is the function's own. */
    for (size_t i = 0; i < count; i++)
        if (wire_undefined(&frame->variables[i].object))
            mask[i] = '1';
    used->entries = memory_resize(used->entries, used->count + 1, sizeof *used->entries);
    used->entries[used->count++] = (struct used_globals_entry){key_of(frame), mask};
}
