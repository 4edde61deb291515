/* The certificates that trust is built on: those of a file that the user names, or the system's. */
#ifndef TLS_ANCHORS_H
#define TLS_ANCHORS_H

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <stddef.h>

/* A file that the user names; a FIFO or a device would hold up the whole program. NULL with half a
 * sentence in `error` ("cannot be read: …"). */
BIO *tls_file_open(const char *path, char *error, size_t error_size);

/* All certificates of a PEM file (whatever else is in it, as a key, is passed over), or the one of
 * a DER file. NULL with half a sentence in `error` ("cannot be read: …"). */
X509_STORE *tls_anchors_read(const char *path, char *error, size_t error_size);

/* What this system trusts: SSL_CERT_FILE and SSL_CERT_DIR, else where OpenSSL was built to look,
 * else where the usual distributions keep it. Empty where there is none. */
X509_STORE *tls_anchors_system(void);

#endif
