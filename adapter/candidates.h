/* An attach that names several addresses: each is asked who is there, as `list` asks, and the one
 * that answers is attached to. If several do, "processId" chooses; else they are all told. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "requests.h"

/* Is "uri" (or "qualifier") a list? */
bool candidates_given(const cJSON *arguments);

/* Answers the attach request in the end, or hands it on to session_attach(). */
void candidates_ask(struct session *session, const struct request *request);

/* The session is left meanwhile. */
void candidates_abandon(struct session *session);

#endif
