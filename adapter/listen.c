#include "listen.h"

#include "end_signals.h"
#include "last_words.h"
#include "launch.h"
#include "listen_token.h"
#include "listen_unix.h"
#include "memory.h"
#include "peer_user.h"
#include "session.h"
#include "socket_address.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
    BACKLOG = 1024, /* a connection beyond it waits for a second */
    GUESTS_MOST = 256,
    STRANGERS_MOST = 64, /* of them, who have not begun yet */
    BEGIN_S = 10
};

static const char unix_scheme[] = "unix:";

/* An editor, from when it connects. */
struct guest {
    struct guest *next;
    struct listener *listener;
    struct session session;
    struct log log;
    char name[16]; /* in the log */
    uv_timer_t deadline;
    bool has_shown_token, leaving;
};

struct listener {
    uv_loop_t loop;
    struct log *log;
    union {
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_check_t waiting;              /* somebody is, at the socket */
    struct sockaddr_storage address; /* of the first … */
    const char *path;                /* … or of the second; else NULL */
    struct end_signals signals;
    char *token; /* NULL: none is asked for */
    uint64_t begin_ms;
    struct guest *guests; /* the newest first */
    int guest_count, guests_ever;
    bool kernel_answers; /* whose a connection is */
    bool ending;
};

/* ---- guests ---------------------------------------------------------------------------------- */

/* What the peak of many sessions took shall not be kept for ever. */
static void give_memory_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static void destroy(uv_handle_t *handle) {
    struct guest *guest = handle->data;
    struct listener *listener = guest->listener;
    struct guest **at = &listener->guests;
    while (*at != guest)
        at = &(*at)->next;
    *at = guest->next;
    free(guest);
    give_memory_back();
    listener->guest_count--;
    if (listener->ending && !listener->guests)
        end_signals_close(&listener->signals);
}

static void closed(void *context) {
    struct guest *guest = context;
    uv_close((uv_handle_t *)&guest->deadline, destroy);
}

/* Without an answer: it may be the page of a browser that waits for it. */
static void send_away(struct guest *guest, const char *why) {
    guest->leaving = true;
    log_line(&guest->log, LOG_WARNING, "sent away: %s", why);
    client_drop(&guest->session.client);
    session_quit(&guest->session, why);
}

static bool has_begun(const struct guest *guest) {
    if (guest->listener->token)
        return guest->has_shown_token;
    return guest->session.phase > SESSION_WAITING;
}

static void begins_late(uv_timer_t *timer) {
    struct guest *guest = timer->data;
    if (!has_begun(guest) && !guest->leaving)
        send_away(guest, "it did not begin in time");
}

static int admit(void *context, const cJSON *arguments, struct dap_error *error) {
    struct guest *guest = context;
    if (!guest->listener->token)
        return 0;
    if (listen_token_check(guest->listener->token, arguments, error) < 0) {
        log_line(&guest->log, LOG_WARNING, "an attach without the token");
        return -1;
    }
    guest->has_shown_token = true;
    return 0;
}

/* NULL, or why it is not let in. */
static const char *refusal(const struct guest *guest) {
    struct listener *listener = guest->listener;
    uid_t user;
    if (listener->guest_count > GUESTS_MOST)
        return "there are too many already";
    if (listener->token)
        return NULL;
    if (peer_user(client_socket(&guest->session.client), &user, &listener->kernel_answers) < 0)
        return "whose process it is cannot be known";
    return user == geteuid() ? NULL : "it is another user's";
}

/* Nobody keeps others out by connecting often and saying nothing. */
static void make_room(struct listener *listener) {
    struct guest *oldest = NULL;
    int strangers = 0;
    for (struct guest *guest = listener->guests; guest; guest = guest->next)
        if (!guest->leaving && !has_begun(guest)) {
            oldest = guest;
            strangers++;
        }
    if (strangers > STRANGERS_MOST)
        send_away(oldest, "others wait, and it says nothing");
}

static void welcome(struct listener *listener) {
    struct guest *guest = memory_new(sizeof *guest);
    guest->listener = listener;
    snprintf(guest->name, sizeof guest->name, "%d", ++listener->guests_ever);
    guest->log = *listener->log;
    guest->log.who = guest->name;
    guest->next = listener->guests;
    listener->guests = guest;
    listener->guest_count++;
    uv_timer_init(&listener->loop, &guest->deadline);
    guest->deadline.data = guest;
    uv_timer_start(&guest->deadline, begins_late, listener->begin_ms, 0);
    struct session_owner owner = {guest, admit, closed};
    if (session_start(&guest->session, &listener->loop, &guest->log, owner,
                      &listener->socket.stream) < 0) {
        guest->leaving = true; /* it has left already */
        return;
    }
    log_line(&guest->log, LOG_INFO, "an editor connects");
    const char *why = refusal(guest);
    if (why)
        send_away(guest, why);
    else
        make_room(listener);
}

/* One by one: libuv would go on accepting for as long as they come, and serve nobody else. */
static void somebody_waits(uv_check_t *waiting) {
    uv_check_stop(waiting);
    welcome(waiting->data);
}

static void somebody_comes(uv_stream_t *stream, int status) {
    struct listener *listener = stream->data;
    if (!status)
        uv_check_start(&listener->waiting, somebody_waits);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void end(struct listener *listener) {
    struct guest *next;
    listener->ending = true;
    uv_close((uv_handle_t *)&listener->socket.stream, NULL);
    uv_close((uv_handle_t *)&listener->waiting, NULL);
    if (!listener->guests)
        end_signals_close(&listener->signals);
    for (struct guest *guest = listener->guests; guest; guest = next) {
        next = guest->next;
        session_quit(&guest->session, "a signal asks to end");
    }
}

static void signal_came(void *context, int number) {
    struct listener *listener = context;
    if (!listener->ending) {
        log_line(listener->log, LOG_INFO, "a signal asks to end");
        end(listener);
        return;
    }
    last_words_say();
    signal(number, SIG_DFL);
    raise(number);
}

/* ---- the start ------------------------------------------------------------------------------- */

static int wrong(const char *address, const char *why) {
    fprintf(stderr, "ptvsd-dap: cannot listen on %s: %s.\n", address, why);
    return -1;
}

static int read_address(struct listener *listener, const char *text) {
    if (!strncmp(text, unix_scheme, strlen(unix_scheme))) {
        listener->path = text + strlen(unix_scheme);
        return 0;
    }
    if (socket_address_parse(&listener->address, text) < 0)
        return wrong(text, "give an IP address of this machine and a port, such as 127.0.0.1:4711 "
                           "or [::1]:4711, or unix:PATH");
    if (listener->token)
        return 0;
    if (!socket_address_is_loopback(&listener->address))
        return wrong(text, "other machines reach it, so a token is needed (--token-file). Better "
                           "listen on 127.0.0.1, and let others tunnel: ssh -L");
    if (!peer_user_knows_tcp())
        return wrong(text, "this system does not tell whose connection it is. Take unix:PATH, or "
                           "set a token (--token-file)");
    return 0;
}

static int bind_socket(struct listener *listener, const char *text) {
    listener->socket.stream.data = listener->waiting.data = listener;
    uv_check_init(&listener->loop, &listener->waiting);
    if (listener->path) {
        uv_pipe_init(&listener->loop, &listener->socket.pipe, 0);
        return listen_unix_bind(&listener->socket.pipe, listener->path);
    }
    uv_tcp_init(&listener->loop, &listener->socket.tcp);
    int error = uv_tcp_bind(&listener->socket.tcp, (const struct sockaddr *)&listener->address, 0);
    return error ? wrong(text, uv_strerror(error)) : 0;
}

/* Whoever has started us reads it there, whatever port was free. */
static void say_where(struct listener *listener) {
    int size = sizeof listener->address;
    char *shown;
    if (listener->path) {
        shown = memory_format("unix:%s", listener->path);
    } else {
        uv_tcp_getsockname(&listener->socket.tcp, (struct sockaddr *)&listener->address, &size);
        shown = socket_address_show(&listener->address);
    }
    printf("ptvsd-dap listens on %s\n", shown);
    fflush(stdout);
    log_line(listener->log, LOG_INFO, "listening on %s", shown);
    free(shown);
    if (!listener->path && !socket_address_is_loopback(&listener->address))
        fprintf(stderr, "ptvsd-dap: other machines reach this port, and what crosses the network "
                        "is not encrypted: the token, secrets, source text and values. Better "
                        "listen on 127.0.0.1, and let others tunnel: ssh -L\n");
}

static int start(struct listener *listener, const char *text) {
    int result = bind_socket(listener, text);
    if (result == 0) {
        int error = uv_listen(&listener->socket.stream, BACKLOG, somebody_comes);
        result = error ? wrong(text, uv_strerror(error)) : 0;
    }
    if (result == 0)
        say_where(listener);
    return result;
}

static int run(struct listener *listener, const char *text) {
    uv_loop_init(&listener->loop);
    end_signals_start(&listener->signals, &listener->loop, listener, signal_came);
    int result = start(listener, text);
    if (result < 0)
        end(listener);
    uv_run(&listener->loop, UV_RUN_DEFAULT);
    launch_leave_all(&listener->loop);
    if (uv_loop_close(&listener->loop) == UV_EBUSY)
        log_line(listener->log, LOG_WARNING, "something is still open at the end");
    return result;
}

int listen_run(const struct listen_options *options, struct log *log) {
    struct listener *listener = memory_new(sizeof *listener);
    int seconds = options->begin_s ? options->begin_s : BEGIN_S;
    listener->log = log;
    listener->begin_ms = (uint64_t)seconds * 1000;
    int result = listen_token_read(&listener->token, options->token_file, options->token_env);
    if (result == 0)
        result = read_address(listener, options->address);
    if (result == 0)
        result = run(listener, options->address);
    memory_wipe_text(&listener->token);
    free(listener);
    return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
