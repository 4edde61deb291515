/* Is the server of a TLS handshake the one that is meant? Judged after the handshake and before
 * anything else is sent. What is wrong is a set of faults, all of which are told at once; which of
 * them may be passed over, the user says in two separate permissions, as they are two separate
 * risks. A pin that fits makes all else unimportant; one that does not is never passed over. */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

#include "tls_client.h"

#include <openssl/ssl.h>
#include <stdbool.h>

enum { TLS_PIN_BYTES = 32, TLS_PINS_MOST = 16, TLS_PRINT_SIZE = TLS_PIN_BYTES * 3 };

/* What the user asks of the other side, and shows it; tlsCaFile, tlsPin, tlsServerName … */
struct tls_terms {
    X509_STORE *anchors; /* instead of the system's; NULL: those */
    unsigned char pins[TLS_PINS_MOST]
                      [TLS_PIN_BYTES]; /* SHA-256 of the certificate, or of its public
                                          key (SPKI): one of them has to fit */
    int pin_count;
    char *name;      /* that it must be made out to; NULL: the host */
    int min_version; /* as TLS1_2_VERSION; 0: not said */
    bool allow_untrusted, allow_name_mismatch;
    struct tls_client client;
};

void tls_terms_copy(struct tls_terms *to, const struct tls_terms *from);
void tls_terms_finish(struct tls_terms *terms);

enum tls_fault {
    TLS_NO_CERTIFICATE = 1,
    TLS_SELF_SIGNED = 2,
    TLS_UNKNOWN_ISSUER = 4,
    TLS_EXPIRED = 8,
    TLS_NOT_YET_VALID = 16,
    TLS_UNFIT = 32, /* anything else that verification finds; see `reason` */
    TLS_WRONG_NAME = 64,
    TLS_WRONG_PIN = 128
};

struct tls_verdict {
    unsigned faults;  /* of enum tls_fault */
    bool accepted;    /* in spite of the faults, if there are any */
    const char *name; /* that was looked for; of the terms or the host given to tls_judge() */
    char print[TLS_PRINT_SIZE];      /* "AB:CD:…" of the certificate, as tlsPin takes it */
    char names[200], issuer[100];    /* that it is made out to, quoted; that signed it */
    char expired[32], not_yet[32];   /* "2024-05-06 07:08 UTC" */
    bool expired_above, early_above; /* it is not the certificate itself but one that it rests on */
    const char *reason;              /* of TLS_UNFIT */
};

/* `level`: the security level (see SSL_CTX_set_security_level) that keys and signatures must meet.
 */
void tls_judge(struct tls_verdict *verdict, const struct tls_terms *terms, const char *host,
               SSL *ssl, int level);

/* `host` as it stands in a certificate: without an IPv6 zone, without the dot at the end. */
char *tls_host_name(const char *host);
bool tls_is_ip(const char *name);

#endif
