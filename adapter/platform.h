#ifndef PLATFORM_H
#define PLATFORM_H

/* What each operating system does in its own way, or not at all: one platform_SYSTEM.c each, chosen
 * in adapter/meson.build. What POSIX has stays where it is used. None of these can fail: where the
 * system lacks it, nothing happens. */

/* No core file, and no other process of the same user reads our memory: it holds the secret. */
void platform_hide_memory(void);

/* Timers of less than a millisecond come on time, in this thread. */
void platform_precise_timers(void);

/* The peer's next segment on this TCP socket is confirmed at once; to be said before each read. */
void platform_confirm_at_once(int fd);

/* Bytes sent on this TCP socket that the peer's system has not confirmed; 0 where nobody knows. */
int platform_unconfirmed(int fd);

#endif
