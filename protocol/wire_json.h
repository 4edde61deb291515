/* What the two halves of the JSON codec (versions 7 and 8) share. */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "json.h"
#include "wire.h"

/* No server knows this command, which is its purpose: an unknown one ends the session's loop. */
#define WIRE_JSON_FAREWELL "legacyGoodbye"

/* Appends a request to `out`; takes `arguments`. */
void wire_json_ask(struct wire *wire, int64_t seq, const char *command, cJSON *arguments);

int wire_json_decode(struct wire *wire, struct wire_event *event);

#endif
