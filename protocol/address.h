/* Where the debuggee is: `tcp://secret@host:port/path` and its short forms, as Visual Studio took
 * them. The struct owns its texts; the secret is wiped when it is freed and never printed. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum address_scheme { ADDRESS_TCP, ADDRESS_TCPS, ADDRESS_WS, ADDRESS_WSS };

enum { ADDRESS_PTVSD_PORT = 5678 };

struct address {
    enum address_scheme scheme;
    char *secret; /* percent-decoded; NULL when the address has none */
    char *host;   /* without brackets; never NULL after a parse */
    int port;     /* 1…65535; the scheme's default when not given: 5678, 5678, 80, 443 */
    char *path;   /* with its query, "" when there is none */
};

/* Takes `scheme://[secret@]host[:port][/path]`, `[secret@]host[:port]`, IPv6 in brackets. The last
 * @ before the first / divides secret and host, as a secret may hold an @; behind that / only a web
 * server's path may hold one. 0, or -1 with a sentence (cause and remedy, without the secret) in
 * `error`. */
int address_parse(struct address *address, const char *text, char *error, size_t error_size);
void address_finish(struct address *address);

/* Percent-decoded, to be freed; NULL when a % does not stand before two hex digits that make a
 * character. */
char *address_unquoted(const char *text);

void address_set_secret(struct address *address, const char *secret);

/* `host:port`, of an IPv6 address in brackets. The caller frees it. */
char *address_place(const struct address *address);

/* `tcp://host:port/path` without the secret, for titles and messages. The caller frees it. */
char *address_show(const struct address *address);

/* 5678, 5678, 80, 443 */
int address_usual_port(enum address_scheme scheme);

/* "tcp", "tcps", "ws", "wss" */
const char *address_scheme_name(enum address_scheme scheme);

#endif
