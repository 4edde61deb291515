/* A pause, and what is said when it takes long: ptvsd stops a thread only when it runs Python.
 * Facts: features.md W19. */
#include "session.h"

#include "buf.h"
#include "memory.h"
#include "remote_ask.h"

#include <stdlib.h>
#include <string.h>

enum { LONG_MS = 500, STACKS_MS = 1000, NAMED_THREADS = 8 };

/* ---- names and places of running threads, version 8
 * --------------------------------------------- */

static const cJSON *entry_of(const cJSON *stacks, const struct thread *thread) {
    const cJSON *one;
    cJSON_ArrayForEach(one, stacks) if (json_int(one, "id", -1) == thread->ident) return one;
    return NULL;
}

const cJSON *session_stack_of(const cJSON *stacks, const struct thread *thread) {
    return json_array(entry_of(stacks, thread), "frames");
}

static void read_frame(cJSON *frames, char *row) {
    cJSON *frame = cJSON_CreateArray();
    for (int i = 0; i < 2; i++)
        cJSON_AddItemToArray(frame, cJSON_CreateString(remote_reply_field(&row)));
    cJSON_AddItemToArray(frame, cJSON_CreateNumber((double)remote_reply_number(&row)));
    cJSON_AddItemToArray(frames, frame);
}

static cJSON *read_stacks(char *rows) {
    cJSON *stacks = cJSON_CreateArray(), *frames = NULL;
    for (char *row; rows && (row = remote_reply_row(&rows));) {
        int64_t ident = remote_reply_number(&row);
        if (!ident && frames)
            read_frame(frames, row);
        if (!ident)
            continue;
        cJSON *one = cJSON_CreateObject();
        const char *name = remote_reply_field(&row);
        cJSON_AddNumberToObject(one, "id", (double)ident);
        if (*name)
            cJSON_AddStringToObject(one, "name", name);
        frames = cJSON_AddArrayToObject(one, "frames");
        cJSON_AddItemToArray(stacks, one);
    }
    return stacks;
}

cJSON *session_stacks_read(struct session *session, char *rows) {
    cJSON *stacks = read_stacks(rows);
    for (size_t i = 0; i < session->threads.count; i++) {
        struct thread *thread = session->threads.items[i];
        const char *name = json_text(entry_of(stacks, thread), "name");
        if (!name)
            continue;
        free(thread->name);
        thread->name = memory_copy_text(name);
    }
    return stacks;
}

/* " (in doze, sleeper.py line 14)", or nothing. The caller frees it. */
static char *place_of(const struct session *session, const cJSON *stack) {
    const cJSON *frame = cJSON_GetArrayItem(stack, 0);
    const char *function = cJSON_GetStringValue(cJSON_GetArrayItem(frame, 0));
    const char *file = cJSON_GetStringValue(cJSON_GetArrayItem(frame, 1));
    const cJSON *line = cJSON_GetArrayItem(frame, 2);
    if (!function || !file || !cJSON_IsNumber(line))
        return memory_copy_text("");
    return memory_format(" (in %s, %s line %lld)", function, pathmap_base(file),
                         (long long)session_line(session, line->valueint));
}

/* ---- the remark
 * ---------------------------------------------------------------------------------------- */

static bool still_waits(const struct session *session) {
    return session->pause_wanted &&
           (session->phase == SESSION_RUNNING || session->phase == SESSION_STOPPED);
}

static char *list_threads(const struct session *session, const cJSON *stacks) {
    struct buf list;
    buf_init(&list, SIZE_MAX);
    size_t count = 0;
    for (size_t i = 0; i < session->threads.count; i++) {
        const struct thread *thread = session->threads.items[i];
        if (debuggee_blocked(&session->debuggee, thread->ident) || ++count > NAMED_THREADS)
            continue;
        char *place = place_of(session, session_stack_of(stacks, thread));
        char *one = memory_format("%s%s%s", count > 1 ? ", " : "", thread->name, place);
        buf_append_text(&list, one);
        free(place);
        free(one);
    }
    if (count > NAMED_THREADS) {
        char *more = memory_format(" and %zu more", count - NAMED_THREADS);
        buf_append_text(&list, more);
        free(more);
    }
    char *text = count ? memory_copy_bytes(list.bytes, list.length) : NULL;
    buf_finish(&list);
    return text;
}

static void say_what_is_waited_for(struct session *session, const cJSON *stacks) {
    char *threads = list_threads(session, stacks);
    char *text = threads ? memory_format("Still inside native code: %s.", threads)
                         : memory_copy_text("ptvsd knows no thread that could stop.");
    client_note(&session->client, "console",
                "Nothing has stopped yet. %s The pause takes effect as soon as one of the "
                "program's threads runs Python again.",
                text);
    session_progress_show(session, &session->pause_progress, "Waiting for native code", text, 0);
    free(threads);
    free(text);
}

static void stacks_came(void *context, char *rows, const char *why) {
    struct session *session = context;
    if (!rows)
        log_line(session->log, LOG_INFO, "no stacks of the running threads: %s", why);
    if (!still_waits(session))
        return;
    cJSON *stacks = session_stacks_read(session, rows);
    say_what_is_waited_for(session, stacks);
    cJSON_Delete(stacks);
}

static void takes_long(uv_timer_t *timer) {
    struct session *session = timer->data;
    if (!still_waits(session))
        return;
    if (remote_while_running(session))
        remote_ask(session, NULL, REMOTE_STACKS, NULL, STACKS_MS, stacks_came, session);
    else
        say_what_is_waited_for(session, NULL);
}

void session_pause(struct session *session) {
    session->pause_wanted = true;
    debuggee_pause(&session->debuggee);
    uv_timer_start(&session->pause_timer, takes_long, LONG_MS, 0);
}

void session_pause_over(struct session *session) {
    uv_timer_stop(&session->pause_timer);
    session_progress_end(session, &session->pause_progress);
}
