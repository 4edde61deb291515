/* The members of a JSON object in its text, one after the other, without taking their values apart:
 * what only passes through keeps its numbers, its fields and its spelling. Spans point into the
 * text. Of a value only its extent is judged: who must be sure that it is JSON parses it. */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    const char *at; /* NULL: there is none */
    size_t length;
};

struct member {
    struct span name;  /* between its quotes, as written */
    struct span value; /* without blanks around it */
    struct span whole; /* from the name's quote to the value's end */
};

struct members {
    const char *at, *end;
    bool first;
};

/* 0, or -1 when the text is no object. */
int members_begin(struct members *members, const char *text, size_t length);

/* 1 and the next one, 0 behind the last, -1 when the text is malformed. */
int members_next(struct members *members, struct member *member);

/* The value of this member, or none. */
struct span members_find(const char *text, size_t length, const char *name);

bool span_is(struct span span, const char *text);
/* A JSON string of just this text, which needs no escapes. */
bool span_is_text(struct span value, const char *text);
int64_t span_int(struct span value, int64_t if_none);

#endif
