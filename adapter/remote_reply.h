/* The text that a program with remote/reply.py brings: the repr of it, or of slices of it, which
 * ptvsd shows as the children of a list. Its lines have fields behind tabs. */
#ifndef REMOTE_REPLY_H
#define REMOTE_REPLY_H

#include "wire.h"

/* The slices put together; valid UTF-8, with U+2400 for NUL and U+FFFD for half a character. The
 * caller frees it. */
char *remote_reply_text(const struct wire_children *slices);

/* The same of one literal. */
char *remote_reply_literal(const char *repr);

/* The next line, or NULL when there is none; `*rest` goes past it. The text is changed. */
char *remote_reply_row(char **rest);

/* The next field of a line, "" when there is none. */
char *remote_reply_field(char **row);

/* The next field as a number, 0 when it is none. */
int64_t remote_reply_number(char **row);

#endif
