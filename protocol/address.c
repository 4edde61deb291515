#include "address.h"

#include "idna.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PORT_LIMIT = 65535, SHOWN_LIMIT = 40 };

#define EXAMPLE "tcp://secret@host:5678"

/* A piece of the text being parsed. */
struct span {
    const char *at, *end;
};

struct problem {
    char *text;
    size_t size;
    /* Only what lies at or after this may be shown: all before the last @ may be the secret. */
    const char *harmless;
};

static const struct {
    const char *name;
    int port;
} SCHEMES[] = {[ADDRESS_TCP] = {"tcp", ADDRESS_PTVSD_PORT},
               [ADDRESS_TCPS] = {"tcps", ADDRESS_PTVSD_PORT},
               [ADDRESS_WS] = {"ws", 80},
               [ADDRESS_WSS] = {"wss", 443}};

/* ---- spans -------------------------------------------------------------------------------------
 */

static size_t span_length(struct span span) {
    return (size_t)(span.end - span.at);
}

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static int hex_digit(char byte) {
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static struct span trim(const char *text) {
    struct span span = {text, text + strlen(text)};
    while (span.at < span.end && is_space(*span.at))
        span.at++;
    while (span.at < span.end && is_space(span.end[-1]))
        span.end--;
    return span;
}

/* The first, or the last, such byte; NULL if there is none. */
static const char *find(struct span span, char byte) {
    return span_length(span) ? memchr(span.at, byte, span_length(span)) : NULL;
}

static const char *find_last(struct span span, char byte) {
    return span_length(span) ? memrchr(span.at, byte, span_length(span)) : NULL;
}

static char *copy(struct span span) {
    return memory_copy_bytes(span.at, span_length(span));
}

/* ---- errors ------------------------------------------------------------------------------------
 */

static int fail(const struct problem *problem, const char *sentence) {
    snprintf(problem->text, problem->size, "%s", sentence);
    return -1;
}

/* `before`, then the span in quotes if it may be shown and is short, then `after`. */
static int fail_showing(const struct problem *problem, const char *before, struct span span,
                        const char *after) {
    bool shown = span.at >= problem->harmless && span_length(span) <= SHOWN_LIMIT;
    for (const char *at = span.at; at < span.end; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            shown = false;
    if (shown)
        snprintf(problem->text, problem->size, "%s \"%.*s\"%s", before, (int)span_length(span),
                 span.at, after);
    else
        snprintf(problem->text, problem->size, "%s%s", before, after);
    return -1;
}

/* ---- scheme ------------------------------------------------------------------------------------
 */

/* The text before "://" where it can be a scheme, else empty. */
static struct span scheme_part(struct span text) {
    const char *at = text.at;
    while (at < text.end &&
           (is_letter(*at) || is_digit(*at) || *at == '+' || *at == '-' || *at == '.'))
        at++;
    bool found = at > text.at && text.end - at >= 3 && memcmp(at, "://", 3) == 0;
    return (struct span){text.at, found ? at : text.at};
}

static int parse_scheme(struct address *address, struct span *text, const struct problem *problem) {
    struct span name = scheme_part(*text);
    if (!span_length(name))
        return 0;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++) {
        if (strlen(SCHEMES[i].name) == span_length(name) &&
            strncasecmp(SCHEMES[i].name, name.at, span_length(name)) == 0) {
            address->scheme = (enum address_scheme)i;
            text->at = name.end + strlen("://");
            return 0;
        }
    }
    return fail_showing(problem, "The address begins with an unknown scheme", name,
                        "; use tcp://, tcps://, ws:// or wss://.");
}

int address_usual_port(enum address_scheme scheme) {
    return SCHEMES[scheme].port;
}

const char *address_scheme_name(enum address_scheme scheme) {
    return SCHEMES[scheme].name;
}

/* ---- secret ------------------------------------------------------------------------------------
 */

static char *decode(struct span text) {
    char *decoded = memory_new(span_length(text) + 1), *to = decoded;
    for (const char *at = text.at; at < text.end; at++) {
        *to = *at;
        if (*at == '%') {
            int high = text.end - at > 2 ? hex_digit(at[1]) : -1;
            int low = high >= 0 ? hex_digit(at[2]) : -1;
            if (low < 0 || high + low == 0) {
                explicit_bzero(decoded, span_length(text));
                free(decoded);
                return NULL;
            }
            *to = (char)(high * 16 + low);
            at += 2;
        }
        to++;
    }
    return decoded;
}

char *address_unquoted(const char *text) {
    return decode((struct span){text, text + strlen(text)});
}

static int parse_secret(struct address *address, struct span text, const struct problem *problem) {
    if (!span_length(text))
        return 0;
    address->secret = decode(text);
    if (!address->secret)
        return fail(problem, "The secret in the address holds a % that is not followed by two hex "
                             "digits (of a character other than NUL); write a % itself as %25.");
    return 0;
}

/* ---- host and port -----------------------------------------------------------------------------
 */

static int parse_port(struct address *address, struct span text, const struct problem *problem) {
    int port = 0;
    const char *at = text.at;
    for (; at < text.end && is_digit(*at) && port <= PORT_LIMIT; at++)
        port = port * 10 + (*at - '0');
    if (at < text.end || port < 1 || port > PORT_LIMIT)
        return fail_showing(problem, "The port in the address", text,
                            " is no number from 1 to 65535; write host:port, such as host:5678, "
                            "and a / in a secret as %2F.");
    address->port = port;
    return 0;
}

/* Hex digits, colons and dots; then perhaps %zone. */
static bool is_ipv6(struct span text) {
    const char *zone = find(text, '%');
    for (const char *at = text.at; at < (zone ? zone : text.end); at++)
        if (hex_digit(*at) < 0 && *at != ':' && *at != '.')
            return false;
    const char *colon = find(text, ':');
    return colon && (!zone || colon < zone);
}

/* A % stands only before an IPv6 zone, so that an encoded @ is not taken for part of a name. */
static bool is_host(struct span text) {
    const char *never = is_ipv6(text) ? "\x7f[]\\\"<>#" : "\x7f[]\\\"<>#%";
    for (const char *at = text.at; at < text.end; at++)
        if ((unsigned char)*at <= ' ' || strchr(never, *at))
            return false;
    return true;
}

static int set_host(struct address *address, struct span host, const struct problem *problem) {
    if (!span_length(host))
        return fail(problem, "The address names no host; write it like " EXAMPLE ".");
    if (!is_host(host))
        return fail(problem,
                    "The host in the address holds a character that no host name has, such "
                    "as a blank or a backslash; write only its name or IP address, such as "
                    "host:5678.");
    char *name = copy(host);
    address->host = idna_to_ascii(name);
    free(name);
    return address->host ? 0
                         : fail(problem, "The host in the address is no name that a name server "
                                         "knows: " IDNA_LIMITS);
}

static int parse_bracketed(struct address *address, struct span text,
                           const struct problem *problem) {
    const char *close = find(text, ']');
    struct span host = {text.at + 1, close ? close : text.end};
    if (!close || !is_ipv6(host) || (close + 1 < text.end && close[1] != ':'))
        return fail(problem,
                    "The address has brackets that hold no IPv6 address, or something other "
                    "than a port after them; write it like [::1]:5678.");
    if (close + 1 < text.end &&
        parse_port(address, (struct span){close + 2, text.end}, problem) < 0)
        return -1;
    return set_host(address, host, problem);
}

static int parse_host(struct address *address, struct span text, const struct problem *problem) {
    if (text.at < text.end && *text.at == '[')
        return parse_bracketed(address, text, problem);
    const char *colon = find(text, ':');
    struct span host = {text.at, colon ? colon : text.end};
    if (!colon)
        return set_host(address, host, problem);
    if (find_last(text, ':') != colon) {
        if (is_ipv6(text))
            return set_host(address, text, problem);
        return fail(problem, "The host and port of the address hold more than one colon; write "
                             "host:port, or an IPv6 address in brackets, such as [::1]:5678.");
    }
    if (set_host(address, host, problem) < 0)
        return -1;
    return parse_port(address, (struct span){colon + 1, text.end}, problem);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static const char *end_of_host(struct span text) {
    while (text.at < text.end && *text.at != '/' && *text.at != '?')
        text.at++;
    return text.at;
}

/* A query right after the host gets its slash. */
static char *copy_path(struct span text) {
    if (!span_length(text))
        return memory_copy_text("");
    return memory_format("%s%.*s", *text.at == '?' ? "/" : "", (int)span_length(text), text.at);
}

static bool is_web(enum address_scheme scheme) {
    return scheme == ADDRESS_WS || scheme == ADDRESS_WSS;
}

static int parse(struct address *address, struct span text, const struct problem *problem) {
    if (!span_length(text))
        return fail(problem, "The address is empty; write it like " EXAMPLE ".");
    if (parse_scheme(address, &text, problem) < 0)
        return -1;
    address->port = SCHEMES[address->scheme].port;
    const char *slash = find(text, '/');
    const char *at_sign = find_last((struct span){text.at, slash ? slash : text.end}, '@');
    if (at_sign) {
        if (parse_secret(address, (struct span){text.at, at_sign}, problem) < 0)
            return -1;
        text.at = at_sign + 1;
    }
    struct span host = {text.at, end_of_host(text)};
    if (parse_host(address, host, problem) < 0)
        return -1;
    struct span path = {host.end, text.end};
    if (!is_web(address->scheme) && find(path, '@')) /* then the host may be part of a secret */
        return fail(problem, "The address has an @ behind its first /, so that it is not clear "
                             "where its secret ends; write a / in a secret as %2F.");
    address->path = copy_path(path);
    return 0;
}

int address_parse(struct address *address, const char *text, char *error, size_t error_size) {
    *address = (struct address){0};
    struct span span = trim(text);
    const char *at_sign = find_last(span, '@');
    struct problem problem = {error, error_size, at_sign ? at_sign + 1 : span.at};
    if (parse(address, span, &problem) == 0)
        return 0;
    address_finish(address);
    return -1;
}

void address_finish(struct address *address) {
    memory_wipe_text(&address->secret);
    free(address->host);
    free(address->path);
    *address = (struct address){0};
}

void address_set_secret(struct address *address, const char *secret) {
    char *fresh = secret && *secret ? memory_copy_text(secret) : NULL;
    memory_wipe_text(&address->secret);
    address->secret = fresh;
}

char *address_place(const struct address *address) {
    bool brackets = strchr(address->host, ':') != NULL;
    return memory_format("%s%s%s:%d", brackets ? "[" : "", address->host, brackets ? "]" : "",
                         address->port);
}

char *address_show(const struct address *address) {
    char *place = address_place(address);
    char *shown =
        memory_format("%s://%s%s", address_scheme_name(address->scheme), place, address->path);
    free(place);
    return shown;
}
