/* Where Python can stop: from the local text, else from line tables that the debuggee is asked. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MS = 15000, HELD_MS = 3000 };

/* ---- what is known
 * ------------------------------------------------------------------------------------ */

static bool is_python(const char *path) {
    size_t length = strlen(path);
    return (length > 3 && !strcmp(path + length - 3, ".py")) ||
           (length > 4 && !strcmp(path + length - 4, ".pyw"));
}

static bool scan_local(struct session *session, const char *path) {
    size_t length = 0;
    char *text = is_python(path) ? sources_read(path, &length) : NULL;
    if (text)
        stop_lines_scan(&session->line_tables.local, text, length);
    free(text);
    return text != NULL;
}

static const struct stop_lines *find_table(const struct session *session, const char *file) {
    for (size_t i = 0; i < session->line_tables.count; i++)
        if (!strcmp(session->line_tables.items[i].file, file))
            return &session->line_tables.items[i].stops;
    return NULL;
}

const struct stop_lines *session_lines_known(struct session *session, const struct source *source) {
    if (source->kind == SOURCE_LOCAL && scan_local(session, source->path))
        return &session->line_tables.local;
    return find_table(session, source->target);
}

void session_lines_forget(struct session *session) {
    struct line_tables *tables = &session->line_tables;
    for (size_t i = 0; i < tables->count; i++) {
        free(tables->items[i].file);
        stop_lines_finish(&tables->items[i].stops);
    }
    free(tables->items);
    stop_lines_finish(&tables->local);
    *tables = (struct line_tables){0};
}

char *session_lines_refused(const struct session *session, int64_t line) {
    return memory_format("Python never stops on line %lld, nor behind it in the same function, "
                         "class or module: only comments, docstrings and blank lines follow. Set "
                         "the breakpoint on a statement.",
                         (long long)session_line(session, line));
}

/* ---- the debuggee is asked
 * ---------------------------------------------------------------------------- */

static void mark_lines(struct stop_lines *stops, char *numbers, uint32_t scope) {
    for (char *end; *numbers; numbers = end) {
        int64_t line = strtoll(numbers, &end, 10);
        if (end == numbers)
            return;
        stop_lines_mark(stops, line, scope);
    }
}

/* The scopes first, as an inner one lies within an outer one; then where they stop. */
static void read_table(struct stop_lines *stops, char *rows) {
    char **lines = NULL, *row;
    uint32_t count = 0;
    for (; (row = remote_reply_row(&rows)); count++) {
        int64_t first = remote_reply_number(&row), last = remote_reply_number(&row);
        stop_lines_scope(stops, first, last, count);
        lines = memory_resize(lines, count + 1, sizeof *lines);
        lines[count] = remote_reply_field(&row);
    }
    for (uint32_t i = 0; i < count; i++)
        mark_lines(stops, lines[i], i);
    free(lines);
}

static const struct stop_lines *keep_table(struct session *session, const char *file, char *rows) {
    const struct stop_lines *known = find_table(session, file);
    if (!rows || !*rows || known)
        return known;
    struct line_tables *tables = &session->line_tables;
    tables->items = memory_resize(tables->items, tables->count + 1, sizeof *tables->items);
    struct line_table *table = &tables->items[tables->count++];
    *table = (struct line_table){.file = memory_copy_text(file)};
    read_table(&table->stops, rows);
    return &table->stops;
}

static void ask_table(struct session *session, const char *file, unsigned timeout_ms,
                      remote_answer *answer, void *context) {
    char *name = literal_native(file);
    char *arguments = memory_format("'file': %s", name);
    remote_ask(session, NULL, REMOTE_STOP_LINES, arguments, timeout_ms, answer, context);
    free(arguments);
    free(name);
}

struct lines_call {
    struct session *session;
    char *file, *path;
    enum source_kind kind;
};

static void lines_came(void *context, char *rows, const char *why) {
    struct lines_call *call = context;
    struct session *session = call->session;
    const struct stop_lines *stops = keep_table(session, call->file, rows);
    (void)why;
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        if (!source->lines_asked || source->kind != call->kind || strcmp(source->path, call->path))
            continue;
        source->lines_asked = source->lines_held = false;
        if (stops)
            session_breakpoints_lines_known(session, source, stops);
    }
    session_breakpoints_answer_ready(session);
    free(call->file);
    free(call->path);
    free(call);
    stops_guarded(session);
}

static void ask_lines(struct session *session, struct source *source, unsigned timeout_ms) {
    bool of_use = source->count && (source->loaded || source->kind == SOURCE_REMOTE);
    if (!of_use || source->lines_asked || !remote_possible(session))
        return;
    struct lines_call *call = memory_new(sizeof *call);
    *call = (struct lines_call){session, memory_copy_text(source->target),
                                memory_copy_text(source->path), source->kind};
    source->lines_asked = true;
    ask_table(session, source->target, timeout_ms, lines_came, call);
}

void session_lines_ask(struct session *session, struct source *source) {
    ask_lines(session, source, LINES_MS);
}

void session_lines_look(struct session *session) {
    if (session->phase < SESSION_CONFIGURING || session->away)
        return; /* all are asked for when it is attached */
    bool held = !remote_while_running(session);
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        bool has_lines = source->kind == SOURCE_LOCAL || source->kind == SOURCE_REMOTE;
        if (!has_lines || !source->count || source->lines_asked ||
            session_lines_known(session, source))
            continue;
        ask_lines(session, source, held ? HELD_MS : LINES_MS);
        source->lines_held = held && source->lines_asked;
    }
}

bool session_lines_held(const struct session *session) {
    for (size_t i = 0; i < session->breakpoints.count; i++)
        if (session->breakpoints.sources[i].lines_held)
            return true;
    return false;
}

/* ---- breakpointLocations
 * ------------------------------------------------------------------------------ */

struct locations_call {
    struct session *session;
    struct reply reply;
    int64_t first, last;
    char *file; /* remote */
};

static void show_locations(struct session *session, struct reply reply,
                           const struct stop_lines *stops, int64_t first, int64_t last) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "breakpoints");
    for (int64_t line = first; (line = stop_lines_next(stops, line)) && line <= last; line++) {
        cJSON *location = cJSON_CreateObject();
        cJSON_AddNumberToObject(location, "line", (double)session_line(session, line));
        cJSON_AddItemToArray(list, location);
    }
    client_respond(&session->client, reply, body);
}

static void locations_came(void *context, char *rows, const char *why) {
    struct locations_call *call = context;
    const struct stop_lines *stops = keep_table(call->session, call->file, rows);
    if (stops)
        show_locations(call->session, call->reply, stops, call->first, call->last);
    else
        client_fail(&call->session->client, call->reply,
                    "Where Python can stop in %s is not known: %s", call->file,
                    rows ? "neither here nor in the program is there a text of it that Python "
                           "understands."
                         : why);
    free(call->file);
    free(call);
}

void requests_breakpoint_locations(struct session *session, const struct request *request) {
    int64_t first = 0, last = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "line", &first, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    last = first;
    if (dap_want_int(request->dap->arguments, "endLine", &last, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    struct source *source = requests_find_source(session, request);
    if (!source)
        return;
    first += 1 - session->line_base;
    last += 1 - session->line_base;
    if (!source->count) /* else it is up to date */
        breakpoints_resolve(&session->breakpoints, source, &session->config.pathmap,
                            &session->modules);
    const struct stop_lines *stops = session_lines_known(session, source);
    if (stops) {
        show_locations(session, request->reply, stops, first, last);
        return;
    }
    struct locations_call *call = memory_new(sizeof *call);
    *call = (struct locations_call){session, request->reply, first, last,
                                    memory_copy_text(source->target)};
    ask_table(session, source->target, LINES_MS, locations_came, call);
}
