/* Without the drop guard, ptvsd on Python 2 takes text that it cannot encode for a lost connection:
 * it detaches, tells nobody, and still answers questions (json.md section 13). Version 8 can be
 * asked while the program runs whether it is attached; the guard makes that needless. */
#include "debuggee_parts.h"

#include <string.h>

enum { WATCH_MS = 2000, WATCH_ANSWER_MS = 10000 };

static void watch_answered(void *context, const struct wire_event *answer, const char *why) {
    struct debuggee *debuggee = context;
    (void)why;
    debuggee->watching = false;
    bool gone = answer && answer->type == WIRE_RESULT && answer->object.repr &&
                !strcmp(answer->object.repr, "False");
    if (gone && debuggee->phase == DEBUGGEE_ATTACHED)
        debuggee_lose(debuggee, FAILURE_LET_GO);
}

uint64_t watch_pump(struct debuggee *debuggee) {
    if (debuggee->phase != DEBUGGEE_ATTACHED || debuggee->guarded || debuggee->watching ||
        !debuggee->may_execute || debuggee->python[0] != 2 || debuggee->wire.version->number < 8)
        return NEVER;
    uint64_t now = debuggee_now(debuggee);
    if (!debuggee->watch_at)
        debuggee->watch_at = now + WATCH_MS;
    if (now < debuggee->watch_at)
        return debuggee->watch_at;
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.frame_kind = WIRE_FRAME_NONE, .module = "ptvsd", .text = "is_attached()"}};
    debuggee->watching = true;
    debuggee->watch_at = now + WATCH_MS;
    debuggee_ask(debuggee, &command, false, WATCH_ANSWER_MS, watch_answered, debuggee);
    return NEVER; /* the answer brings the next look */
}
