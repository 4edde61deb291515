#include "requests.h"

#include "hit_count.h"
#include "logpoint.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { BREAKPOINT_LIMIT = 10000 };

/* What the editor asks for; the texts are the request's, NULL for none. */
struct wanted {
    int64_t line;  /* as asked … */
    int64_t moved; /* … and where Python can stop; 0: it cannot */
    const char *condition, *hits, *log;
};

static bool same_text(const char *one, const char *other) {
    return !strcmp(one ? one : "", other ? other : "");
}

static bool same(const struct breakpoint *breakpoint, const struct wanted *wanted) {
    return same_text(breakpoint->condition, wanted->condition) &&
           same_text(breakpoint->hits, wanted->hits) && same_text(breakpoint->log, wanted->log);
}

/* One of an earlier request on the same line, one that says the same first: it keeps its id, and
 * its hit count. */
static struct breakpoint *find_earlier(struct source *source, const struct wanted *wanted) {
    struct breakpoint *found = NULL;
    for (size_t i = 0; i < source->count; i++) {
        struct breakpoint *breakpoint = &source->items[i];
        bool here = breakpoint->line == wanted->line || breakpoint->asked_line == wanted->line;
        if (breakpoint->wanted || !here || breakpoint->refused)
            continue;
        if (breakpoint->line != wanted->moved)
            continue; /* the text has changed */
        if (same(breakpoint, wanted))
            return breakpoint;
        found = breakpoint;
    }
    return found;
}

static void replace_text(char **text, const char *by) {
    free(*text);
    *text = memory_copy_text(by);
}

static void change(struct session *session, struct breakpoint *breakpoint,
                   const struct wanted *wanted, const struct hit_count *count, char *log_parts) {
    replace_text(&breakpoint->condition, wanted->condition);
    replace_text(&breakpoint->hits, wanted->hits);
    replace_text(&breakpoint->log, wanted->log);
    free(breakpoint->log_parts);
    breakpoint->log_parts = log_parts;
    breakpoint->hit_count = *count;
    breakpoint->edition++;
    if (breakpoint->sent_path)
        session_breakpoints_edited(session, breakpoint);
}

static int want_breakpoint(struct session *session, struct source *source,
                           const struct wanted *wanted) {
    char why[200];
    struct hit_count count;
    const char *refused = hit_count_read(wanted->hits, &count);
    char *log_parts = NULL, *never = NULL;
    if (source->kind == SOURCE_TEMPLATE && (wanted->condition || wanted->hits || wanted->log))
        refused = "ptvsd has no conditions, hit counts and log points in templates: take it out.";
    if (!refused && wanted->log && !(log_parts = logpoint_parts(wanted->log, why, sizeof why)))
        refused = why;
    if (!refused && !wanted->moved && source->kind != SOURCE_FUNCTION)
        refused = never = session_lines_refused(session, wanted->line);
    struct breakpoint *breakpoint = refused ? NULL : find_earlier(source, wanted);
    if (breakpoint && same(breakpoint, wanted)) {
        free(log_parts);
    } else {
        if (!breakpoint)
            breakpoint = breakpoints_add(&session->breakpoints, source, wanted->line);
        if (wanted->moved)
            breakpoint->line = wanted->moved;
        breakpoint->refused = memory_copy_text(refused);
        breakpoint->never_stops = never != NULL;
        change(session, breakpoint, wanted, &count, log_parts);
    }
    free(never);
    breakpoint->wanted = true;
    return breakpoint->id;
}

static void drop_empty(const char **text) {
    if (*text && !**text)
        *text = NULL;
}

/* 0, or -1 after the request was refused. */
static int read_wanted(struct session *session, const struct request *request, const cJSON *asked,
                       struct wanted *wanted) {
    struct dap_error error;
    *wanted = (struct wanted){0};
    if (dap_need_int(asked, "line", &wanted->line, &error) < 0 ||
        dap_want_text(asked, "condition", &wanted->condition, &error) < 0 ||
        dap_want_text(asked, "hitCondition", &wanted->hits, &error) < 0 ||
        dap_want_text(asked, "logMessage", &wanted->log, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return -1;
    }
    wanted->line += 1 - session->line_base;
    drop_empty(&wanted->condition);
    drop_empty(&wanted->hits);
    drop_empty(&wanted->log);
    return 0;
}

static int check_all(struct session *session, const struct request *request, const cJSON *list) {
    if (cJSON_GetArraySize(list) > BREAKPOINT_LIMIT) {
        client_fail(&session->client, request->reply, "More than %d breakpoints in one file.",
                    BREAKPOINT_LIMIT);
        return -1;
    }
    const cJSON *asked;
    cJSON_ArrayForEach(asked, list) {
        struct wanted wanted;
        if (read_wanted(session, request, asked, &wanted) < 0)
            return -1;
    }
    return 0;
}

/* By reference, where the text came from the program, else by path; NULL after a refusal. */
struct source *requests_find_source(struct session *session, const struct request *request) {
    const cJSON *about = json_object(request->dap->arguments, "source");
    int64_t reference = json_int(about, "sourceReference", 0);
    const char *remote = sources_referred(&session->sources, reference);
    const char *path = json_text(about, "path");
    if (remote)
        return breakpoints_source(&session->breakpoints, SOURCE_REMOTE, remote);
    bool template = session->config.django && path && pathmap_is_template(path);
    if (path && *path)
        return breakpoints_source(&session->breakpoints, template ? SOURCE_TEMPLATE : SOURCE_LOCAL,
                                  path);
    if (reference)
        client_fail(&session->client, request->reply,
                    "There is no source %lld in this session: set the breakpoint again in the text "
                    "that a stack frame shows.",
                    (long long)reference);
    else
        client_fail(&session->client, request->reply,
                    "\"source.path\" is missing: breakpoints need the path of a file.");
    return NULL;
}

void requests_set_breakpoints(struct session *session, const struct request *request) {
    const cJSON *list = json_array(request->dap->arguments, "breakpoints");
    if (check_all(session, request, list) < 0)
        return;
    struct source *source = requests_find_source(session, request);
    if (!source)
        return;
    for (size_t i = 0; i < source->count; i++)
        source->items[i].wanted = false;
    size_t count = 0;
    int *ids = memory_resize(NULL, (size_t)cJSON_GetArraySize(list), sizeof *ids);
    const struct stop_lines *stops = session_lines_known(session, source);
    const cJSON *asked;
    cJSON_ArrayForEach(asked, list) {
        struct wanted wanted;
        read_wanted(session, request, asked, &wanted);
        wanted.moved = stops ? stop_lines_move(stops, wanted.line) : wanted.line;
        ids[count++] = want_breakpoint(session, source, &wanted);
    }
    session_breakpoints_set(session, source, request->reply, ids, count);
}

/* 0, or -1 after a refusal. */
static int read_function(struct session *session, const struct request *request, const cJSON *asked,
                         struct wanted *wanted, const char **name) {
    struct dap_error error;
    *wanted = (struct wanted){0};
    if (dap_need_text(asked, "name", name, &error) < 0 ||
        dap_want_text(asked, "condition", &wanted->condition, &error) < 0 ||
        dap_want_text(asked, "hitCondition", &wanted->hits, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return -1;
    }
    drop_empty(&wanted->condition);
    drop_empty(&wanted->hits);
    return 0;
}

static int want_function(struct session *session, const char *name, struct wanted *wanted) {
    name += strspn(name, " \t");
    char *plain = memory_copy_bytes(name, strcspn(name, " \t("));
    struct source *source = breakpoints_source(&session->breakpoints, SOURCE_FUNCTION, plain);
    free(plain);
    if (!source->count && !source->function.asked) /* it may lie elsewhere now */
        breakpoints_place_function(source, NULL, 0, NULL);
    wanted->line = wanted->moved = source->function.line;
    return want_breakpoint(session, source, wanted);
}

void requests_set_function_breakpoints(struct session *session, const struct request *request) {
    const cJSON *list = json_array(request->dap->arguments, "breakpoints");
    const cJSON *asked;
    struct wanted wanted;
    const char *name;
    cJSON_ArrayForEach(asked, list) {
        if (read_function(session, request, asked, &wanted, &name) < 0)
            return;
    }
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        for (size_t j = 0; source->kind == SOURCE_FUNCTION && j < source->count; j++)
            source->items[j].wanted = false;
    }
    size_t count = 0;
    int *ids = memory_resize(NULL, (size_t)cJSON_GetArraySize(list) + 1, sizeof *ids);
    cJSON_ArrayForEach(asked, list) {
        read_function(session, request, asked, &wanted, &name);
        ids[count++] = want_function(session, name, &wanted);
    }
    session_breakpoints_set_functions(session, request->reply, ids, count);
}
