#include "azure.h"

#include "address.h"
#include "editor_config.h"
#include "memory.h"
#include "options.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SITE_LIMIT = 300 };

static int refuse(const char *sentence) {
    fprintf(stderr, "ptvsd-dap: %s\n", sentence);
    return -1;
}

/* ---- a web site --------------------------------------------------------------------------------
 */

/* As typed, "mysite", "mysite.example:8443", "https://mysite.example/": the beginning of an
 * address. */
static char *site_address(const char *site) {
    static const char *const plain[] = {"http://", "ws://"}, *const secure[] = {"https://",
                                                                                "wss://"};
    const char *scheme = "wss";
    for (int i = 0; i < 2; i++) {
        if (!strncmp(site, plain[i], strlen(plain[i])))
            scheme = "ws", site += strlen(plain[i]);
        else if (!strncmp(site, secure[i], strlen(secure[i])))
            site += strlen(secure[i]);
    }
    int length = (int)strcspn(site, "/?#");
    bool whole = memchr(site, '.', (size_t)length) || memchr(site, ':', (size_t)length);
    return memory_format("%s://%.*s%s", scheme, length, site, whole ? "" : ".azurewebsites.net");
}

static int ask_for_site(char site[SITE_LIMIT]) {
    if (!isatty(STDIN_FILENO))
        return refuse("the file does not say which site it belongs to. Give --site NAME, the NAME "
                      "of NAME.azurewebsites.net or a whole host name.");
    fprintf(stderr, "Which site (the NAME of NAME.azurewebsites.net, or a whole host name)? ");
    if (!fgets(site, SITE_LIMIT, stdin))
        return refuse("no site was given.");
    site[strcspn(site, "\r\n")] = '\0';
    return 0;
}

static int judge_secret(const char *secret) {
    if (!secret)
        return refuse("the file has no WSGI_PTVSD_SECRET in its appSettings, so the site does not "
                      "let itself be debugged. Publish it in the Debug configuration, or take the "
                      "file that belongs to what was published.");
    if (!*secret)
        return refuse("WSGI_PTVSD_SECRET is empty in the file, so the site does not let itself be "
                      "debugged. Publishing it in the Debug configuration fills it in.");
    return 0;
}

static int check_address(const char *uri) {
    struct address address;
    char error[300];
    if (address_parse(&address, uri, error, sizeof error) < 0)
        return refuse(error);
    address_finish(&address);
    return 0;
}

static cJSON *site_attributes(const struct azure_file *file, const struct options *options) {
    char typed[SITE_LIMIT];
    if (judge_secret(file->secret) < 0 || (!options->site && ask_for_site(typed) < 0))
        return NULL;
    const char *path = file->path ? file->path : "ptvsd";
    char *site = site_address(options->site ? options->site : typed);
    char *uri = memory_format("%s/%s", site, path + (*path == '/'));
    cJSON *attributes = check_address(uri) < 0 ? NULL : cJSON_CreateObject();
    if (attributes) {
        cJSON_AddStringToObject(attributes, "uri", uri);
        cJSON_AddStringToObject(attributes, "secret", file->secret);
        fprintf(stderr, "Publishing the site changes the secret: run this again then. Whoever has "
                        "it can run code in the site: keep what is printed here to yourself.\n");
    }
    free(uri);
    free(site);
    return attributes;
}

/* ---- a cloud service ---------------------------------------------------------------------------
 */

static const cJSON *find_role(const cJSON *roles, const char *wanted) {
    const cJSON *role, *found = NULL;
    cJSON_ArrayForEach(role, roles) {
        if (wanted ? !strcmp(json_text(role, "name"), wanted) : true)
            found = found ? found : role;
    }
    if (found && (wanted || cJSON_GetArraySize(roles) == 1))
        return found;
    fprintf(stderr, "ptvsd-dap: %s. Its roles:",
            wanted ? "the file has no such role" : "which role? Give --role NAME");
    cJSON_ArrayForEach(role, roles) fprintf(stderr, " %s", json_text(role, "name"));
    fprintf(stderr, "%s\n", cJSON_GetArraySize(roles) ? "" : " none");
    return NULL;
}

/* The next word of a Windows command line, or NULL. The caller frees it. */
static char *next_word(const char **at) {
    while (isspace((unsigned char)**at))
        ++*at;
    if (!**at)
        return NULL;
    char *word = memory_new(strlen(*at) + 1), *to = word;
    bool quoted = false;
    for (; **at && (quoted || !isspace((unsigned char)**at)); ++*at) {
        if (**at == '"')
            quoted = !quoted;
        else
            *to++ = **at;
    }
    return word;
}

static bool ends_with(const char *word, const char *end) {
    return strlen(word) >= strlen(end) && !strcasecmp(word + strlen(word) - strlen(end), end);
}

/* What Python runs, and with what: of "bin\ps.cmd LaunchWorker.ps1 worker.py -v" the last two
 * words. The script of Visual Studio's first releases names worker.py itself. */
static cJSON *python_words(const char *command) {
    cJSON *words = cJSON_CreateArray();
    bool launcher = false;
    char *word;
    while (command && (word = next_word(&command))) {
        bool script = ends_with(word, ".py");
        launcher = launcher || ends_with(word, "LaunchWorker.ps1");
        for (char *at = word; script && *at; at++)
            if (*at == '\\')
                *at = '/';
        if (script || cJSON_GetArraySize(words))
            cJSON_AddItemToArray(words, cJSON_CreateString(word));
        free(word);
    }
    if (launcher && !cJSON_GetArraySize(words))
        cJSON_AddItemToArray(words, cJSON_CreateString("worker.py"));
    return words;
}

/* For a POSIX shell. */
static void print_quoted(const char *text) {
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-./:=,+@";
    if (*text && strspn(text, harmless) == strlen(text)) {
        fputs(text, stderr);
        return;
    }
    fputc('\'', stderr);
    for (; *text; text++)
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, stderr);
    fputc('\'', stderr);
}

static void print_environment(const cJSON *environment) {
    const cJSON *variable;
    cJSON_ArrayForEach(variable, environment) {
        if (!cJSON_IsString(variable))
            continue;
        fprintf(stderr, "%s=", variable->string);
        print_quoted(variable->valuestring);
        fputc(' ', stderr);
    }
}

static void tell_unknown(const cJSON *environment) {
    const cJSON *variable;
    cJSON_ArrayForEach(variable, environment) if (cJSON_IsNull(variable))
        fprintf(stderr, "%s gets its value from Azure; set it if the program needs it.\n",
                variable->string);
}

/* How the role is run under ptvsd outside of Azure; the flags are those of all releases. */
static void tell_command(const cJSON *role, const cJSON *words) {
    const cJSON *environment = json_object(role, "environment"), *word;
    tell_unknown(environment);
    fprintf(stderr, "Start the role in its folder, with ptvsd installed, by:\n  ");
    print_environment(environment);
    fprintf(stderr, "python -m ptvsd --interface 127.0.0.1 --port %d --wait", ADDRESS_PTVSD_PORT);
    cJSON_ArrayForEach(word, words) {
        fputs(word == words->child ? " " : word == words->child->next ? " - " : " ", stderr);
        print_quoted(word->valuestring);
    }
    fputc('\n', stderr);
}

static cJSON *service_attributes(const cJSON *role, const struct options *options) {
    cJSON *words = python_words(json_text(role, "command"));
    cJSON *attributes = NULL;
    if (cJSON_GetArraySize(words)) {
        attributes = cJSON_CreateObject();
        cJSON_AddStringToObject(attributes, "host", options->site ? options->site : "127.0.0.1");
        cJSON_AddNumberToObject(attributes, "port", ADDRESS_PTVSD_PORT);
        tell_command(role, words);
    } else {
        refuse("the role runs no Python program of its own: its entry point names no .py file.");
    }
    cJSON_Delete(words);
    return attributes;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static int print_config(const struct options *options, const char *name, cJSON *attributes) {
    if (!attributes)
        return EXIT_FAILURE;
    char *text = editor_config(options->editor ? options->editor : "vscode", name, attributes);
    fputs(text, stdout);
    free(text);
    cJSON_Delete(attributes);
    return EXIT_SUCCESS;
}

static int convert(const struct azure_file *file, const struct options *options) {
    if (file->kind == AZURE_SITE)
        return print_config(options, "Azure site", site_attributes(file, options));
    const cJSON *role = find_role(file->roles, options->role);
    if (!role)
        return EXIT_FAILURE;
    return print_config(options, json_text(role, "name"), service_attributes(role, options));
}

int azure_run(const struct options *options) {
    struct azure_file file;
    char error[400];
    int status = EXIT_FAILURE;
    if (azure_read(&file, options->words[0], error, sizeof error) < 0)
        refuse(error);
    else
        status = convert(&file, options);
    azure_finish(&file);
    return status;
}
