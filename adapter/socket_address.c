#include "socket_address.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

static int read_port(const char *text) {
    char *end;
    long port = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && port <= 65535 ? (int)port : -1;
}

int socket_address_parse(struct sockaddr_storage *address, const char *text) {
    const char *colon = strrchr(text, ':');
    int port = read_port(colon ? colon + 1 : text);
    size_t length = colon ? (size_t)(colon - text) : 0;
    bool brackets = length > 1 && text[0] == '[' && text[length - 1] == ']';
    char *host = colon ? memory_copy_bytes(text + brackets, length - 2 * (size_t)brackets)
                       : memory_copy_text("127.0.0.1");
    int error = port < 0;
    *address = (struct sockaddr_storage){0};
    if (!error && brackets)
        error = uv_ip6_addr(host, port, (struct sockaddr_in6 *)address);
    else if (!error)
        error = uv_ip4_addr(strcmp(host, "localhost") ? host : "127.0.0.1", port,
                            (struct sockaddr_in *)address);
    free(host);
    return error ? -1 : 0;
}

bool socket_address_is_loopback(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
}

char *socket_address_show(const struct sockaddr_storage *address) {
    char host[INET6_ADDRSTRLEN] = "";
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
        uv_ip6_name(six, host, sizeof host);
        return memory_format("[%s]:%d", host, ntohs(six->sin6_port));
    }
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    uv_ip4_name(four, host, sizeof host);
    return memory_format("%s:%d", host, ntohs(four->sin_port));
}
