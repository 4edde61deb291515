#include "exception_modes.h"

#include "buf.h"
#include "literal.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* Python's own loops raise these; they stop only who asks for them by name. */
static const char *const silent[] = {"StopIteration", "StopAsyncIteration", "GeneratorExit"};

/* Where a bare name may stand: as it is, in Python's own modules, which versions 2 and 4 name, or
 * in the program's main file. */
static const char *const homes[] = {"", "exceptions.", "builtins.", "__main__."};

enum { SILENT = sizeof silent / sizeof *silent, HOMES = sizeof homes / sizeof *homes };

void exception_modes_finish(struct exception_modes *modes) {
    for (size_t i = 0; i < modes->count; i++)
        free(modes->names[i].name);
    free(modes->names);
    *modes = (struct exception_modes){.beneath = modes->beneath};
}

/* Letters of any script; the rest is Python's. */
static bool is_name(const char *name, size_t length) {
    static const char usual[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x80 && !strchr(usual, name[i]))
            return false;
    return length && !strchr(".0123456789", name[0]) && name[length - 1] != '.';
}

static struct exception_mode *find(const struct exception_modes *modes, const char *name,
                                   size_t length) {
    for (size_t i = 0; i < modes->count; i++)
        if (strlen(modes->names[i].name) == length && !memcmp(modes->names[i].name, name, length))
            return &modes->names[i];
    return NULL;
}

bool exception_modes_has(const struct exception_modes *modes, const char *name) {
    return modes && find(modes, name, strlen(name));
}

int exception_modes_add(struct exception_modes *modes, const char *name, size_t length, int mode,
                        bool besides) {
    struct exception_mode *known = find(modes, name, length);
    if (known) {
        known->mode = besides ? known->mode | mode : mode;
        known->besides = besides;
        return 0;
    }
    if (!is_name(name, length) || modes->count == EXCEPTION_NAMES)
        return -1;
    modes->names = memory_resize(modes->names, modes->count + 1, sizeof *modes->names);
    modes->names[modes->count++] =
        (struct exception_mode){memory_copy_bytes(name, length), mode, besides};
    return 0;
}

static size_t put_name(struct wire_exception_mode *to, const char *name, int mode) {
    size_t count = strchr(name, '.') ? 1 : HOMES;
    for (size_t i = 0; i < count; i++)
        to[i] = (struct wire_exception_mode){memory_format("%s%s", homes[i], name), mode};
    return count;
}

/* What lies beneath goes first: of two modes for a name ptvsd keeps the later. */
struct wire_exceptions exception_modes_make(const struct exception_modes *modes) {
    const struct exception_modes *beneath = modes->beneath;
    struct wire_exceptions made = {.mode = modes->all};
    size_t most = modes->count + (beneath ? beneath->count : 0) + SILENT;
    struct wire_exception_mode *names = memory_resize(NULL, most * HOMES, sizeof *names);
    for (size_t i = 0; modes->all && i < SILENT; i++)
        if (!exception_modes_has(modes, silent[i]) && !exception_modes_has(beneath, silent[i]))
            made.count += put_name(names + made.count, silent[i], WIRE_BREAK_NEVER);
    for (size_t i = 0; beneath && i < beneath->count; i++)
        made.count += put_name(names + made.count, beneath->names[i].name, beneath->names[i].mode);
    for (size_t i = 0; i < modes->count; i++) {
        const struct exception_mode *one = &modes->names[i];
        int mode = one->besides ? one->mode | modes->all : one->mode;
        made.count += put_name(names + made.count, one->name, mode);
    }
    made.names = names;
    return made;
}

void exception_modes_free(struct wire_exceptions *made) {
    for (size_t i = 0; i < made->count; i++)
        free((void *)(uintptr_t)made->names[i].name);
    free((void *)(uintptr_t)made->names);
    *made = (struct wire_exceptions){0};
}

static void list_names(struct buf *text, const char *name, const char *behind) {
    struct wire_exception_mode variants[HOMES];
    size_t count = put_name(variants, name, 0);
    for (size_t i = 0; i < count; i++) {
        char *literal = literal_native(variants[i].name);
        buf_append_text(text, literal);
        buf_append_text(text, behind);
        free(literal);
        free((void *)(uintptr_t)variants[i].name);
    }
}

char *exception_modes_bases(const struct exception_modes *modes) {
    const struct exception_modes *beneath = modes->beneath;
    struct buf text;
    buf_init(&text, SIZE_MAX);
    buf_append_text(&text, "'bases': {");
    for (size_t i = 0; i < modes->count; i++)
        list_names(&text, modes->names[i].name, modes->names[i].besides ? ": True, " : ": False, ");
    buf_append_text(&text, "}, 'exact': [");
    for (size_t i = 0; i < SILENT; i++)
        if (!exception_modes_has(modes, silent[i]))
            list_names(&text, silent[i], ", ");
    for (size_t i = 0; beneath && i < beneath->count; i++)
        if (!exception_modes_has(modes, beneath->names[i].name))
            list_names(&text, beneath->names[i].name, ", ");
    buf_append_text(&text, "]");
    char *made = modes->count ? memory_copy_bytes(text.bytes, text.length) : NULL;
    buf_finish(&text);
    return made;
}

static const char *without_home(const char *name) {
    for (size_t i = 1; i < HOMES; i++)
        if (!strncmp(name, homes[i], strlen(homes[i])))
            return name + strlen(homes[i]);
    return name;
}

static const struct exception_mode *find_reported(const struct exception_modes *modes,
                                                  const char *name) {
    const struct exception_mode *one = find(modes, name, strlen(name));
    return one ? one : find(modes, without_home(name), strlen(without_home(name)));
}

int exception_modes_of(const struct exception_modes *modes, const char *name) {
    const struct exception_mode *one = name ? find_reported(modes, name) : NULL;
    if (!one && name && modes->beneath)
        one = find_reported(modes->beneath, name);
    if (!one)
        return modes->all;
    return one->besides ? one->mode | modes->all : one->mode;
}
