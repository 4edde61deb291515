/* A unix socket to listen on, that only this user can reach. */
#ifndef LISTEN_UNIX_H
#define LISTEN_UNIX_H

#include <uv.h>

/* What a server that has crashed left at the path is removed. 0; or -1 after saying on stderr what
 * is wrong. Closing the pipe removes it from the file system. */
int listen_unix_bind(uv_pipe_t *pipe, const char *path);

#endif
