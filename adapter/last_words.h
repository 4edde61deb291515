/* The detaches that are still sent when the bridge itself dies (SIGSEGV, SIGABRT, out of memory): a
 * debuggee whose debugger vanishes without one may stay frozen for ever. The only global state of
 * the program, because a signal handler can reach nothing else. */
#ifndef LAST_WORDS_H
#define LAST_WORDS_H

#include <stddef.h>

enum { LAST_WORDS_LIMIT = 256, LAST_WORDS_SPEAKERS = 512 };

/* Installs the handlers; once, at start-up. */
void last_words_install(void);

/* From now on, on a crash `bytes` (copied, at most LAST_WORDS_LIMIT) are written to `fd`, and the
 * answer is awaited for at most a second. `speaker` is whose words they are: each has one. fd -1:
 * nothing is to be said. Beyond LAST_WORDS_SPEAKERS at a time nothing is kept. */
void last_words_set(const void *speaker, int fd, const char *bytes, size_t length);

/* Says them all now; before an end that waits for nothing. */
void last_words_say(void);

#endif
