#include "reach_secret.h"

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_LIMIT = 4096, FILE_MS = 2000 };

struct reading {
    struct reach *reach;
    const cJSON *arguments;
    struct dap_error *error;
    const char *from; /* the source of the secret so far, NULL before one was found */
};

static int take(struct reading *reading, const char *source, const char *secret) {
    struct address *address = &reading->reach->address;
    if (reading->from && strcmp(address->secret, secret) != 0)
        return dap_refuse(reading->error,
                          "%s and %s contradict each other. Keep one of them in the configuration.",
                          reading->from, source);
    address_set_secret(address, secret);
    reading->from = source;
    return 0;
}

static int take_text(struct reading *reading) {
    const char *secret = NULL;
    if (dap_want_text(reading->arguments, "secret", &secret, reading->error) < 0)
        return -1;
    return secret && *secret ? take(reading, "\"secret\"", secret) : 0;
}

static int take_environment(struct reading *reading) {
    const char *name = NULL;
    if (dap_want_text(reading->arguments, "secretEnv", &name, reading->error) < 0)
        return -1;
    if (!name || !*name)
        return 0;
    const char *secret = getenv(name);
    if (!secret || !*secret)
        return dap_refuse(reading->error,
                          "\"secretEnv\" names the environment variable %.60s, which is %s where "
                          "ptvsd-dap was started. Set it there, and start the editor anew if that "
                          "starts ptvsd-dap.",
                          name, secret ? "empty" : "not set");
    return take(reading, "\"secretEnv\"", secret);
}

/* ---- the file ---------------------------------------------------------------------------------
 */

/* "~/…" is what users write, and no shell stands between them and us. */
static char *expand(const char *path) {
    const char *home = getenv("HOME");
    if (home && path[0] == '~' && path[1] == '/')
        return memory_format("%s%s", home, path + 1);
    return memory_copy_text(path);
}

/* Reads until the first line has ended, for some time at most: the path may be a pipe. The bytes,
 * or -1 with errno. */
static ssize_t read_line(int fd, char *bytes) {
    ssize_t total = 0, count = 1;
    while (count && total < SECRET_LIMIT && !memchr(bytes, '\n', (size_t)total)) {
        struct pollfd input = {.fd = fd, .events = POLLIN};
        if (poll(&input, 1, FILE_MS) == 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        count = read(fd, bytes + total, (size_t)(SECRET_LIMIT - total));
        if (count < 0)
            return -1;
        total += count;
    }
    return total;
}

static void warn_if_open(struct reading *reading, int fd, const char *path) {
    struct stat about;
    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || !(about.st_mode & 077))
        return;
    reach_warn(
        reading->reach,
        "Others on this machine may read or change the secret in %s (its mode is %03o). Run: "
        "chmod 600 %s",
        path, (unsigned)about.st_mode & 0777, path);
}

static int take_line(struct reading *reading, char *bytes, ssize_t count, const char *path) {
    if (count < 0)
        return dap_refuse(reading->error, "\"secretFile\": cannot read %.200s: %s.", path,
                          strerror(errno));
    const char *end = memchr(bytes, '\n', (size_t)count);
    size_t length = end ? (size_t)(end - bytes) : (size_t)count;
    if (length && bytes[length - 1] == '\r')
        length--;
    bytes[length] = '\0';
    if (!length || length >= SECRET_LIMIT || strlen(bytes) != length)
        return dap_refuse(reading->error,
                          "\"secretFile\": the first line of %.200s is %s, so it is no secret. It "
                          "must be the very text that the program passes to "
                          "ptvsd.enable_attach().",
                          path,
                          !length                  ? "empty"
                          : length >= SECRET_LIMIT ? "longer than 4 KiB"
                                                   : "no text");
    return take(reading, "\"secretFile\"", bytes);
}

static int take_file(struct reading *reading) {
    const char *name = NULL;
    if (dap_want_text(reading->arguments, "secretFile", &name, reading->error) < 0)
        return -1;
    if (!name || !*name)
        return 0;
    char bytes[SECRET_LIMIT + 1];
    char *path = expand(name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t count = fd < 0 ? -1 : read_line(fd, bytes);
    int result = take_line(reading, bytes, count, path);
    if (result == 0)
        warn_if_open(reading, fd, path);
    if (fd >= 0)
        close(fd);
    explicit_bzero(bytes, sizeof bytes);
    free(path);
    return result;
}

int reach_secret_read(struct reach *reach, const cJSON *arguments, struct dap_error *error) {
    const char *in_uri = reach->address.secret;
    struct reading reading = {reach, arguments, error,
                              in_uri && *in_uri ? "the secret in \"uri\"" : NULL};
    if (take_text(&reading) < 0 || take_file(&reading) < 0 || take_environment(&reading) < 0)
        return -1;
    return 0;
}
