/* How the connection itself is made: "connectTimeout", "addressFamily" and "keepAlive". */
#ifndef REACH_TCP_H
#define REACH_TCP_H

#include "dap.h"

enum { REACH_CONNECT_S = 5, REACH_KEEP_ALIVE_S = 15 };

struct reach_tcp {
    unsigned connect_s; /* for each stage of the way */
    int family;         /* AF_UNSPEC: any */
    unsigned
        keep_alive_s; /* of silence before TCP asks whether the other side is there; 0: never */
};

/* What holds unless the user says otherwise. */
struct reach_tcp reach_tcp_usual(void);

/* 0, or -1 with a sentence in `error`. */
int reach_tcp_read(struct reach_tcp *tcp, const cJSON *arguments, struct dap_error *error);

/* `connect_s` in ms. */
unsigned reach_tcp_ms(const struct reach_tcp *tcp);

/* "IPv4", "IPv6"; NULL for any. */
const char *reach_tcp_family(int family);

#endif
