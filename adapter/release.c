#include "release.h"

#include "explain.h"
#include "memory.h"
#include "options.h"
#include "parting.h"
#include "reach_options.h"
#include "remote.h"
#include "repl.h"
#include "stream.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPL_MS = 15000, GARBLED_MS = 2000, LEAVE_MS = 200, IN_LIMIT = 16 << 20 };

/* Version 7, too, still has the binary wire's module name. */
static const char debugger_module[] = "ptvsd.visualstudio_py_debugger";
static const char mark[] = "ptvsd-dap: ";

/* A REPL that merely loses its client interrupts the program: it must be told to end. */
static const char disconnect[] =
    "if DebuggerLoop.instance.repl_backend.disconnect_from_debugger(): pass\n";

enum release_step {
    RELEASE_GREETING,
    RELEASE_RUNNING,
    RELEASE_GARBLED,   /* running, but what comes cannot be told apart */
    RELEASE_GIVING_UP, /* `disconnect` was sent */
    RELEASE_LEAVING,
    RELEASE_OVER
};

struct release {
    uv_loop_t loop;
    uv_timer_t timer;
    struct stream *stream;
    struct reach reach;
    char *shown;
    struct greeting greeting;
    struct buf in, out;
    struct arena arena;
    enum release_step step;
    char answer[160]; /* what the program that was executed said, "" before */
    int status;
};

/* ---- the end ------------------------------------------------------------------------------- */

static void over(struct release *release) {
    release->step = RELEASE_OVER;
    parting_before_attach(&release->loop, release->stream, &release->greeting,
                          (struct parting_owner){NULL, NULL});
    release->stream = NULL;
    if (!uv_is_closing((uv_handle_t *)&release->timer))
        uv_close((uv_handle_t *)&release->timer, NULL);
}

static void fail(struct release *release, enum failure failure, const char *detail) {
    bool nothing_to_do = failure == FAILURE_NOT_DEBUGGED;
    struct failure_facts facts =
        explain_facts(failure, detail, &release->reach, release->shown, &release->greeting);
    char *text = explain(&facts);
    fprintf(nothing_to_do ? stdout : stderr, "%s%s\n", nothing_to_do ? "" : "ptvsd-dap: ", text);
    free(text);
    release->status = nothing_to_do ? EXIT_SUCCESS : EXIT_FAILURE;
    over(release);
}

static void conclude(struct release *release) {
    if (!strcmp(release->answer, "freed")) {
        printf("%s was freed: the program runs on, and a debugger can attach again.\n",
               release->shown);
        release->status = EXIT_SUCCESS;
    } else {
        fprintf(stderr,
                "ptvsd-dap: %s let us in, but the program could not be freed (%s). Restart it.\n",
                release->shown, *release->answer ? release->answer : "no answer");
    }
    over(release);
}

/* Version 7 accepts, and then finds that its REPL is gone with the debugger's connection. */
static void not_a_repl(struct release *release) {
    if (release->greeting.version >= 7)
        fail(release, FAILURE_NO_REPL, NULL);
    else
        fail(release, FAILURE_BROKEN_WIRE, "this is not ptvsd's REPL");
}

static void time_is_up(uv_timer_t *timer) {
    struct release *release = timer->data;
    if (release->step == RELEASE_GARBLED) {
        not_a_repl(release);
        return;
    }
    stream_close(release->stream); /* no use to wait on */
    release->stream = NULL;
    if (release->step == RELEASE_GREETING)
        fail(release, FAILURE_SILENT, NULL);
    else
        conclude(release);
}

static void wait_for(struct release *release, unsigned ms) {
    uv_timer_start(&release->timer, time_is_up, ms, 0);
}

static void flush(struct release *release, struct buf *out) {
    if (out->length)
        stream_send(release->stream, out->bytes, out->length);
    buf_clear(out);
}

/* ---- the REPL -------------------------------------------------------------------------------- */

/* One statement, whose value nobody prints: the drop guard, which knows how, then the release. */
static void run(struct release *release) {
    release->step = RELEASE_RUNNING;
    wait_for(release, REPL_MS);
    char *guard = remote_text(REMOTE_DROP_GUARD, NULL);
    char *free_it = remote_text(REMOTE_RELEASE, NULL);
    char *statement = memory_format("if (%s, %s)[2:]: pass\n", guard, free_it);
    repl_set_module(&release->out, debugger_module);
    repl_run(&release->out, statement);
    flush(release, &release->out);
    free(statement);
    free(free_it);
    free(guard);
}

static void keep_answer(struct release *release, const char *output) {
    if (!output || strncmp(output, mark, strlen(mark)))
        return;
    output += strlen(mark);
    snprintf(release->answer, sizeof release->answer, "%.*s", (int)strcspn(output, "\n"), output);
}

static void give_up(struct release *release) {
    release->step = RELEASE_GIVING_UP;
    wait_for(release, LEAVE_MS);
    repl_run(&release->out, disconnect);
    flush(release, &release->out);
}

/* The REPL's reader waits for one more command before it sees that it is to end. */
static void leave(struct release *release) {
    release->step = RELEASE_LEAVING;
    repl_nudge(&release->out);
    flush(release, &release->out);
    wait_for(release, LEAVE_MS);
}

/* On Python 2 a piece of what the REPL says first can be missing: its writer gives up with "timed
 * out" if its reader sets the socket's time limit just then. What was sent to it is executed all
 * the same, and the answer comes in one piece. */
static void seek_answer(struct release *release) {
    struct buf *in = &release->in;
    const char *at = in->length ? memmem(in->bytes, in->length, mark, strlen(mark)) : NULL;
    const char *end = at ? memchr(at, '\n', in->length - (size_t)(at - in->bytes)) : NULL;
    if (end) {
        keep_answer(release, at);
        leave(release);
    } else if (release->step == RELEASE_GARBLED && !at && in->length >= strlen(mark)) {
        buf_consume(in, in->length - strlen(mark) + 1);
    }
}

static void take_garbled(struct release *release) {
    if (release->greeting.version >= 7) {
        not_a_repl(release);
        return;
    }
    if (release->step == RELEASE_RUNNING)
        wait_for(release, GARBLED_MS);
    release->step = RELEASE_GARBLED;
    seek_answer(release);
}

static bool is_in_repl(const struct release *release) {
    return release->step == RELEASE_RUNNING || release->step == RELEASE_GIVING_UP;
}

static void take_events(struct release *release) {
    struct repl_event event;
    int found;
    while (is_in_repl(release) &&
           (found = repl_decode(&release->in, &release->arena, &event)) != 0) {
        if (found < 0) {
            take_garbled(release);
            return;
        }
        if (event.type == REPL_OUTPUT)
            keep_answer(release, event.text);
        else if (event.type == REPL_FAILED && release->step == RELEASE_RUNNING)
            give_up(release);
        else if (event.type == REPL_DONE || event.type == REPL_FAILED)
            leave(release);
        arena_reset(&release->arena);
    }
    if (release->step == RELEASE_RUNNING)
        seek_answer(release); /* a length that is none waits for more */
}

/* ---- the stream ------------------------------------------------------------------------------ */

static void greet(struct release *release, const char *bytes, size_t length) {
    struct greeting *greeting = &release->greeting;
    enum greeting_result result = GREETING_BROKEN;
    if (buf_append(&greeting->in, bytes, length) == 0)
        result = greeting_feed(greeting);
    flush(release, &greeting->out);
    if (result == GREETING_ATTACHED) {
        buf_append(&release->in, greeting->in.bytes, greeting->in.length);
        run(release);
        take_events(release);
    } else if (result != GREETING_GOES_ON) {
        fail(release, explain_greeting(result),
             result == GREETING_SPEAKS_DAP ? greeting->release : greeting->heard);
    }
}

static void stream_ready(void *context) {
    (void)context;
}

static void stream_data(void *context, const char *bytes, size_t length) {
    struct release *release = context;
    if (release->step == RELEASE_GREETING) {
        greet(release, bytes, length);
    } else if (is_in_repl(release) || release->step == RELEASE_GARBLED) {
        if (buf_append(&release->in, bytes, length) < 0)
            fail(release, FAILURE_BROKEN_WIRE, "a message without end");
        else if (release->step == RELEASE_GARBLED)
            seek_answer(release);
        else
            take_events(release);
    }
}

static void stream_closed(void *context, enum stream_end end, const char *detail) {
    struct release *release = context;
    release->stream = NULL;
    if (release->step == RELEASE_LEAVING) {
        conclude(release);
    } else if (release->step == RELEASE_GREETING && (end == STREAM_ENDED || end == STREAM_RESET)) {
        enum greeting_result result = greeting_closed(&release->greeting);
        fail(release, explain_greeting(result), release->greeting.heard);
    } else {
        fail(release, explain_stream_end(end), detail);
    }
}

static void noted(void *context, bool important, const char *text) {
    (void)context, (void)important;
    fprintf(stderr, "ptvsd-dap: %s\n", text);
}

/* ---- the command ----------------------------------------------------------------------------- */

static void start(struct release *release) {
    uv_loop_init(&release->loop);
    uv_timer_init(&release->loop, &release->timer);
    release->timer.data = release;
    wait_for(release, stream_way_ms(&release->reach) + reach_tcp_ms(&release->reach.tcp));
    release->stream = stream_create(&release->loop, &release->reach);
    stream_listen(release->stream, noted);
    stream_start(release->stream,
                 (struct stream_owner){release, stream_ready, stream_data, stream_closed});
    uv_run(&release->loop, UV_RUN_DEFAULT);
    uv_loop_close(&release->loop);
}

static void finish(struct release *release) {
    greeting_finish(&release->greeting);
    buf_finish(&release->in);
    buf_finish(&release->out);
    arena_finish(&release->arena);
    free(release->shown);
    reach_finish(&release->reach);
}

int release_run(const struct options *options) {
    struct release release = {.status = EXIT_FAILURE};
    struct dap_error error;
    if (reach_read_options(&release.reach, options->reach, options->words[0], &error) < 0) {
        fprintf(stderr, "ptvsd-dap: %s\n", error.text);
        return EXIT_FAILURE;
    }
    release.shown = address_show(&release.reach.address);
    greeting_init(&release.greeting, release.reach.address.secret, NULL);
    release.greeting.purpose = GREETING_TO_REPL;
    buf_init(&release.in, IN_LIMIT);
    buf_init(&release.out, IN_LIMIT);
    arena_init(&release.arena);
    start(&release);
    finish(&release);
    return release.status;
}
