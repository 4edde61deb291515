/* The log that the attach or launch request asks for: "logFile", "logLevel" and "logValues". */
#ifndef SESSION_LOG_H
#define SESSION_LOG_H

#include "requests.h"

/* Opens it in session->log, unless the command line has asked for one. False after a refusal. */
bool session_log_wanted(struct session *session, const struct request *request,
                        const cJSON *arguments);
void session_log_close(struct session *session);

#endif
