#include "end_signals.h"

#include <signal.h>

static void signalled(uv_signal_t *handle, int number) {
    struct end_signals *signals = handle->data;
    signals->came(signals->context, number);
}

void end_signals_start(struct end_signals *signals, uv_loop_t *loop, void *context,
                       void (*came)(void *context, int number)) {
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    signals->context = context;
    signals->came = came;
    for (int i = 0; i < 3; i++) {
        uv_signal_init(loop, &signals->handles[i]);
        signals->handles[i].data = signals;
        uv_signal_start(&signals->handles[i], signalled, numbers[i]);
    }
}

void end_signals_close(struct end_signals *signals) {
    for (int i = 0; i < 3; i++)
        uv_close((uv_handle_t *)&signals->handles[i], NULL);
}
