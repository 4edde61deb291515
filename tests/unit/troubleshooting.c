/* Prints docs/troubleshooting.md from the sentences themselves, with examples for what they are
 * filled with: so the page cannot say other things than the program does. A failure without a row
 * here ends it with an error. */
#include "explain.h"
#include "memory.h"
#include "tls_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TCP "tcp://host:5678"
#define TCPS "tcps://host:5678"
#define WSS "wss://host:443/ptvsd"

struct row {
    const char *heading; /* of a new table; NULL: it goes on */
    struct failure_facts facts;
    unsigned faults; /* of enum tls_fault: they make the detail */
};

static const struct row rows[] = {
    {"Until somebody answers",
     {.failure = FAILURE_UNKNOWN_HOST, .address = TCP, .detail = "Name or service not known"},
     0},
    {NULL,
     {.failure = FAILURE_UNKNOWN_HOST,
      .address = TCP,
      .family = "IPv6",
      .detail = "No address associated with hostname"},
     0},
    {NULL, {.failure = FAILURE_REFUSED, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_TIMED_OUT, .address = TCP, .limit_s = 5}, 0},
    {NULL, {.failure = FAILURE_UNREACHABLE, .address = TCP, .detail = "network is unreachable"}, 0},
    {NULL, {.failure = FAILURE_OTHER, .address = TCP, .detail = "permission denied"}, 0},
    {"Through a web server, or an HTTP proxy",
     {.failure = FAILURE_NO_TUNNEL, .address = WSS, .detail = "no answer, at proxy:3128"},
     0},
    {NULL,
     {.failure = FAILURE_NO_TUNNEL,
      .address = WSS,
      .detail = "407 Proxy Authentication Required, at proxy:3128"},
     0},
    {NULL,
     {.failure = FAILURE_NO_TUNNEL, .address = WSS, .detail = "502 Bad Gateway, at proxy:3128"},
     0},
    {NULL,
     {.failure = FAILURE_NO_TUNNEL, .address = WSS, .detail = "403 Forbidden, at proxy:3128"},
     0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "no HTTP"}, 0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "200 OK"}, 0},
    {NULL,
     {.failure = FAILURE_NO_WEBSOCKET,
      .address = WSS,
      .detail = "302 Found, to https://host/login"},
     0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "400 Bad Request"}, 0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "403 Forbidden"}, 0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "404 Not Found"}, 0},
    {NULL, {.failure = FAILURE_NO_WEBSOCKET, .address = WSS, .detail = "502 Bad Gateway"}, 0},
    {NULL, {.failure = FAILURE_WEBSOCKET_CLOSED, .address = WSS, .detail = "1011 crashed"}, 0},
    {"TLS", {.failure = FAILURE_SPEAKS_TLS, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_NO_TLS, .address = TCPS, .detail = "PTVSDBG"}, 0},
    {NULL, {.failure = FAILURE_NO_TLS, .address = WSS, .detail = "HTTP/1.1 400 Bad Request"}, 0},
    {NULL, {.failure = FAILURE_TLS_SILENT, .address = TCPS}, 0},
    {NULL,
     {.failure = FAILURE_TLS_OLD, .address = TCPS, .detail = "tlsv1 alert protocol version"},
     0},
    {NULL,
     {.failure = FAILURE_TLS_OLD, .address = WSS, .detail = "tlsv1 alert protocol version"},
     0},
    {NULL,
     {.failure = FAILURE_TLS_FAILED, .address = TCPS, .detail = "it closed the connection"},
     0},
    {NULL,
     {.failure = FAILURE_TLS_FAILED, .address = WSS, .detail = "it closed the connection"},
     0},
    {NULL,
     {.failure = FAILURE_CLIENT_WANTED, .address = WSS, .detail = "it closed the connection"},
     0},
    {NULL,
     {.failure = FAILURE_CLIENT_REFUSED, .address = WSS, .detail = "tlsv1 alert unknown ca"},
     0},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_NO_CERTIFICATE},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_SELF_SIGNED},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_UNKNOWN_ISSUER},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_WRONG_NAME},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_EXPIRED},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_NOT_YET_VALID},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_UNFIT},
    {NULL, {.failure = FAILURE_CERTIFICATE, .address = TCPS}, TLS_WRONG_PIN},
    {"Who answers, and whether we are let in", {.failure = FAILURE_SILENT, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_STALLED, .address = TCP, .detail = "did not answer the secret"}, 0},
    {NULL, {.failure = FAILURE_NOT_PTVSD, .address = TCP, .detail = "SSH-2.0-OpenSSH_9.6"}, 0},
    {NULL, {.failure = FAILURE_NOT_PTVSD, .address = TCP, .detail = ""}, 0},
    {NULL,
     {.failure = FAILURE_BROKEN_GREETING,
      .address = TCP,
      .detail = "it closed the connection instead of letting us attach"},
     0},
    {NULL, {.failure = FAILURE_UNKNOWN_VERSION, .address = TCP, .version = 1}, 0},
    {NULL, {.failure = FAILURE_UNKNOWN_VERSION, .address = TCP, .version = 6}, 0},
    {NULL, {.failure = FAILURE_WRONG_SECRET, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_WRONG_SECRET, .address = TCP, .secret_given = true}, 0},
    {NULL,
     {.failure = FAILURE_WRONG_SECRET, .address = WSS, .secret_given = true, .by_web = true},
     0},
    {NULL, {.failure = FAILURE_ALREADY_DEBUGGED, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_TARGET_BUSY, .address = TCP, .detail = "debugpy says: \"busy\""}, 0},
    {NULL,
     {.failure = FAILURE_TARGET_REFUSED, .address = TCP, .detail = "debugpy says: \"no\""},
     0},
    {"In the session", {.failure = FAILURE_LOST, .address = TCP, .detail = "end of file"}, 0},
    {NULL,
     {.failure = FAILURE_LOST,
      .address = WSS,
      .detail = "connection reset by peer",
      .by_web = true,
      .stood_s = 95},
     0},
    {NULL, {.failure = FAILURE_LET_GO, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_BROKEN_WIRE, .address = TCP, .detail = "an unknown tag"}, 0},
    {"`ptvsd-dap release`", {.failure = FAILURE_NOT_DEBUGGED, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_NO_REPL, .address = TCP}, 0},
    {NULL, {.failure = FAILURE_SPEAKS_DAP, .address = TCP, .detail = "debugpy 1.8.0"}, 0},
};

/* The fingerprint, which is told with all of them but the first, is shown once. */
static char *describe_faults(unsigned faults) {
    struct tls_verdict verdict = {
        .faults = faults,
        .name = "host",
        .names = "\"other.example\"",
        .issuer = "Some Authority",
        .expired = "2024-05-06 07:08 UTC",
        .not_yet = "2034-05-06 07:08 UTC",
        .reason = "unsuitable certificate purpose",
    };
    if (faults == TLS_SELF_SIGNED)
        strcpy(verdict.print, "AB:CD:…");
    return tls_words_refused(&verdict);
}

static void print_part(const char *from, const char *to) {
    for (; from < to; from++)
        if (*from == '|')
            fputs("\\|", stdout);
        else
            putchar(*from);
}

/* The first sentence is what is wrong, the others are why, and what to do. */
static void print_row(const struct row *row) {
    static const char shown[] = "The certificate of " TCPS " is not accepted. ";
    struct failure_facts facts = row->facts;
    char *detail = row->faults ? describe_faults(row->faults) : NULL;
    facts.host = "host";
    facts.port = strncmp(facts.address, "wss", 3) ? 5678 : 443;
    if (detail)
        facts.detail = detail;
    char *text = explain(&facts);
    size_t skip = detail ? sizeof shown - 1 : 0; /* each begins alike */
    const char *end = strstr(text + skip, ". "), *colon = strstr(text + skip, ": ");
    if (!end || (colon && colon < end))
        end = colon;
    printf("| ");
    print_part(text, end ? end + 1 : text + strlen(text));
    printf(" | ");
    if (end)
        print_part(end + 2, text + strlen(text));
    printf(" |\n");
    free(text);
    free(detail);
}

int main(void) {
    bool seen[FAILURE_OTHER + 1] = {false};
    puts("# When it does not work\n\n"
         "What ptvsd-dap says when a program cannot be reached, or is lost, and what to do about "
         "it. `ptvsd-dap doctor\nADDRESS` goes the same way step by step. This page is made of the "
         "program's own sentences by\n`tests/unit/troubleshooting.c`; a test compares.");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].heading)
            printf("\n## %s\n\n| it says | why, and what to do |\n|---|---|\n", rows[i].heading);
        print_row(&rows[i]);
        seen[rows[i].facts.failure] = true;
    }
    for (int failure = 0; failure <= FAILURE_OTHER; failure++)
        if (!seen[failure]) {
            fprintf(stderr, "no row for failure %d of explain.h\n", failure);
            return EXIT_FAILURE;
        }
    return EXIT_SUCCESS;
}
