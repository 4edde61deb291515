/* A program that the editor starts in a terminal, by DAP's runInTerminal. What the terminal shows
 * is `python …/start file program.py`: a file of ours in a folder that nobody else can enter, with
 * the socket beside it through which the process says what others say through a pipe, and is told
 * the secret. Both files are gone as soon as it has connected. */
#include "launch_parts.h"

#include "literal.h"
#include "memory.h"
#include "pathmap.h"
#include "remote.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMES_MS = 20000, PATH_LIMIT = 80 }; /* a socket's path has 107 bytes at most */

/* ---- the folder ------------------------------------------------------------------------------ */

static char *new_folder(void) {
    char place[PATH_LIMIT];
    size_t size = sizeof place;
    const char *base = uv_os_tmpdir(place, &size) == 0 ? place : "/tmp";
    char *folder = memory_format("%s/ptvsd-dap-XXXXXX", base);
    if (mkdtemp(folder))
        return folder;
    free(folder);
    return NULL;
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return -1;
    bool whole = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    return close(file) < 0 || !whole ? -1 : 0;
}

static int write_start(const char *path, const char *link, const struct launch_command *command) {
    char *literal = literal_native(link);
    char *arguments = memory_format("'link': %s, 'hold': (%d, %d)", literal, command->hold_normal,
                                    command->hold_abnormal);
    char *text = remote_text(REMOTE_LAUNCH, arguments);
    int result = write_file(path, text);
    free(literal);
    free(arguments);
    free(text);
    return result;
}

/* The socket goes with its handle. */
static void remove_folder(struct launch *launch) {
    struct terminal *terminal = &launch->terminal;
    launch_close_handle(launch, (uv_handle_t *)&terminal->listener);
    if (!terminal->folder)
        return;
    unlink(terminal->start);
    rmdir(terminal->folder);
    free(terminal->start);
    free(terminal->folder);
    terminal->start = terminal->folder = NULL;
}

void terminal_close(struct launch *launch) {
    remove_folder(launch);
}

/* ---- the process comes ----------------------------------------------------------------------- */

static void connected(uv_stream_t *listener, int status) {
    struct launch *launch = listener->data;
    if (status < 0 || launch->closing || launch->terminal.connected ||
        uv_accept(listener, (uv_stream_t *)&launch->link) < 0)
        return;
    launch->terminal.connected = true;
    uv_timer_stop(&launch->timer);
    remove_folder(launch);
    launch_begin_reading(launch);
}

static void comes_late(uv_timer_t *timer) {
    launch_lost(
        timer->data,
        "The terminal was opened, but Python did not start in it. What it shows may say why; "
        "check \"python\" of the configuration.");
}

void launch_terminal_answered(struct launch *launch, const char *refused) {
    if (refused) {
        char *text = memory_format(
            "The editor opened no terminal: %s. \"console\": \"internalConsole\" in the "
            "configuration does without one.",
            refused);
        launch_lost(launch, text);
        free(text);
    } else if (!launch->terminal.connected && !launch->closing) {
        uv_timer_start(&launch->timer, comes_late, COMES_MS, 0);
    }
}

/* ---- the editor is asked --------------------------------------------------------------------- */

static void add_words(cJSON *list, const struct words *words) {
    for (size_t i = 0; i < words->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(words->items[i]));
}

static cJSON *question(const struct launch *launch, const struct launch_command *command,
                       const char *kind) {
    char here[4096] = ".";
    size_t size = sizeof here;
    uv_cwd(here, &size);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "kind", kind);
    cJSON_AddStringToObject(body, "title", pathmap_base(command->target.items[1]));
    cJSON_AddStringToObject(body, "cwd", command->directory ? command->directory : here);
    cJSON *words = cJSON_AddArrayToObject(body, "args");
    add_words(words, &command->python);
    cJSON_AddItemToArray(words, cJSON_CreateString(launch->terminal.start));
    add_words(words, &command->target);
    if (command->environment->child)
        cJSON_AddItemToObject(body, "env", cJSON_Duplicate(command->environment, true));
    return body;
}

static int listen_in(struct launch *launch, const char *link) {
    uv_pipe_t *listener = &launch->terminal.listener;
    if (uv_pipe_bind(listener, link) < 0 || chmod(link, 0600) < 0)
        return -1;
    return uv_listen((uv_stream_t *)listener, 1, connected) < 0 ? -1 : 0;
}

int terminal_open(struct launch *launch, uv_loop_t *loop, const struct launch_command *command,
                  const char *kind, struct dap_error *error) {
    struct terminal *terminal = &launch->terminal;
    terminal->wanted = true;
    launch->outputs_open = 0;
    launch->handles++;
    uv_pipe_init(loop, &terminal->listener, 0);
    terminal->listener.data = launch;
    terminal->folder = new_folder();
    if (!terminal->folder)
        return dap_refuse(
            error, "No folder can be made among the temporary files, which a terminal needs. Set "
                   "TMPDIR to one where you may write.");
    terminal->start = memory_format("%s/start", terminal->folder);
    char *link = memory_format("%s/link", terminal->folder);
    int failed = write_start(terminal->start, link, command) < 0 || listen_in(launch, link) < 0;
    free(link);
    if (failed)
        return dap_refuse(
            error,
            "%s cannot be written to, which a terminal needs. Set TMPDIR to a folder on a "
            "disk with room.",
            terminal->folder);
    launch->owner.terminal(launch->owner.context, question(launch, command, kind));
    return 0;
}
