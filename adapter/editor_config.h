/* A debug configuration as the editors take it, to be printed. */
#ifndef EDITOR_CONFIG_H
#define EDITOR_CONFIG_H

#include "json.h"

/* "vscode", "vimspector", "nvim-dap", "dape"; ends with NULL. */
extern const char *const editor_names[];

/* The text for this editor, or NULL if there is no such editor. `attributes` are those of an attach
 * request, texts and numbers, without "type", "request" and "name". The caller frees it. */
char *editor_config(const char *editor, const char *name, const cJSON *attributes);

#endif
