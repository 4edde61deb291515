/* A secret that is the first line of a file. */
#ifndef SECRET_FILE_H
#define SECRET_FILE_H

struct secret_file {
    char *secret;      /* wiped and freed by secret_file_finish() */
    unsigned open_to;  /* its mode, if others may read or change it, else 0 */
    int error;         /* an errno: it cannot be read … */
    const char *wrong; /* … or why the line is no secret: "empty" */
};

/* "~/" in front is understood. 0; or -1 with one of the last two, and nothing to finish. A pipe may
 * take two seconds. */
int secret_file_read(struct secret_file *file, const char *name);
void secret_file_finish(struct secret_file *file);

#endif
