/* The TLS link: OpenSSL between two buffers in memory. A server that breaks off the handshake may
 * be one that knows nothing but old versions, as every ptvsd is: it gets a second hello over a
 * fresh connection. A broken handshake does ptvsd no harm. */
#include "memory.h"
#include "stream_link.h"
#include "tls_trust.h"
#include "tls_words.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PLAIN_BYTES = 80 * 1024, /* more than the bytes of one read can hold */
    AUTHORITY_LEVEL = 1,     /* no SHA-1 in what others have signed, RSA from 1024 bits on */
    LEAST_WAIT_MS = 300
};

enum phase { STARTING, SHAKING, OPEN };

struct tls {
    struct stream stream;
    uv_loop_t *loop;
    struct stream *spare;
    char *host;
    struct tls_terms terms;
    unsigned timeout_ms;
    uint64_t give_up_at; /* ms; of both tries */
    uv_timer_t timer;    /* of the handshake */
    enum phase phase;
    bool takes_old; /* in the second try */
    bool heard;     /* a record has come, so it is a TLS server */
    bool asked;     /* it has asked for a certificate of ours */
    bool let_in;    /* it has sent something beyond the handshake */
    SSL *ssl;
    BIO *in, *out; /* of `ssl` */
    char plain[PLAIN_BYTES];
};

/* ---- the end --------------------------------------------------------------------------------- */

static void timer_closed(uv_handle_t *handle) {
    struct tls *tls = handle->data;
    SSL_free(tls->ssl);
    tls_terms_finish(&tls->terms);
    free(tls->host);
    OPENSSL_cleanse(tls->plain, sizeof tls->plain);
    free(tls);
}

static void drop_spare(struct tls *tls) {
    stream_close(tls->spare);
    tls->spare = NULL;
}

static void tls_close(struct stream *stream) {
    struct tls *tls = (struct tls *)stream;
    stream_close_below(stream);
    drop_spare(tls);
    uv_close((uv_handle_t *)&tls->timer, timer_closed);
}

/* ---- OpenSSL --------------------------------------------------------------------------------- */

static const char *last_reason(void) {
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    return reason ? reason : "no reason given";
}

/* What is refused here is refused for everybody. Security level 0 stands for MD5 with SHA-1, which
 * TLS 1.0 signs with; whether a certificate will do is judged apart from it. Ciphers without a
 * certificate are offered last, so that a server that has none can be told as such. */
static SSL_CTX *make_context(const struct tls *tls) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int lowest = tls->takes_old ? TLS1_VERSION : TLS1_2_VERSION;
    if (!context)
        return NULL;
    if (tls->terms.min_version > lowest)
        lowest = tls->terms.min_version;
    SSL_CTX_set_min_proto_version(context, lowest);
    SSL_CTX_set_max_proto_version(context, 0);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL); /* tls_judge() does, before we are ready */
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    if (tls->takes_old) {
        SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
        SSL_CTX_set_cipher_list(context, "ALL:+aNULL:@SECLEVEL=0");
    }
    return context;
}

/* Whether we have one or not. */
static int is_asked(SSL *ssl, void *context) {
    (void)ssl;
    ((struct tls *)context)->asked = true;
    return 1;
}

static int make_session(struct tls *tls) {
    SSL_CTX *context = make_context(tls);
    SSL_free(tls->ssl);
    tls->ssl = context ? SSL_new(context) : NULL;
    SSL_CTX_free(context);
    if (!tls->ssl)
        return -1;
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_connect_state(tls->ssl);
    SSL_set_cert_cb(tls->ssl, is_asked, tls);
    if (tls_client_use(&tls->terms.client, tls->ssl) < 0)
        return -1;
    char *name = tls_host_name(tls->terms.name ? tls->terms.name : tls->host);
    if (!tls_is_ip(name))
        SSL_set_tlsext_host_name(tls->ssl, name);
    free(name);
    return 0;
}

static void flush(struct tls *tls) {
    char *bytes;
    long length = BIO_get_mem_data(tls->out, &bytes);
    if (length > 0)
        stream_send(tls->stream.below, bytes, (size_t)length);
    (void)BIO_reset(tls->out);
}

/* ---- the handshake --------------------------------------------------------------------------- */

static void start_again(uv_timer_t *timer) {
    stream_start_below(timer->data);
}

/* In a later turn, as OpenSSL may be under way with the session that is replaced. */
static void try_old_versions(struct tls *tls) {
    stream_close_below(&tls->stream);
    tls->stream.below = tls->spare;
    tls->spare = NULL;
    tls->takes_old = true;
    tls->heard = false;
    tls->phase = STARTING;
    uv_timer_start(&tls->timer, start_again, 0, 0);
}

/* Alone, a server's "no" says nothing of versions; what it or we say of them does. */
static bool is_about_versions(void) {
    int reason = ERR_GET_REASON(ERR_peek_error());
    return reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION || reason == SSL_R_UNSUPPORTED_PROTOCOL ||
           reason == SSL_R_WRONG_SSL_VERSION;
}

/* A server that is not content with what it was shown says so by an alert, or just goes; from TLS
 * 1.3 on it does so when for us the handshake is done. */
static enum stream_end end_of_break(const struct tls *tls, enum stream_end otherwise) {
    bool certain = tls->phase == SHAKING || ERR_GET_REASON(ERR_peek_error()) > SSL_AD_REASON_OFFSET;
    if (!tls->asked || tls->let_in)
        return otherwise;
    if (!tls->terms.client.certificate)
        return STREAM_TLS_CLIENT_WANTED;
    return certain ? STREAM_TLS_CLIENT_REFUSED : otherwise;
}

static void handshake_fails(struct tls *tls, const char *why) {
    if (tls->stream.closing)
        return;
    if (tls->spare && !tls->asked)
        try_old_versions(tls);
    else
        stream_tell_end(&tls->stream,
                        is_about_versions() ? STREAM_TLS_OLD : end_of_break(tls, STREAM_TLS_FAILED),
                        why);
}

static void note_old_version(const struct tls *tls, bool sure) {
    if (SSL_version(tls->ssl) >= TLS1_2_VERSION)
        return;
    char *text = memory_format(
        "The channel to %s is encrypted by %s only: ptvsd speaks nothing newer. It is old and not "
        "the safest%s; \"tlsMinVersion\": \"1.2\" forbids it.",
        tls->host, SSL_get_version(tls->ssl), sure ? ", but the certificate was checked" : "");
    stream_tell_note(&tls->stream, false, text);
    free(text);
}

static void note_faults(const struct tls *tls, const struct tls_verdict *verdict) {
    if (!verdict->faults)
        return;
    char *words = tls_words_accepted(verdict);
    char *text = memory_format("The channel to %s is encrypted but not authenticated: whoever is "
                               "in between can read and change everything. The certificate: %s",
                               tls->host, words);
    stream_tell_note(&tls->stream, true, text);
    free(text);
    free(words);
}

static void take_plain(struct tls *tls);

static void open_link(struct tls *tls, const struct tls_verdict *verdict) {
    uv_timer_stop(&tls->timer);
    drop_spare(tls);
    tls->phase = OPEN;
    note_faults(tls, verdict);
    note_old_version(tls, !verdict->faults);
    stream_tell_ready(&tls->stream);
    take_plain(tls);
}

static void shaken(struct tls *tls) {
    struct tls_verdict verdict;
    tls_judge(&verdict, &tls->terms, tls->host, tls->ssl, AUTHORITY_LEVEL);
    if (verdict.accepted) {
        open_link(tls, &verdict);
        return;
    }
    char *words = tls_words_refused(&verdict);
    stream_tell_end(&tls->stream, STREAM_CERTIFICATE, words);
    free(words);
}

static void shake(struct tls *tls) {
    ERR_clear_error();
    int result = SSL_do_handshake(tls->ssl);
    int error = SSL_get_error(tls->ssl, result);
    flush(tls);
    if (tls->stream.closing || tls->phase != SHAKING)
        return;
    if (result == 1)
        shaken(tls);
    else if (error != SSL_ERROR_WANT_READ)
        handshake_fails(tls, last_reason());
}

static void time_is_up(uv_timer_t *timer) {
    struct tls *tls = timer->data;
    if (tls->heard)
        stream_tell_end(&tls->stream, STREAM_TLS_FAILED, "it stopped half-way");
    else
        stream_tell_end(&tls->stream, STREAM_TLS_SILENT, "no answer");
}

/* ---- what comes ------------------------------------------------------------------------------ */

/* Decrypts what there is room for; `*error` is SSL_get_error()'s, of the end of it. */
static size_t read_plain(struct tls *tls, int *error) {
    size_t length = 0;
    int count = 0;
    ERR_clear_error();
    while (length < sizeof tls->plain &&
           (count = SSL_read(tls->ssl, tls->plain + length, (int)(sizeof tls->plain - length))) > 0)
        length += (size_t)count;
    *error = count > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, count);
    return length;
}

/* All that is there is told at once: ptvsd sends each field in a record of its own. */
static void take_plain(struct tls *tls) {
    int error = SSL_ERROR_NONE;
    while (!tls->stream.closing && error == SSL_ERROR_NONE) {
        size_t length = read_plain(tls, &error);
        tls->let_in = tls->let_in || length;
        enum stream_end end =
            end_of_break(tls, error == SSL_ERROR_ZERO_RETURN ? STREAM_ENDED : STREAM_FAILED);
        char *why = memory_format("TLS: %s", last_reason());
        flush(tls);
        if (length)
            stream_tell_data(&tls->stream, tls->plain, length);
        if (error == SSL_ERROR_ZERO_RETURN)
            stream_tell_end(&tls->stream, end, "it ended the TLS session");
        else if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ)
            stream_tell_end(&tls->stream, end, why);
        free(why);
    }
}

/* A TLS server begins with a record, of the types 20 to 23 (RFC 8446, 5.1); others, as a ptvsd that
 * was given no certificate, talk at once. */
static bool begins_a_record(const char *bytes) {
    return bytes[0] >= 20 && bytes[0] <= 23;
}

static void end_as_plain(struct tls *tls, const char *bytes, size_t length) {
    char shown[60];
    size_t i = 0;
    for (; i < length && i + 1 < sizeof shown && bytes[i] != '\r' && bytes[i] != '\n'; i++)
        shown[i] = bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '?';
    shown[i] = '\0';
    stream_tell_end(&tls->stream, STREAM_NO_TLS, shown);
}

static void tls_below_data(struct stream *stream, const char *bytes, size_t length) {
    struct tls *tls = (struct tls *)stream;
    if (tls->stream.closing || !length || tls->phase == STARTING)
        return;
    if (!tls->heard && !begins_a_record(bytes)) {
        end_as_plain(tls, bytes, length);
        return;
    }
    tls->heard = true;
    BIO_write(tls->in, bytes, (int)length);
    if (tls->phase == SHAKING)
        shake(tls);
    else
        take_plain(tls);
}

/* ---- the link below -------------------------------------------------------------------------- */

static void tls_below_ready(struct stream *stream) {
    struct tls *tls = (struct tls *)stream;
    uint64_t now = uv_now(tls->loop);
    tls->phase = SHAKING;
    if (!tls->give_up_at)
        tls->give_up_at = now + stream_answer_ms(tls->timeout_ms);
    uint64_t left = tls->give_up_at > now ? tls->give_up_at - now : 0;
    uv_timer_start(&tls->timer, time_is_up, left > LEAST_WAIT_MS ? left : LEAST_WAIT_MS, 0);
    if (make_session(tls) < 0)
        stream_tell_end(&tls->stream, STREAM_TLS_FAILED, last_reason());
    else
        shake(tls);
}

static void tls_below_closed(struct stream *stream, enum stream_end end, const char *detail) {
    struct tls *tls = (struct tls *)stream;
    ERR_clear_error();
    if (tls->phase == SHAKING)
        handshake_fails(tls, end == STREAM_RESET ? "it reset the connection"
                                                 : "it closed the connection");
    else
        stream_tell_end(&tls->stream, end_of_break(tls, end), detail);
}

/* ---- what goes ------------------------------------------------------------------------------- */

static void tls_send(struct stream *stream, const char *bytes, size_t length) {
    struct tls *tls = (struct tls *)stream;
    assert(tls->phase == OPEN);
    if (!length)
        return;
    ERR_clear_error();
    size_t written = 0;
    int result = SSL_write_ex(tls->ssl, bytes, length, &written); /* all: memory takes it */
    char *why = memory_format("TLS: %s", last_reason());
    flush(tls);
    if (result != 1)
        stream_tell_end(&tls->stream, STREAM_FAILED, why);
    free(why);
}

/* Bytes written by hand would be no record, and each record is encrypted by its place in the
 * stream. The drop guard stands for what a crash cannot say. */
static const struct stream_ops tls_ops = {
    .send = tls_send,
    .close = tls_close,
    .descriptor = stream_no_descriptor,
    .below_ready = tls_below_ready,
    .below_data = tls_below_data,
    .below_closed = tls_below_closed,
};

struct stream *stream_tls_create(uv_loop_t *loop, struct stream *below, struct stream *spare,
                                 const char *host, const struct tls_terms *terms,
                                 unsigned timeout_ms) {
    struct tls *tls = memory_new(sizeof *tls);
    tls->stream = (struct stream){.ops = &tls_ops, .below = below, .resets = stream_resets(below)};
    tls->loop = loop;
    tls->spare = spare;
    tls->host = memory_copy_text(host);
    tls->timeout_ms = timeout_ms;
    tls_terms_copy(&tls->terms, terms);
    uv_timer_init(loop, &tls->timer);
    tls->timer.data = tls;
    return &tls->stream;
}
