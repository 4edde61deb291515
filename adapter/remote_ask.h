/* Asks a program that answers in rows (remote/reply.py), in a frame of a stopped thread. */
#ifndef REMOTE_ASK_H
#define REMOTE_ASK_H

#include "remote.h"
#include "remote_reply.h"
#include "session.h"

/* `rows` are the reply's, behind its first, for the call alone; NULL when there are none: then
 * `why` is a sentence. */
typedef void remote_answer(void *context, char *rows, const char *why);

/* `arguments` as for remote_text(). */
void remote_ask(struct session *session, const struct handle *where, enum remote_program program,
                const char *arguments, unsigned timeout_ms, remote_answer *answer, void *context);

/* The frame that a handle belongs to, or NULL when it is no more. */
const struct wire_frame *remote_frame(const struct session *session, const struct handle *where);

#endif
