/* Reads what a client of the binary protocol sent; written against the protocol's description, not
 * against our encoder. */
#ifndef BINARY_CLIENT_H
#define BINARY_CLIENT_H

#include "arena.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>

/* One whole command in `bytes`; its texts are put into the arena. False if it is none. */
bool binary_client_read(struct wire_command *command, struct arena *arena, int version,
                        const char *bytes, size_t length);

#endif
