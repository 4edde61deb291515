/* The certificate that we show, to a server that asks for one: tlsClientCert, tlsClientKey. */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include "dap.h"

#include <openssl/ssl.h>

struct tls_client {
    X509 *certificate; /* NULL: we have none */
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
};

/* From PEM files: the certificate and what it rests on, and its key, which may be in the same file
 * (`key` NULL) but not behind a password. 0, or -1 with a sentence in `error`. */
int tls_client_read(struct tls_client *client, const char *certificate, const char *key,
                    struct dap_error *error);

/* One more owner of the same. */
void tls_client_copy(struct tls_client *to, const struct tls_client *from);
void tls_client_finish(struct tls_client *client);

/* 0, or -1 where OpenSSL has no use for it. */
int tls_client_use(const struct tls_client *client, SSL *ssl);

#endif
