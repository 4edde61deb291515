#include "session_log.h"

#include "memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct wanted {
    const char *file; /* NULL: stderr */
    enum log_level level;
    bool values;
};

static int read_wanted(struct wanted *wanted, const cJSON *arguments, struct dap_error *error) {
    const char *level = "info";
    if (dap_want_text(arguments, "logFile", &wanted->file, error) < 0 ||
        dap_want_text(arguments, "logLevel", &level, error) < 0 ||
        dap_want_bool(arguments, "logValues", &wanted->values, error) < 0)
        return -1;
    if (log_level_find(level, &wanted->level) == 0)
        return 0;
    return dap_refuse(error, "\"logLevel\" must be error, warning, info, debug or trace.");
}

/* Opening a pipe would wait for whoever reads it, and a device is no place for a log. */
static bool is_no_file(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

static int open_log(struct session *session, const struct wanted *wanted, struct dap_error *error) {
    const char *home = getenv("HOME"), *file = wanted->file;
    bool at_home = file && home && !strncmp(file, "~/", 2);
    char *path = at_home ? memory_format("%s%s", home, file + 1) : memory_copy_text(file);
    const char *why = NULL;
    struct log opened = {0};
    if (path && is_no_file(path))
        why = "it is no ordinary file";
    else if (log_open(&opened, path, wanted->level) < 0)
        why = errno == ELOOP ? "it is a symbolic link" : strerror(errno);
    if (!why) {
        session_log_close(session);
        opened.who = session->log->who;
        opened.hides_values = !wanted->values;
        *session->log = opened;
        session->logs = true;
    }
    free(path);
    return why ? dap_refuse(error,
                            "The log cannot be written to %.200s: %s. Change \"logFile\" in the "
                            "configuration, or take it out.",
                            file, why)
               : 0;
}

bool session_log_wanted(struct session *session, const struct request *request,
                        const cJSON *arguments) {
    struct wanted wanted = {0};
    struct dap_error error;
    int result = read_wanted(&wanted, arguments, &error);
    bool asked = dap_given(arguments, "logFile") || dap_given(arguments, "logLevel"),
         ours = session->logs || !session->log->file;
    if (result == 0 && !asked)
        session_log_close(session);
    else if (result == 0 && ours)
        result = open_log(session, &wanted, &error);
    if (result < 0)
        requests_refuse(session, request->reply, &error);
    return result == 0;
}

void session_log_close(struct session *session) {
    if (session->logs)
        log_close(session->log);
    session->logs = false;
}
