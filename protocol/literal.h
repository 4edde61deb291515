/* Any text as a Python literal: pure ASCII, on one line, valid and of the same value on Python 2.7
 * and 3. The only way by which a value gets into code that the debuggee executes. */
#ifndef LITERAL_H
#define LITERAL_H

#include <stdbool.h>

/* The NUL-terminated valid UTF-8 as a text (unicode on Python 2): u'gr\xfc\xdf'. The caller frees
 * it. */
char *literal_text(const char *text);

/* The same as a native `str`, as names, file names and source are: 'abc'. Python 2 has bytes there,
 * so a text that is not ASCII becomes an expression which gives its UTF-8 bytes on Python 2 and the
 * text on Python 3. The caller frees it. */
char *literal_native(const char *text);

const char *literal_truth(bool value);

#endif
