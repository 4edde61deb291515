/* Runs the programs of remote.h in the debuggee and gives what they say. */
#ifndef EXECUTED_H
#define EXECUTED_H

#include "remote.h"
#include "session.h"

/* `said` is the program's own text; NULL when there is none, then `why` is a sentence. */
typedef void executed_answer(void *context, const char *said, const char *why);

/* Can something be executed while the program runs? */
bool executed_while_running(const struct session *session);

/* In the innermost frame of this stopped thread; 0: on the debugger's own thread, which needs
 * executed_while_running(). `arguments` as for remote_text(). */
void executed_ask(struct session *session, int64_t thread, enum remote_program program,
                  const char *arguments, unsigned timeout_ms, executed_answer *answer,
                  void *context);

#endif
