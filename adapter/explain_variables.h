/* What of a failure programs ask for, beside explain()'s sentences for people. */
#ifndef EXPLAIN_VARIABLES_H
#define EXPLAIN_VARIABLES_H

#include "explain.h"
#include "json.h"

/* An object of texts, as DAP's Message.variables: "failure", a word for each enum failure that
 * stays the same, and for a certificate that was not accepted its "fingerprint", as tlsPin takes
 * it. The caller owns it. */
cJSON *explain_variables(enum failure failure, const char *detail);

#endif
