/* What the files of the relay share: relay.c (life, messages), relay_attach.c (what the target is
 * told to attach), relay_shown.c (what it can do), relay_child.c (further sessions), relay_again.c
 * (a target that comes back). */
#ifndef RELAY_PARTS_H
#define RELAY_PARTS_H

#include "envelope.h"
#include "relay.h"

/* The attach arguments for the target; the caller frees them. */
char *relay_attach_arguments(const struct relay *relay);

/* Of the attach arguments, does this one say how we reach the program? */
bool relay_is_ours(struct span name);
bool relay_is_way(struct span name);

/* Tells the editor in which of our capabilities the target differs. */
void relay_show_capabilities(struct relay *relay, const char *body, size_t length);

/* The capability that a request needs and the target lacks, or NULL. */
const char *relay_lacks(const struct relay *relay, const char *command);
bool relay_can(const struct relay *relay, const char *capability);

/* Keeps what a target that comes back must be told, and tells it, with configurationDone. */
void relay_remember(struct relay *relay, const struct dap_request *request);
void relay_tell_again(struct relay *relay, void (*send)(struct relay *relay, const char *command,
                                                        const char *arguments));
void relay_forget_kept(struct relay *relay);
void relay_note_thread(struct relay *relay, const struct envelope *envelope);

/* `message` with another text in place of that part of it. The caller frees it. */
char *relay_replaced(const char *message, size_t length, struct span part, const char *by);
/* A `process` event of an attach, without the process id; session_events.c says why. The caller
 * frees it. NULL for all others. */
char *relay_without_process_id(const struct envelope *envelope, const char *message, size_t length);

/* `message` asks the editor for a session with a child process of the program: the same for an
 * editor that goes through us. The caller frees it. NULL when it is nothing of that kind. */
char *relay_child(const struct relay *relay, const struct envelope *envelope, const char *message,
                  size_t length);

#endif
