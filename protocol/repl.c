#include "repl.h"

#include "cursor.h"

#include <stdint.h>
#include <string.h>

static void put_text(struct buf *out, const char *command, const char *text) {
    uint64_t length = strlen(text);
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(length >> (56 - 8 * i));
    buf_append_text(out, command);
    buf_append(out, bytes, sizeof bytes);
    buf_append_text(out, text);
}

void repl_set_module(struct buf *out, const char *name) {
    put_text(out, "setm", name);
}

void repl_run(struct buf *out, const char *statement) {
    put_text(out, "run ", statement);
}

void repl_nudge(struct buf *out) {
    buf_append_text(out, "bye ");
}

/* What stands behind a tag: 't' a text, 'i' an integer. */
static const struct layout {
    char tag[5];
    char fields[4];
    enum repl_event_type type;
} layouts[] = {
    {"STDO", "t", REPL_OUTPUT}, {"STDE", "t", REPL_OUTPUT}, {"DONE", "", REPL_DONE},
    {"ERRE", "", REPL_FAILED},  {"EXIT", "", REPL_FAILED},  {"PRPC", "tti", REPL_OTHER},
    {"MODC", "", REPL_OTHER},   {"CHWD", "t", REPL_OTHER},  {"RDLN", "", REPL_OTHER},
    {"DETC", "", REPL_OTHER},
};

static const struct layout *find_layout(const char *tag) {
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (!memcmp(tag, layouts[i].tag, 4))
            return &layouts[i];
    return NULL;
}

int repl_decode(struct buf *in, struct arena *arena, struct repl_event *event) {
    struct cursor cursor;
    cursor_init(&cursor, in->bytes, in->length);
    const char *tag = cursor_tag(&cursor);
    if (!tag)
        return 0;
    const struct layout *layout = find_layout(tag);
    if (!layout)
        return -1;
    *event = (struct repl_event){.type = layout->type};
    for (const char *field = layout->fields; *field; field++) {
        if (*field == 't')
            event->text = cursor_text(&cursor, arena);
        else
            cursor_int(&cursor);
    }
    if (cursor.bad)
        return -1;
    if (cursor.short_by)
        return 0;
    buf_consume(in, cursor.at);
    return 1;
}
