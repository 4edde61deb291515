#include "tls_trust.h"

#include "memory.h"
#include "tls_anchors.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What tlsAllowUntrusted passes over; and what only both permissions do, as there is no name to
 * check without a certificate. */
static const unsigned untrusted =
    TLS_SELF_SIGNED | TLS_UNKNOWN_ISSUER | TLS_EXPIRED | TLS_NOT_YET_VALID | TLS_UNFIT;
static const unsigned nameless = TLS_WRONG_NAME | TLS_NO_CERTIFICATE;

void tls_terms_copy(struct tls_terms *to, const struct tls_terms *from) {
    *to = *from;
    to->name = memory_copy_text(from->name);
    if (to->anchors)
        X509_STORE_up_ref(to->anchors);
    tls_client_copy(&to->client, &from->client);
}

void tls_terms_finish(struct tls_terms *terms) {
    X509_STORE_free(terms->anchors);
    free(terms->name);
    tls_client_finish(&terms->client);
    *terms = (struct tls_terms){0};
}

/* ---- names ----------------------------------------------------------------------------------- */

char *tls_host_name(const char *host) {
    size_t length = strcspn(host, "%");
    if (length > 1 && host[length - 1] == '.')
        length--;
    return memory_copy_bytes(host, length);
}

bool tls_is_ip(const char *name) {
    unsigned char binary[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, name, binary) == 1 || inet_pton(AF_INET6, name, binary) == 1;
}

/* What a stranger wrote is shown to the user: no controls, nothing endless. */
static void copy_shown(char *to, size_t size, const char *from, size_t length) {
    size_t i = 0;
    for (; i < length && i + 1 < size; i++)
        to[i] = from[i] >= ' ' && from[i] < 0x7f && from[i] != '"' ? from[i] : '?';
    to[i] = '\0';
}

static void common_name(const X509_NAME *name, char *to, size_t size) {
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *text = NULL;
    int length =
        at < 0
            ? -1
            : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    copy_shown(to, size, (const char *)text, length > 0 ? (size_t)length : 0);
    OPENSSL_free(text);
}

static void add_name(struct tls_verdict *verdict, const char *name) {
    size_t used = strlen(verdict->names), size = sizeof verdict->names;
    if (!*name)
        return;
    if (used + strlen(name) + sizeof ", \"\", …" < size)
        snprintf(verdict->names + used, size - used, "%s\"%s\"", used ? ", " : "", name);
    else if (used < 3 || strcmp(verdict->names + used - 3, "…") != 0)
        snprintf(verdict->names + used, size - used, ", …");
}

static void add_alternative(struct tls_verdict *verdict, const GENERAL_NAME *alternative) {
    char text[INET6_ADDRSTRLEN + 60] = "";
    if (alternative->type == GEN_DNS) {
        const ASN1_STRING *name = alternative->d.dNSName;
        copy_shown(text, sizeof text, (const char *)ASN1_STRING_get0_data(name),
                   (size_t)ASN1_STRING_length(name));
    } else if (alternative->type == GEN_IPADD) {
        const ASN1_STRING *ip = alternative->d.iPAddress;
        int family = ASN1_STRING_length(ip) == 4 ? AF_INET : AF_INET6;
        if (ASN1_STRING_length(ip) == 4 || ASN1_STRING_length(ip) == 16)
            inet_ntop(family, ASN1_STRING_get0_data(ip), text, sizeof text);
    }
    add_name(verdict, text);
}

/* Gives whether there are alternative names: the common name counts only where there are none. */
static bool list_names(struct tls_verdict *verdict, X509 *leaf) {
    GENERAL_NAMES *all = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++)
        add_alternative(verdict, sk_GENERAL_NAME_value(all, i));
    bool some = *verdict->names;
    GENERAL_NAMES_free(all);
    char common[80];
    common_name(X509_get_subject_name(leaf), common, sizeof common);
    if (!some)
        add_name(verdict, common);
    return some;
}

/* X509_check_ip() never looks at the common name, which is all that most home-made ones have. */
static bool is_common_ip(const char *name, X509 *leaf) {
    char common[80];
    unsigned char wanted[16] = {0}, found[16] = {0};
    common_name(X509_get_subject_name(leaf), common, sizeof common);
    int family = strchr(name, ':') ? AF_INET6 : AF_INET;
    return inet_pton(family, name, wanted) == 1 && inet_pton(family, common, found) == 1 &&
           !memcmp(wanted, found, sizeof wanted);
}

static bool is_named(const char *name, X509 *leaf, bool alternatives) {
    if (!tls_is_ip(name))
        return X509_check_host(leaf, name, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
    return X509_check_ip_asc(leaf, name, 0) == 1 || (!alternatives && is_common_ip(name, leaf));
}

/* ---- the chain ------------------------------------------------------------------------------- */

static void show_time(char to[32], const ASN1_TIME *at) {
    struct tm time;
    if (ASN1_TIME_to_tm(at, &time) == 1)
        strftime(to, 32, "%Y-%m-%d %H:%M UTC", &time);
}

static void take_fault(struct tls_verdict *verdict, X509_STORE_CTX *checking) {
    int error = X509_STORE_CTX_get_error(checking);
    bool above = X509_STORE_CTX_get_error_depth(checking) > 0;
    X509 *at = X509_STORE_CTX_get_current_cert(checking);
    switch (error) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        verdict->faults |= TLS_SELF_SIGNED;
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        verdict->faults |= TLS_UNKNOWN_ISSUER;
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        verdict->faults |= TLS_EXPIRED;
        verdict->expired_above = above;
        show_time(verdict->expired, X509_get0_notAfter(at));
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        verdict->faults |= TLS_NOT_YET_VALID;
        verdict->early_above = above;
        show_time(verdict->not_yet, X509_get0_notBefore(at));
        break;
    default:
        verdict->faults |= TLS_UNFIT;
        verdict->reason = X509_verify_cert_error_string(error);
    }
}

/* Goes on after each fault, so that all are found. */
static int note_fault(int good, X509_STORE_CTX *checking) {
    if (!good)
        take_fault(X509_STORE_CTX_get_ex_data(checking, 0), checking);
    return 1;
}

static void check_chain(struct tls_verdict *verdict, const struct tls_terms *terms, X509 *leaf,
                        STACK_OF(X509) * chain, int level) {
    X509_STORE *store = terms->anchors ? terms->anchors : tls_anchors_system();
    X509_STORE_CTX *checking = X509_STORE_CTX_new();
    if (X509_STORE_CTX_init(checking, store, leaf, chain) == 1) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(checking);
        X509_STORE_CTX_set_default(checking, "ssl_server");
        /* Whatever is in the store is trusted, also a certificate that is no authority's. */
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
        X509_VERIFY_PARAM_set_auth_level(param, level);
        X509_STORE_CTX_set_ex_data(checking, 0, verdict);
        X509_STORE_CTX_set_verify_cb(checking, note_fault);
        if (X509_verify_cert(checking) != 1 && !verdict->faults)
            take_fault(verdict, checking);
    } else {
        verdict->faults |= TLS_UNFIT;
        verdict->reason = "it cannot be checked";
    }
    X509_STORE_CTX_free(checking);
    if (!terms->anchors)
        X509_STORE_free(store);
}

/* ---- the fingerprint ------------------------------------------------------------------------- */

static void show_print(struct tls_verdict *verdict, const unsigned char *print) {
    for (int i = 0; i < TLS_PIN_BYTES; i++)
        snprintf(verdict->print + (size_t)i * 3, 4, "%02X%s", print[i],
                 i + 1 < TLS_PIN_BYTES ? ":" : "");
}

static bool is_pinned(const struct tls_terms *terms, const unsigned char *print) {
    for (int i = 0; i < terms->pin_count; i++)
        if (!CRYPTO_memcmp(print, terms->pins[i], TLS_PIN_BYTES))
            return true;
    return false;
}

static bool key_fits(const struct tls_terms *terms, X509 *leaf) {
    unsigned char *key = NULL, print[TLS_PIN_BYTES];
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &key);
    bool fits = length > 0 && EVP_Digest(key, (size_t)length, print, NULL, EVP_sha256(), NULL) &&
                is_pinned(terms, print);
    OPENSSL_free(key);
    return fits;
}

static bool pin_fits(struct tls_verdict *verdict, const struct tls_terms *terms, X509 *leaf) {
    unsigned char print[TLS_PIN_BYTES] = {0};
    X509_digest(leaf, EVP_sha256(), print, NULL);
    show_print(verdict, print);
    return is_pinned(terms, print) || key_fits(terms, leaf);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void judge_leaf(struct tls_verdict *verdict, const struct tls_terms *terms, X509 *leaf,
                       STACK_OF(X509) * chain, int level) {
    common_name(X509_get_issuer_name(leaf), verdict->issuer, sizeof verdict->issuer);
    bool alternatives = list_names(verdict, leaf), fits = pin_fits(verdict, terms, leaf);
    if (terms->pin_count) {
        verdict->faults = fits ? 0 : TLS_WRONG_PIN;
        return;
    }
    check_chain(verdict, terms, leaf, chain, level);
    char *name = tls_host_name(verdict->name);
    if (!is_named(name, leaf, alternatives))
        verdict->faults |= TLS_WRONG_NAME;
    free(name);
}

void tls_judge(struct tls_verdict *verdict, const struct tls_terms *terms, const char *host,
               SSL *ssl, int level) {
    *verdict = (struct tls_verdict){.name = terms->name ? terms->name : host};
    X509 *leaf = SSL_get_peer_certificate(ssl);
    if (leaf)
        judge_leaf(verdict, terms, leaf, SSL_get_peer_cert_chain(ssl), level);
    else
        verdict->faults = TLS_NO_CERTIFICATE | (terms->pin_count ? TLS_WRONG_PIN : 0);
    X509_free(leaf);
    ERR_clear_error();
    unsigned left = verdict->faults;
    if (terms->allow_untrusted)
        left &= ~untrusted;
    if (terms->allow_untrusted && terms->allow_name_mismatch)
        left &= ~nameless;
    else if (terms->allow_name_mismatch)
        left &= ~(unsigned)TLS_WRONG_NAME;
    verdict->accepted = !left;
}
