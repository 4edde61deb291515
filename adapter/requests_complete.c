/* completions: the words that a program in the debuggee finds. Positions are in UTF-16 units. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { COMPLETE_MS = 5000 };

struct completion {
    struct session *session;
    struct reply reply;
    int64_t column; /* of the cursor, from 0, as every client and debugpy take `start` */
};

/* UTF-16 units of the character at `at`, and its bytes. */
static int units_of(const char *at, size_t *bytes) {
    unsigned char first = (unsigned char)*at;
    *bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return *bytes == 4 ? 2 : 1;
}

static int64_t units_in(const char *text) {
    int64_t units = 0;
    for (size_t bytes; *text; text += bytes)
        units += units_of(text, &bytes);
    return units;
}

/* The part of the line before so many units; `*units` becomes less when the line is shorter. */
static char *text_before(const char *text, int64_t line, int64_t *units) {
    for (; line > 0 && text; line--) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    const char *end = text ? text : "";
    const char *start = end;
    int64_t passed = 0;
    for (size_t bytes; *end && *end != '\n' && passed < *units; end += bytes)
        passed += units_of(end, &bytes);
    *units = passed;
    return memory_copy_bytes(start, (size_t)(end - start));
}

static void answered(void *context, char *rows, const char *why) {
    struct completion *completion = context;
    struct client *client = &completion->session->client;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!row) {
        client_fail(client, completion->reply, "%s", why ? why : "ptvsd gave no answer.");
        free(completion);
        return;
    }
    int64_t length = units_in(remote_reply_field(&row));
    cJSON *body = cJSON_CreateObject();
    cJSON *targets = cJSON_AddArrayToObject(body, "targets");
    while ((row = remote_reply_row(&rows))) {
        cJSON *target = cJSON_CreateObject();
        cJSON_AddStringToObject(target, "label", remote_reply_field(&row));
        cJSON_AddStringToObject(target, "type", remote_reply_field(&row));
        cJSON_AddNumberToObject(target, "start", (double)(completion->column - length));
        cJSON_AddNumberToObject(target, "length", (double)length);
        cJSON_AddItemToArray(targets, target);
    }
    client_respond(client, completion->reply, body);
    free(completion);
}

void requests_completions(struct session *session, const struct request *request) {
    const char *text = NULL;
    int64_t column = 0, line = session->line_base, base = session->editor.column_base;
    struct handle where = {0}; /* the main module */
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_need_text(arguments, "text", &text, &error) < 0 ||
        dap_need_int(arguments, "column", &column, &error) < 0 ||
        dap_want_int(arguments, "line", &line, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    if (!requests_in_module(session, request) && requests_find_frame(session, request, &where) < 0)
        return;
    int64_t units = column - base;
    char *before = text_before(text, line - session->line_base, &units);
    char *literal = literal_text(before);
    char *program_arguments = memory_format("'text': %s", literal);
    struct completion *completion = memory_new(sizeof *completion);
    *completion = (struct completion){session, request->reply, units};
    remote_ask(session, &where, REMOTE_COMPLETIONS, program_arguments, COMPLETE_MS, answered,
               completion);
    free(before);
    free(literal);
    free(program_arguments);
}
