/* An IP address and a port of this machine, as an option gives it and as it is shown. */
#ifndef SOCKET_ADDRESS_H
#define SOCKET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* "127.0.0.1:4711", "[::1]:4711", "localhost:4711", or "4711" for one of 127.0.0.1; port 0: any
 * that is free. Names are not looked up. 0, or -1. */
int socket_address_parse(struct sockaddr_storage *address, const char *text);

/* Can only this machine reach it? */
bool socket_address_is_loopback(const struct sockaddr_storage *address);

/* "127.0.0.1:4711", "[::1]:4711". The caller frees it. */
char *socket_address_show(const struct sockaddr_storage *address);

#endif
