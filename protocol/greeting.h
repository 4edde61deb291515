/* Who answers, and does it let us in? From the first byte a server sends to the point where a wire
 * takes over: signature, version, secret, then attach (or INFO). Detection and attach happen on the
 * same connection, since every abandoned handshake can wedge a server.
 * Facts: binary.md section 2, json.md section 2, relay-and-tls.md section 1. */
#ifndef GREETING_H
#define GREETING_H

#include "arena.h"
#include "buf.h"

#include <stdbool.h>
#include <stdint.h>

enum greeting_result {
    GREETING_GOES_ON,  /* send what stands in `out`, feed more */
    GREETING_ATTACHED, /* or let in to the REPL */
    GREETING_INFORMED, /* `pid`, `executable`, `user`, `interpreter`; 0 and "" if it fails to know
                          them */
    GREETING_WRONG_SECRET,
    GREETING_ALREADY_DEBUGGED,
    GREETING_NOT_DEBUGGED,    /* there is a REPL only while a debugger is attached */
    GREETING_NO_REPL,         /* `version` has none at all; nothing was sent */
    GREETING_UNKNOWN_VERSION, /* it is ptvsd, but `version` is none we know */
    GREETING_SPEAKS_DAP,      /* ptvsd 4.x or debugpy; `release` if it said so */
    GREETING_SPEAKS_TLS,
    GREETING_NOT_PTVSD, /* `heard` holds what it said, printable */
    GREETING_BROKEN     /* ptvsd, but it broke off or broke the protocol: `heard` says how */
};

/* How to leave without harming the server, after a result other than GREETING_ATTACHED: always by
 * RST (SO_LINGER 0), which the caller does. */

enum greeting_purpose {
    GREETING_TO_ATTACH,
    GREETING_TO_REPL, /* the side channel of versions 2 to 7: see repl.h */
    GREETING_TO_INFO  /* who are you? Also answered while another debugger is attached */
};

struct greeting {
    enum greeting_purpose purpose; /* to attach, unless set after greeting_init() */
    const char *secret;            /* borrowed for the greeting's life; "" for none */
    const char *options; /* comma-separated debug options, borrowed; ignored by versions 2 and 4 */
    struct buf in;   /* the caller appends what it received; after GREETING_ATTACHED it holds what
                        already belongs to the wire, after GREETING_SPEAKS_DAP all that came */
    struct buf out;  /* the caller sends and consumes */
    int step;        /* private */
    size_t skipped;  /* private: so much of `in` is output that came before the greeting */
    bool let_in;     /* the secret was accepted */
    int64_t version; /* wire version, 0 while unknown */
    int64_t pid;
    int python[3]; /* major, minor, micro */
    char release[32];
    const char *executable, *user, *interpreter; /* GREETING_INFORMED; "" if it does not know */
    char heard[160];
    struct arena arena; /* private */
};

void greeting_init(struct greeting *greeting, const char *secret, const char *options);
void greeting_finish(struct greeting *greeting);

/* Looks at `in` and goes as far as it can. */
enum greeting_result greeting_feed(struct greeting *greeting);

/* The connection ended (EOF or reset) before a result: what that means at this step. A binary
 * server answers a wrong version with a bare EOF, for example. */
enum greeting_result greeting_closed(struct greeting *greeting);

/* No result in time: what the server has not done, to follow "it"; NULL when it has not said a
 * single byte. */
const char *greeting_stalled(const struct greeting *greeting);

#endif
