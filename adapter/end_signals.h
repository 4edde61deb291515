/* The signals that ask the program to end: SIGTERM, SIGINT, SIGHUP. */
#ifndef END_SIGNALS_H
#define END_SIGNALS_H

#include <uv.h>

struct end_signals {
    uv_signal_t handles[3];
    void *context;
    void (*came)(void *context, int number);
};

void end_signals_start(struct end_signals *signals, uv_loop_t *loop, void *context,
                       void (*came)(void *context, int number));

/* They keep the loop alive until then, and for one turn more. */
void end_signals_close(struct end_signals *signals);

#endif
