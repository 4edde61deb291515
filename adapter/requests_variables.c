/* What is inside: of scopes, and of values. Locals came with the stack and cost nothing;
 * everything else is asked of the stopped thread. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHILDREN_MS = 30000,
    MASK_MS = 3000,
    GROUP = 100,
    MOST = 500,        /* items that are shown in one go */
    MOST_PAGED = 10000 /* the same to an editor that could have asked for a page */
};

struct listing {
    struct session *session;
    struct reply reply;
    struct handle handle; /* its expression is a copy */
    int64_t start, count; /* count 0: all */
    const char *only;     /* "named", "indexed" or "": both */
    bool hex;
};

static void free_listing(struct listing *listing) {
    free(listing->handle.expression);
    free(listing);
}

static void respond(struct listing *listing, cJSON *all) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddItemToObject(body, "variables", all);
    client_respond(&listing->session->client, listing->reply, body);
    free_listing(listing);
}

/* What is no variable of the program's, but can be opened. */
static cJSON *show_node(const char *name, const char *value, int reference) {
    cJSON *shown = cJSON_CreateObject();
    cJSON_AddStringToObject(shown, "name", name);
    cJSON_AddStringToObject(shown, "value", value);
    cJSON_AddNumberToObject(shown, "variablesReference", reference);
    return shown;
}

/* For some variables that are there already. */
static cJSON *show_kept(struct listing *listing, const char *name, const char *value, cJSON *kept) {
    struct handles *handles = &listing->session->handles;
    return show_node(name, value, handles_add_kept(handles, &listing->handle, kept));
}

/* As the user wants them: some in groups, some not at all. */
static void arrange(struct listing *listing, cJSON *all) {
    cJSON *groups[PRESENTATION_KINDS];
    presentation_sort(&listing->session->config.presentation, all, groups);
    for (size_t kind = PRESENTATION_KINDS; kind-- > 0;)
        if (groups[kind])
            cJSON_InsertItemInArray(
                all, 0, show_kept(listing, presentation_group_name(kind), "", groups[kind]));
}

/* The part of `all` that was asked for; they are all named. */
static void respond_named(struct listing *listing, cJSON *all) {
    cJSON *page = cJSON_CreateArray();
    int64_t index = 0, end = listing->count ? listing->start + listing->count : INT64_MAX;
    while (all->child) {
        cJSON *one = cJSON_DetachItemViaPointer(all, all->child);
        if (index >= listing->start && index < end && strcmp(listing->only, "indexed") != 0)
            cJSON_AddItemToArray(page, one);
        else
            cJSON_Delete(one);
        index++;
    }
    cJSON_Delete(all);
    respond(listing, page);
}

static void respond_part(struct listing *listing, cJSON *all) {
    arrange(listing, all);
    respond_named(listing, all);
}

/* How many items without a page asked for: the globals are never grouped. */
static int64_t most_of(const struct listing *listing) {
    bool whole = listing->session->editor.pages || listing->handle.kind != HANDLE_CHILDREN;
    return whole ? MOST_PAGED : MOST;
}

static void refuse(struct listing *listing, const char *why) {
    client_fail(&listing->session->client, listing->reply, "%s", why);
    free_listing(listing);
}

/* ---- locals
 * ----------------------------------------------------------------------------------------- */

/* Of what ptvsd lists with the frame: its own, or the globals that its code uses. */
static void respond_locals(void *context, const char *mask, const char *why) {
    struct listing *listing = context;
    if (why) {
        refuse(listing, why);
        return;
    }
    const struct wire_frame *frame = remote_frame(listing->session, &listing->handle);
    char wanted = listing->handle.kind == HANDLE_LOCALS ? '1' : '0';
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < frame->variable_count; i++) {
        const struct wire_variable *variable = &frame->variables[i];
        if (wire_undefined(&variable->object) || (mask ? mask[i] : '1') != wanted)
            continue;
        const char *name = variable->name ? variable->name : "?";
        const char *expression = values_is_name(name) ? name : NULL;
        cJSON_AddItemToArray(all,
                             values_show_variable(listing->session, &listing->handle, name,
                                                  expression, &variable->object, listing->hex));
    }
    respond_part(listing, all);
}

/* ---- children
 * ------------------------------------------------------------------------------------------ */

/* The next row as a variable; its texts live in the row. */
static struct wire_variable read_child(char *row) {
    struct wire_variable child = {.name = remote_reply_field(&row)};
    child.expression = remote_reply_field(&row);
    child.object.repr = remote_reply_field(&row);
    child.object.hex = remote_reply_field(&row);
    child.object.type = remote_reply_field(&row);
    child.object.length = remote_reply_number(&row);
    child.object.flags = (unsigned)remote_reply_number(&row);
    if (!*child.object.hex)
        child.object.hex = NULL;
    if (!*child.expression)
        child.expression = NULL;
    return child;
}

static cJSON *show_child(struct listing *listing, const struct wire_variable *child) {
    return values_show_variable(listing->session, &listing->handle, child->name, child->expression,
                                &child->object, listing->hex);
}

/* Does the function have a variable of this name, as far as is known? */
static bool is_shadowed(const struct listing *listing, const char *name) {
    const struct wire_frame *frame = remote_frame(listing->session, &listing->handle);
    if (!frame || !strcmp(frame->name, "<module>"))
        return false;
    const char *mask = used_globals_find(&listing->session->used_globals, frame);
    for (size_t i = 0; i < frame->variable_count; i++)
        if (frame->variables[i].name && !strcmp(frame->variables[i].name, name))
            return !(mask && mask[i] == '0');
    return false;
}

/* Of globals() and of the exception's dict the keys are the names. */
static cJSON *show_item(struct listing *listing, struct wire_variable *child) {
    bool globals = listing->handle.kind == HANDLE_GLOBALS;
    bool special = presentation_wants(&listing->session->config.presentation, PRESENTATION_SPECIAL);
    char *name = values_key(child->name);
    cJSON *shown = NULL;
    if (name && (special || !(globals && !strncmp(name, "__", 2)))) {
        child->name = name;
        if (globals && values_is_name(name) && !is_shadowed(listing, name))
            child->expression = name;
        shown = show_child(listing, child);
    }
    free(name);
    return shown;
}

/* Groups as VS Code makes them: a hundred at most, of a hundred or of a hundred groups. */
static void add_groups(struct listing *listing, cJSON *all, int64_t start, int64_t count) {
    int64_t size = GROUP;
    while (count > size * GROUP)
        size *= GROUP;
    for (int64_t from = start; from < start + count; from += size) {
        int64_t left = start + count - from, some = left < size ? left : size;
        char *name = memory_format("[%lld \xe2\x80\xa6 %lld]", (long long)from,
                                   (long long)(from + some - 1));
        int part = handles_add_part(&listing->session->handles, &listing->handle, from, some);
        cJSON_AddItemToArray(all, show_node(name, "", part));
        free(name);
    }
}

/* What has side effects is evaluated once, when it is opened: as the one variable that DAP wants of
 * what is lazy, whose items are kept, since they cannot be asked for again. */
static void respond_lazy(struct listing *listing, cJSON *items) {
    int count = cJSON_GetArraySize(items);
    char *text = memory_format("%d item%s", count, count == 1 ? "" : "s");
    cJSON *all = cJSON_CreateArray();
    cJSON_AddItemToArray(all, show_kept(listing, "Results View", text, items));
    free(text);
    respond(listing, all);
}

static void children_answered(void *context, char *rows, const char *why) {
    struct listing *listing = context;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!row || listing->session->phase != SESSION_STOPPED) {
        refuse(listing, row ? "The stop is over." : why ? why : "ptvsd gave no list of children.");
        return;
    }
    bool lazy = listing->handle.kind == HANDLE_LAZY;
    bool items = listing->handle.kind != HANDLE_CHILDREN && !lazy;
    int64_t named = remote_reply_number(&row), indexed = remote_reply_number(&row), given = 0;
    cJSON *all = cJSON_CreateArray();
    while ((row = remote_reply_row(&rows))) {
        struct wire_variable child = read_child(row);
        if (lazy)
            child.expression = NULL;
        cJSON *shown = items ? show_item(listing, &child) : show_child(listing, &child);
        if (shown)
            cJSON_AddItemToArray(all, shown);
        given++;
    }
    if (!listing->count && given <= named && indexed > most_of(listing))
        add_groups(listing, all, 0, indexed);
    if (lazy) {
        respond_lazy(listing, all);
    } else {
        arrange(listing, all);
        respond(listing, all);
    }
}

/* The items of a group are asked for by their own numbers. */
static void list_children(struct listing *listing) {
    const struct handle *handle = &listing->handle;
    const char *only = handle->count ? "indexed" : listing->only;
    int64_t start = handle->start + listing->start, count = listing->count;
    if (handle->count && (!count || count > handle->count - listing->start))
        count = handle->count > listing->start ? handle->count - listing->start : 0;
    char *expression = literal_text(handle->expression);
    char *shown =
        count || handle->count ? memory_format("%lld", (long long)count) : memory_copy_text("None");
    char *most =
        count ? memory_copy_text("None") : memory_format("%lld", (long long)most_of(listing));
    const struct presentation *presentation = &listing->session->config.presentation;
    const char *special = literal_truth(presentation_wants(presentation, PRESENTATION_SPECIAL)),
               *methods = literal_truth(presentation_wants(presentation, PRESENTATION_FUNCTION));
    char *arguments =
        memory_format("'expression': %s, 'only': '%s', 'start': %lld, 'count': %s, "
                      "'most': %s, 'find': None, 'special': %s, 'methods': %s",
                      expression, only, (long long)start, shown, most, special, methods);
    remote_ask(listing->session, handle, REMOTE_CHILDREN, arguments, CHILDREN_MS, children_answered,
               listing);
    free(expression);
    free(shown);
    free(most);
    free(arguments);
}

static void list_group(struct listing *listing) {
    if (listing->count || listing->handle.count <= GROUP) {
        list_children(listing);
        return;
    }
    cJSON *all = cJSON_CreateArray();
    add_groups(listing, all, listing->handle.start, listing->handle.count);
    respond(listing, all);
}

/* All that there is, whatever part was asked for. */
static void list_lazy(struct listing *listing) {
    listing->only = "indexed";
    listing->start = 0;
    listing->count = MOST_PAGED;
    list_children(listing);
}

static void list_exception(struct listing *listing) {
    const struct thread *thread = threads_find(&listing->session->threads, listing->handle.thread);
    if (thread->stop.value) {
        listing->handle.expression = memory_copy_text(thread->stop.value);
        list_children(listing);
        return;
    }
    cJSON *all = cJSON_CreateArray();
    struct wire_variable type = {"type", NULL, {.repr = thread->stop.exception, .type = "str"}};
    struct wire_variable message = {"message", NULL, {.repr = thread->stop.message, .type = "str"}};
    cJSON_AddItemToArray(all, show_child(listing, &type));
    cJSON_AddItemToArray(all, show_child(listing, &message));
    respond_part(listing, all);
}

static void list_globals(struct listing *listing) {
    listing->handle.expression = memory_copy_text("globals()");
    list_children(listing);
}

/* ---- the request
 * ------------------------------------------------------------------------------------- */

static void list(struct listing *listing) {
    if (listing->handle.kept) {
        respond_named(listing, cJSON_Duplicate(listing->handle.kept, true));
        return;
    }
    switch (listing->handle.kind) {
    case HANDLE_LOCALS:
    case HANDLE_USED_GLOBALS:
        requests_learn_used(listing->session, &listing->handle, MASK_MS, respond_locals, listing);
        break;
    case HANDLE_GLOBALS:
        list_globals(listing);
        break;
    case HANDLE_EXCEPTION:
        list_exception(listing);
        break;
    case HANDLE_CHILDREN:
        list_group(listing);
        break;
    case HANDLE_LAZY:
        list_lazy(listing);
        break;
    case HANDLE_FRAME:
    case HANDLE_LOCATION:
        refuse(listing, "This is the number of a frame or a location, not of variables.");
        break;
    }
}

void requests_variables(struct session *session, const struct request *request) {
    int64_t reference = 0, start = 0, count = 0;
    const char *only = "";
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_need_int(arguments, "variablesReference", &reference, &error) < 0 ||
        dap_want_int(arguments, "start", &start, &error) < 0 ||
        dap_want_int(arguments, "count", &count, &error) < 0 ||
        dap_want_text(arguments, "filter", &only, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct handle *found = handles_find(&session->handles, reference);
    if (!found || !remote_frame(session, found)) {
        client_fail(&session->client, request->reply,
                    "variablesReference %lld belongs to a stop that is over.",
                    (long long)reference);
        return;
    }
    struct listing *listing = memory_new(sizeof *listing);
    /* Without a count that is how Theia asks for all, where it was not told how many there are. */
    if (!strcmp(only, "indexed") && count <= 0)
        only = "";
    *listing = (struct listing){.session = session,
                                .reply = request->reply,
                                .handle = *found,
                                .start = start > 0 ? start : 0,
                                .count = count > 0 ? count : 0,
                                .only = !strcmp(only, "named")     ? "named"
                                        : !strcmp(only, "indexed") ? "indexed"
                                                                   : "",
                                .hex = values_want_hex(arguments)};
    listing->handle.expression = memory_copy_text(found->expression);
    list(listing);
}
