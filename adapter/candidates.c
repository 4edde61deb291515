#include "candidates.h"

#include "inquiry.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MOST = 64 };

struct candidates {
    struct session *session; /* NULL: it was left */
    cJSON *arguments;        /* of the attach, but for the list */
    int64_t process;         /* the one that is wanted; 0: any */
    int count, open;
    struct candidate {
        struct candidates *all;
        const char *uri; /* in `list` */
        struct reach reach;
        struct inquiry inquiry;
    } items[CANDIDATES_MOST];
    cJSON *list;
};

static const char *list_name(const cJSON *arguments) {
    return cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(arguments, "uri")) ? "uri" : "qualifier";
}

bool candidates_given(const cJSON *arguments) {
    return cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(arguments, list_name(arguments)));
}

static void wipe(const cJSON *text) {
    if (cJSON_IsString(text))
        explicit_bzero(text->valuestring, strlen(text->valuestring));
}

static void destroy(struct candidates *all) {
    const cJSON *one;
    for (int i = 0; i < all->count; i++) {
        inquiry_finish(&all->items[i].inquiry);
        reach_finish(&all->items[i].reach);
    }
    cJSON_ArrayForEach(one, all->list) wipe(one);
    wipe(cJSON_GetObjectItemCaseSensitive(all->arguments, "uri"));
    wipe(cJSON_GetObjectItemCaseSensitive(all->arguments, "secret"));
    cJSON_Delete(all->list);
    cJSON_Delete(all->arguments);
    free(all);
}

/* ---- choosing ---------------------------------------------------------------------------------
 */

static bool answers(const struct candidate *one) {
    return !one->inquiry.failure;
}

static bool fits(const struct candidate *one) {
    int64_t wanted = one->all->process;
    return answers(one) && (!wanted || one->inquiry.greeting.pid == wanted);
}

/* Takes `text`, and `more`. */
static char *append(char *text, char *more) {
    char *both = memory_format("%s %s", text, more);
    free(text);
    free(more);
    return both;
}

static char *describe(const struct candidate *one) {
    const struct greeting *greeting = &one->inquiry.greeting;
    if (one->inquiry.speaks_dap)
        return memory_format("%s speaks the Debug Adapter Protocol.", one->inquiry.shown);
    return memory_format("%s is process %lld of %s, %s, %s.", one->inquiry.shown,
                         (long long)greeting->pid, *greeting->user ? greeting->user : "?",
                         greeting->interpreter, greeting->executable);
}

static char *explain_choice(const struct candidates *all, int fitting, int answering) {
    char *text =
        fitting ? memory_copy_text("Several of the addresses can be attached to. Choose one by "
                                   "\"processId\", or give its address alone as \"uri\".")
        : answering
            ? memory_format("At none of the addresses is process %lld.", (long long)all->process)
            : memory_format("None of the %d addresses can be attached to.", all->count);
    for (int i = 0; i < all->count; i++) {
        const struct candidate *one = &all->items[i];
        if (answers(one))
            text = append(text, describe(one));
        else if (!answering)
            text = append(text, memory_copy_text(one->inquiry.failure));
    }
    return text;
}

static int attach_to(struct candidates *all, const struct candidate *one, char *error,
                     size_t size) {
    cJSON_DeleteItemFromObjectCaseSensitive(all->arguments, "uri");
    cJSON_AddStringToObject(all->arguments, "uri", one->uri);
    return config_read(&all->session->config, all->arguments, error, size);
}

static void refuse(struct session *session, const char *text) {
    session->attach_waiting = false;
    client_fail(&session->client, session->attach_reply, "%s", text);
    session_enter(session, SESSION_INITIALIZED, "no address was chosen");
}

static void choose(struct candidates *all) {
    const struct candidate *chosen = NULL;
    int fitting = 0, answering = 0;
    char error[400];
    for (int i = 0; i < all->count; i++) {
        answering += answers(&all->items[i]);
        fitting += fits(&all->items[i]);
        if (fits(&all->items[i]))
            chosen = &all->items[i];
    }
    if (fitting != 1) {
        char *text = explain_choice(all, fitting, answering);
        refuse(all->session, text);
        free(text);
    } else if (attach_to(all, chosen, error, sizeof error) < 0) {
        refuse(all->session, error);
    } else {
        session_attach(all->session);
    }
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static void closed(void *context) {
    struct candidates *all = ((struct candidate *)context)->all;
    if (--all->open)
        return;
    if (all->session) {
        all->session->candidates = NULL;
        choose(all);
    }
    destroy(all);
}

static void ask_all(struct candidates *all) {
    all->open = all->count;
    for (int i = 0; i < all->count; i++)
        inquiry_start(&all->items[i].inquiry, all->session->loop, &all->items[i].reach,
                      (struct inquiry_owner){.context = &all->items[i], .closed = closed});
}

void candidates_abandon(struct session *session) {
    struct candidates *all = session->candidates;
    session->candidates = NULL;
    if (!all)
        return;
    all->session = NULL;
    for (int i = 0; i < all->count; i++)
        inquiry_abandon(&all->items[i].inquiry);
}

/* ---- the request ------------------------------------------------------------------------------
 */

/* Every address with all the other attributes, as if it were the only one. */
static int read_candidate(struct candidates *all, const cJSON *uri, struct dap_error *error) {
    struct candidate *one = &all->items[all->count];
    struct config config;
    if (!cJSON_IsString(uri))
        return dap_refuse(error, "\"uri\" must be an address, or a list of addresses.");
    *one = (struct candidate){.all = all, .uri = uri->valuestring};
    cJSON_DeleteItemFromObjectCaseSensitive(all->arguments, "uri");
    cJSON_AddStringToObject(all->arguments, "uri", one->uri);
    config_init(&config);
    if (config_read(&config, all->arguments, error->text, sizeof error->text) < 0)
        return -1;
    one->reach = config.reach;
    config.reach = (struct reach){0};
    config_finish(&config);
    all->count++;
    return 0;
}

static int read_all(struct candidates *all, const cJSON *arguments, struct dap_error *error) {
    const char *name = list_name(arguments);
    const cJSON *uri;
    all->arguments = cJSON_Duplicate(arguments, true);
    all->list = cJSON_DetachItemFromObjectCaseSensitive(all->arguments, name);
    int count = cJSON_GetArraySize(all->list);
    if (count < 1 || count > CANDIDATES_MOST)
        return dap_refuse(error, "\"%s\" must be an address, or a list of 1 to %d addresses.", name,
                          CANDIDATES_MOST);
    if (dap_want_int(arguments, "processId", &all->process, error) < 0)
        return -1;
    cJSON_ArrayForEach(uri, all->list) if (read_candidate(all, uri, error) < 0) return -1;
    return 0;
}

void candidates_ask(struct session *session, const struct request *request) {
    struct candidates *all = memory_new(sizeof *all);
    struct dap_error error;
    all->session = session;
    if (read_all(all, request->dap->arguments, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        destroy(all);
        return;
    }
    session->candidates = all;
    session->attach_reply = request->reply;
    session->attach_waiting = true;
    session_enter(session, SESSION_CONNECTING, "several addresses");
    ask_all(all);
}
