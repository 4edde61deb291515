#include "doctor.h"

#include "doctor_attach.h"
#include "doctor_report.h"
#include "inquiry.h"
#include "lookup.h"
#include "memory.h"
#include "options.h"
#include "reach_options.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct doctor {
    uv_loop_t loop;
    struct reach reach;
    struct inquiry inquiry;
    bool inquired;
    struct lookup *lookup; /* under way */
    uv_timer_t timer;      /* of it */
    struct doctor_report report;
    const struct options *options;
    struct doctor_attach *attach; /* NULL: not wanted, or not come to */
};

/* The HTTP proxy on the way, NULL without one. */
static const struct address *proxy_of(const struct doctor *doctor) {
    const struct address *proxy = &doctor->reach.web.proxy;
    return proxy->host ? proxy : NULL;
}

/* A sentence about what comes before the inquiry. */
static void fail(struct doctor *doctor, enum failure failure, const char *detail) {
    struct inquiry none = {.reach = &doctor->reach, .shown = address_show(&doctor->reach.address)};
    char *text = inquiry_explain(&none, failure, detail);
    doctor_report_bad(&doctor->report, text);
    free(text);
    free(none.shown);
}

/* Of the host that is connected to: what is behind a proxy, only that knows. */
static void fail_near(struct doctor *doctor, enum failure failure, const char *detail) {
    if (!proxy_of(doctor)) {
        fail(doctor, failure, detail);
        return;
    }
    char *place = address_place(proxy_of(doctor));
    char *both = memory_format("%s, at %s", detail, place);
    fail(doctor, FAILURE_NO_TUNNEL, both);
    free(both);
    free(place);
}

/* ---- from the port to Python ------------------------------------------------------------------
 */

static char *describe_python(const struct greeting *greeting) {
    if (!greeting->pid)
        return memory_copy_text("it does not know its own process");
    return memory_format("%s, %s, process %lld of %s", greeting->interpreter, greeting->executable,
                         (long long)greeting->pid, *greeting->user ? greeting->user : "?");
}

static char *describe(const struct doctor *doctor, enum inquiry_step step) {
    const struct address *address = &doctor->reach.address;
    const struct greeting *greeting = &doctor->inquiry.greeting;
    switch (step) {
    case INQUIRY_PORT:
        return memory_format(
            "%d %s%s%s", address->port,
            proxy_of(doctor) ? "is reached through the proxy" : "accepts connections",
            doctor->inquiry.notes ? ". " : "", doctor->inquiry.notes ? doctor->inquiry.notes : "");
    case INQUIRY_TLS:
        return memory_copy_text("the handshake went well");
    case INQUIRY_CERTIFICATE:
        return memory_copy_text(doctor->inquiry.notes ? doctor->inquiry.notes : "it was accepted");
    case INQUIRY_WEBSOCKET:
        return memory_format("the web server opens one at %s",
                             *address->path ? address->path : "/");
    case INQUIRY_GREETING:
        return memory_copy_text(doctor->inquiry.speaks_dap ? "it speaks the Debug Adapter Protocol"
                                                           : "it is ptvsd");
    case INQUIRY_VERSION:
        if (doctor->inquiry.speaks_dap)
            return memory_format("%s", *greeting->release ? greeting->release : "unknown");
        return memory_format("ptvsd %s, protocol %lld",
                             wire_version_find(greeting->version)->releases,
                             (long long)greeting->version);
    case INQUIRY_SECRET:
        return memory_copy_text(address->secret ? "it was accepted" : "none is needed");
    case INQUIRY_PYTHON:
        break;
    }
    return describe_python(greeting);
}

static void passed(void *context, enum inquiry_step step) {
    static const enum doctor_step steps[] = {
        [INQUIRY_PORT] = DOCTOR_PORT,
        [INQUIRY_TLS] = DOCTOR_TLS,
        [INQUIRY_CERTIFICATE] = DOCTOR_CERTIFICATE,
        [INQUIRY_WEBSOCKET] = DOCTOR_WEBSOCKET,
        [INQUIRY_GREETING] = DOCTOR_GREETING,
        [INQUIRY_VERSION] = DOCTOR_VERSION,
        [INQUIRY_SECRET] = DOCTOR_SECRET,
        [INQUIRY_PYTHON] = DOCTOR_PYTHON,
    };
    struct doctor *doctor = context;
    char *text = describe(doctor, step);
    doctor_report_good(&doctor->report, steps[step], text);
    free(text);
}

static void inquired(void *context) {
    struct doctor *doctor = context;
    bool *skipped = doctor->report.skipped;
    skipped[DOCTOR_SECRET] = skipped[DOCTOR_PYTHON] = doctor->inquiry.speaks_dap;
    if (doctor->inquiry.failure)
        doctor_report_bad(&doctor->report, doctor->inquiry.failure);
}

static void inquiry_closed(void *context) {
    struct doctor *doctor = context;
    if (!doctor->inquiry.failure && doctor->options->attach)
        doctor->attach =
            doctor_attach_start(&doctor->loop, doctor->options, &doctor->reach, &doctor->report);
}

static void inquire(struct doctor *doctor) {
    doctor->inquired = true;
    inquiry_start(&doctor->inquiry, &doctor->loop, &doctor->reach,
                  (struct inquiry_owner){doctor, passed, inquired, inquiry_closed});
}

/* ---- name and route ----------------------------------------------------------------------------
 */

static char *address_text(const struct sockaddr *address) {
    char text[64] = "";
    if (address->sa_family == AF_INET6)
        uv_ip6_name((const struct sockaddr_in6 *)(const void *)address, text, sizeof text);
    else
        uv_ip4_name((const struct sockaddr_in *)(const void *)address, text, sizeof text);
    return memory_copy_text(text);
}

/* Our side of the way, by connecting a datagram socket, for which nothing is sent; NULL, with
 * errno, when there is no way. */
static char *find_route(const struct addrinfo *to) {
    struct sockaddr_storage here;
    socklen_t length = sizeof here;
    int fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return NULL;
    int result = connect(fd, to->ai_addr, to->ai_addrlen);
    if (result == 0)
        result = getsockname(fd, (struct sockaddr *)&here, &length);
    int error = errno;
    close(fd);
    errno = error;
    return result == 0 ? address_text((struct sockaddr *)&here) : NULL;
}

/* Only what the routing table knows; the rest the connection will show. */
static bool is_no_route(int error) {
    return error == ENETUNREACH || error == EHOSTUNREACH;
}

static void look_for_route(struct doctor *doctor, const struct addrinfo *to) {
    char *from = find_route(to);
    while (!from && to->ai_next) {
        to = to->ai_next;
        from = find_route(to);
    }
    if (!from && is_no_route(errno)) {
        fail_near(doctor, FAILURE_UNREACHABLE, uv_strerror(-errno));
        return;
    }
    char *there = address_text(to->ai_addr);
    char *text = memory_format("from %s to %s", from ? from : "?", there);
    doctor_report_good(&doctor->report, DOCTOR_ROUTE, text);
    free(text);
    free(there);
    free(from);
    inquire(doctor);
}

static const struct address *near(const struct doctor *doctor) {
    return proxy_of(doctor) ? proxy_of(doctor) : &doctor->reach.address;
}

static char *describe_name(const struct doctor *doctor, const struct addrinfo *addresses) {
    char *text = memory_format("%s%s is", proxy_of(doctor) ? "the proxy " : "", near(doctor)->host);
    for (const struct addrinfo *one = addresses; one; one = one->ai_next) {
        char *address = address_text(one->ai_addr), *before = text;
        text = memory_format("%s%s %s", before, one == addresses ? "" : ",", address);
        free(address);
        free(before);
    }
    return text;
}

static void end_lookup(struct doctor *doctor) {
    lookup_give_up(doctor->lookup);
    doctor->lookup = NULL;
    uv_close((uv_handle_t *)&doctor->timer, NULL);
}

static void looked_up(void *context, int error, struct addrinfo *addresses) {
    struct doctor *doctor = context;
    doctor->lookup = NULL;
    end_lookup(doctor);
    if (error) {
        fail_near(doctor, FAILURE_UNKNOWN_HOST, gai_strerror(error));
        return;
    }
    char *text = describe_name(doctor, addresses);
    doctor_report_good(&doctor->report, DOCTOR_NAME, text);
    free(text);
    look_for_route(doctor, addresses);
    freeaddrinfo(addresses);
}

static void lookup_is_late(uv_timer_t *timer) {
    struct doctor *doctor = timer->data;
    end_lookup(doctor);
    fail_near(doctor, FAILURE_UNKNOWN_HOST, "no name server answers");
}

static void look_up(struct doctor *doctor) {
    uv_timer_init(&doctor->loop, &doctor->timer);
    doctor->timer.data = doctor;
    uv_timer_start(&doctor->timer, lookup_is_late, reach_tcp_ms(&doctor->reach.tcp), 0);
    doctor->lookup = lookup_start(&doctor->loop, near(doctor)->host, near(doctor)->port,
                                  doctor->reach.tcp.family, looked_up, doctor);
    if (!doctor->lookup)
        end_lookup(doctor), fail_near(doctor, FAILURE_OTHER, "this machine is out of threads");
}

/* ---- the command -------------------------------------------------------------------------------
 */

static void skip(struct doctor *doctor) {
    bool *skipped = doctor->report.skipped;
    skipped[DOCTOR_SOURCE] = !doctor->options->file;
    enum address_scheme scheme = doctor->reach.address.scheme;
    skipped[DOCTOR_TLS] = skipped[DOCTOR_CERTIFICATE] =
        scheme != ADDRESS_TCPS && scheme != ADDRESS_WSS;
    skipped[DOCTOR_WEBSOCKET] = scheme != ADDRESS_WS && scheme != ADDRESS_WSS;
}

static int finish(struct doctor *doctor) {
    char *shown = address_show(&doctor->reach.address);
    bool failed = doctor->report.failed;
    doctor_report_finish(&doctor->report, shown);
    free(shown);
    if (doctor->inquired)
        inquiry_finish(&doctor->inquiry);
    reach_finish(&doctor->reach);
    doctor_attach_finish(doctor->attach);
    uv_loop_close(&doctor->loop);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int doctor_run(const struct options *options) {
    struct doctor doctor = {.options = options};
    struct dap_error error;
    if (options->file && !options->attach) {
        fprintf(stderr, "ptvsd-dap: --file needs --attach.\n");
        return EXIT_FAILURE;
    }
    if (reach_read_options(&doctor.reach, options->reach, options->words[0], &error) < 0) {
        fprintf(stderr, "ptvsd-dap: %s\n", error.text);
        return EXIT_FAILURE;
    }
    uv_loop_init(&doctor.loop);
    doctor_report_init(&doctor.report, options->json);
    skip(&doctor);
    look_up(&doctor);
    uv_run(&doctor.loop, UV_RUN_DEFAULT);
    return finish(&doctor);
}
