/* `ptvsd-dap release ADDRESS`: frees a program that a vanished debugger left frozen, by the back
 * door of ptvsd 2.0 to 3.0, its REPL. (3.1 has one, too, but loses it with the debugger's
 * connection.) A debugger that is still there loses its session. */
#ifndef RELEASE_H
#define RELEASE_H

/* Says on stdout what was done, or on stderr why not; the exit status. */
struct options;
int release_run(const struct options *options);

#endif
