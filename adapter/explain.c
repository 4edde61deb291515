#include "explain.h"

#include "explain_tls.h"
#include "memory.h"
#include "reach.h"
#include "wire.h"

#include <stdlib.h>

enum { REQUEST_SECONDS = 25 };

static const char *websocket_remedy(const char *answer) {
    int status = atoi(answer);
    switch (status) {
    case 0:
        return "No web server seems to listen there. If it is ptvsd itself, use tcp:// instead of "
               "ws://.";
    case 400:
        return "The web server does not take the request. If it asks for a client certificate, "
               "name "
               "one in \"tlsClientCert\"; else check the path, and that WebSockets are switched on "
               "for this site.";
    case 401:
    case 403:
    case 407:
        return "The web server lets nobody in without a login. Allow this path, or reach the "
               "program "
               "by another way.";
    case 404:
    case 405:
        return "There is no WebSocket at this path. Check the path in the address; on Azure it is "
               "/ptvsd.";
    case 502:
    case 503:
    case 504:
        return "The web server works, but what stands behind it does not. Check that the program "
               "runs "
               "and has called enable_attach, and on which port the proxy looks for it.";
    }
    if (status >= 300 && status < 400)
        return "The web server points elsewhere. Use that address.";
    return "WebSockets may be switched off for this site, or the path is wrong. Switch them on (on "
           "Azure: Configuration, General settings, Web sockets), and check the path.";
}

static char *explain_version(const struct failure_facts *facts) {
    if (wire_version_find(facts->version))
        return memory_format("%s says that it speaks ptvsd's protocol version %lld, but it does "
                             "not greet as that version does, so it is no released ptvsd. Check "
                             "what listens on port %d, or install ptvsd 3.2 there.",
                             facts->address, facts->version, facts->port);
    char *table = wire_versions_show();
    char *text =
        memory_format("%s is a ptvsd server that speaks protocol version %lld: it is %s. "
                      "Install a supported release there (%s).",
                      facts->address, facts->version, wire_version_unknown(facts->version), table);
    free(table);
    return text;
}

static const char *tunnel_remedy(const char *answer) {
    switch (atoi(answer)) {
    case 401:
    case 407:
        return "It wants a user and a password: write them into the proxy's address, "
               "http://user:password@host:port, percent-encoded.";
    case 502:
    case 503:
    case 504:
        return "It does not get to the host itself: check its name and port, and that the web "
               "server there runs.";
    case 0:
        return "Check \"proxy\" in the configuration, or HTTPS_PROXY, HTTP_PROXY and ALL_PROXY in "
               "the environment; \"proxy\": \"none\" goes without it.";
    }
    return "It lets nobody through to there. Ask those who run it, or go without it: \"proxy\": "
           "\"none\", or the host's name in NO_PROXY.";
}

/* A table in the form of a switch, so that the compiler finds what is missing. */
static char *explain_failure(const struct failure_facts *facts) {
    switch (facts->failure) {
    case FAILURE_UNKNOWN_HOST:
        if (facts->family)
            return memory_format("Cannot find an %s address of a host named \"%s\" (%s). Check its "
                                 "spelling, or take \"addressFamily\" out of the configuration.",
                                 facts->family, facts->host, facts->detail);
        return memory_format("Cannot find a host named \"%s\" (%s). Check its spelling, or give "
                             "its IP address.",
                             facts->host, facts->detail);
    case FAILURE_REFUSED:
        return memory_format("%s refused the connection: nothing listens on port %d there. Check "
                             "that the program runs and has called ptvsd.enable_attach(), and that "
                             "the port is the one it was given (5678 unless it says otherwise).",
                             facts->address, facts->port);
    case FAILURE_TIMED_OUT:
        return memory_format("%s did not answer in time (%u s). Check that the machine is up and "
                             "that no firewall blocks port %d on the way to it. If the way is only "
                             "slow, raise \"connectTimeout\".",
                             facts->address, facts->limit_s, facts->port);
    case FAILURE_UNREACHABLE:
        return memory_format("There is no route to %s (%s). Check the address, the network and the "
                             "VPN.",
                             facts->address, facts->detail);
    case FAILURE_SILENT:
        return memory_format(
            "%s accepts connections but says nothing. %s debug server is busy with another "
            "connection (ptvsd 4 keeps a second debugger waiting without a word) or was wedged by "
            "one: close other debuggers and port scanners, try again, and restart the program if "
            "it stays silent. On Python 2 the program may be inside an import that does not end "
            "(of a module that is the whole program): ptvsd 3.1 and 3.2 greet after it; start "
            "that module as a script instead.",
            facts->address,
            explain_is_tls(facts) ? "TLS works, so its"
                                  : "Either it expects TLS (ptvsd was given a certfile): then use "
                                    "tcps:// instead. Or its");
    case FAILURE_STALLED:
        return memory_format("%s greets as ptvsd does, but stopped half-way: it %s. The program "
                             "may be suspended or busy in native code, or another debugger may be "
                             "at it: close that one and try again, and restart the program if it "
                             "stays so.",
                             facts->address, facts->detail);
    case FAILURE_WRONG_SECRET:
        if (!facts->secret_given)
            return memory_format("%s asks for a secret and none was given. Put the one that the "
                                 "program passes to ptvsd.enable_attach() into \"secret\" of the "
                                 "configuration, or before the @ of the address.",
                                 facts->address);
        return memory_format("The secret was not accepted by %s. It must be the very text that the "
                             "program passes to ptvsd.enable_attach(); change \"secret\" in the "
                             "configuration, or the part before the @ of the address.",
                             facts->address);
    case FAILURE_ALREADY_DEBUGGED:
        return memory_format("The program at %s is already being debugged. Disconnect the other "
                             "debugger first. If that one crashed or lost its connection, "
                             "'ptvsd-dap release ADDRESS' frees the program if it runs ptvsd 3.0 "
                             "or older; else it has to be restarted.",
                             facts->address);
    case FAILURE_NOT_DEBUGGED:
        return memory_format("Nothing to release at %s: no debugger is attached, and one can "
                             "attach. If the program does not go on, it is not a debugger that it "
                             "waits for.",
                             facts->address);
    case FAILURE_NO_REPL:
        return memory_format("%s runs ptvsd 3.1 or 3.2, which lets nobody in besides its debugger "
                             "once that has vanished, so the program cannot be released from "
                             "outside: restart it. Unless \"dropGuard\" is switched off, a "
                             "vanished debugger does not freeze it in the first place.",
                             facts->address);
    case FAILURE_UNKNOWN_VERSION:
        return explain_version(facts);
    case FAILURE_SPEAKS_DAP:
        return memory_format("%s runs %s, which speaks the Debug Adapter Protocol itself. There is "
                             "nothing to release from outside: attach to it and disconnect, then "
                             "the program goes on.",
                             facts->address, facts->detail);
    case FAILURE_TARGET_REFUSED:
        return memory_format("The debug server at %s did not let us attach. %s. Check the "
                             "configuration, and restart the program if it stays so.",
                             facts->address, facts->detail);
    case FAILURE_TARGET_BUSY:
        return memory_format("The program at %s is already being debugged. %s. Disconnect the "
                             "other debugger first.",
                             facts->address, facts->detail);
    case FAILURE_NO_TUNNEL:
        return memory_format("%s cannot be reached through the HTTP proxy (%s). %s", facts->address,
                             facts->detail, tunnel_remedy(facts->detail));
    case FAILURE_SPEAKS_TLS:
    case FAILURE_NO_TLS:
    case FAILURE_TLS_SILENT:
    case FAILURE_TLS_OLD:
    case FAILURE_TLS_FAILED:
    case FAILURE_CLIENT_WANTED:
    case FAILURE_CLIENT_REFUSED:
    case FAILURE_CERTIFICATE:
        return explain_tls(facts);
    case FAILURE_NO_WEBSOCKET:
        return memory_format("%s did not open a WebSocket (%s). %s", facts->address, facts->detail,
                             websocket_remedy(facts->detail));
    case FAILURE_WEBSOCKET_CLOSED:
        return memory_format(
            "The web server at %s closed the WebSocket (%s). Its log may say more; check "
            "that the program runs, then attach again.",
            facts->address, facts->detail);
    case FAILURE_NOT_PTVSD:
        if (!facts->detail || !*facts->detail)
            return memory_format("%s closed the connection without a word. Either port %d belongs "
                                 "to another program, or its debug server was wedged by an earlier "
                                 "connection: check the port, and restart the program if it is "
                                 "the right one.",
                                 facts->address, facts->port);
        return memory_format("%s is no Python debug server: it said \"%s\". Check the port; ptvsd "
                             "listens on 5678 unless the program says otherwise.",
                             facts->address, facts->detail);
    case FAILURE_BROKEN_GREETING:
        return memory_format("The greeting of %s went wrong (%s). Try again; if it happens every "
                             "time, restart the program.",
                             facts->address,
                             facts->detail && *facts->detail ? facts->detail : "no cause is known");
    case FAILURE_BROKEN_WIRE:
        return memory_format("The debug server at %s sent something that is not its protocol (%s), "
                             "so the session had to end. Attach again; a log (--log-file) helps "
                             "to report it.",
                             facts->address, facts->detail);
    case FAILURE_LOST:
        return memory_format(
            "The connection to %s was lost (%s). Either the program was killed, or "
            "the network failed. Check that the program still runs, then attach "
            "again.",
            facts->address, facts->detail);
    case FAILURE_LET_GO:
        return memory_format(
            "ptvsd at %s has ended the session by itself: on Python 2 it does so when "
            "the program prints bytes that are not UTF-8. The program runs on. Attach "
            "again, without \"dropGuard\": false, which prevents this.",
            facts->address);
    case FAILURE_OTHER:
        break;
    }
    return memory_format("The connection to %s failed: %s. Check the address and the network, then "
                         "attach again.",
                         facts->address, facts->detail ? facts->detail : "no reason given");
}

/* Servers of web apps end a request that takes too long, and with it the process. */
static const char *likely_cause(const struct failure_facts *facts) {
    bool lost = facts->failure == FAILURE_LOST || facts->failure == FAILURE_WEBSOCKET_CLOSED;
    return lost && facts->by_web && facts->stood_s >= REQUEST_SECONDS
               ? " It had stood still for %lld s: web servers end a request, or the process at "
                 "work "
                 "on it, after a time (90 s in IIS, 30 s in gunicorn). Raise that limit (IIS: "
                 "requestTimeout and activityTimeout of the FastCGI application) for as long as "
                 "you debug."
               : "";
}

/* Each publishing of a site makes a new secret. */
static const char *site_hint(const struct failure_facts *facts) {
    return facts->failure == FAILURE_WRONG_SECRET && facts->by_web
               ? " A site on Azure gets a new one each time it is published: look for "
                 "WSGI_PTVSD_SECRET in web.debug.config."
               : "";
}

/* What was not reached may be so by an address of the other kind. */
static char *family_hint(const struct failure_facts *facts) {
    bool far = facts->failure == FAILURE_REFUSED || facts->failure == FAILURE_TIMED_OUT ||
               facts->failure == FAILURE_UNREACHABLE || facts->failure == FAILURE_NO_TUNNEL;
    return far && facts->family
               ? memory_format(" Only %s was tried, as \"addressFamily\" says.", facts->family)
               : memory_copy_text("");
}

char *explain(const struct failure_facts *facts) {
    char *sentences = explain_failure(facts), *family = family_hint(facts);
    char *cause = memory_format(likely_cause(facts), facts->stood_s);
    char *all = memory_format("%s%s%s%s", sentences, family, cause, site_hint(facts));
    free(sentences);
    free(family);
    free(cause);
    return all;
}

struct failure_facts explain_facts(enum failure failure, const char *detail,
                                   const struct reach *reach, const char *shown,
                                   const struct greeting *greeting) {
    const struct address *address = &reach->address;
    const char *stalled = failure == FAILURE_SILENT ? greeting_stalled(greeting) : NULL;
    return (struct failure_facts){
        .failure = stalled ? FAILURE_STALLED : failure,
        .address = shown,
        .host = address->host,
        .port = address->port,
        .limit_s = reach->tcp.connect_s,
        .family = reach_tcp_family(reach->tcp.family),
        .secret_given = address->secret && *address->secret,
        .version = greeting->version,
        .by_web = address->scheme == ADDRESS_WS || address->scheme == ADDRESS_WSS,
        .detail = stalled ? stalled : detail,
    };
}

enum failure explain_stream_end(enum stream_end end) {
    switch (end) {
    case STREAM_UNKNOWN_HOST:
        return FAILURE_UNKNOWN_HOST;
    case STREAM_REFUSED:
        return FAILURE_REFUSED;
    case STREAM_TIMED_OUT:
        return FAILURE_TIMED_OUT;
    case STREAM_UNREACHABLE:
        return FAILURE_UNREACHABLE;
    case STREAM_NO_TUNNEL:
        return FAILURE_NO_TUNNEL;
    case STREAM_NO_WEBSOCKET:
        return FAILURE_NO_WEBSOCKET;
    case STREAM_WEBSOCKET_CLOSED:
        return FAILURE_WEBSOCKET_CLOSED;
    case STREAM_NO_TLS:
        return FAILURE_NO_TLS;
    case STREAM_TLS_SILENT:
        return FAILURE_TLS_SILENT;
    case STREAM_TLS_OLD:
        return FAILURE_TLS_OLD;
    case STREAM_TLS_FAILED:
        return FAILURE_TLS_FAILED;
    case STREAM_TLS_CLIENT_WANTED:
        return FAILURE_CLIENT_WANTED;
    case STREAM_TLS_CLIENT_REFUSED:
        return FAILURE_CLIENT_REFUSED;
    case STREAM_CERTIFICATE:
        return FAILURE_CERTIFICATE;
    case STREAM_ENDED:
    case STREAM_RESET:
        return FAILURE_LOST;
    case STREAM_FAILED:
        break;
    }
    return FAILURE_OTHER;
}

enum failure explain_greeting(enum greeting_result result) {
    switch (result) {
    case GREETING_WRONG_SECRET:
        return FAILURE_WRONG_SECRET;
    case GREETING_ALREADY_DEBUGGED:
        return FAILURE_ALREADY_DEBUGGED;
    case GREETING_NOT_DEBUGGED:
        return FAILURE_NOT_DEBUGGED;
    case GREETING_NO_REPL:
        return FAILURE_NO_REPL;
    case GREETING_UNKNOWN_VERSION:
        return FAILURE_UNKNOWN_VERSION;
    case GREETING_SPEAKS_DAP:
        return FAILURE_SPEAKS_DAP;
    case GREETING_SPEAKS_TLS:
        return FAILURE_SPEAKS_TLS;
    case GREETING_NOT_PTVSD:
        return FAILURE_NOT_PTVSD;
    case GREETING_BROKEN:
    case GREETING_GOES_ON:
    case GREETING_ATTACHED:
    case GREETING_INFORMED:
        break;
    }
    return FAILURE_BROKEN_GREETING;
}
