/* Asks for the addresses of a host. In a thread of its own and not of libuv's pool: a name server
 * that never answers holds it up for half a minute, in which it cannot be cancelled, and neither
 * other lookups nor the end of the program may wait for that. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <netdb.h>
#include <uv.h>

struct lookup;

/* `error` is of getaddrinfo(), for gai_strerror(); 0: then `addresses`, which are the callee's, who
 * calls freeaddrinfo(). The lookup is over, and no more to be given up. */
typedef void lookup_done(void *context, int error, struct addrinfo *addresses);

/* The addresses of a host that is given by its address; NULL when it is a name. `family`: those
 * wanted, AF_UNSPEC for any. */
struct addrinfo *lookup_read(const char *host, int port, int family);

/* NULL: there was no thread for it. */
struct lookup *lookup_start(uv_loop_t *loop, const char *host, int port, int family,
                            lookup_done *done, void *context);

/* Nobody wants to know any more. Accepts NULL. */
void lookup_give_up(struct lookup *lookup);

#endif
