/* The list of hosts that are reached without a proxy, as NO_PROXY holds it: names, which stand for
 * all below them too (with or without a dot in front), IP addresses, networks (10.0.0.0/8), each
 * perhaps with a port; * for all. Divided by commas or blanks; without case. */
#ifndef NO_PROXY_H
#define NO_PROXY_H

#include <stdbool.h>

/* `host` without brackets. */
bool no_proxy_for(const char *list, const char *host, int port);

/* This machine by one of its names: no proxy finds the way here. */
bool no_proxy_is_here(const char *host);

#endif
