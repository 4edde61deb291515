#include "options.h"

#include "azure.h"
#include "doctor.h"
#include "editor_config.h"
#include "list.h"
#include "memory.h"
#include "reach_options.h"
#include "release.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which commands take an option. */
enum {
    SESSION = 1,
    RELEASE = 2,
    LIST = 4,
    DOCTOR = 8,
    CONFIG = 16,
    REACHES = RELEASE | LIST | DOCTOR /* all that reach a debuggee: their words are addresses */
};

static const struct subcommand subcommands[] = {
    {"list", "ADDRESS...", 1, INT_MAX, LIST, "tell which programs can be debugged there",
     "Asks each address which program listens there: its process, user and Python, and which\n"
     "releases of ptvsd it may run. Nothing is attached to, so it can be asked at any time; "
     "whether\n"
     "another debugger is attached cannot be seen this way. All are asked at once. The exit "
     "status\n"
     "is 0 if all have answered.",
     list_run},
    {"doctor", "ADDRESS", 1, 1, DOCTOR, "find out why a program cannot be attached to",
     "Walks the way to the program step by step, as an attach does, and says how far it gets, how\n"
     "long each step took, and what to do about the first that fails. Without --attach it "
     "attaches\n"
     "to nothing; with it, the program may stand still for a moment. The exit status is 0 if all "
     "steps could be gone.",
     doctor_run},
    {"release", "ADDRESS", 1, 1, RELEASE, "free a program that a vanished debugger left frozen",
     "Frees a program that a vanished debugger left frozen, where ptvsd 3.0 or older runs in it.\n"
     "A debugger that is still attached loses its session.",
     release_run},
    {"config", "FILE", 1, 1, CONFIG, "turn a configuration of Azure's into one of an editor's",
     "Reads a web.debug.config, which Visual Studio writes for a site in Azure, or the\n"
     "ServiceDefinition.csdef of a cloud service, and prints a configuration for an editor. What\n"
     "else is to be known is said on stderr.",
     azure_run},
};

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands, OPTIONS_MOST = 40 };

/* ---- options --------------------------------------------------------------------------------- */

struct option_row {
    unsigned groups;
    const char *name;
    const char *value; /* what it takes, NULL: nothing */
    const char *help;
    int (*take)(struct options *options, const char *value); /* -1 after saying what is wrong */
};

static int take_log_file(struct options *options, const char *value) {
    options->log_file = value;
    options->log_wanted = true;
    return 0;
}

static int take_log_level(struct options *options, const char *value) {
    options->log_wanted = true;
    if (log_level_find(value, &options->log_level) == 0)
        return 0;
    fprintf(stderr, "ptvsd-dap: there is no log level \"%s\"\n", value);
    return -1;
}

static int take_listen(struct options *options, const char *value) {
    options->listen.address = value;
    return 0;
}

static int take_token_file(struct options *options, const char *value) {
    options->listen.token_file = value;
    return 0;
}

static int take_token_env(struct options *options, const char *value) {
    options->listen.token_env = value;
    return 0;
}

static int take_begin_within(struct options *options, const char *value) {
    char *end;
    long seconds = strtol(value, &end, 10);
    options->listen.begin_s = (int)seconds;
    if (*value >= '1' && *value <= '9' && !*end && seconds <= 3600)
        return 0;
    fprintf(stderr, "ptvsd-dap: --begin-within takes a number of seconds, 1 to 3600.\n");
    return -1;
}

static int take_json(struct options *options, const char *value) {
    (void)value;
    options->json = true;
    return 0;
}

static int take_attach(struct options *options, const char *value) {
    (void)value;
    options->attach = true;
    return 0;
}

static int take_file(struct options *options, const char *value) {
    options->file = value;
    return 0;
}

static int take_local_root(struct options *options, const char *value) {
    cJSON_AddStringToObject(options->attributes, "localRoot", value);
    return 0;
}

static int take_remote_root(struct options *options, const char *value) {
    cJSON_AddStringToObject(options->attributes, "remoteRoot", value);
    return 0;
}

static int take_site(struct options *options, const char *value) {
    options->site = value;
    return 0;
}

static int take_role(struct options *options, const char *value) {
    options->role = value;
    return 0;
}

static int take_editor(struct options *options, const char *value) {
    options->editor = value;
    for (const char *const *name = editor_names; *name; name++)
        if (!strcmp(*name, value))
            return 0;
    fprintf(stderr,
            "ptvsd-dap: there is no editor \"%s\" here, but vscode, vimspector, nvim-dap "
            "and dape.\n",
            value);
    return -1;
}

static const struct option_row rows[] = {
    {SESSION, "log-file", "PATH", "append a log of the session to PATH", take_log_file},
    {SESSION, "log-level", "LEVEL", "error, warning, info (the default), debug, or trace",
     take_log_level},
    {SESSION, "listen", "ADDRESS",
     "serve any number of editors at 127.0.0.1:PORT, [::1]:PORT or unix:PATH", take_listen},
    {SESSION, "token-file", "PATH",
     "with --listen: they must give the first line of PATH as \"token\"", take_token_file},
    {SESSION, "token-env", "NAME", "the same, from the environment variable NAME", take_token_env},
    {SESSION, "begin-within", "SECONDS", "with --listen: and begin in time; 10 unless given",
     take_begin_within},
    {LIST | DOCTOR, "json", NULL, "print JSON", take_json},
    {DOCTOR, "attach", NULL, "also attach for a moment: is it free, is its clock right?",
     take_attach},
    {DOCTOR, "file", "FILE[:LINE]", "with --attach: would a breakpoint there be hit?", take_file},
    {DOCTOR, "local-root", "PATH", "with --file: as \"localRoot\" of an attach request",
     take_local_root},
    {DOCTOR, "remote-root", "PATH", "as \"remoteRoot\"", take_remote_root},
    {CONFIG, "site", "NAME", "the host: mysite (of mysite.azurewebsites.net), or a whole name",
     take_site},
    {CONFIG, "role", "NAME", "which role of a cloud service", take_role},
    {CONFIG, "editor", "NAME", "vscode (the default), vimspector, nvim-dap or dape", take_editor},
    {UINT_MAX, "help", NULL, "print this text", NULL},
    {SESSION, "version", NULL, "print the version", NULL},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* ---- usage ----------------------------------------------------------------------------------- */

static void print_option(FILE *to, const char *name, const char *value, const char *help) {
    char left[40];
    snprintf(left, sizeof left, "--%s%s%s", name, value ? " " : "", value ? value : "");
    fprintf(to, "  %-26s %s\n", left, help);
}

static void print_options(FILE *to, unsigned group) {
    if (group & REACHES)
        for (const struct reach_option *one = reach_options; one->name; one++)
            print_option(to, one->name, one->value, one->help);
    for (int i = 0; i < ROWS; i++)
        if (rows[i].groups & group)
            print_option(to, rows[i].name, rows[i].value, rows[i].help);
}

static void print_usage_of(FILE *to, const struct subcommand *one) {
    fprintf(to, "Usage: ptvsd-dap %s [OPTION]... %s\n%s\n\n", one->name, one->words, one->about);
    print_options(to, one->group);
    if (one->group & REACHES)
        fprintf(to, "\nAn ADDRESS is tcp://secret@host:port, or as \"uri\" of an attach request "
                    "takes it. Better than\nin the address, the secret stands in a file.\n");
}

static void print_usage(FILE *to) {
    fprintf(to, "Usage: ptvsd-dap [OPTION]...\n");
    for (int i = 0; i < SUBCOMMANDS; i++)
        fprintf(to, "       ptvsd-dap %s [OPTION]... %s\n", subcommands[i].name,
                subcommands[i].words);
    fprintf(to, "       ptvsd-dap proxy [OPTION]... [HOST:PORT]\n"
                "A Debug Adapter Protocol server on stdin and stdout for Python programs that run "
                "ptvsd 2.0 to 3.2.\nEditors start it, or connect to it (--listen); the address of "
                "the program comes with their attach\nrequest.\n\n");
    print_options(to, SESSION);
    fprintf(to, "\nSubcommands, each with a --help of its own:\n");
    for (int i = 0; i < SUBCOMMANDS; i++)
        fprintf(to, "  %-26s %s\n", subcommands[i].name, subcommands[i].help);
    fprintf(to, "  %-26s %s\n", "proxy", "let debuggers in by WebSockets");
    fprintf(to, "\nAt level trace the log holds source text and values of the program.\n");
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct options *options;
    unsigned group;
    struct option table[OPTIONS_MOST];
    const struct option_row *row[OPTIONS_MOST]; /* which is meant; one of these two */
    const struct reach_option *reach[OPTIONS_MOST];
    int count;
};

static void overwrite(char *text) {
    memset(text, '*', strlen(text));
}

static struct option *add_option(struct reading *reading, const char *name, const char *value) {
    struct option *one = &reading->table[reading->count];
    *one = (struct option){name, value ? required_argument : no_argument, NULL, reading->count};
    return one;
}

static void make_table(struct reading *reading) {
    for (int i = 0; i < ROWS; i++)
        if (rows[i].groups & reading->group) {
            add_option(reading, rows[i].name, rows[i].value);
            reading->row[reading->count++] = &rows[i];
        }
    if (reading->group & REACHES)
        for (const struct reach_option *one = reach_options; one->name; one++) {
            add_option(reading, one->name, one->value);
            reading->reach[reading->count++] = one;
        }
}

/* Says what is wrong with an option; not what may be an address, nor what stands behind a "=". */
static enum options_result refuse_option(const char *typed, bool lacks_value) {
    int length = strchr(typed, '@') ? 0 : (int)strcspn(typed, "=");
    if (lacks_value)
        fprintf(stderr, "ptvsd-dap: %.*s needs a value. Try '--help'.\n", length, typed);
    else
        fprintf(stderr, "ptvsd-dap: there is no such option here%s%.*s. Try '--help'.\n",
                length ? ": " : "", length, typed);
    return OPTIONS_WRONG;
}

static enum options_result take_help(const struct options *options, const struct option_row *row) {
    if (!strcmp(row->name, "version"))
        printf("ptvsd-dap %s\n", PTVSD_DAP_VERSION);
    else if (options->subcommand)
        print_usage_of(stdout, options->subcommand);
    else
        print_usage(stdout);
    return OPTIONS_DONE;
}

static enum options_result take_option(struct reading *reading, int index) {
    const struct option_row *row = reading->row[index];
    if (!row) {
        reach_option_take(reading->options->reach, reading->reach[index], optarg);
        if (optarg)
            overwrite(optarg);
        return OPTIONS_RUN;
    }
    if (!row->take)
        return take_help(reading->options, row);
    if (row->take(reading->options, optarg) == 0)
        return OPTIONS_RUN;
    fprintf(stderr, "Try 'ptvsd-dap --help'.\n");
    return OPTIONS_WRONG;
}

static enum options_result read_options(struct reading *reading, int argc, char **argv) {
    int index;
    opterr = 0;
    while ((index = getopt_long(argc, argv, ":", reading->table, NULL)) != -1) {
        if (index == '?' || index == ':')
            return refuse_option(argv[optind - 1], index == ':');
        enum options_result result = take_option(reading, index);
        if (result != OPTIONS_RUN)
            return result;
    }
    return OPTIONS_RUN;
}

static void keep_words(struct reading *reading, int count, char **words) {
    struct options *options = reading->options;
    options->words = memory_new(sizeof *words * (size_t)(count + 1));
    options->count = count;
    for (int i = 0; i < count; i++) {
        options->words[i] = memory_copy_text(words[i]);
        if (reading->group & REACHES)
            overwrite(words[i]);
    }
}

static enum options_result judge_listen(const struct listen_options *listen) {
    if (listen->address || !(listen->token_file || listen->token_env || listen->begin_s))
        return OPTIONS_RUN;
    fprintf(stderr, "ptvsd-dap: --token-file, --token-env and --begin-within go with --listen. Try "
                    "'ptvsd-dap --help'.\n");
    return OPTIONS_WRONG;
}

static enum options_result judge_words(const struct options *options) {
    const struct subcommand *one = options->subcommand;
    if (options->count >= (one ? one->least : 0) && options->count <= (one ? one->most : 0))
        return judge_listen(&options->listen);
    if (one)
        fprintf(stderr, "ptvsd-dap: %s takes %s %s. Try 'ptvsd-dap %s --help'.\n", one->name,
                one->most == 1 ? "one" : "one or more of", one->words, one->name);
    else /* an address, perhaps, so it is not shown */
        fprintf(stderr, "ptvsd-dap: a subcommand comes first, and without one there are options "
                        "only. Try 'ptvsd-dap --help'.\n");
    return OPTIONS_WRONG;
}

static const struct subcommand *find_subcommand(const char *name) {
    for (int i = 0; i < SUBCOMMANDS; i++)
        if (!strcmp(subcommands[i].name, name))
            return &subcommands[i];
    return NULL;
}

enum options_result options_read(struct options *options, int argc, char **argv) {
    *options = (struct options){
        .log_level = LOG_INFO, .reach = cJSON_CreateObject(), .attributes = cJSON_CreateObject()};
    struct reading reading = {.options = options, .group = SESSION};
    options->subcommand = argc > 1 ? find_subcommand(argv[1]) : NULL;
    if (options->subcommand) {
        reading.group = options->subcommand->group;
        argc--;
        argv++;
    }
    make_table(&reading);
    enum options_result result = read_options(&reading, argc, argv);
    if (result != OPTIONS_RUN)
        return result;
    keep_words(&reading, argc - optind, argv + optind);
    return judge_words(options);
}

void options_finish(struct options *options) {
    for (int i = 0; i < options->count; i++)
        memory_wipe_text(&options->words[i]);
    free(options->words);
    cJSON_Delete(options->reach);
    cJSON_Delete(options->attributes);
}
