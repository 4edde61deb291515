#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memory_new(size_t size) {
    void *bytes = calloc(1, size ? size : 1);
    if (!bytes)
        abort();
    return bytes;
}

void *memory_resize(void *old, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size)
        abort();
    size_t total = count * size;
    void *bytes = realloc(old, total ? total : 1);
    if (!bytes)
        abort();
    return bytes;
}

char *memory_copy_text(const char *text) {
    return text ? memory_copy_bytes(text, strlen(text)) : NULL;
}

char *memory_copy_bytes(const char *bytes, size_t length) {
    char *copy = memory_new(length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

void memory_wipe_text(char **text) {
    if (*text)
        explicit_bzero(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

char *memory_format(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        abort();
    return text;
}
