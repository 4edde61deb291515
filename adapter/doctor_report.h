/* What `doctor` prints: a line a step as it is gone, or all of them as JSON at the end. */
#ifndef DOCTOR_REPORT_H
#define DOCTOR_REPORT_H

#include "json.h"

#include <stdbool.h>
#include <stdint.h>

/* In the order in which they are gone. */
enum doctor_step {
    DOCTOR_NAME,
    DOCTOR_ROUTE,
    DOCTOR_PORT,
    DOCTOR_TLS,
    DOCTOR_CERTIFICATE,
    DOCTOR_WEBSOCKET,
    DOCTOR_GREETING,
    DOCTOR_VERSION,
    DOCTOR_SECRET,
    DOCTOR_PYTHON,
    DOCTOR_ATTACH,
    DOCTOR_CLOCK,
    DOCTOR_SOURCE,
    DOCTOR_STEPS
};

struct doctor_report {
    bool json;
    bool failed;
    bool skipped[DOCTOR_STEPS]; /* not on this way */
    enum doctor_step next;      /* the first that is not gone yet */
    uint64_t since;             /* ns; when that began */
    cJSON *steps;
};

void doctor_report_init(struct doctor_report *report, bool json);

/* The next step could be gone; `detail` says what was found there. */
void doctor_report_good(struct doctor_report *report, enum doctor_step step, const char *detail);

/* The next step could not; nothing behind it is gone. */
void doctor_report_bad(struct doctor_report *report, const char *sentence);

/* Prints what is left to print. */
void doctor_report_finish(struct doctor_report *report, const char *address);

#endif
