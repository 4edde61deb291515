/* `ptvsd-dap list ADDRESS...`: which programs can be debugged there. */
#ifndef LIST_H
#define LIST_H

struct options;

/* Prints a table, or JSON, on stdout; the exit status, 0 if all have answered. */
int list_run(const struct options *options);

#endif
