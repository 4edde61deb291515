/* Runs the programs of remote.h that answer in rows (remote/reply.py) and gives the rows. The way
 * is chosen here:
 *
 *  - in a frame of a stopped thread, as the children of a list of texts: no ptvsd cuts them, and
 * none sends the stack with them, as each does with the result of an execution (502 frames cost
 * more than most answers);
 *  - REMOTE_JUMP is executed there: the stack that it changes has to be sent;
 *  - where the wire can while the program runs (version 8), on the debugger's own thread in the
 * name of a module, as raw text: there are no children to be had there. */
#ifndef REMOTE_ASK_H
#define REMOTE_ASK_H

#include "remote.h"
#include "remote_reply.h"
#include "session.h"

/* `rows` are the reply's, behind its first, for the call alone, which may change them; NULL when
 * there are none: then `why` is a sentence. */
typedef void remote_answer(void *context, char *rows, const char *why);

/* Can something be asked while the program runs? */
bool remote_while_running(const struct session *session);

/* Can something that needs no frame be asked now? */
bool remote_possible(const struct session *session);

/* `where` is a frame of a stopped thread; with thread 0 the main module, which needs
 * remote_while_running(); NULL for a program that needs no frame. `arguments` as for remote_text().
 * The answer comes once; at once where nothing can be asked now, else in a later turn. */
void remote_ask(struct session *session, const struct handle *where, enum remote_program program,
                const char *arguments, unsigned timeout_ms, remote_answer *answer, void *context);

/* The frame that a handle belongs to, or NULL when it is no more. */
const struct wire_frame *remote_frame(const struct session *session, const struct handle *where);

#endif
