#include "members.h"

#include <string.h>

enum { DEPTH_LIMIT = 128, MOST_DIGITS = 18 };

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct members *members) {
    while (members->at < members->end && is_space(*members->at))
        members->at++;
}

static bool take(struct members *members, char wanted) {
    skip_space(members);
    if (members->at == members->end || *members->at != wanted)
        return false;
    members->at++;
    return true;
}

/* Behind the closing quote, or NULL. `at` is behind the opening one. */
static const char *string_end(const char *at, const char *end) {
    for (; at < end; at++) {
        if (*at == '"')
            return at + 1;
        if (*at == '\\' && ++at == end)
            return NULL;
    }
    return NULL;
}

/* Behind the value that starts at `at`, or NULL. */
static const char *value_end(const char *at, const char *end) {
    int depth = 0;
    while (at < end) {
        char c = *at;
        if (c == '"') {
            at = string_end(at + 1, end);
            if (!at || !depth)
                return at;
            continue;
        }
        if (c == '{' || c == '[') {
            if (++depth > DEPTH_LIMIT)
                return NULL;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
        } else if (depth == 0 && (c == ',' || is_space(c))) {
            return at;
        }
        at++;
    }
    return NULL;
}

int members_begin(struct members *members, const char *text, size_t length) {
    *members = (struct members){.at = text, .end = text + length, .first = true};
    return text && take(members, '{') ? 0 : -1;
}

int members_next(struct members *members, struct member *member) {
    if (take(members, '}'))
        return 0;
    if ((!members->first && !take(members, ',')) || !take(members, '"'))
        return -1;
    members->first = false;
    const char *name = members->at, *end = string_end(name, members->end);
    if (!end)
        return -1;
    member->name = (struct span){name, (size_t)(end - 1 - name)};
    members->at = end;
    if (!take(members, ':'))
        return -1;
    skip_space(members);
    const char *value = members->at;
    end = value_end(value, members->end);
    if (!end || end == value)
        return -1;
    member->value = (struct span){value, (size_t)(end - value)};
    member->whole = (struct span){name - 1, (size_t)(end - name + 1)};
    members->at = end;
    return 1;
}

struct span members_find(const char *text, size_t length, const char *name) {
    struct members members;
    struct member member;
    if (members_begin(&members, text, length) < 0)
        return (struct span){0};
    while (members_next(&members, &member) > 0)
        if (span_is(member.name, name))
            return member.value;
    return (struct span){0};
}

bool span_is(struct span span, const char *text) {
    return span.at && span.length == strlen(text) && !memcmp(span.at, text, span.length);
}

bool span_is_text(struct span value, const char *text) {
    if (!value.at || value.length < 2 || value.at[0] != '"')
        return false;
    return span_is((struct span){value.at + 1, value.length - 2}, text);
}

int64_t span_int(struct span value, int64_t if_none) {
    int64_t number = 0;
    if (!value.at || !value.length || value.length > MOST_DIGITS)
        return if_none;
    for (size_t i = 0; i < value.length; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return if_none;
        number = number * 10 + (value.at[i] - '0');
    }
    return number;
}
