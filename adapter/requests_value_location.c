/* locations: where the function or class is defined that a value is. Nothing is looked for until
 * the editor asks. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { LOCATION_MS = 15000 };

/* ---- the reference --------------------------------------------------------------------------- */

static bool has_definition(const char *type) {
    static const char *const types[] = {"function", "method", "instancemethod", "partial"};
    return presentation_is_one_of(type, types, sizeof types / sizeof *types) ||
           presentation_is_class(type);
}

void session_add_value_location(struct session *session, cJSON *shown, const struct handle *where,
                                const char *expression, const struct wire_object *object) {
    if (expression && *expression && has_definition(object->type))
        cJSON_AddNumberToObject(shown, "valueLocationReference",
                                handles_add(&session->handles, HANDLE_LOCATION, where->thread,
                                            where->frame, expression));
}

/* ---- the request ----------------------------------------------------------------------------- */

struct location_call {
    struct session *session;
    struct reply reply;
};

static const char *why_none(const char *word) {
    if (!strcmp(word, "builtin"))
        return "this is built in: it has no source.";
    return "the text of its module has no such class: it was made while the program ran, or the "
           "text is not there.";
}

/* A row: file and line; or nothing and why. */
static void location_came(void *context, char *rows, const char *why) {
    struct location_call call = *(struct location_call *)context;
    free(context);
    struct client *client = &call.session->client;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    const char *file = row ? remote_reply_field(&row) : "";
    if (*file) {
        int64_t line = remote_reply_number(&row);
        cJSON *body = cJSON_CreateObject();
        cJSON_AddItemToObject(body, "source", session_show_source(call.session, file));
        cJSON_AddNumberToObject(body, "line", (double)session_line(call.session, line));
        client_respond(client, call.reply, body);
    } else {
        client_fail(client, call.reply, "There is no definition to show: %s",
                    row   ? why_none(remote_reply_field(&row))
                    : why ? why
                          : "ptvsd gave no answer.");
    }
}

void requests_locations(struct session *session, const struct request *request) {
    int64_t reference = 0;
    struct dap_error error;
    if (dap_need_int(request->dap->arguments, "locationReference", &reference, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct handle *found = handles_find(&session->handles, reference);
    if (!found || !remote_frame(session, found)) {
        client_fail(&session->client, request->reply,
                    "locationReference %lld belongs to a stop that is over.", (long long)reference);
        return;
    }
    if (found->kind != HANDLE_LOCATION) {
        client_fail(&session->client, request->reply,
                    "This is the number of a frame or of variables, not of a location.");
        return;
    }
    struct location_call *call = memory_new(sizeof *call);
    *call = (struct location_call){session, request->reply};
    char *expression = literal_text(found->expression);
    char *arguments = memory_format("'expression': %s", expression);
    remote_ask(session, found, REMOTE_LOCATION, arguments, LOCATION_MS, location_came, call);
    free(expression);
    free(arguments);
}
