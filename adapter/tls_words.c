#include "tls_words.h"

#include "buf.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_LIMIT = 4096 };

static void add(struct buf *words, char *sentence) {
    if (words->length)
        buf_append_text(words, " ");
    buf_append_text(words, sentence);
    free(sentence);
}

static char *wrong_name(const struct tls_verdict *verdict) {
    if (!*verdict->names)
        return memory_format("It is made out to nobody, so it does not match %s.", verdict->name);
    return memory_format("Its name does not match: it is made out to %s, not to %s; use one of its "
                         "names in the address, or as \"tlsServerName\".",
                         verdict->names, verdict->name);
}

static void add_trust_faults(struct buf *words, const struct tls_verdict *verdict) {
    unsigned faults = verdict->faults;
    if (faults & TLS_NO_CERTIFICATE)
        add(words, memory_copy_text("The server shows none at all: anybody could be there. Give "
                                    "the program a certfile."));
    if (faults & TLS_WRONG_PIN)
        add(words, memory_copy_text("It is not the one of \"tlsPin\": either the program has got a "
                                    "new one, or somebody is in between."));
    if (faults & TLS_SELF_SIGNED)
        add(words, memory_copy_text("It is not trusted, as it is self-signed: only a copy of it, "
                                    "named in \"tlsCaFile\", can vouch for it."));
    if (faults & TLS_UNKNOWN_ISSUER)
        add(words, memory_format("It is not trusted: this machine does not know \"%s\", who issued "
                                 "it; name the certificate of that authority in \"tlsCaFile\".",
                                 verdict->issuer));
    if (faults & TLS_UNFIT)
        add(words, memory_format("It is not fit for a server (%s): a new one is needed.",
                                 verdict->reason));
}

static void add_faults(struct buf *words, const struct tls_verdict *verdict) {
    add_trust_faults(words, verdict);
    if (verdict->faults & TLS_EXPIRED)
        add(words, memory_format("%s expired on %s: a new one is needed.",
                                 verdict->expired_above ? "The authority above it" : "It",
                                 verdict->expired));
    if (verdict->faults & TLS_NOT_YET_VALID)
        add(words, memory_format(
                       "%s is not yet valid, until %s: check the clocks of both machines.",
                       verdict->early_above ? "The authority above it" : "It", verdict->not_yet));
    if (verdict->faults & TLS_WRONG_NAME)
        add(words, wrong_name(verdict));
}

static const char before_print[] = "Its SHA-256 fingerprint is ";

static void add_print(struct buf *words, const struct tls_verdict *verdict) {
    if (*verdict->print)
        add(words, memory_format("%s%s: if 'openssl x509 -noout "
                                 "-fingerprint -sha256 -in CERTFILE' says the same where the "
                                 "program runs, \"tlsPin\" with that value lets it in.",
                                 before_print, verdict->print));
}

static const char *permissions(const struct tls_verdict *verdict) {
    bool name = verdict->faults & (TLS_WRONG_NAME | TLS_NO_CERTIFICATE);
    bool trust = verdict->faults & ~(unsigned)TLS_WRONG_NAME;
    if (name && trust)
        return "\"tlsAllowUntrusted\": true with \"tlsAllowNameMismatch\": true";
    return name ? "\"tlsAllowNameMismatch\": true" : "\"tlsAllowUntrusted\": true";
}

static char *finish(struct buf *words) {
    char *text = memory_copy_bytes(words->bytes, words->length);
    buf_finish(words);
    return text;
}

char *tls_words_refused(const struct tls_verdict *verdict) {
    struct buf words;
    buf_init(&words, WORDS_LIMIT);
    add_faults(&words, verdict);
    add_print(&words, verdict);
    if (!(verdict->faults & TLS_WRONG_PIN))
        add(&words,
            memory_format("%s goes on regardless, encrypted but open to anybody in between.",
                          permissions(verdict)));
    return finish(&words);
}

char *tls_words_accepted(const struct tls_verdict *verdict) {
    struct buf words;
    buf_init(&words, WORDS_LIMIT);
    add_faults(&words, verdict);
    add_print(&words, verdict);
    return finish(&words);
}

/* The last one: what stands before may be the server's own words. */
bool tls_words_print(const char *words, char print[TLS_PRINT_SIZE]) {
    const char *found = NULL;
    for (const char *at = words; (at = strstr(at, before_print)); found = at)
        at += strlen(before_print);
    if (!found || strlen(found) < TLS_PRINT_SIZE)
        return false;
    memcpy(print, found, TLS_PRINT_SIZE - 1);
    print[TLS_PRINT_SIZE - 1] = '\0';
    return true;
}
