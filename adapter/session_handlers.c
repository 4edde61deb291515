/* Exceptions: which to stop at, and ptvsd's questions which ones a file handles. The asking thread
 * is blocked until it is answered, so every question is answered at once. Facts: binary.md
 * section 5.6, json.md section 6, features.md W14. */
#include "session.h"

#include "handlers.h"
#include "json.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- which exceptions ---------------------------------------------------------------------------
 */

void session_exceptions_send(struct session *session) {
    if (session->away)
        return; /* this is called when it is back */
    struct wire_command command = {.type = WIRE_SET_EXCEPTIONS,
                                   .exceptions = exception_modes_make(&session->exception_modes)};
    debuggee_send(&session->debuggee, &command);
    exception_modes_free(&command.exceptions);
    session->bases_wanted = session->exception_modes.count > 0;
    session_bases_look(session);
}

/* ---- handlers
 * -------------------------------------------------------------------------------------- */

static bool in_library(const char *file) {
    return pathmap_in_library(file) || file[0] == '<';
}

/* threading.py catches all, to print it, and runpy, which runs `python -m`, nothing of what the
 * module raises: an exception that gets so far is what the user calls uncaught. */
static bool is_last_resort(const char *file) {
    static const char *const bases[] = {"threading.py", "threading.pyc", "runpy.py", "runpy.pyc",
                                        "<frozen runpy>"};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (!strcmp(pathmap_base(file), bases[i]))
            return true;
    return false;
}

/* What the launch request has given to run, as it is known to Python; NULL for any other file. */
static const char *launched_code(const struct session *session, const char *file) {
    if (!session->launch.process || strcmp(file, "<string>"))
        return NULL;
    return json_text(session->launch.arguments, "code");
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
    const char *code = launched_code(session, file);
    if (code) {
        handlers_scan(handlers, code, strlen(code));
        return;
    }
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
