/* Whose process is at the other end of a connection within this machine. */
#ifndef PEER_USER_H
#define PEER_USER_H

#include <stdbool.h>
#include <sys/types.h>

/* Can it be known for TCP here at all? For unix sockets it always can. */
bool peer_user_knows_tcp(void);

/* 0; or -1 when it is not known: it may have closed its end already. `asks`, false at first, is
 * kept by the caller: once the kernel has answered a question, nothing slower is tried. */
int peer_user(int fd, uid_t *user, bool *asks);

/* The two ways on Linux, for TCP: one question to the kernel (sock_diag(7)), and the tables of
 * /proc/net, for where that is not built in. */
int peer_user_ask(int fd, uid_t *user);
int peer_user_look_up(int fd, uid_t *user);

#endif
