#include "doctor_report.h"

#include "utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

static const char *const names[DOCTOR_STEPS] = {
    [DOCTOR_NAME] = "name",
    [DOCTOR_ROUTE] = "route",
    [DOCTOR_PORT] = "port",
    [DOCTOR_TLS] = "tls",
    [DOCTOR_CERTIFICATE] = "certificate",
    [DOCTOR_WEBSOCKET] = "websocket",
    [DOCTOR_GREETING] = "greeting",
    [DOCTOR_VERSION] = "version",
    [DOCTOR_SECRET] = "secret",
    [DOCTOR_PYTHON] = "python",
    [DOCTOR_ATTACH] = "attach",
    [DOCTOR_CLOCK] = "clock",
    [DOCTOR_SOURCE] = "source",
};

void doctor_report_init(struct doctor_report *report, bool json) {
    *report = (struct doctor_report){.json = json, .since = uv_hrtime()};
    report->steps = cJSON_CreateArray();
}

static void note(struct doctor_report *report, bool good, const char *text) {
    const char *name = names[report->next];
    uint64_t now = uv_hrtime();
    uint64_t took = (now - report->since) / 1000;
    report->since = now;
    cJSON *step = cJSON_CreateObject();
    cJSON_AddStringToObject(step, "step", name);
    cJSON_AddBoolToObject(step, "ok", good);
    cJSON_AddNumberToObject(step, "microseconds", (double)took);
    cJSON_AddStringToObject(step, good ? "detail" : "error", text);
    cJSON_AddItemToArray(report->steps, step);
    if (report->json)
        return;
    char *line = utf8_show_line(text);
    printf(good ? "\u2713 %-11s %8.1f ms  %s\n" : "\u2717 %-11s %8.1f ms\n  %s\n", name,
           (double)took / 1000, line);
    fflush(stdout);
    free(line);
}

static void pass_over_skipped(struct doctor_report *report) {
    while (report->next < DOCTOR_STEPS && report->skipped[report->next])
        report->next++;
}

void doctor_report_good(struct doctor_report *report, enum doctor_step step, const char *detail) {
    pass_over_skipped(report);
    assert(report->next == step);
    note(report, true, detail);
    report->next++;
}

void doctor_report_bad(struct doctor_report *report, const char *sentence) {
    pass_over_skipped(report);
    report->failed = true;
    note(report, false, sentence);
}

void doctor_report_finish(struct doctor_report *report, const char *address) {
    if (report->json) {
        cJSON *all = cJSON_CreateObject();
        cJSON_AddStringToObject(all, "address", address);
        cJSON_AddBoolToObject(all, "ok", !report->failed);
        cJSON_AddItemReferenceToObject(all, "steps", report->steps);
        char *text = json_print(all);
        puts(text);
        free(text);
        cJSON_Delete(all);
    }
    cJSON_Delete(report->steps);
}
