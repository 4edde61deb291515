/* The recordings of real servers (recordings/README.md says what is in a line), for replay tests.
 * Everything is for tests: a recording that cannot be read ends the program. */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>

struct replay_line {
    bool from_server;
    char *bytes; /* what went over the wire, NUL after its end; "" marks a connection event */
    size_t length;
    char *note; /* the message as the recording client understood it, or the connection event */
};

struct replay {
    char *name; /* of the file, without its directory: <release>-py<python>-<scene>.jsonl */
    struct replay_line *lines;
    size_t count;
};

/* All *.jsonl files of `directory`, sorted by name. */
struct replay_set {
    struct replay *replays;
    size_t count;
};

/* Reads `hex` (binary recordings) or `text` (JSON recordings), whichever a line has. */
void replay_read(struct replay *replay, const char *path);
void replay_finish(struct replay *replay);

void replay_set_read(struct replay_set *set, const char *directory);
void replay_set_finish(struct replay_set *set);

#endif
