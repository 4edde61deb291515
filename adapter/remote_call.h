/* Asks the debuggee by a program with a long answer (those "with: answer.py"), wherever one can be
 * executed at the moment: wire 8 can while the program runs, the others in a stopped thread. Wire 2
 * cuts long texts, so there the answer is fetched in parts. */
#ifndef REMOTE_CALL_H
#define REMOTE_CALL_H

#include "remote.h"
#include "session.h"

/* `value`, a JSON object borrowed for the call; or NULL, then `why` is a sentence. */
typedef void remote_answer(void *context, const cJSON *value, const char *why);

/* False while the program runs and the wire cannot execute then. */
bool remote_call_possible(const struct session *session);

/* `arguments` as for remote_text(), never NULL. The answer comes once; at once where the call is
 * not possible, else in a later turn. */
void remote_call(struct session *session, enum remote_program program, const char *arguments,
                 remote_answer *answer, void *context);

#endif
