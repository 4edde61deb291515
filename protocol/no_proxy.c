#include "no_proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#ifdef _WIN32
#include <ws2tcpip.h> /* inet_pton */
#else
#include <arpa/inet.h>
#endif

enum { ENTRY_BYTES = 300 };

/* Bytes of the address, 0 if it is none. */
static size_t read_ip(const char *text, unsigned char bytes[16]) {
    if (inet_pton(AF_INET, text, bytes) == 1)
        return 4;
    return inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}

static bool same_bits(const unsigned char *one, const unsigned char *other, size_t bits) {
    size_t whole = bits / 8, rest = bits % 8;
    return !memcmp(one, other, whole) && (!rest || (one[whole] ^ other[whole]) >> (8 - rest) == 0);
}

static bool is_in_network(const char *host, char *network) {
    unsigned char one[16], other[16];
    char *slash = strchr(network, '/'), *end = NULL;
    size_t size = read_ip(host, one), bits = 8 * size;
    if (slash) {
        *slash = '\0';
        bits = strtoul(slash + 1, &end, 10);
        if (end == slash + 1 || *end)
            return false;
    }
    return size && read_ip(network, other) == size && bits <= 8 * size &&
           same_bits(one, other, bits);
}

/* Takes "name:port" and "[::1]:port" apart; bare IPv6 addresses have no port. False if the entry is
 * for another port. */
static bool take_port(char **entry, int port) {
    char *colon = strrchr(*entry, ':');
    if (**entry == '[') {
        char *close = strchr(*entry, ']');
        if (!close)
            return false;
        ++*entry;
        *close = '\0';
        colon = close[1] == ':' ? close + 1 : NULL;
    } else if (colon && strchr(*entry, ':') != colon) {
        return true;
    }
    if (!colon)
        return true;
    *colon = '\0';
    return atoi(colon + 1) == port;
}

static bool is_below(const char *host, const char *name) {
    size_t all = strlen(host), end = strlen(name);
    if (all < end || !end || strcasecmp(host + all - end, name) != 0)
        return false;
    return all == end || host[all - end - 1] == '.';
}

static bool entry_fits(char *entry, const char *host, int port) {
    if (!strcmp(entry, "*"))
        return true;
    if (!take_port(&entry, port))
        return false;
    if (!strncmp(entry, "*.", 2))
        entry++;
    return is_below(host, *entry == '.' ? entry + 1 : entry) || is_in_network(host, entry);
}

bool no_proxy_for(const char *list, const char *host, int port) {
    char entry[ENTRY_BYTES];
    while (*(list += strspn(list, ", \t"))) {
        size_t length = strcspn(list, ", \t");
        snprintf(entry, sizeof entry, "%.*s", (int)(length < sizeof entry ? length : 0), list);
        if (*entry && entry_fits(entry, host, port))
            return true;
        list += length;
    }
    return false;
}

bool no_proxy_is_here(const char *host) {
    char here[] = "127.0.0.0/8";
    return is_below(host, "localhost") || !strcmp(host, "::1") || is_in_network(host, here);
}
