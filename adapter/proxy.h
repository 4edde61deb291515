/* `ptvsd-dap proxy`: WebSockets on a path, joined to a ptvsd nearby; for whoever looks at that path
 * with a browser, a page that says how things stand. A program of its own beside the session. */
#ifndef PROXY_H
#define PROXY_H

/* The arguments behind the program's name, from "proxy" on. Gives the exit status. */
int proxy_run(int argc, char **argv);

#endif
