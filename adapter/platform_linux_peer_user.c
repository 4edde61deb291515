#include "peer_user.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The connection as the other end has it: its own address first. */
struct ends {
    int family;
    unsigned char from[16], to[16];
    in_port_t from_port, to_port; /* network order */
};

static void take_address(const struct sockaddr_storage *address, unsigned char *bytes,
                         in_port_t *port) {
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
        memcpy(bytes, &six->sin6_addr, 16);
        *port = six->sin6_port;
    } else {
        const struct sockaddr_in *four = (const struct sockaddr_in *)address;
        memcpy(bytes, &four->sin_addr, 4);
        *port = four->sin_port;
    }
}

static int ends_of(struct ends *ends, int fd) {
    struct sockaddr_storage peer, own;
    socklen_t peer_size = sizeof peer, own_size = sizeof own;
    if (getpeername(fd, (struct sockaddr *)&peer, &peer_size) < 0 ||
        getsockname(fd, (struct sockaddr *)&own, &own_size) < 0 ||
        peer.ss_family != own.ss_family ||
        (peer.ss_family != AF_INET && peer.ss_family != AF_INET6))
        return -1;
    *ends = (struct ends){.family = peer.ss_family};
    take_address(&peer, ends->from, &ends->from_port);
    take_address(&own, ends->to, &ends->to_port);
    return 0;
}

/* ---- sock_diag ------------------------------------------------------------------------------- */

struct question {
    struct nlmsghdr head;
    struct inet_diag_req_v2 body;
};

struct answer {
    struct nlmsghdr head;
    struct inet_diag_msg body;
    char more[512];
};

static int exchange(const struct question *question, struct answer *answer) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    ssize_t got = -1;
    if (fd >= 0 && send(fd, question, sizeof *question, 0) == (ssize_t)sizeof *question)
        got = recv(fd, answer, sizeof *answer, MSG_DONTWAIT);
    if (fd >= 0)
        close(fd);
    return got >= (ssize_t)(sizeof answer->head + sizeof answer->body) ? 0 : -1;
}

int peer_user_ask(int fd, uid_t *user) {
    struct ends ends;
    if (ends_of(&ends, fd) < 0)
        return -1;
    struct question question = {
        .head = {.nlmsg_len = sizeof question,
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .body = {.sdiag_family = (__u8)ends.family,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_states = ~0u,
                 .id = {.idiag_sport = ends.from_port,
                        .idiag_dport = ends.to_port,
                        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}},
    };
    memcpy(question.body.id.idiag_src, ends.from, sizeof ends.from);
    memcpy(question.body.id.idiag_dst, ends.to, sizeof ends.to);
    struct answer answer;
    if (exchange(&question, &answer) < 0 || answer.head.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return -1;
    *user = answer.body.idiag_uid;
    return answer.body.idiag_inode ? 0 : -1; /* closed: then the user is said to be root */
}

/* ---- /proc/net ------------------------------------------------------------------------------- */

/* As the kernel prints an address: its 32-bit words as they lie in memory. */
static void show_end(char text[40], const unsigned char *bytes, int words, in_port_t port) {
    for (int i = 0; i < words; i++) {
        unsigned word;
        memcpy(&word, bytes + 4 * i, 4);
        text += sprintf(text, "%08X", word);
    }
    sprintf(text, ":%04X", ntohs(port));
}

static int find_row(const char *table, const char *from, const char *to, uid_t *user) {
    FILE *file = fopen(table, "re");
    char line[512], local[64], remote[64];
    unsigned owner;
    unsigned long inode = 0;
    while (file && !inode && fgets(line, sizeof line, file))
        if (sscanf(line, " %*d: %63s %63s %*x %*s %*s %*x %u %*d %lu", local, remote, &owner,
                   &inode) != 4 ||
            strcmp(local, from) != 0 || strcmp(remote, to) != 0)
            inode = 0;
    if (file)
        fclose(file);
    if (!inode)
        return -1;
    *user = owner;
    return 0;
}

int peer_user_look_up(int fd, uid_t *user) {
    struct ends ends;
    char from[40], to[40];
    if (ends_of(&ends, fd) < 0)
        return -1;
    int words = ends.family == AF_INET6 ? 4 : 1;
    show_end(from, ends.from, words, ends.from_port);
    show_end(to, ends.to, words, ends.to_port);
    if (find_row(words == 4 ? "/proc/net/tcp6" : "/proc/net/tcp", from, to, user) == 0)
        return 0;
    if (words == 4)
        return -1;
    /* A socket for IPv6 can reach an address of IPv4, too: ::ffff:127.0.0.1. */
    unsigned char mapped[16] = {[10] = 0xff, [11] = 0xff};
    memcpy(mapped + 12, ends.from, 4);
    show_end(from, mapped, 4, ends.from_port);
    memcpy(mapped + 12, ends.to, 4);
    show_end(to, mapped, 4, ends.to_port);
    return find_row("/proc/net/tcp6", from, to, user);
}

bool peer_user_knows_tcp(void) {
    return true;
}

int peer_user(int fd, uid_t *user, bool *asks) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    struct sockaddr_storage own;
    socklen_t own_size = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &own_size) < 0)
        return -1;
    if (own.ss_family != AF_UNIX) {
        int asked = peer_user_ask(fd, user);
        *asks = *asks || asked == 0;
        return *asks ? asked : peer_user_look_up(fd, user);
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return -1;
    *user = peer.uid;
    return 0;
}
