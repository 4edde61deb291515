/* The editor: DAP messages in and out, over stdio or a socket. Output text is gathered, so that a
 * program that prints a word at a time does not cost an event a word; everything else first sends
 * what was gathered, which keeps the order. When the editor reads slowly, output waits here up to a
 * limit and is then dropped, oldest first, with a visible note; nothing else is ever dropped. */
#ifndef CLIENT_H
#define CLIENT_H

#include "buf.h"
#include "dap.h"
#include "habits.h"
#include "log.h"

#include <stdbool.h>
#include <uv.h>

struct client_owner {
    void *context;
    /* Any message first; true: it is taken, and request() is not called. May be NULL. */
    bool (*message)(void *context, const char *text, size_t length);
    void (*request)(void *context, const struct dap_request *request);
    void (*answered)(void *context, int64_t seq); /* a request of its, in whatever way */
    void (*gone)(void *context, const char *why); /* once; nothing is told afterwards */
};

struct client {
    uv_loop_t *loop;
    struct log *log;
    struct client_owner owner;
    union {
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tty_t tty;
        uv_tcp_t tcp;
    } input, output;
    bool input_open, output_open; /* a socket is `input` alone */
    bool reading;
    uv_stream_t *to;         /* where the editor listens */
    uv_timer_t output_timer; /* until what is gathered is sent; in the end, until all is closed */
    struct buf in;
    int64_t next_seq;
    struct buf out;  /* what a request that is being handled has sent so far: the debuggee's part
                      * leaves first, it has the longer way */
    bool answering;  /* … while this is set */
    struct buf text; /* gathered output … */
    const char *category;        /* … of this category, a constant */
    const struct habits *habits; /* of the editor, when it has told who it is */
    size_t skipped;              /* bytes of output dropped since the last note */
    int handles_closing;
    size_t unsent; /* at the last client_is_read() */
    bool gone, closing;
    void (*closed)(void *context);
    char bytes[64 * 1024];
};

/* From here on the client must not move or be freed before client_close() has called back. */
void client_init(struct client *client, uv_loop_t *loop, struct log *log,
                 struct client_owner owner);

/* Takes stdin and stdout over. 0, or -1 if they are nothing that DAP can run over. */
int client_open_stdio(struct client *client);

/* Takes over the connection that waits at a listener, a uv_tcp_t or uv_pipe_t. 0 or -1. */
int client_accept(struct client *client, uv_stream_t *listener);

/* The descriptor of that connection. */
int client_socket(const struct client *client);

/* The editor is not wanted, or no longer there: nothing more is sent to it. */
void client_drop(struct client *client);

/* Is there something that the editor has not read, and has it read some since this was asked
 * before? */
bool client_is_read(struct client *client);

/* Sends everything, as long as the editor reads it (two seconds without are enough), closes, then
 * calls `closed`. */
void client_close(struct client *client, void (*closed)(void *context));

/* A request that is still to be answered. `command` lives for ever (a row of the request table). */
struct reply {
    int64_t seq;
    const char *command;
};

/* These take `body` over; NULL for none. */
void client_respond(struct client *client, struct reply reply, cJSON *body);
void client_event(struct client *client, const char *event, cJSON *body);

/* `thread`: "started" or "exited". */
void client_thread(struct client *client, int64_t thread, const char *reason);

/* `continued`: that thread, and all others, by themselves. */
void client_continued(struct client *client, int64_t thread);

/* Is the editor to be told of such an event? client_event() looks itself. */
bool client_wants(const struct client *client, const char *event);

/* Asks the editor for something; the seq that its answer names. */
int64_t client_ask(struct client *client, const char *command, cJSON *arguments);

void client_fail(struct client *client, struct reply reply, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with an object of texts for programs, which it takes over; NULL: none. */
void client_fail_with(struct client *client, struct reply reply, cJSON *variables,
                      const char *text);

/* Passes on a message of a server that speaks DAP itself, under a seq of our own, which it gives
 * (see envelope_renumber() for `request_seq`); -1 when the text is no JSON object. A message that
 * is only `output` may be dropped as our own is. */
int64_t client_pass(struct client *client, const char *text, size_t length, int64_t request_seq,
                    bool output);

/* Output of the program. The category is a constant text. */
void client_output(struct client *client, const char *category, const char *text);

/* A line of our own, in category "console" or "important". */
void client_note(struct client *client, const char *category, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One in category "console" about a DAP Source, for which `data` says more to programs; it takes
 * both over. */
void client_note_about(struct client *client, cJSON *source, cJSON *data, const char *text);

#endif
