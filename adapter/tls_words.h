/* What is wrong with a certificate, in sentences, each with what to do about it. */
#ifndef TLS_WORDS_H
#define TLS_WORDS_H

#include "tls_trust.h"

/* Of a verdict that is not accepted; the subject, the server's certificate, is named before it. The
 * caller frees these. */
char *tls_words_refused(const struct tls_verdict *verdict);

/* Of one that was accepted in spite of its faults. */
char *tls_words_accepted(const struct tls_verdict *verdict);

/* The fingerprint that such sentences tell; false: none. */
bool tls_words_print(const char *words, char print[TLS_PRINT_SIZE]);

#endif
