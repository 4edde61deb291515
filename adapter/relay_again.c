/* What a target that comes back has to be told once more, and the threads that went with the last
 * one. The editor has configured its session once, and does not do it again. */
#include "relay_parts.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- the configuration ----------------------------------------------------------------------- */

struct relay_kept {
    struct relay_kept *next;
    char *command, *source; /* breakpoints of one file replace each other; "" for other requests */
    char *arguments;
};

static bool is_kept(const char *command) {
    static const char *const names[] = {"setBreakpoints", "setFunctionBreakpoints",
                                        "setExceptionBreakpoints", "setDebuggerProperty",
                                        "setPydevdSourceMap"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(command, names[i]))
            return true;
    return false;
}

static struct relay_kept *find(struct relay *relay, const char *command, const char *source) {
    struct relay_kept **end = &relay->kept;
    for (; *end; end = &(*end)->next)
        if (!strcmp((*end)->command, command) && !strcmp((*end)->source, source))
            return *end;
    *end = memory_new(sizeof **end);
    (*end)->command = memory_copy_text(command);
    (*end)->source = memory_copy_text(source);
    return *end;
}

void relay_remember(struct relay *relay, const struct dap_request *request) {
    if (!is_kept(request->command))
        return;
    struct span arguments = members_find(request->text, request->length, "arguments");
    const char *path = json_text(json_object(request->arguments, "source"), "path");
    struct relay_kept *one = find(relay, request->command, path ? path : "");
    free(one->arguments);
    one->arguments =
        arguments.at ? memory_copy_bytes(arguments.at, arguments.length) : memory_copy_text("{}");
}

void relay_tell_again(struct relay *relay, void (*send)(struct relay *relay, const char *command,
                                                        const char *arguments)) {
    for (const struct relay_kept *one = relay->kept; one; one = one->next)
        send(relay, one->command, one->arguments);
    send(relay, "configurationDone", "{}");
}

void relay_forget_kept(struct relay *relay) {
    while (relay->kept) {
        struct relay_kept *one = relay->kept;
        relay->kept = one->next;
        free(one->command);
        free(one->source);
        free(one->arguments);
        free(one);
    }
    relay->thread_count = 0;
}

/* ---- threads --------------------------------------------------------------------------------- */

void relay_note_thread(struct relay *relay, const struct envelope *envelope) {
    struct span body = envelope->body;
    int64_t id = span_int(members_find(body.at, body.length, "threadId"), 0);
    bool started = span_is_text(members_find(body.at, body.length, "reason"), "started");
    size_t at = 0;
    while (at < relay->thread_count && relay->threads[at] != id)
        at++;
    if (at < relay->thread_count && !started)
        relay->threads[at] = relay->threads[--relay->thread_count];
    else if (at == relay->thread_count && started && at < RELAY_THREADS)
        relay->threads[relay->thread_count++] = id;
}

void relay_lost(struct relay *relay) {
    if (!relay->running && relay->thread_count) /* as session_lost() does, for nvim-dap */
        client_continued(relay->client, relay->threads[0]);
    for (size_t i = 0; i < relay->thread_count; i++)
        client_thread(relay->client, relay->threads[i], "exited");
    relay->thread_count = 0;
}
