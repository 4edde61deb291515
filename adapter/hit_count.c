#include "hit_count.h"

#include "literal.h"
#include "memory.h"
#include "remote.h"
#include "writes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_LIMIT = 2147483646 };

static const char allowed[] =
    "The hit count is not understood. Allowed are a number from 1, for that "
    "pass, and ==, >, >=, <, <= or % (every so many) before a number: 5, "
    "==5, >5, >=5, <5, <=5, %5.";

/* ---- reading -----------------------------------------------------------------------------------
 */

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

/* -1 if there is no number, one that is too large, or something behind it. */
static int64_t read_number(const char *at) {
    at = skip_blanks(at);
    size_t digits = strspn(at, "0123456789");
    if (!digits || digits > 10 || *skip_blanks(at + digits))
        return -1;
    int64_t number = strtoll(at, NULL, 10);
    return number <= NUMBER_LIMIT ? number : -1;
}

/* Longer signs first. "Above 5" is "at least 6", "at most 5" is "below 6". */
static const struct sign {
    const char *text;
    enum hit_test test;
    int add;
} signs[] = {{"==", HIT_EQUAL, 0},   {">=", HIT_AT_LEAST, 0}, {"<=", HIT_BELOW, 1},
             {">", HIT_AT_LEAST, 1}, {"<", HIT_BELOW, 0},     {"%", HIT_EVERY, 0},
             {"", HIT_EQUAL, 0}};

const char *hit_count_read(const char *text, struct hit_count *count) {
    *count = (struct hit_count){HIT_ALWAYS, 0};
    text = skip_blanks(text ? text : "");
    if (!*text)
        return NULL;
    const struct sign *sign = signs;
    while (strncmp(text, sign->text, strlen(sign->text)) != 0)
        sign++;
    int64_t number = read_number(text + strlen(sign->text));
    if (number < 0)
        return allowed;
    number += sign->add;
    switch (sign->test) {
    case HIT_AT_LEAST:
        break;
    case HIT_BELOW: /* below 1 there is nothing */
        number = number < 2 ? -1 : number;
        break;
    case HIT_EQUAL:
    case HIT_EVERY:
    case HIT_ALWAYS:
        number = number < 1 ? -1 : number;
        break;
    }
    if (number < 0)
        return allowed;
    *count = (struct hit_count){sign->test, (int32_t)number};
    return NULL;
}

/* The expression in changed(expression), or NULL; the caller frees it. A bracket that closes before
 * the end, as in changed(a) or changed(b), makes it an ordinary condition. */
static char *changed_expression(const char *condition) {
    static const char word[] = "changed";
    const char *at = skip_blanks(condition ? condition : "");
    if (strncmp(at, word, strlen(word)) != 0)
        return NULL;
    at = skip_blanks(at + strlen(word));
    const char *first = at + 1;
    int open = 0;
    char quote = '\0';
    if (*at != '(')
        return NULL;
    for (; *at; at++) {
        if (quote) {
            if (*at == '\\' && at[1])
                at++;
            else if (*at == quote)
                quote = '\0';
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (strchr("([{", *at)) {
            open++;
        } else if (strchr(")]}", *at) && --open == 0) {
            break;
        }
    }
    if (!*at || *skip_blanks(at + 1) || skip_blanks(first) == at)
        return NULL;
    return memory_format("%.*s", (int)(at - first), first);
}

/* ---- what ptvsd is sent
 * ----------------------------------------------------------------------- */

static char *python_test(const struct hit_count *count) {
    const char *format = "None";
    switch (count->test) {
    case HIT_ALWAYS:
        break;
    case HIT_EVERY:
        format = "lambda n: n %% %d == 0";
        break;
    case HIT_EQUAL:
        format = "lambda n: n == %d";
        break;
    case HIT_AT_LEAST:
        format = "lambda n: n >= %d";
        break;
    case HIT_BELOW:
        format = "lambda n: n < %d";
        break;
    }
    return memory_format(format, count->number);
}

static char *program(const struct breakpoint *breakpoint, bool counted_by_ptvsd) {
    char *changed = changed_expression(breakpoint->condition);
    const char *condition = changed ? changed : breakpoint->condition;
    char *when = condition ? literal_text(condition) : memory_copy_text("None");
    char *test = python_test(&breakpoint->hit_count);
    char *arguments = memory_format(
        "'point': (%d, %d), 'when': %s, 'changed': %s, 'test': %s, 'log': %s, 'adds': %s, "
        "'doubted': %s",
        (int)breakpoint->wire_id, breakpoint->edition, when, literal_truth(changed), test,
        breakpoint->log_parts ? breakpoint->log_parts : "None", literal_truth(counted_by_ptvsd),
        literal_truth(breakpoint->doubted && !counted_by_ptvsd));
    char *text = remote_text(REMOTE_HIT_TEST, arguments);
    free(changed);
    free(when);
    free(test);
    free(arguments);
    return text;
}

static bool ptvsd_can(const struct breakpoint *breakpoint, bool wire_counts) {
    if (breakpoint->log_parts)
        return false;
    switch (breakpoint->hit_count.test) {
    case HIT_ALWAYS:
        return true;
    case HIT_EVERY:
    case HIT_EQUAL:
    case HIT_AT_LEAST:
        return wire_counts;
    case HIT_BELOW:
        break;
    }
    return false;
}

static enum wire_pass_count pass_kind(enum hit_test test) {
    switch (test) {
    case HIT_EVERY:
        return WIRE_PASS_EVERY;
    case HIT_EQUAL:
        return WIRE_PASS_EQUAL;
    case HIT_AT_LEAST:
        return WIRE_PASS_AT_LEAST;
    case HIT_ALWAYS:
    case HIT_BELOW:
        break;
    }
    return WIRE_PASS_ALWAYS;
}

void hit_count_fill(const struct breakpoint *breakpoint, bool wire_counts,
                    struct wire_breakpoint *wire, char **made) {
    *made = NULL;
    wire->pass_kind = WIRE_PASS_ALWAYS;
    wire->pass_count = 0;
    wire->condition_kind = WIRE_CONDITION_TRUE;
    if (!ptvsd_can(breakpoint, wire_counts)) {
        wire->condition = *made = program(breakpoint, true);
        return;
    }
    wire->pass_kind = pass_kind(breakpoint->hit_count.test);
    wire->pass_count = breakpoint->hit_count.number;
    char *changed = changed_expression(breakpoint->condition);
    const char *condition = changed ? changed : breakpoint->condition;
    char *seeing = condition ? writes_seeing_locals(condition, false) : NULL;
    if (changed)
        wire->condition_kind = WIRE_CONDITION_CHANGED;
    else if (!condition)
        wire->condition_kind = WIRE_CONDITION_ALWAYS;
    *made = seeing ? seeing : changed;
    if (seeing)
        free(changed);
    wire->condition = *made ? *made : condition;
}

bool hit_count_changed(const struct breakpoint *breakpoint) {
    char *changed = changed_expression(breakpoint->condition);
    free(changed);
    return changed != NULL;
}

char *hit_count_question(const struct breakpoint *breakpoint) {
    if (breakpoint->log_parts || breakpoint->hit_count.test != HIT_ALWAYS ||
        hit_count_changed(breakpoint))
        return program(breakpoint, false);
    char *seeing =
        breakpoint->condition ? writes_seeing_locals(breakpoint->condition, false) : NULL;
    return seeing ? seeing : memory_copy_text(breakpoint->condition);
}
