#include "greeting_parts.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { IN_LIMIT = 4 << 20, OUT_LIMIT = 1 << 20, TLS_ALERT = 0x15, HEARD_BYTES = 100 };

void greeting_init(struct greeting *greeting, const char *secret, const char *options) {
    *greeting =
        (struct greeting){.secret = secret ? secret : "", .options = options ? options : ""};
    buf_init(&greeting->in, IN_LIMIT);
    buf_init(&greeting->out, OUT_LIMIT);
    arena_init(&greeting->arena);
}

void greeting_finish(struct greeting *greeting) {
    if (greeting->out.memory) /* the secret stood there */
        explicit_bzero(greeting->out.memory, greeting->out.room);
    buf_finish(&greeting->in);
    buf_finish(&greeting->out);
    arena_finish(&greeting->arena);
}

/* ---- results --------------------------------------------------------------------------------- */

/* Appends the bytes to `heard`, everything but printable ASCII as \xNN, as far as they go in. */
static void hear(struct greeting *greeting, const char *bytes, size_t length) {
    size_t at = strlen(greeting->heard);
    for (size_t i = 0; i < length && i < HEARD_BYTES; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool plain = c >= ' ' && c < 0x7f;
        size_t left = sizeof greeting->heard - at;
        if (left < 5)
            return;
        at += (size_t)snprintf(greeting->heard + at, left, plain ? "%c" : "\\x%02x", c);
    }
}

static const char *keep(struct greeting *greeting, const char *text) {
    return arena_copy_text(&greeting->arena, text ? text : "");
}

enum greeting_result greeting_informed(struct greeting *greeting, const char *executable,
                                       const char *user, const char *interpreter) {
    greeting->executable = keep(greeting, executable);
    greeting->user = keep(greeting, user);
    greeting->interpreter = keep(greeting, interpreter);
    return GREETING_INFORMED;
}

enum greeting_result greeting_refused(const struct greeting *greeting) {
    return greeting->purpose == GREETING_TO_ATTACH ? GREETING_ALREADY_DEBUGGED
                                                   : GREETING_NOT_DEBUGGED;
}

enum greeting_result greeting_broken(struct greeting *greeting, const char *sentence) {
    snprintf(greeting->heard, sizeof greeting->heard, "%s", sentence);
    return GREETING_BROKEN;
}

enum greeting_result greeting_strange_answer(struct greeting *greeting, const char *what,
                                             const char *bytes, size_t length) {
    snprintf(greeting->heard, sizeof greeting->heard, "it answered %s with ", what);
    hear(greeting, bytes, length);
    return GREETING_BROKEN;
}

enum greeting_result greeting_stranger(struct greeting *greeting) {
    greeting->heard[0] = '\0';
    hear(greeting, greeting->in.bytes, greeting->in.length);
    return GREETING_NOT_PTVSD;
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* In the plain case the server always speaks first, and its first byte tells what it is. */
static enum greeting_result first_bytes(struct greeting *greeting) {
    if (!greeting->in.length)
        return GREETING_GOES_ON;
    switch ((unsigned char)greeting->in.bytes[0]) {
    case 'P':
        return greeting_binary_begin(greeting);
    case 'C':
        return greeting_json_begin(greeting);
    case TLS_ALERT:
        return GREETING_SPEAKS_TLS;
    default:
        return greeting_stranger(greeting);
    }
}

static enum greeting_result take_step(struct greeting *greeting) {
    switch ((enum greeting_step)greeting->step) {
    case GREETING_FIRST_BYTES:
        return first_bytes(greeting);
    case GREETING_BINARY_SECRET:
    case GREETING_BINARY_ATTACH:
    case GREETING_BINARY_PROCESS:
    case GREETING_BINARY_INFO:
        return greeting_binary_step(greeting);
    case GREETING_JSON_SECRET:
    case GREETING_JSON_ATTACH:
    case GREETING_JSON_INFO:
        return greeting_json_step(greeting);
    case GREETING_OVER:
        break;
    }
    return (enum greeting_result)(greeting->step - GREETING_OVER);
}

enum greeting_result greeting_feed(struct greeting *greeting) {
    enum greeting_result result;
    int before;
    do {
        before = greeting->step;
        result = take_step(greeting);
    } while (result == GREETING_GOES_ON && greeting->step != before);
    if (result != GREETING_GOES_ON)
        greeting->step = GREETING_OVER + (int)result;
    return result;
}

/* What the server owed when the connection ended. */
static enum greeting_result broke_off(struct greeting *greeting) {
    switch ((enum greeting_step)greeting->step) {
    case GREETING_FIRST_BYTES:
        if (greeting->in.length && greeting->in.bytes[0] == 'P')
            return greeting_broken(greeting, "it closed the connection within its greeting");
        return greeting_stranger(greeting);
    case GREETING_BINARY_SECRET:
    case GREETING_JSON_SECRET:
        return greeting_broken(greeting,
                               "it closed the connection instead of answering the secret");
    case GREETING_BINARY_ATTACH:
    case GREETING_JSON_ATTACH:
        return greeting_broken(greeting, "it closed the connection instead of letting us attach");
    case GREETING_BINARY_INFO:
        return greeting_broken(greeting, greeting_info_broke_off(greeting));
    case GREETING_JSON_INFO:
        return greeting_broken(greeting,
                               "it closed the connection instead of telling about its process");
    case GREETING_BINARY_PROCESS:
    case GREETING_OVER:
        break;
    }
    return greeting_broken(greeting, "it closed the connection right after we were attached");
}

enum greeting_result greeting_closed(struct greeting *greeting) {
    enum greeting_result result = greeting_feed(greeting);
    if (result != GREETING_GOES_ON)
        return result;
    result = broke_off(greeting);
    greeting->step = GREETING_OVER + (int)result;
    return result;
}

const char *greeting_stalled(const struct greeting *greeting) {
    switch ((enum greeting_step)greeting->step) {
    case GREETING_FIRST_BYTES:
        return greeting->in.length ? "did not finish its greeting" : NULL;
    case GREETING_BINARY_SECRET:
    case GREETING_JSON_SECRET:
        return "did not answer the secret";
    case GREETING_BINARY_ATTACH:
    case GREETING_JSON_ATTACH:
        return "accepted the secret, but did not answer the request to attach";
    case GREETING_BINARY_PROCESS:
        return "let us attach, but did not tell its process";
    case GREETING_BINARY_INFO:
    case GREETING_JSON_INFO:
        return "accepted the secret, but told nothing about its process";
    case GREETING_OVER:
        break;
    }
    return NULL;
}
