/* What the parts of greeting share: the steps and how a result is told. Private to greeting*.c. */
#ifndef GREETING_PARTS_H
#define GREETING_PARTS_H

#include "greeting.h"

/* Named after what is awaited. */
enum greeting_step {
    GREETING_FIRST_BYTES,
    GREETING_BINARY_SECRET,
    GREETING_BINARY_ATTACH,
    GREETING_BINARY_PROCESS, /* its id and Python version */
    GREETING_BINARY_INFO,
    GREETING_JSON_SECRET,
    GREETING_JSON_ATTACH,
    GREETING_JSON_INFO,
    GREETING_OVER /* plus the result */
};

/* One step each: GREETING_GOES_ON with `step` unchanged means that bytes are missing. */
enum greeting_result greeting_binary_begin(struct greeting *greeting);
enum greeting_result greeting_binary_step(struct greeting *greeting);
const char *greeting_info_broke_off(const struct greeting *greeting); /* why, as far as known */
enum greeting_result greeting_json_begin(struct greeting *greeting);
enum greeting_result greeting_json_step(struct greeting *greeting);

/* Texts of INFO; they are copied, NULL becomes "". */
enum greeting_result greeting_informed(struct greeting *greeting, const char *executable,
                                       const char *user, const char *interpreter);

/* The server does not let us in, although the secret is right. */
enum greeting_result greeting_refused(const struct greeting *greeting);

/* GREETING_BROKEN, `heard` being the sentence. */
enum greeting_result greeting_broken(struct greeting *greeting, const char *sentence);

/* GREETING_BROKEN: `what` was answered with `bytes`. */
enum greeting_result greeting_strange_answer(struct greeting *greeting, const char *what,
                                             const char *bytes, size_t length);

/* GREETING_NOT_PTVSD, `heard` being the first bytes of `in`. */
enum greeting_result greeting_stranger(struct greeting *greeting);

#endif
