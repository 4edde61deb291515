#include "tls_client.h"

#include "tls_anchors.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>

void tls_client_copy(struct tls_client *to, const struct tls_client *from) {
    *to = *from;
    if (to->certificate)
        X509_up_ref(to->certificate);
    if (to->key)
        EVP_PKEY_up_ref(to->key);
    if (to->chain)
        to->chain = X509_chain_up_ref(to->chain);
}

void tls_client_finish(struct tls_client *client) {
    X509_free(client->certificate);
    EVP_PKEY_free(client->key);
    sk_X509_pop_free(client->chain, X509_free);
    *client = (struct tls_client){0};
}

int tls_client_use(const struct tls_client *client, SSL *ssl) {
    if (!client->certificate)
        return 0;
    return SSL_use_certificate(ssl, client->certificate) == 1 &&
                   SSL_use_PrivateKey(ssl, client->key) == 1 &&
                   SSL_set1_chain(ssl, client->chain) == 1
               ? 0
               : -1;
}

/* ---- the files ------------------------------------------------------------------------------- */

/* Nobody can be asked for it: there is no terminal, and the editor has no such question. */
static int note_password(char *password, int size, int writing, void *wanted) {
    (void)password, (void)size, (void)writing;
    *(bool *)wanted = true;
    return -1;
}

static int read_certificates(struct tls_client *client, const char *path, struct dap_error *error) {
    char why[200];
    X509 *above;
    BIO *file = tls_file_open(path, why, sizeof why);
    if (!file)
        return dap_refuse(error,
                          "\"tlsClientCert\", %.120s, %s. Name the PEM file with the certificate "
                          "that the server knows you by.",
                          path, why);
    client->certificate = PEM_read_bio_X509(file, NULL, NULL, NULL);
    client->chain = sk_X509_new_null();
    while ((above = PEM_read_bio_X509(file, NULL, NULL, NULL)))
        sk_X509_push(client->chain, above);
    BIO_free(file);
    if (client->certificate)
        return 0;
    return dap_refuse(error,
                      "\"tlsClientCert\", %.120s, holds no certificate as PEM. 'openssl x509 "
                      "-inform DER' and 'openssl pkcs12 -nokeys' make one of other files.",
                      path);
}

static int read_key(struct tls_client *client, const char *path, struct dap_error *error) {
    char why[200];
    bool password_wanted = false;
    BIO *file = tls_file_open(path, why, sizeof why);
    if (!file)
        return dap_refuse(error,
                          "\"tlsClientKey\", %.120s, %s. Name the PEM file with the key of "
                          "\"tlsClientCert\".",
                          path, why);
    client->key = PEM_read_bio_PrivateKey(file, NULL, note_password, &password_wanted);
    BIO_free(file);
    if (client->key)
        return 0;
    if (password_wanted)
        return dap_refuse(error,
                          "The key in %.120s is encrypted with a password, which nobody is asked "
                          "for. Write a copy without ('openssl pkey -in KEYFILE -out COPY', then "
                          "chmod 600), and name that in \"tlsClientKey\".",
                          path);
    return dap_refuse(error,
                      "%.120s holds no private key as PEM. Name the file with the key of "
                      "\"tlsClientCert\" in \"tlsClientKey\".",
                      path);
}

static int check_key(const struct tls_client *client, const char *path, struct dap_error *error) {
    if (X509_check_private_key(client->certificate, client->key) == 1)
        return 0;
    return dap_refuse(error,
                      "The key in %.120s is not the one of the certificate in \"tlsClientCert\". "
                      "Name the file with its own in \"tlsClientKey\".",
                      path);
}

int tls_client_read(struct tls_client *client, const char *certificate, const char *key,
                    struct dap_error *error) {
    const char *key_path = key ? key : certificate;
    if (!certificate)
        return !key ? 0
                    : dap_refuse(error, "\"tlsClientKey\" is given without \"tlsClientCert\": name "
                                        "the certificate that it belongs to, too.");
    int result = read_certificates(client, certificate, error);
    if (result == 0)
        result = read_key(client, key_path, error);
    if (result == 0)
        result = check_key(client, key_path, error);
    ERR_clear_error();
    return result;
}
