#include "tls_anchors.h"

#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_LIMIT = 16 << 20 };

/* ---- a file that the user names -------------------------------------------------------------- */

/* Blocks of the file one by one, undecoded, so that nobody is asked for the passphrase of a key. */
static int add_pem(X509_STORE *store, BIO *file) {
    int added = 0;
    char *name, *header;
    unsigned char *bytes;
    long length;
    while (PEM_read_bio(file, &name, &header, &bytes, &length) == 1) {
        const unsigned char *at = bytes;
        X509 *certificate = d2i_X509_AUX(NULL, &at, length); /* NULL of a key */
        if (certificate && X509_STORE_add_cert(store, certificate) == 1)
            added++;
        X509_free(certificate);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(bytes, (size_t)length);
    }
    return added;
}

static int add_der(X509_STORE *store, BIO *file) {
    X509 *certificate = d2i_X509_bio(file, NULL);
    int added = certificate && X509_STORE_add_cert(store, certificate) == 1;
    X509_free(certificate);
    return added;
}

BIO *tls_file_open(const char *path, char *error, size_t error_size) {
    struct stat facts;
    const char *why = NULL;
    if (stat(path, &facts) < 0)
        why = strerror(errno);
    else if (!S_ISREG(facts.st_mode))
        why = "it is no ordinary file";
    else if (facts.st_size > FILE_LIMIT)
        why = "it is too large";
    BIO *file = why ? NULL : BIO_new_file(path, "rb");
    if (!file)
        snprintf(error, error_size, "cannot be read: %s", why ? why : strerror(errno));
    return file;
}

X509_STORE *tls_anchors_read(const char *path, char *error, size_t error_size) {
    BIO *file = tls_file_open(path, error, error_size);
    if (!file)
        return NULL;
    X509_STORE *store = X509_STORE_new();
    int added = add_pem(store, file);
    if (!added && BIO_seek(file, 0) == 0)
        added = add_der(store, file);
    BIO_free(file);
    ERR_clear_error();
    if (added)
        return store;
    X509_STORE_free(store);
    snprintf(error, error_size, "holds no certificate, neither as PEM nor as DER");
    return NULL;
}

/* ---- the system's ---------------------------------------------------------------------------- */

static const char *const usual_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 on */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine, macOS, OpenBSD */
    "/usr/local/etc/ssl/cert.pem",                       /* FreeBSD */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD, older */
    "/opt/homebrew/etc/ca-certificates/cert.pem",
};

static bool has_entries(const char *directory) {
    DIR *opened = opendir(directory);
    int entries = 0;
    while (opened && readdir(opened))
        entries++;
    if (opened)
        closedir(opened);
    return entries > 2; /* more than . and .. */
}

/* A static build may have been made to look in places that are on no other machine. */
static bool has_default_place(void) {
    struct stat facts;
    return getenv(X509_get_default_cert_file_env()) || getenv(X509_get_default_cert_dir_env()) ||
           stat(X509_get_default_cert_file(), &facts) == 0 ||
           has_entries(X509_get_default_cert_dir());
}

X509_STORE *tls_anchors_system(void) {
    X509_STORE *store = X509_STORE_new();
    bool found = has_default_place() && X509_STORE_set_default_paths(store) == 1;
    for (size_t i = 0; !found && i < sizeof usual_files / sizeof *usual_files; i++)
        found = X509_STORE_load_locations(store, usual_files[i], NULL) == 1;
    if (!found)
        X509_STORE_load_locations(store, NULL, "/etc/ssl/certs");
    ERR_clear_error();
    return store;
}
