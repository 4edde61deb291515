/* The codecs behind wire.h, for its version table only, and what their two halves share. */
#ifndef WIRE_CODECS_H
#define WIRE_CODECS_H

#include "wire.h"

extern const struct wire_ops wire_binary, wire_json;

int wire_binary_decode(struct wire *wire, struct wire_event *event);

#endif
