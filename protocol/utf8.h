/* Any bytes to valid UTF-8 without NUL. Python 2 strings and program output are raw bytes. */
#ifndef UTF8_H
#define UTF8_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Are the bytes valid UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF)? */
bool utf8_valid(const char *bytes, size_t length);

/* The text as valid UTF-8, in the arena. Valid UTF-8 stays; anything else is read as Latin-1, which
 * is what Visual Studio showed. NUL becomes U+2400. */
char *utf8_from_bytes(struct arena *arena, const char *bytes, size_t length);

/* Would it command a terminal? All control characters but tab and newline. */
bool utf8_is_control(unsigned code);

/* A copy in which such characters are visible, as \x1b. The caller frees it. */
char *utf8_show_controls(const char *text);

/* The same in one line: tabs and newlines become blanks. */
char *utf8_show_line(const char *text);

#endif
