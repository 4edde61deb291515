/* Exception types that the editor names stand for those that derive from them: ptvsd, which
 * compares exact names, is taught so by remote/exception_bases.py. On the wires that can execute
 * nothing while the program runs, at the next stop; the attach stop waits for it. */
#include "session.h"

#include "remote_ask.h"

#include <stdlib.h>

enum { BASES_MS = 5000 };

static void taught(void *context, char *rows, const char *why) {
    struct session *session = context;
    session->bases_asked = false;
    if (!rows) {
        log_line(session->log, LOG_INFO, "exception types count by their exact names yet: %s", why);
        session->bases_wanted = true; /* at the next stop */
    }
    stops_guarded(session);
}

void session_bases_look(struct session *session) {
    if (!session->bases_wanted || session->bases_asked || !remote_possible(session))
        return;
    char *arguments = exception_modes_bases(&session->exception_modes);
    session->bases_wanted = false;
    session->bases_asked = arguments != NULL;
    if (arguments)
        remote_ask(session, NULL, REMOTE_EXCEPTION_BASES, arguments, BASES_MS, taught, session);
    free(arguments);
}
