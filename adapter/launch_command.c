#include "launch_command.h"

#include "dotenv.h"
#include "json.h"
#include "memory.h"
#include "sources.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* ---- words
 * --------------------------------------------------------------------------------------------- */

void words_add(struct words *words, const char *word) {
    words->items = memory_resize(words->items, words->count + 2, sizeof *words->items);
    words->items[words->count++] = memory_copy_text(word);
    words->items[words->count] = NULL;
}

void words_finish(struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct words){0};
}

/* As a shell would, of quotes and backslashes alone: nothing is expanded. */
static int split(struct words *words, const char *text, const char *name, struct dap_error *error) {
    char *word = memory_new(strlen(text) + 1), *to = word, quote = '\0';
    bool any = false;
    for (const char *at = text;; at++) {
        if (!*at || (!quote && strchr(" \t\r\n", *at))) {
            *to = '\0';
            if (any)
                words_add(words, word);
            any = false;
            to = word;
            if (!*at)
                break;
            continue;
        }
        any = true;
        if (*at == quote)
            quote = '\0';
        else if (!quote && (*at == '\'' || *at == '"'))
            quote = *at;
        else if (*at == '\\' && at[1] && (!quote || (quote == '"' && strchr("\"\\", at[1]))))
            *to++ = *++at;
        else
            *to++ = *at;
    }
    free(word);
    return quote ? dap_refuse(error, "\"%s\": a quote is not closed. A list of texts needs none.",
                              name)
                 : 0;
}

/* A list of texts; or one text, whose words they are. */
static int add_texts(struct words *words, const cJSON *arguments, const char *name,
                     struct dap_error *error) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(arguments, name), *one;
    if (!dap_given(arguments, name))
        return 0;
    if (cJSON_IsString(list))
        return split(words, list->valuestring, name, error);
    if (!cJSON_IsArray(list))
        return dap_refuse(error, "\"%s\" must be a list of texts, or one text.", name);
    cJSON_ArrayForEach(one, list) {
        if (!cJSON_IsString(one))
            return dap_refuse(error, "\"%s\" must be a list of texts.", name);
        words_add(words, one->valuestring);
    }
    return 0;
}

/* ---- the command
 * --------------------------------------------------------------------------------------- */

/* "program", "module" or "code": exactly one. */
static int add_target(struct words *words, const cJSON *arguments, struct dap_error *error) {
    static const char *const kinds[][2] = {
        {"program", "file"}, {"module", "module"}, {"code", "code"}};
    int found = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *target = NULL;
        if (dap_want_text(arguments, kinds[i][0], &target, error) < 0)
            return -1;
        if (!target || !*target)
            continue;
        if (found++)
            break;
        words_add(words, kinds[i][1]);
        words_add(words, target);
    }
    if (found == 1)
        return 0;
    return dap_refuse(error, found
                                 ? "\"program\", \"module\" and \"code\" exclude each other. Keep "
                                   "one of them in the configuration."
                                 : "The configuration does not say what to start. Give "
                                   "\"program\", a Python file, or \"module\".");
}

/* "python" is one word, also with blanks in it, or a list. */
static int add_python(struct words *words, const cJSON *arguments, struct dap_error *error) {
    const char *python = NULL;
    if (cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(arguments, "python"))) {
        if (add_texts(words, arguments, "python", error) < 0)
            return -1;
    } else if (dap_want_text(arguments, "python", &python, error) < 0 ||
               (!python && dap_want_text(arguments, "pythonPath", &python, error) < 0)) {
        return -1;
    }
    if (!words->count)
        words_add(words, python && *python ? python : "python3");
    return add_texts(words, arguments, "pythonArgs", error);
}

/* What other debuggers do, and ptvsd 2 and 3 do not: who wants it would wait for it in vain. */
static int refuse_unknown(const cJSON *arguments, struct dap_error *error) {
    static const char *const reasons[][2] = {
        {"subProcess",
         "ptvsd 2.0 to 3.2 does not follow the processes that a program starts. Take it "
         "out, or let the other program call ptvsd.enable_attach and attach to it"},
        {"sudo", "the program is started with your own rights. Start it by sudo yourself, with "
                 "ptvsd.enable_attach, and attach to it"}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (dap_given(arguments, reasons[i][0]))
            return dap_refuse(error, "\"%s\" is not possible: %s.", reasons[i][0], reasons[i][1]);
    return 0;
}

/* ---- the environment
 * ----------------------------------------------------------------------------------- */

static void change(cJSON *changes, const char *name, cJSON *value) {
    cJSON_DeleteItemFromObjectCaseSensitive(changes, name);
    cJSON_AddItemToObject(changes, name, value);
}

static const char *ours(const char *name) {
    return getenv(name);
}

static int read_file(cJSON *changes, const cJSON *arguments, const char *directory,
                     struct dap_error *error) {
    const char *file = NULL;
    size_t length = 0;
    if (dap_want_text(arguments, "envFile", &file, error) < 0)
        return -1;
    if (!file || !*file)
        return 0;
    char *path = *file == '/' || !directory ? memory_copy_text(file)
                                            : memory_format("%s/%s", directory, file);
    char *text = sources_read(path, &length);
    int result = text ? 0
                      : dap_refuse(error,
                                   "\"envFile\": %s cannot be read. Check the path and the rights, "
                                   "or take it out of the configuration.",
                                   path);
    struct dotenv dotenv = {0};
    if (text)
        dotenv_read(&dotenv, text, ours);
    for (size_t i = 0; i < dotenv.count; i++)
        change(changes, dotenv.items[i].name, cJSON_CreateString(dotenv.items[i].value));
    dotenv_finish(&dotenv);
    free(text);
    free(path);
    return result;
}

/* "env", which counts more than the file: texts, numbers, and null, which takes a name out. */
static int read_changes(cJSON *changes, const cJSON *arguments, struct dap_error *error) {
    const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(arguments, "env"), *one;
    if (dap_given(arguments, "env") && !cJSON_IsObject(wanted))
        return dap_refuse(error, "\"env\" must be an object of names and texts.");
    cJSON_ArrayForEach(one, wanted) {
        if (!cJSON_IsString(one) && !cJSON_IsNumber(one) && !cJSON_IsNull(one))
            return dap_refuse(error, "\"env\": the value of %s must be a text, or null.",
                              one->string);
        char *number = cJSON_IsNumber(one) ? json_print(one) : NULL;
        const char *text = number ? number : one->valuestring;
        change(changes, one->string, text ? cJSON_CreateString(text) : cJSON_CreateNull());
        free(number);
    }
    return 0;
}

/* Through a pipe Python would gather what is printed until its end, and Python 2 knows no
 * encoding. Who names one of these, if only to take it out, means it. */
static void add_for_pipes(struct words *words, const struct launch_command *command) {
    static const char *const wanted[] = {"PYTHONUNBUFFERED", "1", "PYTHONIOENCODING",
                                         "utf-8:surrogateescape"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i += 2) {
        if (getenv(wanted[i]) || cJSON_GetObjectItemCaseSensitive(command->environment, wanted[i]))
            continue;
        char *word = memory_format("%s=%s", wanted[i], wanted[i + 1]);
        words_add(words, word);
        free(word);
    }
}

struct words launch_command_environment(const struct launch_command *command) {
    struct words words = {0};
    const cJSON *one;
    uv_env_item_t *items;
    int count = 0;
    uv_os_environ(&items, &count);
    for (int i = 0; i < count; i++) {
        if (cJSON_GetObjectItemCaseSensitive(command->environment, items[i].name))
            continue;
        char *word = memory_format("%s=%s", items[i].name, items[i].value);
        words_add(&words, word);
        free(word);
    }
    uv_os_free_environ(items, count);
    cJSON_ArrayForEach(one, command->environment) {
        char *word =
            cJSON_IsString(one) ? memory_format("%s=%s", one->string, one->valuestring) : NULL;
        if (word)
            words_add(&words, word);
        free(word);
    }
    add_for_pipes(&words, command);
    return words;
}

/* "waitForExit", or by ptvsd's own names for one of the two. */
static int read_hold(struct launch_command *command, const cJSON *arguments,
                     struct dap_error *error) {
    bool always = false;
    const cJSON *options = json_array(arguments, "debugOptions");
    if (dap_want_bool(arguments, "waitForExit", &always, error) < 0)
        return -1;
    command->hold_normal = always || json_lists(options, "WaitOnNormalExit");
    command->hold_abnormal = always || json_lists(options, "WaitOnAbnormalExit");
    return 0;
}

int launch_command_read(struct launch_command *command, const cJSON *arguments,
                        struct dap_error *error) {
    *command = (struct launch_command){.environment = cJSON_CreateObject()};
    if (refuse_unknown(arguments, error) < 0 ||
        dap_want_text(arguments, "cwd", &command->directory, error) < 0)
        return -1;
    if (command->directory && !*command->directory)
        command->directory = NULL;
    if (read_hold(command, arguments, error) < 0 ||
        add_python(&command->python, arguments, error) < 0 ||
        add_target(&command->target, arguments, error) < 0 ||
        add_texts(&command->target, arguments, "args", error) < 0 ||
        read_file(command->environment, arguments, command->directory, error) < 0)
        return -1;
    return read_changes(command->environment, arguments, error);
}

void launch_command_finish(struct launch_command *command) {
    words_finish(&command->python);
    words_finish(&command->target);
    cJSON_Delete(command->environment);
    *command = (struct launch_command){0};
}
