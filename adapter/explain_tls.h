/* The failures of TLS, in words: a part of explain(). */
#ifndef EXPLAIN_TLS_H
#define EXPLAIN_TLS_H

#include "explain.h"

/* The sentence(s); the caller frees them. NULL: it is none of these. */
char *explain_tls(const struct failure_facts *facts);

/* Is the debuggee reached through TLS? */
bool explain_is_tls(const struct failure_facts *facts);

#endif
