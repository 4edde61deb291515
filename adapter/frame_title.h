/* The name of a frame in a stack, as the editor wants it (DAP's StackFrameFormat). */
#ifndef FRAME_TITLE_H
#define FRAME_TITLE_H

#include "json.h"
#include "wire.h"

/* `module.name(type name=value, …) : line` with the parts that `format` names; ptvsd counts neither
 * *args nor **kwargs as parameters. `line` is the editor's number. The caller
 * frees it. */
char *frame_title(const struct wire_frame *frame, const cJSON *format, int64_t line);

#endif
