/* The envelope of the Debug Adapter Protocol, editor's side: reading a request, building responses
 * and events, and argument getters that name the bad field. The bodies are cJSON objects. */
#ifndef DAP_H
#define DAP_H

#include "json.h"

#include <stdbool.h>
#include <stdint.h>

enum { DAP_BODY_LIMIT = 16 << 20 };

struct dap_request {
    int64_t seq;
    const char *command;    /* lives as long as `document` */
    const cJSON *arguments; /* an object, or NULL when the request has none */
    cJSON *document;
    const char *text; /* as it came, borrowed for the call */
    size_t length;
};

/* 0, or -1 with a constant text in *error when the bytes are no request. The caller gives the
 * request to dap_request_finish(). */
int dap_request_parse(struct dap_request *request, const char *bytes, size_t length,
                      const char **error);
void dap_request_finish(struct dap_request *request);

/* Whole messages; they take `body` and `variables`, an object of texts for programs, over (NULL
 * leaves it out). The caller owns the result. */
cJSON *dap_response(int64_t seq, int64_t request_seq, const char *command, cJSON *body);
cJSON *dap_failure(int64_t seq, int64_t request_seq, const char *command, const char *message,
                   cJSON *variables);
cJSON *dap_event(int64_t seq, const char *event, cJSON *body);
cJSON *dap_question(int64_t seq, const char *command, cJSON *arguments); /* a reverse request */

/* Arguments. Each gives 0 and fills the result; or -1 with a sentence naming the field in `error`
 * (size bytes) when it has the wrong type or, for dap_need_…, is absent. An absent optional one
 * leaves the result as it was; JSON null and (dape's nil) false count as absent where they cannot
 * be a value. */
struct dap_error {
    char text[400];
};
/* Writes the sentence; always -1. */
int dap_refuse(struct dap_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Neither absent, nor null, nor false. */
bool dap_given(const cJSON *arguments, const char *name);
int dap_need_int(const cJSON *arguments, const char *name, int64_t *result,
                 struct dap_error *error);
int dap_need_text(const cJSON *arguments, const char *name, const char **result,
                  struct dap_error *error);
int dap_want_int(const cJSON *arguments, const char *name, int64_t *result,
                 struct dap_error *error);
int dap_want_text(const cJSON *arguments, const char *name, const char **result,
                  struct dap_error *error);
int dap_want_bool(const cJSON *arguments, const char *name, bool *result, struct dap_error *error);
/* A number of seconds from `least` to `most`. */
int dap_want_seconds(const cJSON *arguments, const char *name, unsigned least, unsigned most,
                     unsigned *result, struct dap_error *error);
/* Like dap_want_int, but takes "5678" too: editors expand variables to strings. */
int dap_want_port(const cJSON *arguments, const char *name, int64_t *result,
                  struct dap_error *error);

#endif
