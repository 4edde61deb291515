#include "lookup.h"

#include "memory.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* What the thread holds; the one that is the last to have it frees it. */
struct question {
    pthread_mutex_t mutex;
    struct lookup *lookup; /* NULL: nobody wants to know any more */
    bool answered;
    char *host;
    char service[8];
    int family;
    int error;
    struct addrinfo *addresses;
};

struct lookup {
    uv_async_t async;
    struct question *question;
    lookup_done *done;
    void *context;
};

static void destroy_question(struct question *question) {
    if (question->addresses)
        freeaddrinfo(question->addresses);
    pthread_mutex_destroy(&question->mutex);
    free(question->host);
    free(question);
}

/* `addresses` is NULL after an error. */
static int get_addresses(const char *host, const char *service, int family, int flags,
                         struct addrinfo **addresses) {
    struct addrinfo hints = {.ai_family = family,
                             .ai_flags = flags,
                             .ai_socktype = SOCK_STREAM,
                             .ai_protocol = IPPROTO_TCP};
    *addresses = NULL;
    return getaddrinfo(host, service, &hints, addresses);
}

struct addrinfo *lookup_read(const char *host, int port, int family) {
    struct addrinfo *addresses;
    char service[8];
    snprintf(service, sizeof service, "%d", port);
    get_addresses(host, service, family, AI_NUMERICHOST | AI_NUMERICSERV, &addresses);
    return addresses;
}

/* ---- in the thread --------------------------------------------------------------------------- */

static void *ask(void *context) {
    struct question *question = context;
    struct addrinfo *addresses;
    int error = get_addresses(question->host, question->service, question->family, 0, &addresses);
    pthread_mutex_lock(&question->mutex);
    question->error = error;
    question->addresses = error ? NULL : addresses;
    question->answered = true;
    bool wanted = question->lookup;
    if (wanted)
        uv_async_send(&question->lookup->async);
    pthread_mutex_unlock(&question->mutex);
    if (!wanted)
        destroy_question(question);
    return NULL;
}

/* Signals are for the loop's thread. */
static int start_thread(struct question *question) {
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, NULL, ask, question);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!error)
        pthread_detach(thread);
    return error ? -1 : 0;
}

/* ---- in the loop ----------------------------------------------------------------------------- */

static void closed(uv_handle_t *handle) {
    free(handle->data);
}

static void close_lookup(struct lookup *lookup) {
    uv_close((uv_handle_t *)&lookup->async, closed);
}

void lookup_give_up(struct lookup *lookup) {
    if (!lookup)
        return;
    struct question *question = lookup->question;
    pthread_mutex_lock(&question->mutex);
    bool answered = question->answered;
    question->lookup = NULL;
    pthread_mutex_unlock(&question->mutex);
    if (answered)
        destroy_question(question);
    close_lookup(lookup);
}

static void answered(uv_async_t *async) {
    struct lookup *lookup = async->data;
    struct question *question = lookup->question;
    pthread_mutex_lock(&question->mutex); /* the thread may not have let go of it yet */
    struct addrinfo *addresses = question->addresses;
    int error = question->error;
    question->addresses = NULL;
    pthread_mutex_unlock(&question->mutex);
    destroy_question(question);
    close_lookup(lookup);
    lookup->done(lookup->context, error, addresses);
}

struct lookup *lookup_start(uv_loop_t *loop, const char *host, int port, int family,
                            lookup_done *done, void *context) {
    struct lookup *lookup = memory_new(sizeof *lookup);
    struct question *question = memory_new(sizeof *question);
    pthread_mutex_init(&question->mutex, NULL);
    question->host = memory_copy_text(host);
    snprintf(question->service, sizeof question->service, "%d", port);
    question->family = family;
    question->lookup = lookup;
    *lookup = (struct lookup){.question = question, .done = done, .context = context};
    uv_async_init(loop, &lookup->async, answered);
    lookup->async.data = lookup;
    if (start_thread(question) == 0)
        return lookup;
    destroy_question(question);
    close_lookup(lookup);
    return NULL;
}
