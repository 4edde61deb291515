/* Function breakpoints become ordinary ones: the debuggee is asked where each function begins. On
 * the wires that cannot be asked while the program runs, at the next stop; the attach stop waits
 * for it. */
#include "session.h"

#include "buf.h"
#include "literal.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_LIMIT = 1 << 20, FUNCTIONS_MS = 15000 };

bool session_functions_asking(const struct session *session) {
    for (size_t i = 0; i < session->breakpoints.count; i++)
        if (session->breakpoints.sources[i].function.asked)
            return true;
    return false;
}

/* The names as a Python list, marked as asked; NULL when there is none. The caller frees it. */
static char *take_names(struct session *session) {
    struct buf text;
    buf_init(&text, NAMES_LIMIT);
    struct source *source = NULL;
    while ((source = breakpoints_function_without_file(&session->breakpoints, source))) {
        char *name = literal_native(source->path);
        buf_append_text(&text, text.length ? ", " : "");
        source->function.asked = buf_append_text(&text, name) == 0;
        if (!source->function.asked)
            breakpoints_place_function(source, NULL, 0,
                                       "There are too many functions to look for all at once.");
        free(name);
    }
    char *names =
        text.length ? memory_format("'dotted': [%.*s]", (int)text.length, text.bytes) : NULL;
    buf_finish(&text);
    return names;
}

static char *why_not(const char *name, const char *code) {
    if (!strcmp(code, "builtin"))
        return memory_format("%s is no function written in Python: there is no line to stop at.",
                             name);
    if (!strcmp(code, "module") || !strcmp(code, "function"))
        return memory_format(
            "The program has no function %s%s. It is looked for again when a module is loaded or "
            "the program stops. Names are those of the main module, or begin with a module: "
            "function, Class.method, module.function, module.Class.method.",
            name, strcmp(code, "module") ? "" : ", nor a module of that name");
    return memory_format("%s was not found (%s).", name, code);
}

/* File and line, or nothing and why. */
static void take_place(struct session *session, struct source *source, char *row) {
    const char *file = row ? remote_reply_field(&row) : "";
    if (*file) {
        breakpoints_place_function(source, file, remote_reply_number(&row), NULL);
    } else {
        char *why = why_not(source->path, row ? remote_reply_field(&row) : "no answer");
        breakpoints_place_function(source, NULL, 0, why);
        free(why);
    }
    session_breakpoints_function_known(session, source);
}

static bool any_never_asked(const struct session *session) {
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        const struct source *source = &session->breakpoints.sources[i];
        if (source->kind == SOURCE_FUNCTION && source->count && !source->function.file &&
            !source->function.why)
            return true;
    }
    return false;
}

/* In the order asked; a function that came later has not been asked for: that is done now. */
static void answered(void *context, char *rows, const char *why) {
    struct session *session = context;
    bool could_be_asked = rows != NULL;
    (void)why; /* the program went on: at the next stop */
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        if (!source->function.asked)
            continue;
        source->function.asked = false;
        if (rows)
            take_place(session, source, remote_reply_row(&rows));
    }
    if (could_be_asked && any_never_asked(session))
        session_functions_look(session);
    session_breakpoints_answer_ready(session);
    stops_guarded(session);
}

void session_functions_look(struct session *session) {
    if (session->phase < SESSION_CONFIGURING || session->away ||
        session_functions_asking(session) || !remote_possible(session))
        return;
    char *arguments = take_names(session);
    if (arguments)
        remote_ask(session, NULL, REMOTE_FUNCTIONS, arguments, FUNCTIONS_MS, answered, session);
    free(arguments);
}
