#include "frame_title.h"

#include "buf.h"
#include "memory.h"
#include "pathmap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_VALUE = 60, LONGEST_TITLE = 10000 };

/* The file's name without what follows its last dot. */
static void add_module(struct buf *title, const char *file) {
    const char *base = pathmap_base(file), *dot = strrchr(base, '.');
    buf_append(title, base, dot && dot != base ? (size_t)(dot - base) : strlen(base));
    buf_append_text(title, ".");
}

static void add_value(struct buf *title, const char *value) {
    size_t length = strlen(value), shown = length < LONGEST_VALUE ? length : LONGEST_VALUE;
    while (shown < length && ((unsigned char)value[shown] & 0xc0) == 0x80)
        shown--; /* not in the middle of a character */
    buf_append(title, value, shown);
    if (shown < length)
        buf_append_text(title, "...");
}

static void add_parameter(struct buf *title, const struct wire_variable *variable,
                          const cJSON *format) {
    bool types = json_bool(format, "parameterTypes", false),
         values = json_bool(format, "parameterValues", false),
         names = json_bool(format, "parameterNames", !types && !values);
    const char *type = variable->object.type, *value = variable->object.repr;
    bool written = false;
    if (types && type && *type) {
        buf_append_text(title, type);
        written = true;
    }
    if (names) {
        buf_append_text(title, written ? " " : "");
        buf_append_text(title, variable->name ? variable->name : "?");
        written = true;
    }
    if (values && value) {
        buf_append_text(title, names ? "=" : written ? " " : "");
        add_value(title, value);
    }
}

static void add_parameters(struct buf *title, const struct wire_frame *frame, const cJSON *format) {
    buf_append_text(title, "(");
    for (size_t i = 0; i < frame->variable_count && (int64_t)i < frame->argument_count; i++) {
        buf_append_text(title, i ? ", " : "");
        add_parameter(title, &frame->variables[i], format);
    }
    buf_append_text(title, ")");
}

char *frame_title(const struct wire_frame *frame, const cJSON *format, int64_t line) {
    struct buf title;
    buf_init(&title, LONGEST_TITLE);
    if (json_bool(format, "module", false) && frame->file && *frame->file)
        add_module(&title, frame->file);
    buf_append_text(&title, frame->name ? frame->name : "?");
    if (json_bool(format, "parameters", false) && frame->variables && frame->name &&
        strcmp(frame->name, "<module>") != 0)
        add_parameters(&title, frame, format);
    char *text = json_bool(format, "line", false)
                     ? memory_format("%.*s : %lld", (int)title.length, title.bytes, (long long)line)
                     : memory_copy_bytes(title.bytes, title.length);
    buf_finish(&title);
    return text;
}
