#include "editor_config.h"

#include "buf.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 1 << 20 };

const char *const editor_names[] = {"vscode", "vimspector", "nvim-dap", "dape", NULL};

/* ---- JSON -------------------------------------------------------------------------------------
 */

static cJSON *launch_json(const char *name, const cJSON *attributes) {
    cJSON *root = cJSON_CreateObject(), *one = cJSON_CreateObject();
    const cJSON *attribute;
    cJSON_AddStringToObject(one, "type", "ptvsd");
    cJSON_AddStringToObject(one, "request", "attach");
    cJSON_AddStringToObject(one, "name", name);
    cJSON_ArrayForEach(attribute, attributes)
        cJSON_AddItemToObject(one, attribute->string, cJSON_Duplicate(attribute, true));
    cJSON_AddStringToObject(root, "version", "0.2.0");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "configurations"), one);
    return root;
}

static cJSON *vimspector_json(const char *name, const cJSON *attributes) {
    const char *command = "ptvsd-dap", *python = "python";
    cJSON *root = cJSON_CreateObject();
    cJSON *adapter = cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, "adapters"), command);
    cJSON_AddStringToObject(adapter, "name", command);
    cJSON_AddItemToObject(adapter, "command", cJSON_CreateStringArray(&command, 1));
    cJSON *one = cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, "configurations"), name);
    cJSON_AddStringToObject(one, "adapter", command);
    cJSON_AddItemToObject(one, "filetypes", cJSON_CreateStringArray(&python, 1));
    cJSON *asked = cJSON_Duplicate(attributes, true);
    cJSON_AddStringToObject(asked, "request", "attach");
    cJSON_AddItemToObject(one, "configuration", asked);
    return root;
}

/* Takes `root`. */
static char *print_json(cJSON *root) {
    char *printed = cJSON_Print(root), *text = memory_format("%s\n", printed);
    cJSON_free(printed);
    cJSON_Delete(root);
    return text;
}

/* ---- Lua and Lisp -----------------------------------------------------------------------------
 */

/* In quotes; both languages read \ooo, Lua as decimal and Lisp as octal. */
static void put_text(struct buf *out, const char *text, const char *control) {
    buf_append_text(out, "\"");
    for (; *text; text++) {
        char escaped[8] = {*text};
        if (*text == '"' || *text == '\\')
            snprintf(escaped, sizeof escaped, "\\%c", *text);
        else if ((unsigned char)*text < ' ' || *text == 0x7f)
            snprintf(escaped, sizeof escaped, control, (unsigned)*text);
        buf_append_text(out, escaped);
    }
    buf_append_text(out, "\"");
}

static void put_value(struct buf *out, const cJSON *value, const char *control) {
    if (cJSON_IsString(value)) {
        put_text(out, value->valuestring, control);
        return;
    }
    char *number = json_print(value);
    buf_append_text(out, number);
    free(number);
}

static void put_lua(struct buf *out, const char *name, const cJSON *attributes) {
    const cJSON *attribute;
    buf_append_text(out, "local dap = require('dap')\n"
                         "dap.adapters.ptvsd = { type = 'executable', command = 'ptvsd-dap' }\n"
                         "dap.configurations.python = dap.configurations.python or {}\n"
                         "table.insert(dap.configurations.python, { type = 'ptvsd', request = "
                         "'attach', name = ");
    put_text(out, name, "\\%03u");
    cJSON_ArrayForEach(attribute, attributes) {
        buf_append_text(out, ",\n  ");
        buf_append_text(out, attribute->string);
        buf_append_text(out, " = ");
        put_value(out, attribute, "\\%03u");
    }
    buf_append_text(out, " })\n");
}

static void put_lisp(struct buf *out, const char *name, const cJSON *attributes) {
    const cJSON *attribute;
    buf_append_text(out, "(add-to-list 'dape-configs\n"
                         "  '(ptvsd modes (python-mode python-ts-mode) command \"ptvsd-dap\"\n"
                         "    :type \"ptvsd\" :request \"attach\" :name ");
    put_text(out, name, "\\%03o");
    cJSON_ArrayForEach(attribute, attributes) {
        buf_append_text(out, "\n    :");
        buf_append_text(out, attribute->string);
        buf_append_text(out, " ");
        put_value(out, attribute, "\\%03o");
    }
    buf_append_text(out, "))\n");
}

char *editor_config(const char *editor, const char *name, const cJSON *attributes) {
    if (!strcmp(editor, "vscode"))
        return print_json(launch_json(name, attributes));
    if (!strcmp(editor, "vimspector"))
        return print_json(vimspector_json(name, attributes));
    bool lua = !strcmp(editor, "nvim-dap");
    if (!lua && strcmp(editor, "dape") != 0)
        return NULL;
    struct buf out;
    buf_init(&out, TEXT_LIMIT);
    (lua ? put_lua : put_lisp)(&out, name, attributes);
    char *text = memory_copy_bytes(out.bytes, out.length);
    buf_finish(&out);
    return text;
}
