/* Breakpoints on their way to ptvsd and back. */
#include "session.h"

#include "hit_count.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWERS_MS = 2000 };

/* ---- what the editor is told
 * ----------------------------------------------------------------------- */

/* ptvsd calls a breakpoint bound when it knows the module under exactly this path. A .pyc module
 * never binds and hits all the same. */
static bool verified(const struct source *source, const struct breakpoint *breakpoint) {
    return !breakpoint->refused &&
           (breakpoint->bound || (source->loaded && breakpoint->sent_path && !breakpoint->asked));
}

/* A loaded file of the same name that the mapping leads away from. */
static const char *nearest(const struct session *session, const struct source *source) {
    const char *best = NULL;
    size_t best_tail = 0;
    for (size_t i = 0; i < session->modules.count; i++) {
        const char *remote = session->modules.items[i].source;
        size_t tail = pathmap_shared_tail(source->path, remote);
        if (session->modules.items[i].here && tail > best_tail) {
            best_tail = tail;
            best = remote;
        }
    }
    return best;
}

static const char *why_not_found(const struct session *session, const struct source *source) {
    if (source->function.why)
        return source->function.why;
    return session->phase == SESSION_CONFIGURING
               ? "The function is looked for when ptvsd has stopped the program for the attach."
               : "The function is looked for when the program stops next: this version of ptvsd "
                 "cannot be asked while it runs. Pause it to have the breakpoint at once.";
}

static char *why_unverified(const struct session *session, const struct source *source,
                            const struct breakpoint *breakpoint) {
    if (breakpoint->refused)
        return memory_copy_text(breakpoint->refused);
    if (session->away)
        return memory_copy_text("The program is away; this is set when it is back.");
    if (breakpoint->asked)
        return memory_copy_text("ptvsd has not answered yet.");
    if (source->kind == SOURCE_FUNCTION && !source->function.file)
        return memory_copy_text(why_not_found(session, source));
    if (source->kind == SOURCE_LOCAL && pathmap_is_template(source->path))
        return memory_format(
            "This is no Python file. For breakpoints in templates of Django's put \"django\": true "
            "into the configuration.");
    char *mapped = source->kind == SOURCE_LOCAL
                       ? pathmap_to_remote(&session->config.pathmap, source->path)
                       : NULL;
    const char *near = nearest(session, source);
    char *text;
    if (mapped && near)
        text = memory_format("The program has not loaded %s, where the path mapping leads; it has "
                             "loaded %s. If that is the file, correct the mapping.",
                             mapped, near);
    else if (mapped)
        text = memory_format("The program has not loaded %s (from the path mapping) yet. The "
                             "breakpoint takes effect when it does.",
                             mapped);
    else
        text = memory_format("The program has not loaded a file named %s yet. The breakpoint takes "
                             "effect when it does.",
                             pathmap_base(source->path));
    free(mapped);
    return text;
}

static cJSON *show_source(struct session *session, const struct source *source) {
    if (source->kind == SOURCE_REMOTE || source->kind == SOURCE_FUNCTION)
        return session_show_source(session, source->target);
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddStringToObject(shown, "name", pathmap_base(source->path));
    cJSON_AddStringToObject(shown, "path", source->path);
    return shown;
}

static cJSON *show(struct session *session, const struct source *source,
                   struct breakpoint *breakpoint) {
    cJSON *shown = cJSON_CreateObject();
    breakpoint->told_verified = verified(source, breakpoint);
    cJSON_AddNumberToObject(shown, "id", breakpoint->id);
    cJSON_AddBoolToObject(shown, "verified", breakpoint->told_verified);
    if (breakpoint->line)
        cJSON_AddNumberToObject(shown, "line", (double)session_line(session, breakpoint->line));
    if (source->kind != SOURCE_FUNCTION || source->function.file)
        cJSON_AddItemToObject(shown, "source", show_source(session, source));
    if (breakpoint->told_verified)
        return shown;
    char *why = why_unverified(session, source, breakpoint);
    cJSON_AddStringToObject(shown, "message", why);
    free(why);
    return shown;
}

cJSON *session_breakpoints_show(struct session *session, int id) {
    struct source *source;
    struct breakpoint *breakpoint = breakpoints_by_id(&session->breakpoints, id, &source);
    if (breakpoint)
        return show(session, source, breakpoint);
    cJSON *gone = cJSON_CreateObject();
    cJSON_AddNumberToObject(gone, "id", id);
    cJSON_AddFalseToObject(gone, "verified");
    cJSON_AddStringToObject(gone, "message", "The breakpoint was removed meanwhile.");
    return gone;
}

static void tell(struct session *session, const struct source *source,
                 struct breakpoint *breakpoint) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "reason", "changed");
    cJSON_AddItemToObject(body, "breakpoint", show(session, source, breakpoint));
    client_event(&session->client, "breakpoint", body);
}

static void tell_change(struct session *session, const struct source *source,
                        struct breakpoint *breakpoint) {
    if (verified(source, breakpoint) != breakpoint->told_verified)
        tell(session, source, breakpoint);
}

/* ---- replies that wait for ptvsd
 * -------------------------------------------------------------------- */

static bool waits(struct session *session, const struct set_reply *reply) {
    for (size_t i = 0; i < reply->count; i++) {
        struct source *source;
        struct breakpoint *breakpoint =
            breakpoints_by_id(&session->breakpoints, reply->ids[i], &source);
        if (breakpoint && (breakpoint->asked || source->function.asked || source->lines_asked))
            return true;
    }
    return false;
}

static bool awaited(struct session *session, int id) {
    for (const struct set_reply *reply = session->set_replies; reply; reply = reply->next)
        for (size_t i = 0; i < reply->count; i++)
            if (reply->ids[i] == id)
                return true;
    return false;
}

/* Of what the editor has an answer for. What ptvsd was asked is told with its answer. */
static void tell_changes(struct session *session, const struct source *source) {
    for (size_t i = 0; i < source->count; i++)
        if (!source->items[i].asked && !awaited(session, source->items[i].id))
            tell_change(session, source, &source->items[i]);
}

static void free_reply(struct set_reply *reply) {
    free(reply->ids);
    free(reply);
}

static void respond(struct session *session, struct set_reply *reply) {
    cJSON *body = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(body, "breakpoints");
    for (size_t i = 0; i < reply->count; i++)
        cJSON_AddItemToArray(list, session_breakpoints_show(session, reply->ids[i]));
    client_respond(&session->client, reply->reply, body);
    free_reply(reply);
}

/* In the order asked: editors tell replies of one file apart by it. */
static void respond_ready(struct session *session, bool all) {
    while (session->set_replies && (all || !waits(session, session->set_replies))) {
        struct set_reply *reply = session->set_replies;
        session->set_replies = reply->next;
        respond(session, reply);
    }
    if (!session->set_replies)
        uv_timer_stop(&session->answers_timer);
}

void session_breakpoints_late(uv_timer_t *timer) {
    respond_ready(timer->data, true);
}

/* ---- to ptvsd
 * ----------------------------------------------------------------------------------------- */

static enum wire_language language_of(const struct source *source) {
    return source->kind == SOURCE_TEMPLATE ? WIRE_LANGUAGE_DJANGO : WIRE_LANGUAGE_PYTHON;
}

static void send_breakpoint(struct session *session, const struct source *source,
                            struct breakpoint *breakpoint) {
    breakpoints_assign(&session->breakpoints, source, breakpoint);
    struct wire_command command = {.type = WIRE_SET_BREAKPOINT,
                                   .breakpoint = {.id = breakpoint->wire_id,
                                                  .line = breakpoint->line,
                                                  .file = breakpoint->sent_path,
                                                  .language = language_of(source)}};
    char *made;
    hit_count_fill(breakpoint, debuggee_can(&session->debuggee, WIRE_SET_PASS_COUNT),
                   &command.breakpoint, &made);
    debuggee_send(&session->debuggee, &command);
    free(made);
}

static void send_as(struct session *session, struct wire_command *command,
                    enum wire_command_type type) {
    command->type = type;
    debuggee_send(&session->debuggee, command);
}

/* The one that lets less pass goes first, so that nothing stops the program between the two: what
 * counts by its condition and every log point has no count of ptvsd's. */
void session_breakpoints_edited(struct session *session, struct breakpoint *breakpoint) {
    struct wire_command command = {.breakpoint = {.id = breakpoint->wire_id}};
    bool counts = debuggee_can(&session->debuggee, WIRE_SET_PASS_COUNT);
    char *made;
    hit_count_fill(breakpoint, counts, &command.breakpoint, &made);
    bool count_last = command.breakpoint.pass_kind == WIRE_PASS_ALWAYS;
    if (counts && !count_last)
        send_as(session, &command, WIRE_SET_PASS_COUNT);
    send_as(session, &command, WIRE_SET_CONDITION);
    if (counts && count_last)
        send_as(session, &command, WIRE_SET_PASS_COUNT);
    breakpoint->edited = true;
    free(made);
}

/* Not twice: the second time would end ptvsd's command loop. It keeps one a line, the last. */
static void remove_from_template(struct session *session, const struct source *source,
                                 const struct breakpoint *breakpoint) {
    struct wire_command command = {.type = WIRE_REMOVE_BREAKPOINT,
                                   .breakpoint = {.id = breakpoint->wire_id,
                                                  .line = breakpoint->line,
                                                  .file = breakpoint->sent_path,
                                                  .language = WIRE_LANGUAGE_DJANGO}};
    struct breakpoint *other = breakpoints_beside(source, breakpoint);
    if (other)
        send_breakpoint(session, source, other);
    else
        debuggee_send(&session->debuggee, &command);
}

/* Twice: a pending breakpoint that was bound later stands in two tables of the server. */
static void remove_from_wire(struct session *session, int32_t id, int64_t line, const char *path) {
    struct wire_command command = {.type = WIRE_REMOVE_BREAKPOINT,
                                   .breakpoint = {.id = id, .line = line, .file = path}};
    debuggee_send(&session->debuggee, &command);
    debuggee_send(&session->debuggee, &command);
}

static void remove_unwanted(struct session *session, struct source *source) {
    for (size_t i = source->count; i-- > 0;) {
        struct breakpoint *breakpoint = &source->items[i];
        if (breakpoint->wanted)
            continue;
        if (breakpoint->sent_path && source->kind == SOURCE_TEMPLATE)
            remove_from_template(session, source, breakpoint);
        else if (breakpoint->sent_path)
            remove_from_wire(session, breakpoint->wire_id, breakpoint->line, breakpoint->sent_path);
        breakpoints_remove(source, i);
    }
}

/* The new id first, then the old one away: there is no moment without a breakpoint. A hit of the
 * old id that is already under way still counts. */
static void move_breakpoints(struct session *session, struct source *source) {
    for (size_t i = 0; i < source->count; i++) {
        struct breakpoint *breakpoint = &source->items[i];
        if (!breakpoint->sent_path || !strcmp(breakpoint->sent_path, source->target))
            continue;
        if (source->kind == SOURCE_TEMPLATE) { /* another file, so another table */
            remove_from_template(session, source, breakpoint);
            send_breakpoint(session, source, breakpoint);
            continue;
        }
        if (!breakpoint->bound &&
            breakpoints_matches_loosely(source, breakpoint->sent_path, &session->modules))
            continue;
        int32_t old_id = breakpoint->wire_id;
        char *old_path = memory_copy_text(breakpoint->sent_path);
        send_breakpoint(session, source, breakpoint);
        remove_from_wire(session, old_id, breakpoint->line, old_path);
        free(old_path);
    }
}

static void resolve(struct session *session, struct source *source) {
    breakpoints_resolve(&session->breakpoints, source, &session->config.pathmap, &session->modules);
    if (source->loaded && source->kind == SOURCE_LOCAL)
        sources_match(&session->sources, source->path, source->target);
    move_breakpoints(session, source);
}

/* A file that was matched by name may belong to this one, which has more of its path, or be free
 * again. */
static void resolve_rivals(struct session *session, const struct source *source) {
    for (size_t i = 0; i < session->breakpoints.count && !session->away; i++) {
        struct source *other = &session->breakpoints.sources[i];
        if (other == source || other->kind != SOURCE_LOCAL || !other->count ||
            !pathmap_shared_tail(other->path, source->path))
            continue;
        resolve(session, other);
        tell_changes(session, other);
    }
}

static void send_new(struct session *session, struct source *source) {
    for (size_t i = 0; i < source->count && !session->away; i++)
        if (!source->items[i].sent_path && !source->items[i].refused)
            send_breakpoint(session, source, &source->items[i]);
}

static void wait_for_answers(struct session *session, struct reply reply, int *ids, size_t count) {
    struct set_reply *waiting = memory_new(sizeof *waiting);
    *waiting = (struct set_reply){NULL, reply, ids, count};
    struct set_reply **link = &session->set_replies;
    while (*link)
        link = &(*link)->next;
    *link = waiting;
    uv_timer_start(&session->answers_timer, session_breakpoints_late, ANSWERS_MS, 0);
    respond_ready(session, false);
}

void session_breakpoints_left(struct session *session) {
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        for (size_t j = 0; j < source->count; j++) {
            struct breakpoint *breakpoint = &source->items[j];
            free(breakpoint->sent_path);
            breakpoint->sent_path = NULL;
            breakpoint->asked = breakpoint->bound = false;
        }
    }
}

void session_breakpoints_again(struct session *session) {
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        if (source->kind == SOURCE_FUNCTION) {
            breakpoints_place_function(source, NULL, 0, NULL);
            continue;
        }
        resolve(session, source);
        for (size_t j = 0; j < source->count; j++)
            if (!source->items[j].refused)
                send_breakpoint(session, source, &source->items[j]);
    }
    session_lines_look(session);
    session_functions_look(session);
}

void session_breakpoints_set(struct session *session, struct source *source, struct reply reply,
                             int *ids, size_t count) {
    remove_unwanted(session, source);
    resolve(session, source);
    resolve_rivals(session, source);
    send_new(session, source);
    if (!session->away && !session_lines_known(session, source))
        session_lines_ask(session, source);
    wait_for_answers(session, reply, ids, count);
}

void session_breakpoints_set_functions(struct session *session, struct reply reply, int *ids,
                                       size_t count) {
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        if (source->kind != SOURCE_FUNCTION)
            continue;
        remove_unwanted(session, source);
        if (source->function.file)
            send_new(session, source);
    }
    session_functions_look(session);
    wait_for_answers(session, reply, ids, count);
}

void session_breakpoints_lines_known(struct session *session, struct source *source,
                                     const struct stop_lines *stops) {
    for (size_t i = 0; i < source->count; i++) {
        struct breakpoint *breakpoint = &source->items[i];
        int64_t moved = stop_lines_move(stops, breakpoint->asked_line);
        bool stays = moved == breakpoint->line || !breakpoint->sent_path;
        if (breakpoint->never_stops ? !moved : stays)
            continue;
        int64_t old_line = breakpoint->line;
        int32_t old_id = breakpoint->wire_id;
        char *old_path = breakpoint->sent_path;
        breakpoint->sent_path = NULL;
        breakpoint->asked = breakpoint->bound = false;
        free(breakpoint->refused);
        breakpoint->refused = moved ? NULL : session_lines_refused(session, breakpoint->asked_line);
        breakpoint->never_stops = !moved;
        if (moved) {
            breakpoint->line = moved;
            send_breakpoint(session, source, breakpoint);
        }
        if (old_path)
            remove_from_wire(session, old_id, old_line, old_path);
        free(old_path);
        if (!awaited(session, breakpoint->id)) /* the answer named the line asked for */
            tell(session, source, breakpoint);
    }
}

void session_breakpoints_function_known(struct session *session, struct source *source) {
    if (!source->function.file) { /* it may have been there, in the process before */
        tell_changes(session, source);
        return;
    }
    resolve(session, source);
    send_new(session, source);
}

void session_breakpoints_answer_ready(struct session *session) {
    respond_ready(session, false);
}

/* ---- from ptvsd
 * ----------------------------------------------------------------------------------------- */

void session_breakpoints_answered(struct session *session, const struct wire_event *event) {
    if (session->away)
        return; /* it is of the attach before */
    const struct wire_id *known = breakpoints_wire_id(&session->breakpoints, event->breakpoint);
    struct source *source;
    struct breakpoint *breakpoint =
        known ? breakpoints_by_id(&session->breakpoints, known->breakpoint, &source) : NULL;
    if (!breakpoint || breakpoint->wire_id != event->breakpoint) {
        /* Removed or moved while it was pending: ptvsd has brought it back with its module. */
        if (known && event->type == WIRE_BOUND)
            remove_from_wire(session, known->id, known->line, known->path);
        return;
    }
    breakpoint->asked = false;
    breakpoint->bound = event->type == WIRE_BOUND;
    if (breakpoint->bound && breakpoint->edited) {
        /* Versions 2 and 4 bind a pending breakpoint as it was when it was set. */
        if (!debuggee_can(&session->debuggee, WIRE_SET_PASS_COUNT))
            session_breakpoints_edited(session, breakpoint);
        breakpoint->doubted = true;
    }
    if (!awaited(session, breakpoint->id))
        tell_change(session, source, breakpoint);
    respond_ready(session, false);
}

/* A new module may be what a breakpoint waited for, or fit better than what it has. */
void session_breakpoints_module(struct session *session, const struct module *module) {
    if (session->phase < SESSION_CONFIGURING || session->away)
        return; /* all are sent when it is attached */
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        struct source *source = &session->breakpoints.sources[i];
        if (!source->count)
            continue;
        bool same_name =
            (source->kind == SOURCE_LOCAL && pathmap_shared_tail(source->path, module->source)) ||
            pathmap_same(source->target, module->source);
        if (!same_name)
            continue;
        resolve(session, source);
        tell_changes(session, source);
    }
    session_functions_look(session);
}

enum hit session_breakpoints_hit(struct session *session, int32_t wire_id, const char *remote_file,
                                 int *id) {
    const struct wire_id *known = breakpoints_wire_id(&session->breakpoints, wire_id);
    struct source *source;
    struct breakpoint *breakpoint =
        known ? breakpoints_by_id(&session->breakpoints, known->breakpoint, &source) : NULL;
    if (!breakpoint) {
        if (known)
            remove_from_wire(session, wire_id, known->line, known->path);
        return HIT_GHOST;
    }
    bool surely = breakpoint->bound && breakpoint->wire_id == wire_id;
    if (!surely &&
        !breakpoints_accepts(&session->breakpoints, source, &session->config.pathmap, remote_file))
        return HIT_WRONG_FILE;
    if (source->kind == SOURCE_LOCAL || source->kind == SOURCE_TEMPLATE)
        sources_match(&session->sources, source->path, remote_file);
    *id = breakpoint->id;
    return HIT_MEANT;
}

const struct breakpoint *session_breakpoints_at(struct session *session, const char *remote_file,
                                                int64_t line) {
    for (size_t i = 0; i < session->breakpoints.count; i++) {
        const struct source *source = &session->breakpoints.sources[i];
        if (!breakpoints_accepts(&session->breakpoints, source, &session->config.pathmap,
                                 remote_file))
            continue;
        for (size_t j = 0; j < source->count; j++)
            if (source->items[j].line == line && source->items[j].sent_path)
                return &source->items[j];
    }
    return NULL;
}

void session_breakpoints_forget(struct session *session) {
    uv_timer_stop(&session->answers_timer);
    respond_ready(session, true);
    breakpoints_clear(&session->breakpoints);
}
