#include "reach_tcp.h"

#include <string.h>
#include <sys/socket.h>

enum { CONNECT_S_MAX = 600, KEEP_ALIVE_S_MAX = 7200 };

static const struct {
    const char *word, *name;
    int family;
} families[] = {{"ipv4", "IPv4", AF_INET}, {"ipv6", "IPv6", AF_INET6}};

enum { FAMILIES = sizeof families / sizeof *families };

struct reach_tcp reach_tcp_usual(void) {
    return (struct reach_tcp){
        .connect_s = REACH_CONNECT_S, .family = AF_UNSPEC, .keep_alive_s = REACH_KEEP_ALIVE_S};
}

unsigned reach_tcp_ms(const struct reach_tcp *tcp) {
    return tcp->connect_s * 1000;
}

const char *reach_tcp_family(int family) {
    for (int i = 0; i < FAMILIES; i++)
        if (families[i].family == family)
            return families[i].name;
    return NULL;
}

static int read_family(struct reach_tcp *tcp, const cJSON *arguments, struct dap_error *error) {
    const char *word = NULL;
    if (dap_want_text(arguments, "addressFamily", &word, error) < 0)
        return -1;
    for (int i = 0; word && i < FAMILIES; i++)
        if (!strcmp(word, families[i].word)) {
            tcp->family = families[i].family;
            return 0;
        }
    return word ? dap_refuse(error, "\"addressFamily\" must be \"ipv4\" or \"ipv6\". Leave it out "
                                    "to take any.")
                : 0;
}

int reach_tcp_read(struct reach_tcp *tcp, const cJSON *arguments, struct dap_error *error) {
    *tcp = reach_tcp_usual();
    if (dap_want_seconds(arguments, "connectTimeout", 1, CONNECT_S_MAX, &tcp->connect_s, error) < 0)
        return -1;
    if (dap_want_seconds(arguments, "keepAlive", 0, KEEP_ALIVE_S_MAX, &tcp->keep_alive_s, error) <
        0)
        return -1;
    return read_family(tcp, arguments, error);
}
