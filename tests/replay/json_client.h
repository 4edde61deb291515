/* Reads what a recorded client of the JSON wire sent, so that it can be encoded again. */
#ifndef JSON_CLIENT_H
#define JSON_CLIENT_H

#include "arena.h"
#include "wire.h"

#include <cjson/cJSON.h>

/* false when the request is none that a wire command can express. Texts point into the request. */
bool json_client_read(struct wire_command *command, struct arena *arena, const cJSON *request);

#endif
