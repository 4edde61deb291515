/* What the editor may ask: one table row a request, and its handlers by topic. The `initialize`
 * answer is built from the rows, so that no capability is claimed without its handler. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "session.h"

struct request {
    const struct dap_request *dap; /* borrowed for the call */
    struct reply reply;
};

/* Finds the row, checks the phase, calls the handler. Every request is answered exactly once. */
void requests_dispatch(struct session *session, const struct dap_request *request);

/* The capabilities that the rows bring. */
cJSON *requests_capabilities(void);

/* The source that "source" names, by reference or path, made if there is none; NULL after a
 * refusal. */
struct source *requests_find_source(struct session *session, const struct request *request);

/* Answers an argument that dap_want_… or dap_need_… did not like. */
void requests_refuse(struct session *session, struct reply reply, const struct dap_error *error);

/* The frame that a request names by "frameId"; without one, the innermost of a thread that has
 * stopped. 0, or -1 after a refusal. */
int requests_find_frame(struct session *session, const struct request *request,
                        struct handle *where);

/* The thread that a request names by "threadId", if it has stopped; NULL after a refusal, of which
 * `advice` is the last sentence. */
struct thread *requests_stopped_thread(struct session *session, const struct request *request,
                                       const char *advice);

/* Before an attach or a launch: may this editor? False after a refusal. */
bool requests_admitted(struct session *session, const struct request *request);

/* Is it asked of the program that runs, where the wire can: in the main module? */
bool requests_in_module(const struct session *session, const struct request *request);

void requests_initialize(struct session *session, const struct request *request);
void requests_launch(struct session *session, const struct request *request);
void requests_attach(struct session *session, const struct request *request);
void requests_configuration_done(struct session *session, const struct request *request);
void requests_cancel(struct session *session, const struct request *request);
void requests_disconnect(struct session *session, const struct request *request);
void requests_restart(struct session *session, const struct request *request);
void requests_terminate(struct session *session, const struct request *request);

void requests_set_breakpoints(struct session *session, const struct request *request);
/* exceptionBreakpointFilters */
void requests_show_filters(cJSON *capabilities);
void requests_set_exception_breakpoints(struct session *session, const struct request *request);

void requests_continue(struct session *session, const struct request *request);
void requests_next(struct session *session, const struct request *request);
void requests_step_in(struct session *session, const struct request *request);
void requests_step_out(struct session *session, const struct request *request);
void requests_pause(struct session *session, const struct request *request);

void requests_step_in_targets(struct session *session, const struct request *request);

void requests_goto_targets(struct session *session, const struct request *request);
void requests_goto(struct session *session, const struct request *request);
void requests_restart_frame(struct session *session, const struct request *request);
/* Frees all targets. */
void requests_goto_forget(struct session *session);

void requests_threads(struct session *session, const struct request *request);
void requests_stack_trace(struct session *session, const struct request *request);
void requests_scopes(struct session *session, const struct request *request);
void requests_variables(struct session *session, const struct request *request);
void requests_evaluate(struct session *session, const struct request *request);
void requests_set_variable(struct session *session, const struct request *request);
void requests_set_expression(struct session *session, const struct request *request);
void requests_exception_info(struct session *session, const struct request *request);
void requests_completions(struct session *session, const struct request *request);

void requests_set_function_breakpoints(struct session *session, const struct request *request);
void requests_breakpoint_locations(struct session *session, const struct request *request);
void requests_source(struct session *session, const struct request *request);
void requests_locations(struct session *session, const struct request *request);
void requests_modules(struct session *session, const struct request *request);
void requests_loaded_sources(struct session *session, const struct request *request);

/* Which of the variables that ptvsd lists with a frame are globals, asked where it is not known
 * yet. `mask` as of used_globals_find(); NULL: all count as the frame's own. `why`: the stop is
 * over, or the frame is gone; else NULL. Calls back at once, or within `ms`. */
typedef void requests_used_known(void *context, const char *mask, const char *why);
void requests_learn_used(struct session *session, const struct handle *where, unsigned ms,
                         requests_used_known *known, void *context);

/* The time that a request may execute something, ms: "evalTimeout", or `least_s` if that is more.
 * `late_at`: when it is over, ms of the loop. */
unsigned requests_time(const struct session *session, unsigned least_s, uint64_t *late_at);

/* Fails a request that executes something, with `why` no answer came. From `late_at` (ms of the
 * loop) on the time given was over, and the sentence says how to give more. */
void requests_unanswered(struct session *session, struct reply reply, const char *why,
                         uint64_t late_at);

#endif
