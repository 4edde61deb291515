#include "listen_unix.h"

#include "memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int wrong(const char *path, const char *why) {
    fprintf(stderr, "ptvsd-dap: cannot listen on unix:%s: %s.\n", path, why);
    return -1;
}

/* Where others may rename, they can put a socket of theirs in the place of ours. */
static int judge_directory(const char *path) {
    const char *slash = strrchr(path, '/');
    char *directory =
        slash ? memory_copy_bytes(path, (size_t)(slash - path) + 1) : memory_copy_text(".");
    struct stat about;
    int error = stat(directory, &about) < 0 ? errno : 0;
    free(directory);
    if (error)
        return wrong(path, strerror(error));
    if ((about.st_mode & 022) && !(about.st_mode & S_ISVTX))
        return wrong(path, "others may write to that directory; take one of your own (chmod 700)");
    return 0;
}

static bool somebody_listens(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int result = connect(fd, (const struct sockaddr *)address, sizeof *address);
    bool refused = fd < 0 || (result < 0 && errno == ECONNREFUSED);
    if (fd >= 0)
        close(fd);
    return !refused;
}

static int make_room(const struct sockaddr_un *address) {
    const char *path = address->sun_path;
    struct stat about;
    if (lstat(path, &about) < 0)
        return errno == ENOENT ? 0 : wrong(path, strerror(errno));
    if (!S_ISSOCK(about.st_mode))
        return wrong(path, "there is something that is no socket");
    if (somebody_listens(address))
        return wrong(path, "somebody listens there already");
    return unlink(path) < 0 ? wrong(path, strerror(errno)) : 0;
}

int listen_unix_bind(uv_pipe_t *pipe, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!*path || strlen(path) >= sizeof address.sun_path)
        return wrong(path, *path ? "the path is too long for a socket" : "the path is missing");
    strcpy(address.sun_path, path);
    if (judge_directory(path) < 0 || make_room(&address) < 0)
        return -1;
    mode_t old = umask(0177); /* the socket is 0600 from its first moment */
    int error = uv_pipe_bind(pipe, path);
    umask(old);
    return error ? wrong(path, uv_strerror(error)) : 0;
}
