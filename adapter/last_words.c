#include "last_words.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SILENT_MS = 300, LONGEST_MS = 1000 };

/* Not in the sessions' own memory: who crashes may have destroyed that. */
static struct words {
    const void *volatile speaker; /* NULL: free */
    volatile sig_atomic_t fd;     /* -1: being written */
    size_t length;
    char bytes[LAST_WORDS_LIMIT];
} all[LAST_WORDS_SPEAKERS];
static volatile sig_atomic_t used; /* of them, ever */

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Reads and drops what the debuggees answer, until all are silent for 300 ms or have closed, or a
 * second is over: the RST that our end causes must not overtake the detach. */
static void await_answers(struct pollfd *speaking, nfds_t count) {
    char answer[4096];
    long long until = now_ms() + LONGEST_MS;
    nfds_t open = count;
    while (open && now_ms() < until) {
        if (poll(speaking, count, SILENT_MS) <= 0)
            return;
        for (nfds_t i = 0; i < count; i++) {
            struct pollfd *one = &speaking[i];
            if (!one->revents || recv(one->fd, answer, sizeof answer, MSG_DONTWAIT) > 0)
                continue;
            one->fd = -1; /* poll() passes over it, and sets `revents` to 0 */
            open--;
        }
    }
}

void last_words_say(void) {
    struct pollfd speaking[LAST_WORDS_SPEAKERS];
    nfds_t count = 0;
    for (int i = 0; i < used; i++) {
        int fd = all[i].fd;
        if (!all[i].speaker || fd < 0)
            continue;
        all[i].fd = -1;
        if (send(fd, all[i].bytes, all[i].length, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
            speaking[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    if (count)
        await_answers(speaking, count);
}

static void dying(int signal_number) {
    last_words_say();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void last_words_install(void) {
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    struct sigaction action = {.sa_handler = dying, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        sigaction(deadly[i], &action, NULL);
}

static struct words *words_of(const void *speaker) {
    struct words *unused = NULL;
    for (int i = 0; i < used; i++) {
        if (all[i].speaker == speaker)
            return &all[i];
        if (!all[i].speaker && !unused)
            unused = &all[i];
    }
    if (!unused && used < LAST_WORDS_SPEAKERS) {
        unused = &all[used];
        unused->fd = -1;
        used++;
    }
    return unused;
}

void last_words_set(const void *speaker, int fd, const char *bytes, size_t length) {
    struct words *words = words_of(speaker);
    if (!words)
        return;
    words->fd = -1;
    words->speaker = NULL;
    if (fd < 0 || length > sizeof words->bytes)
        return;
    memcpy(words->bytes, bytes, length);
    words->length = length;
    words->speaker = speaker;
    words->fd = fd;
}
