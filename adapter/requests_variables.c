/* What is inside: scopes, and the children of values. Locals came with the stack and cost nothing;
 * everything else is asked of the stopped thread. */
#include "requests.h"

#include "memory.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { CHILDREN_MS = 30000, MASK_MS = 3000 };

struct listing {
    struct session *session;
    struct reply reply;
    struct handle handle; /* its expression is a copy */
    int64_t start, count; /* count 0: all */
};

static void free_listing(struct listing *listing) {
    free(listing->handle.expression);
    free(listing);
}

static void respond(struct listing *listing, cJSON *all) {
    cJSON *body = cJSON_CreateObject();
    cJSON *page = cJSON_AddArrayToObject(body, "variables");
    int64_t index = 0, end = listing->count ? listing->start + listing->count : INT64_MAX;
    while (all->child) {
        cJSON *one = cJSON_DetachItemViaPointer(all, all->child);
        if (index >= listing->start && index < end)
            cJSON_AddItemToArray(page, one);
        else
            cJSON_Delete(one);
        index++;
    }
    cJSON_Delete(all);
    client_respond(&listing->session->client, listing->reply, body);
    free_listing(listing);
}

static void refuse(struct listing *listing, const char *why) {
    client_fail(&listing->session->client, listing->reply, "%s", why);
    free_listing(listing);
}

static const struct wire_frame *frame_of(const struct session *session,
                                         const struct handle *handle) {
    const struct thread *thread = threads_find(&session->threads, handle->thread);
    return thread && handle->frame < thread->frame_count ? &thread->frames[handle->frame] : NULL;
}

static void ask(struct listing *listing, enum wire_command_type type, const char *text,
                bool expandable, unsigned timeout_ms, debuggee_answer *answer) {
    const struct wire_frame *frame = frame_of(listing->session, &listing->handle);
    struct wire_command command = {
        .type = type,
        .execute = {.thread = listing->handle.thread,
                    .frame = (int64_t)listing->handle.frame,
                    .frame_kind = frame ? frame->kind : WIRE_FRAME_PYTHON,
                    .text = text}};
    debuggee_ask(&listing->session->debuggee, &command, expandable, timeout_ms, answer, listing);
}

/* ---- locals
 * ----------------------------------------------------------------------------------------- */

static void respond_locals(struct listing *listing, const struct wire_frame *frame,
                           const char *mask) {
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < frame->variable_count; i++) {
        const struct wire_variable *variable = &frame->variables[i];
        if (wire_undefined(&variable->object) || (mask && mask[i] == '0'))
            continue;
        const char *name = variable->name ? variable->name : "?";
        const char *expression = values_is_name(name) ? name : NULL;
        cJSON_AddItemToArray(all, values_show_variable(listing->session, &listing->handle, name,
                                                       expression, &variable->object));
    }
    respond(listing, all);
}

static void mask_answered(void *context, const struct wire_event *answer, const char *why) {
    struct listing *listing = context;
    const struct wire_frame *frame = frame_of(listing->session, &listing->handle);
    if (!frame || listing->session->phase != SESSION_STOPPED) {
        refuse(listing, why ? why : "The stop is over.");
        return;
    }
    if (answer)
        used_globals_learn(&listing->session->used_globals, frame,
                           answer->type == WIRE_RESULT ? answer->object.repr : NULL);
    respond_locals(listing, frame, used_globals_find(&listing->session->used_globals, frame));
}

static void list_locals(struct listing *listing) {
    const struct wire_frame *frame = frame_of(listing->session, &listing->handle);
    const char *mask = used_globals_find(&listing->session->used_globals, frame);
    char *question = mask ? NULL : used_globals_question(frame);
    if (question)
        ask(listing, WIRE_EXECUTE, question, false, MASK_MS, mask_answered);
    else
        respond_locals(listing, frame, mask);
    free(question);
}

/* ---- children
 * ------------------------------------------------------------------------------------------ */

static void respond_children(struct listing *listing, const struct wire_children *children) {
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < children->count; i++) {
        const struct wire_variable *child = &children->children[i];
        char *expression = values_child_expression(listing->handle.expression, children, i);
        const char *name = child->name ? child->name : "?";
        cJSON_AddItemToArray(all, values_show_variable(listing->session, &listing->handle, name,
                                                       expression, &child->object));
        free(expression);
    }
    respond(listing, all);
}

/* globals() and the exception's dict: their keys are the names, the dict's own attributes are
 * noise. */
static void respond_items(struct listing *listing, const struct wire_children *children) {
    bool globals = listing->handle.kind == HANDLE_GLOBALS;
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < children->count; i++) {
        const struct wire_variable *child = &children->children[i];
        char *name = values_key(child->name);
        if (!name || (globals && !strncmp(name, "__", 2))) {
            free(name);
            continue;
        }
        char *expression = globals && values_is_name(name)
                               ? memory_copy_text(name)
                               : values_child_expression(listing->handle.expression, children, i);
        cJSON_AddItemToArray(all, values_show_variable(listing->session, &listing->handle, name,
                                                       expression, &child->object));
        free(name);
        free(expression);
    }
    respond(listing, all);
}

static void children_answered(void *context, const struct wire_event *answer, const char *why) {
    struct listing *listing = context;
    if (!answer || answer->type != WIRE_CHILDREN_ARE)
        refuse(listing, why ? why : "ptvsd gave no list of children.");
    else if (listing->session->phase != SESSION_STOPPED)
        refuse(listing, "The stop is over.");
    else if (listing->handle.kind == HANDLE_CHILDREN)
        respond_children(listing, &answer->children);
    else
        respond_items(listing, &answer->children);
}

static void list_children(struct listing *listing, const char *expression) {
    ask(listing, WIRE_CHILDREN, expression, true, CHILDREN_MS, children_answered);
}

static void list_exception(struct listing *listing) {
    const struct thread *thread = threads_find(&listing->session->threads, listing->handle.thread);
    if (thread->stop.value) {
        listing->handle.expression = memory_copy_text(thread->stop.value);
        list_children(listing, thread->stop.value);
        return;
    }
    cJSON *all = cJSON_CreateArray();
    struct wire_object type = {.repr = thread->stop.exception, .type = "str"};
    struct wire_object message = {.repr = thread->stop.message, .type = "str"};
    cJSON_AddItemToArray(
        all, values_show_variable(listing->session, &listing->handle, "type", NULL, &type));
    cJSON_AddItemToArray(
        all, values_show_variable(listing->session, &listing->handle, "message", NULL, &message));
    respond(listing, all);
}

static void list_globals(struct listing *listing) {
    listing->handle.expression = memory_copy_text("globals()");
    list_children(listing, "globals()");
}

/* ---- the request
 * ------------------------------------------------------------------------------------- */

static void list(struct listing *listing) {
    switch (listing->handle.kind) {
    case HANDLE_LOCALS:
        list_locals(listing);
        break;
    case HANDLE_GLOBALS:
        list_globals(listing);
        break;
    case HANDLE_EXCEPTION:
        list_exception(listing);
        break;
    case HANDLE_CHILDREN:
        list_children(listing, listing->handle.expression);
        break;
    case HANDLE_FRAME:
        refuse(listing, "This is the number of a frame, not of variables.");
        break;
    }
}

void requests_variables(struct session *session, const struct request *request) {
    int64_t reference = 0, start = 0, count = 0;
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_need_int(arguments, "variablesReference", &reference, &error) < 0 ||
        dap_want_int(arguments, "start", &start, &error) < 0 ||
        dap_want_int(arguments, "count", &count, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct handle *found = handles_find(&session->handles, reference);
    if (!found || !frame_of(session, found)) {
        client_fail(&session->client, request->reply,
                    "variablesReference %lld belongs to a stop that is over.",
                    (long long)reference);
        return;
    }
    struct listing *listing = memory_new(sizeof *listing);
    *listing = (struct listing){session, request->reply, *found, start, count > 0 ? count : 0};
    listing->handle.expression = memory_copy_text(found->expression);
    list(listing);
}
