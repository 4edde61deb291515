/* Exceptions: which to stop at, and ptvsd's questions which ones a file handles. The asking thread
 * is blocked until it is answered, so every question is answered at once. Facts: binary.md
 * section 5.6, json.md section 6, features.md W14. */
#include "session.h"

#include "handlers.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- which exceptions ---------------------------------------------------------------------------
 */

/* Python's own loops raise these two; they must never stop. Versions 2 and 4 want the module before
 * the name. */
static const struct wire_exception_mode never_stop[] = {
    {"StopIteration", WIRE_BREAK_NEVER},
    {"GeneratorExit", WIRE_BREAK_NEVER},
    {"exceptions.StopIteration", WIRE_BREAK_NEVER},
    {"exceptions.GeneratorExit", WIRE_BREAK_NEVER},
    {"builtins.StopIteration", WIRE_BREAK_NEVER},
    {"builtins.GeneratorExit", WIRE_BREAK_NEVER},
};

void session_exceptions_send(struct session *session) {
    int mode = (session->break_raised ? WIRE_BREAK_ALWAYS : 0) |
               (session->break_uncaught ? WIRE_BREAK_UNHANDLED : 0);
    size_t bare_names = 2, all_names = sizeof never_stop / sizeof *never_stop;
    struct wire_command command = {.type = WIRE_SET_EXCEPTIONS, .exceptions = {.mode = mode}};
    if (mode) {
        command.exceptions.names = never_stop;
        command.exceptions.count =
            debuggee_version(&session->debuggee) < 6 ? all_names : bare_names;
    }
    debuggee_send(&session->debuggee, &command);
}

/* ---- handlers
 * -------------------------------------------------------------------------------------- */

static bool in_library(const char *file) {
    return strstr(file, "/lib/python") || strstr(file, "/lib-python/") || strstr(file, "\\lib\\") ||
           file[0] == '<';
}

/* threading.py catches all, to print it: an exception that gets so far is what the user calls
 * uncaught. */
static bool is_last_resort(const char *file) {
    const char *base = pathmap_base(file);
    return !strcmp(base, "threading.py") || !strcmp(base, "threading.pyc");
}

static void tell_catch_all(struct session *session, const char *file) {
    if (session->catch_all_told)
        return;
    session->catch_all_told = true;
    client_note(&session->client, "console",
                "There is no local copy of %s, so which exceptions it handles is not known. "
                "Exceptions that pass through such files count as handled and do not stop the "
                "program. If it is here, add its folder to \"pathMappings\".",
                file);
}

static void find_handlers(struct session *session, struct handlers *handlers, const char *file) {
    if (in_library(file)) {
        if (!is_last_resort(file))
            handlers_catch_all(handlers);
        return;
    }
    const char *local = sources_local(&session->sources, &session->config.pathmap, file);
    size_t length = 0;
    char *text = local ? sources_read(local, &length) : NULL;
    if (text) {
        handlers_scan(handlers, text, length);
        free(text);
        return;
    }
    tell_catch_all(session, file);
    handlers_catch_all(handlers);
}

void session_handlers_answer(struct session *session, const char *remote_file) {
    const char *file = remote_file ? remote_file : "";
    struct handlers handlers;
    handlers_init(&handlers);
    find_handlers(session, &handlers, file);
    struct wire_command command = {
        .type = WIRE_SET_HANDLERS,
        .handlers = {.file = file, .handlers = handlers.items, .count = handlers.count}};
    debuggee_send(&session->debuggee, &command);
    handlers_finish(&handlers);
}
