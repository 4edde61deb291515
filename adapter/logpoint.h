/* A log point's message: text with {expressions}, and {{ and }} for the braces themselves. */
#ifndef LOGPOINT_H
#define LOGPOINT_H

#include <stddef.h>

/* The message for remote/hit_test.py: a Python list of texts and, in tuples, of expressions. The
 * caller frees it. NULL: `why` says what is wrong. */
char *logpoint_parts(const char *message, char *why, size_t size);

#endif
