#include "platform.h"

/* For a system that has no file of its own yet. */

void platform_hide_memory(void) {
}

void platform_precise_timers(void) {
}

void platform_confirm_at_once(int fd) {
    (void)fd;
}

int platform_unconfirmed(int fd) {
    (void)fd;
    return 0;
}
