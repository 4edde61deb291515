/* What editors do that DAP does not ask for, or announce and do not do, told by the client id that
 * they give in `initialize`. Seen in the editors or read in their sources: docs/decisions.md. */
#ifndef HABITS_H
#define HABITS_H

#include <stdbool.h>

struct habits {
    bool pages_badly;       /* without asking for pages, or for all but the last item */
    bool lacks_important;   /* shows no output of that category */
    bool resumes_one;       /* each continue and step is for one thread, if that can be had */
    bool columns_from_zero; /* in completions */
    bool misled_by_threads; /* takes what a `thread` event names for the one that is looked at */
    bool ends_silently;     /* without `terminate` to send, a session that it ends stays attached */
    bool opens_lazy;        /* asks for lazy values unasked, which uses a generator up */
    bool resumes_the_second; /* sets all going when a second thread stops */
};

/* Lives for ever; never NULL, also where no client id is given (NULL). `announces_little`: neither
 * progress nor invalidated events, which VS Code itself does. */
const struct habits *habits_of(const char *client_id, bool announces_little);

#endif
