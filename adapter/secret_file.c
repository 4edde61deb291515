#include "secret_file.h"

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_LIMIT = 4096, FILE_MS = 2000 };

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

static unsigned open_to_others(int fd) {
    struct stat about;
    if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || !(about.st_mode & 077))
        return 0;
    return (unsigned)about.st_mode & 0777;
}

/* `bytes` has room for a zero behind. */
static int take_line(struct secret_file *file, char *bytes, size_t count) {
    const char *end = memchr(bytes, '\n', count);
    size_t length = end ? (size_t)(end - bytes) : count;
    if (length && bytes[length - 1] == '\r')
        length--;
    bytes[length] = '\0';
    file->wrong = !length                   ? "empty"
                  : length >= SECRET_LIMIT  ? "longer than 4 KiB"
                  : strlen(bytes) != length ? "no text"
                                            : NULL;
    if (file->wrong)
        return -1;
    file->secret = memory_copy_text(bytes);
    return 0;
}

int secret_file_read(struct secret_file *file, const char *name) {
    char bytes[SECRET_LIMIT + 1];
    char *path = expand(name);
    *file = (struct secret_file){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t count = fd < 0 ? -1 : read_line(fd, bytes);
    file->error = count < 0 ? errno : 0;
    int result = count < 0 ? -1 : take_line(file, bytes, (size_t)count);
    if (fd >= 0) {
        file->open_to = open_to_others(fd);
        close(fd);
    }
    explicit_bzero(bytes, sizeof bytes);
    free(path);
    return result;
}

void secret_file_finish(struct secret_file *file) {
    memory_wipe_text(&file->secret);
}
