#include "explain_variables.h"

#include "tls_words.h"

static const char *const words[] = {
    [FAILURE_UNKNOWN_HOST] = "unknown-host",
    [FAILURE_REFUSED] = "refused",
    [FAILURE_TIMED_OUT] = "timed-out",
    [FAILURE_UNREACHABLE] = "unreachable",
    [FAILURE_SILENT] = "silent",
    [FAILURE_STALLED] = "stalled",
    [FAILURE_WRONG_SECRET] = "wrong-secret",
    [FAILURE_ALREADY_DEBUGGED] = "already-debugged",
    [FAILURE_NOT_DEBUGGED] = "not-debugged",
    [FAILURE_NO_REPL] = "no-repl",
    [FAILURE_UNKNOWN_VERSION] = "unknown-version",
    [FAILURE_SPEAKS_DAP] = "speaks-dap",
    [FAILURE_TARGET_REFUSED] = "target-refused",
    [FAILURE_TARGET_BUSY] = "already-debugged",
    [FAILURE_NO_TUNNEL] = "no-tunnel",
    [FAILURE_SPEAKS_TLS] = "speaks-tls",
    [FAILURE_NO_TLS] = "no-tls",
    [FAILURE_TLS_SILENT] = "tls-silent",
    [FAILURE_TLS_OLD] = "tls-old",
    [FAILURE_TLS_FAILED] = "tls-failed",
    [FAILURE_CERTIFICATE] = "certificate",
    [FAILURE_WEBSOCKET_CLOSED] = "websocket-closed",
    [FAILURE_NO_WEBSOCKET] = "no-websocket",
    [FAILURE_NOT_PTVSD] = "not-ptvsd",
    [FAILURE_BROKEN_GREETING] = "broken-greeting",
    [FAILURE_BROKEN_WIRE] = "broken-wire",
    [FAILURE_LOST] = "lost",
    [FAILURE_LET_GO] = "let-go",
    [FAILURE_OTHER] = "other",
};

cJSON *explain_variables(enum failure failure, const char *detail) {
    cJSON *made = cJSON_CreateObject();
    char print[TLS_PRINT_SIZE];
    cJSON_AddStringToObject(made, "failure", words[failure]);
    if (failure == FAILURE_CERTIFICATE && detail && tls_words_print(detail, print))
        cJSON_AddStringToObject(made, "fingerprint", print);
    return made;
}
