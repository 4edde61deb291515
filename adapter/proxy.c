#include "proxy.h"

#include "memory.h"
#include "proxy_parts.h"
#include "socket_address.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BACKLOG = 64, VISITORS = 128, WAIT_MS = 10 };

int proxy_count(const struct proxy *proxy, enum visitor_step step) {
    int count = 0;
    for (const struct visitor *visitor = proxy->visitors; visitor; visitor = visitor->next)
        count += visitor->step == step;
    return count;
}

static void turned_away(uv_handle_t *handle) {
    free(handle);
}

static void turn_away(struct proxy *proxy) {
    uv_tcp_t *socket = memory_new(sizeof *socket);
    uv_tcp_init(&proxy->loop, socket);
    uv_accept((uv_stream_t *)&proxy->listener, (uv_stream_t *)socket);
    uv_close((uv_handle_t *)socket, turned_away);
}

static void somebody_comes(uv_stream_t *listener, int status) {
    struct proxy *proxy = listener->data;
    if (status)
        return; /* it has left again, or descriptors are short */
    if (proxy->visitor_count >= VISITORS)
        turn_away(proxy);
    else
        visitor_create(proxy);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void end(struct proxy *proxy) {
    if (proxy->ending)
        return;
    proxy->ending = true;
    uv_close((uv_handle_t *)&proxy->listener, NULL);
    for (int i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&proxy->signals[i], NULL);
    state_finish(&proxy->state);
    for (struct visitor *visitor = proxy->visitors; visitor; visitor = visitor->next)
        visitor_send_away(visitor);
}

static void signalled(uv_signal_t *handle, int number) {
    (void)number;
    end(handle->data);
}

/* ---- the start ------------------------------------------------------------------------------- */

static int failed(const char *what, const char *where, int error) {
    fprintf(stderr, "ptvsd-dap: %s %s: %s.\n", what, where, uv_strerror(error));
    return -1;
}

static int find_target(struct proxy *proxy) {
    const struct address *target = &proxy->options.target;
    char port[8];
    snprintf(port, sizeof port, "%d", target->port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    uv_getaddrinfo_t request;
    int error = uv_getaddrinfo(&proxy->loop, &request, NULL, target->host, port, &hints);
    if (error)
        return failed("cannot find the host", target->host, error);
    proxy->addresses = request.addrinfo;
    const char *open = strchr(target->host, ':') ? "[" : "", *close = *open ? "]" : "";
    proxy->target = memory_format("%s%s%s:%d", open, target->host, close, target->port);
    return 0;
}

static void say_where(const struct proxy *proxy) {
    struct sockaddr_storage own; /* whatever port was free */
    int size = sizeof own;
    uv_tcp_getsockname(&proxy->listener, (struct sockaddr *)&own, &size);
    char *host = socket_address_show(&own);
    const char *path = proxy->options.path;
    printf("Attach to ws://SECRET@%s%s; http://%s%s shows how things stand; ptvsd is looked for at "
           "%s.\n",
           host, path, host, path, proxy->target);
    fflush(stdout);
    if (!socket_address_is_loopback(&own))
        fprintf(stderr, "ptvsd-dap: other machines reach this port, and the secret crosses the "
                        "network in clear text: put a web server with TLS in front.\n");
    free(host);
}

static int start(struct proxy *proxy) {
    uv_tcp_init(&proxy->loop, &proxy->listener);
    proxy->listener.data = proxy;
    for (int i = 0; i < 2; i++) {
        uv_signal_init(&proxy->loop, &proxy->signals[i]);
        proxy->signals[i].data = proxy;
        uv_signal_start(&proxy->signals[i], signalled, i ? SIGTERM : SIGINT);
    }
    state_init(&proxy->state, proxy);
    int error = uv_tcp_bind(&proxy->listener, (const struct sockaddr *)&proxy->options.listen, 0);
    if (!error)
        error = uv_listen((uv_stream_t *)&proxy->listener, BACKLOG, somebody_comes);
    if (error)
        return failed("cannot listen", "there (--listen)", error);
    say_where(proxy);
    return 0;
}

int proxy_run(int argc, char **argv) {
    struct proxy *proxy = memory_new(sizeof *proxy);
    enum proxy_options_result read = proxy_options_read(&proxy->options, argc, argv);
    int result = read == PROXY_OPTIONS_WRONG ? -1 : 0;
    if (read == PROXY_OPTIONS_RUN) {
        uv_loop_init(&proxy->loop);
        result = find_target(proxy);
        if (result == 0 && (result = start(proxy)) < 0)
            end(proxy);
        uv_run(&proxy->loop, UV_RUN_DEFAULT);
        uv_loop_close(&proxy->loop);
        uv_freeaddrinfo(proxy->addresses);
        proxy_options_finish(&proxy->options);
    }
    free(proxy->state.fact);
    free(proxy->state.advice);
    free(proxy->target);
    free(proxy);
    return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
