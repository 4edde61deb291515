/* Could this text change a value when it is evaluated? Told from its looks: it calls something or
 * is a statement. Names, attributes, items and operators of well-behaved programs change nothing.
 */
#ifndef WRITES_H
#define WRITES_H

#include <stdbool.h>

bool writes_may_write(const char *text);

/* Does it make a function: a comprehension, a generator, a lambda? ptvsd's own eval() shows the
 * frame's locals only outside of that: inside, a name is a global or nothing. For an expression, or
 * one that is assigned: the text that sees them in a function's frame, which the caller frees; else
 * NULL. `assigned`: its value will be, which for a lambda is no use: it would keep a copy of the
 * module's names. */
char *writes_seeing_locals(const char *text, bool assigned);

#endif
