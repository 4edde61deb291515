/* Every failure of a connection that a user can meet: its cause and the next step, in one place. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "address.h"
#include "greeting.h"
#include "stream.h"

#include <stdbool.h>

enum failure {
    FAILURE_UNKNOWN_HOST,
    FAILURE_REFUSED,
    FAILURE_TIMED_OUT,
    FAILURE_UNREACHABLE,
    FAILURE_SILENT,  /* connected, but nothing was said */
    FAILURE_STALLED, /* in mid-greeting; `detail` is greeting_stalled() */
    FAILURE_WRONG_SECRET,
    FAILURE_ALREADY_DEBUGGED,
    FAILURE_NOT_DEBUGGED, /* these two: there is nothing, or no way, to release */
    FAILURE_NO_REPL,
    FAILURE_UNKNOWN_VERSION,
    FAILURE_SPEAKS_DAP,     /* where only ptvsd up to 3.2 will do */
    FAILURE_TARGET_REFUSED, /* these two: a target that speaks DAP; `detail`: who says what */
    FAILURE_TARGET_BUSY,
    FAILURE_NO_TUNNEL,     /* the HTTP proxy; `detail` as of FAILURE_NO_WEBSOCKET */
    FAILURE_SPEAKS_TLS,    /* and we do not; this and the next seven are explain_tls.c's */
    FAILURE_NO_TLS,        /* `detail`: what was said instead */
    FAILURE_TLS_SILENT,    /* the handshake is not answered */
    FAILURE_TLS_OLD,       /* `detail` here and in the next: what OpenSSL says */
    FAILURE_TLS_FAILED,    /* the handshake */
    FAILURE_CLIENT_WANTED, /* a certificate of ours */
    FAILURE_CLIENT_REFUSED,
    FAILURE_CERTIFICATE, /* `detail`: sentences of tls_words.h */
    FAILURE_WEBSOCKET_CLOSED,
    FAILURE_NO_WEBSOCKET, /* `detail`: what was answered instead, as "404 Not Found" */
    FAILURE_NOT_PTVSD,
    FAILURE_BROKEN_GREETING,
    FAILURE_BROKEN_WIRE,
    FAILURE_LOST,   /* the connection, in mid-session */
    FAILURE_LET_GO, /* ptvsd detached by itself and told nobody */
    FAILURE_OTHER
};

struct failure_facts {
    enum failure failure;
    const char *address; /* as address_show() gives it */
    const char *host;
    int port;
    unsigned limit_s;   /* for each stage of the way */
    const char *family; /* reach_tcp_family() */
    bool secret_given;
    long long version;  /* FAILURE_UNKNOWN_VERSION */
    bool by_web;        /* a web server stands between */
    long long stood_s;  /* the program was stopped for so long when it was lost */
    const char *detail; /* what the system or the server said; may be NULL */
};

struct reach;

/* All of it but `stood_s`, of an address that is shown as `shown`, and of the greeting there. A
 * greeting that stopped half-way makes FAILURE_STALLED of FAILURE_SILENT. */
struct failure_facts explain_facts(enum failure failure, const char *detail,
                                   const struct reach *reach, const char *shown,
                                   const struct greeting *greeting);

/* The sentence(s); the caller frees them. Never holds the secret. */
char *explain(const struct failure_facts *facts);

enum failure explain_stream_end(enum stream_end end);
enum failure explain_greeting(enum greeting_result result);

#endif
