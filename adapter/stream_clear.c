/* A link that passes everything on, and warns where a secret is about to go through a network that
 * is nobody's own in clear text. Where to is known only once the link below is connected: it may be
 * one of several addresses, or a proxy's. */
#include "memory.h"
#include "stream_link.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* This machine, RFC 1918, link-local, and RFC 6598, which VPNs use. */
static bool is_private_4(uint32_t address) {
    return address >> 24 == 127 || address >> 24 == 10 || address >> 20 == 0xac1 ||
           address >> 16 == 0xc0a8 || address >> 16 == 0xa9fe ||
           address >> 22 == 0x64400000 >> 22 || !address;
}

static bool is_private_6(const struct in6_addr *address) {
    uint32_t mapped;
    memcpy(&mapped, address->s6_addr + 12, sizeof mapped);
    if (IN6_IS_ADDR_V4MAPPED(address))
        return is_private_4(ntohl(mapped));
    return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_LINKLOCAL(address) ||
           (address->s6_addr[0] & 0xfe) == 0xfc;
}

static bool is_private(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return is_private_4(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
    return address->ss_family != AF_INET6 ||
           is_private_6(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

struct clear {
    struct stream stream;
    const char *better; /* scheme */
};

static void clear_below_ready(struct stream *stream) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    char name[64] = "?";
    int fd = stream_descriptor(stream->below);
    bool known = fd >= 0 && getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
    if (known && !is_private(&peer)) {
        uv_ip_name((struct sockaddr *)&peer, name, sizeof name);
        char *text = memory_format(
            "The secret goes to %s in clear text, and that is no address of a private network: "
            "whoever is on the way can read it, and then run code in the program. Use %s://, or "
            "an SSH tunnel.",
            name, ((struct clear *)stream)->better);
        stream_tell_note(stream, true, text);
        free(text);
    }
    stream_tell_ready(stream);
}

static void clear_close(struct stream *stream) {
    stream_close_below(stream);
    free(stream);
}

static const struct stream_ops clear_ops = {.close = clear_close, .below_ready = clear_below_ready};

struct stream *stream_clear_create(struct stream *below, const char *better) {
    struct clear *clear = memory_new(sizeof *clear);
    clear->stream =
        (struct stream){.ops = &clear_ops, .below = below, .resets = stream_resets(below)};
    clear->better = better;
    return &clear->stream;
}
