/* Plays the server of a recorded handshake to the greeting. */
#ifndef GREETING_PLAYER_H
#define GREETING_PLAYER_H

#include "replay.h"

#include <stddef.h>

/* Every connection of the recording, the server's lines whole or byte by byte: result, what the
 * server told of itself, and what the greeting sent must be as recorded. The number of connections,
 * or -1 with a sentence in `error` (200 bytes). */
int greeting_player_run(const struct replay *replay, bool bytewise, char *error);

#endif
