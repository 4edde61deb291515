/* Could this text change a value when it is evaluated? Told from its looks: it calls something or
 * is a statement. Names, attributes, items and operators of well-behaved programs change nothing.
 */
#ifndef WRITES_H
#define WRITES_H

#include <stdbool.h>

bool writes_may_write(const char *text);

#endif
