#include "list.h"

#include "inquiry.h"
#include "memory.h"
#include "options.h"
#include "reach_options.h"
#include "utf8.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_A_TIME = 64 };

struct list {
    uv_loop_t loop;
    struct entry {
        struct list *list;
        struct reach reach;
        struct inquiry inquiry;
    } * entries;
    int count, started;
};

/* ---- asking ---------------------------------------------------------------------------------- */

static void start_next(struct list *list);

static void answered(void *context) {
    struct entry *entry = context;
    start_next(entry->list);
}

static void start_next(struct list *list) {
    if (list->started == list->count)
        return;
    struct entry *entry = &list->entries[list->started++];
    inquiry_start(&entry->inquiry, &list->loop, &entry->reach,
                  (struct inquiry_owner){.context = entry, .over = answered});
}

static void ask_all(struct list *list) {
    uv_loop_init(&list->loop);
    for (int i = 0; i < AT_A_TIME; i++)
        start_next(list);
    uv_run(&list->loop, UV_RUN_DEFAULT);
    uv_loop_close(&list->loop);
}

/* ---- telling --------------------------------------------------------------------------------- */

enum { COLUMNS = 6 };
static const char *const titles[COLUMNS] = {"ADDRESS", "PID",   "USER",
                                            "PYTHON",  "PTVSD", "EXECUTABLE"};

struct row {
    char *cells[COLUMNS];
};

static const char *releases(const struct inquiry *inquiry) {
    return wire_version_find(inquiry->greeting.version)->releases;
}

/* What the server says goes to a terminal. */
static char *cell(const char *text) {
    return utf8_show_line(text && *text ? text : "?");
}

static char *describe_ptvsd(const struct inquiry *inquiry) {
    const struct greeting *greeting = &inquiry->greeting;
    if (inquiry->speaks_dap)
        return memory_format("%s (DAP)", *greeting->release ? greeting->release : "?");
    return memory_format("%s (protocol %lld)", releases(inquiry), (long long)greeting->version);
}

static struct row make_row(const struct inquiry *inquiry) {
    const struct greeting *greeting = &inquiry->greeting;
    char *pid = greeting->pid ? memory_format("%lld", (long long)greeting->pid) : cell("");
    return (struct row){{cell(inquiry->shown), pid, cell(greeting->user),
                         cell(greeting->interpreter), describe_ptvsd(inquiry),
                         cell(greeting->executable)}};
}

static void free_row(struct row *row) {
    for (int i = 0; i < COLUMNS; i++)
        free(row->cells[i]);
}

static void measure(int widths[COLUMNS], char *const *cells) {
    for (int i = 0; i < COLUMNS; i++)
        if ((int)strlen(cells[i]) > widths[i])
            widths[i] = (int)strlen(cells[i]);
}

static void print_row(const int widths[COLUMNS], const char *const *cells) {
    for (int i = 0; i < COLUMNS - 1; i++)
        printf("%-*s  ", widths[i], cells[i]);
    printf("%s\n", cells[COLUMNS - 1]);
}

static void print_table(const struct list *list) {
    struct row *rows = memory_new(sizeof *rows * (size_t)list->count);
    int widths[COLUMNS], count = 0;
    for (int i = 0; i < COLUMNS; i++)
        widths[i] = (int)strlen(titles[i]);
    for (int i = 0; i < list->count; i++)
        if (!list->entries[i].inquiry.failure) {
            rows[count] = make_row(&list->entries[i].inquiry);
            measure(widths, rows[count++].cells);
        }
    if (count)
        print_row(widths, titles);
    for (int i = 0; i < count; i++) {
        print_row(widths, (const char *const *)rows[i].cells);
        free_row(&rows[i]);
    }
    free(rows);
    for (int i = 0; i < list->count; i++)
        if (list->entries[i].inquiry.notes)
            fprintf(stderr, "ptvsd-dap: %s\n", list->entries[i].inquiry.notes);
    for (int i = 0; i < list->count; i++)
        if (list->entries[i].inquiry.failure)
            fprintf(stderr, "ptvsd-dap: %s\n", list->entries[i].inquiry.failure);
}

static void add_process(cJSON *object, const struct greeting *greeting) {
    if (greeting->pid)
        cJSON_AddNumberToObject(object, "pid", (double)greeting->pid);
    cJSON_AddStringToObject(object, "executable", greeting->executable);
    cJSON_AddStringToObject(object, "user", greeting->user);
    cJSON_AddStringToObject(object, "python", greeting->interpreter);
}

static cJSON *make_object(const struct inquiry *inquiry) {
    const struct greeting *greeting = &inquiry->greeting;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "address", inquiry->shown);
    if (inquiry->failure) {
        cJSON_AddStringToObject(object, "error", inquiry->failure);
        const cJSON *variable;
        cJSON_ArrayForEach(variable, inquiry->variables)
            cJSON_AddStringToObject(object, variable->string, variable->valuestring);
    } else if (inquiry->speaks_dap) {
        cJSON_AddStringToObject(object, "ptvsd", greeting->release);
        cJSON_AddStringToObject(object, "protocol", "DAP");
    } else {
        add_process(object, greeting);
        cJSON_AddStringToObject(object, "ptvsd", releases(inquiry));
        cJSON_AddNumberToObject(object, "protocol", (double)greeting->version);
    }
    return object;
}

static void print_json(const struct list *list) {
    cJSON *all = cJSON_CreateArray();
    for (int i = 0; i < list->count; i++)
        cJSON_AddItemToArray(all, make_object(&list->entries[i].inquiry));
    char *text = json_print(all);
    puts(text);
    free(text);
    cJSON_Delete(all);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* An address that is none ends all before anybody is asked. */
static int read_addresses(struct list *list, const struct options *options) {
    for (list->count = 0; list->count < options->count; list->count++) {
        struct entry *entry = &list->entries[list->count];
        struct dap_error error;
        entry->list = list;
        if (reach_read_options(&entry->reach, options->reach, options->words[list->count], &error) <
            0) {
            fprintf(stderr, "ptvsd-dap: %s\n", error.text);
            return -1;
        }
    }
    return 0;
}

static int finish(struct list *list, bool good) {
    for (int i = 0; i < list->count; i++) {
        if (i < list->started) {
            good = good && !list->entries[i].inquiry.failure;
            inquiry_finish(&list->entries[i].inquiry);
        }
        reach_finish(&list->entries[i].reach);
    }
    free(list->entries);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int list_run(const struct options *options) {
    struct list list = {.entries = memory_new(sizeof *list.entries * (size_t)options->count)};
    if (read_addresses(&list, options) < 0)
        return finish(&list, false);
    ask_all(&list);
    if (options->json)
        print_json(&list);
    else
        print_table(&list);
    return finish(&list, true);
}
