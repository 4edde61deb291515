/* Texts of the program's files: asked for where there is no local copy, compared where there is. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && !strcmp(text + length - wanted, end);
}

/* Extension modules have no text. */
static bool is_binary(const char *file) {
    return ends_with(file, ".so") || ends_with(file, ".pyd") || ends_with(file, ".dll") ||
           ends_with(file, ".dylib");
}

/* `local`: the copy that shows it, NULL: its own text does. */
static cJSON *show_source(struct session *session, const char *remote, const char *local) {
    cJSON *source = cJSON_CreateObject();
    char *plain = pathmap_source_of(remote);
    cJSON_AddStringToObject(source, "name", pathmap_base(local ? local : plain));
    cJSON_AddStringToObject(source, "path", local ? local : plain);
    if (!local && !is_binary(plain))
        cJSON_AddNumberToObject(source, "sourceReference",
                                sources_reference(&session->sources, plain));
    free(plain);
    return source;
}

cJSON *session_show_source(struct session *session, const char *remote) {
    return show_source(session, remote,
                       sources_local(&session->sources, &session->config.pathmap, remote));
}

cJSON *session_show_source_known(struct session *session, const char *remote) {
    const char *local = sources_local(&session->sources, &session->config.pathmap, remote);
    char *plain = pathmap_source_of(remote);
    bool known = local || sources_has_reference(&session->sources, plain);
    free(plain);
    return known ? show_source(session, remote, local) : NULL;
}

enum { SOURCE_MS = 15000 };

/* ---- source
 * ------------------------------------------------------------------------------------------ */

struct source_call {
    struct session *session;
    struct reply reply;
    char *file;
};

static const char *why_no_text(const char *error) {
    if (!strcmp(error, "missing"))
        return "the file is not there (any more), and neither its loader nor linecache has its "
               "text. If you have a copy, add its folder to \"pathMappings\".";
    if (!strcmp(error, "large"))
        return "it has more than 8 MiB.";
    return error;
}

static void source_came(void *context, char *rows, const char *why) {
    struct source_call *call = context;
    struct client *client = &call->session->client;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    const char *wrong = row ? remote_reply_field(&row) : NULL;
    if (wrong && !*wrong) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "content", remote_reply_field(&row));
        cJSON_AddStringToObject(body, "mimeType", "text/x-python");
        client_respond(client, call->reply, body);
    } else {
        client_fail(client, call->reply, "The text of %s cannot be had: %s", call->file,
                    wrong ? why_no_text(wrong)
                    : why ? why
                          : "the program gave no text.");
    }
    free(call->file);
    free(call);
}

static char *question(const char *file, const char *want) {
    char *name = literal_native(file);
    char *arguments = memory_format("'file': %s, 'want': '%s'", name, want);
    free(name);
    return arguments;
}

void requests_source(struct session *session, const struct request *request) {
    const cJSON *about = json_object(request->dap->arguments, "source");
    int64_t reference = json_int(about, "sourceReference", 0);
    struct dap_error error;
    if (!reference &&
        dap_need_int(request->dap->arguments, "sourceReference", &reference, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const char *file = sources_referred(&session->sources, reference);
    if (!file) {
        client_fail(&session->client, request->reply,
                    "There is no source %lld in this session: files without a reference are read "
                    "from their path.",
                    (long long)reference);
        return;
    }
    struct source_call *call = memory_new(sizeof *call);
    *call = (struct source_call){session, request->reply, memory_copy_text(file)};
    char *arguments = question(file, "text");
    remote_ask(session, NULL, REMOTE_SOURCE, arguments, SOURCE_MS, source_came, call);
    free(arguments);
}

/* ---- is the local copy what runs?
 * -------------------------------------------------------------------- */

struct comparison {
    struct session *session;
    char *remote, *local;
};

static void tell_difference(struct comparison *comparison, int64_t size, const char *said) {
    struct source_sum local;
    if (!sources_sum(comparison->local, &local))
        return; /* there is nothing to compare */
    char *sum = memory_format("%" PRIu64, local.sum);
    bool same = (uint64_t)size == local.size && !strcmp(sum, said);
    free(sum);
    if (same)
        return;
    struct session *session = comparison->session;
    char *text = memory_format(
        "%s is not the same text as %s on the side of the program (%zu bytes here, %lld there): "
        "breakpoints in it, and the lines that the editor shows, may be off. Bring both to the "
        "same state and start the program again.",
        comparison->local, comparison->remote, local.size, (long long)size);
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "local", comparison->local);
    client_note_about(&session->client, show_source(session, comparison->remote, NULL), data, text);
    free(text);
}

/* A system's own Python has the prefix /usr, and programs lie below that too. */
static void tell_library(struct comparison *comparison, const char *prefix) {
    if (!*prefix || comparison->session->library_told)
        return;
    comparison->session->library_told = true;
    client_note(
        &comparison->session->client, "console",
        "ptvsd takes %s for a part of Python's own library, because it lies under %s: steps "
        "pass over it, and exceptions and pauses do not stop in it. Put \"justMyCode\": "
        "false into the configuration to debug it all the same.",
        comparison->remote, prefix);
}

/* A row: what is wrong, the size, the sum, the library. Where there is no text, nothing is
 * compared. */
static void sum_came(void *context, char *rows, const char *why) {
    struct comparison *comparison = context;
    (void)why;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (row && !*remote_reply_field(&row)) {
        int64_t size = remote_reply_number(&row);
        tell_difference(comparison, size, remote_reply_field(&row));
        tell_library(comparison, remote_reply_field(&row));
    } else if (!row)
        sources_compare_again(&comparison->session->sources, comparison->remote, comparison->local);
    free(comparison->remote);
    free(comparison->local);
    free(comparison);
}

/* Nobody asked for it, so it is not done where the loss of the link in the middle of an evaluation
 * would raise in the program. */
void session_compare_source(struct session *session, const struct thread *thread) {
    const char *remote = thread->frame_count ? thread->frames[0].file : NULL;
    if (!session->debuggee.guarded || !remote || !*remote ||
        thread->frames[0].kind != WIRE_FRAME_PYTHON)
        return;
    const char *local = sources_local(&session->sources, &session->config.pathmap, remote);
    struct source_sum sum;
    if (!local || !sources_compare_once(&session->sources, remote, local) ||
        !sources_sum(local, &sum))
        return;
    struct comparison *comparison = memory_new(sizeof *comparison);
    *comparison = (struct comparison){session, memory_copy_text(remote), memory_copy_text(local)};
    char *arguments = question(remote, "sum");
    remote_ask(session, NULL, REMOTE_SOURCE, arguments, SOURCE_MS, sum_came, comparison);
    free(arguments);
}
