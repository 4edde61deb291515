#include "explain_tls.h"

#include "address.h"
#include "memory.h"

#include <string.h>

static bool has_scheme(const struct failure_facts *facts, enum address_scheme scheme) {
    const char *name = address_scheme_name(scheme);
    size_t length = strlen(name);
    return !strncmp(facts->address, name, length) && !strncmp(facts->address + length, "://", 3);
}

bool explain_is_tls(const struct failure_facts *facts) {
    return has_scheme(facts, ADDRESS_TCPS) || has_scheme(facts, ADDRESS_WSS);
}

static char *no_tls(const struct failure_facts *facts) {
    if (has_scheme(facts, ADDRESS_WSS))
        return memory_format("%s answers without TLS (\"%s\"). Use ws:// instead of wss:// if it "
                             "is reached within a network that you trust, or check the port.",
                             facts->address, facts->detail);
    return memory_format("%s answers without TLS (\"%s\"). If that is your program, it has given "
                         "ptvsd no certfile: use tcp:// instead of tcps://, through a tunnel or "
                         "in a network that you trust. If not, check the port.",
                         facts->address, facts->detail);
}

static char *silent(const struct failure_facts *facts) {
    return memory_format(
        "%s accepts connections but does not answer the TLS handshake. Its debug server may be "
        "busy with another connection or wedged by one, or port %d belongs to another program: "
        "close other debuggers, try again, and restart the program if it stays silent.",
        facts->address, facts->port);
}

static char *old(const struct failure_facts *facts) {
    if (has_scheme(facts, ADDRESS_WSS))
        return memory_format("The web server at %s speaks no TLS version that is new enough (%s): "
                             "1.2 is the least for wss://, or what \"tlsMinVersion\" says. Update "
                             "it.",
                             facts->address, facts->detail);
    return memory_format("%s speaks only TLS versions below \"tlsMinVersion\" (%s). No ptvsd up to "
                         "3.2.1 speaks anything newer than 1.0: set it to \"1.0\" or leave it out, "
                         "or use tcp:// through an SSH tunnel.",
                         facts->address, facts->detail);
}

static char *failed(const struct failure_facts *facts) {
    if (has_scheme(facts, ADDRESS_WSS))
        return memory_format("The TLS handshake with the web server at %s failed (%s). Check the "
                             "port, and what its log says.",
                             facts->address, facts->detail);
    return memory_format(
        "The TLS handshake with %s failed (%s). ptvsd speaks TLS 1.0 only, which a Python linked "
        "with OpenSSL 3 refuses: up to Python 3.9, start the program with an OPENSSL_CONF that "
        "says MinProtocol = TLSv1 and CipherString = DEFAULT:@SECLEVEL=0; with 3.10 and 3.11, use "
        "tcp:// through an SSH tunnel. Check its certfile, too.",
        facts->address, facts->detail);
}

char *explain_tls(const struct failure_facts *facts) {
    switch ((int)facts->failure) {
    case FAILURE_SPEAKS_TLS:
        return memory_format("%s answers with TLS: the program has given ptvsd a certfile. Use "
                             "tcps:// instead of tcp:// in \"uri\".",
                             facts->address);
    case FAILURE_NO_TLS:
        return no_tls(facts);
    case FAILURE_TLS_SILENT:
        return silent(facts);
    case FAILURE_TLS_OLD:
        return old(facts);
    case FAILURE_TLS_FAILED:
        return failed(facts);
    case FAILURE_CLIENT_WANTED:
        return memory_format("%s asks for a client certificate, and none was given (%s). Get one "
                             "from those who run it, and name its PEM file in \"tlsClientCert\" "
                             "and the file with its key in \"tlsClientKey\".",
                             facts->address, facts->detail);
    case FAILURE_CLIENT_REFUSED:
        return memory_format("%s does not accept the certificate of \"tlsClientCert\" (%s). Check "
                             "that it has not expired, and that it was issued by the authority "
                             "that this server asks for.",
                             facts->address, facts->detail);
    case FAILURE_CERTIFICATE:
        return memory_format("The certificate of %s is not accepted. %s", facts->address,
                             facts->detail);
    }
    return NULL;
}
