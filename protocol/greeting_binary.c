/* Versions 2, 4 and 6: four bytes or integers in turn. */
#include "cursor.h"
#include "greeting_parts.h"

#include <string.h>

static const char signature[] = "PTVSDBG";
enum { SIGNATURE_BYTES = sizeof signature - 1, VERSION_MOST = 999 };

static void put_int(struct buf *out, int64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
    buf_append(out, bytes, sizeof bytes);
}

static void put_text(struct buf *out, const char *text) {
    put_int(out, (int64_t)strlen(text));
    buf_append_text(out, text);
}

enum greeting_result greeting_binary_begin(struct greeting *greeting) {
    struct buf *in = &greeting->in;
    size_t comparable = in->length < SIGNATURE_BYTES ? in->length : SIGNATURE_BYTES;
    if (memcmp(in->bytes, signature, comparable) != 0)
        return greeting_stranger(greeting);
    if (in->length < SIGNATURE_BYTES + 8)
        return GREETING_GOES_ON;
    struct cursor cursor;
    cursor_init(&cursor, in->bytes + SIGNATURE_BYTES, 8);
    greeting->version = cursor_int(&cursor);
    if (greeting->version != 2 && greeting->version != 4 && greeting->version != 6)
        return GREETING_UNKNOWN_VERSION;
    buf_append(&greeting->out, in->bytes, SIGNATURE_BYTES + 8);
    put_text(&greeting->out, greeting->secret);
    buf_consume(in, SIGNATURE_BYTES + 8);
    greeting->step = GREETING_BINARY_SECRET;
    return GREETING_GOES_ON;
}

static void ask_to_attach(struct greeting *greeting) {
    bool attach = greeting->purpose == GREETING_TO_ATTACH;
    greeting->let_in = true;
    if (greeting->purpose == GREETING_TO_INFO) {
        buf_append_text(&greeting->out, "INFO");
        greeting->step = GREETING_BINARY_INFO;
        return;
    }
    buf_append_text(&greeting->out, attach ? "ATCH" : "REPL");
    if (attach && greeting->version >= 6)
        put_text(&greeting->out, greeting->options);
    greeting->step = GREETING_BINARY_ATTACH;
}

/* ACPT or RJCT, to the secret and then to ATCH. */
static enum greeting_result read_verdict(struct greeting *greeting) {
    bool secret = greeting->step == GREETING_BINARY_SECRET;
    struct buf *in = &greeting->in;
    if (in->length < 4)
        return GREETING_GOES_ON;
    if (!memcmp(in->bytes, "RJCT", 4))
        return secret ? GREETING_WRONG_SECRET : greeting_refused(greeting);
    if (memcmp(in->bytes, "ACPT", 4) != 0)
        return greeting_strange_answer(greeting, secret ? "the secret" : "the attach request",
                                       in->bytes, in->length);
    buf_consume(in, 4);
    if (secret)
        ask_to_attach(greeting);
    else if (greeting->purpose == GREETING_TO_REPL)
        return GREETING_ATTACHED;
    else
        greeting->step = GREETING_BINARY_PROCESS;
    return GREETING_GOES_ON;
}

static enum greeting_result read_process(struct greeting *greeting) {
    struct cursor cursor;
    cursor_init(&cursor, greeting->in.bytes, greeting->in.length);
    int64_t pid = cursor_int(&cursor);
    for (int i = 0; i < 3; i++)
        greeting->python[i] = (int)cursor_count(&cursor, VERSION_MOST, "Python version");
    if (cursor.short_by)
        return GREETING_GOES_ON;
    if (cursor.bad)
        return greeting_broken(greeting, "it told an impossible Python version");
    greeting->pid = pid;
    buf_consume(&greeting->in, cursor.at);
    return GREETING_ATTACHED;
}

static enum greeting_result read_info(struct greeting *greeting) {
    struct cursor cursor;
    cursor_init(&cursor, greeting->in.bytes, greeting->in.length);
    arena_reset(&greeting->arena);
    greeting->pid = cursor_int(&cursor);
    const char *executable = cursor_text(&cursor, &greeting->arena);
    const char *user = cursor_text(&cursor, &greeting->arena);
    const char *interpreter = cursor_text(&cursor, &greeting->arena);
    if (cursor.bad)
        return greeting_broken(greeting, cursor.bad);
    if (cursor.short_by)
        return GREETING_GOES_ON;
    return greeting_informed(greeting, executable, user, interpreter);
}

/* ptvsd asks the system for its user's name right behind the executable, and the exception that
 * this can raise where the password file has no such user ends its server. */
const char *greeting_info_broke_off(const struct greeting *greeting) {
    struct cursor cursor;
    cursor_init(&cursor, greeting->in.bytes, greeting->in.length);
    cursor_int(&cursor);
    cursor_text(&cursor, NULL);
    bool before_user = !cursor.bad && !cursor.short_by && cursor.at == cursor.length;
    return before_user
               ? "its user has no name, and being asked for one ends ptvsd's server: restart "
                 "the program with USER set in its environment"
               : "it closed the connection instead of telling about its process";
}

enum greeting_result greeting_binary_step(struct greeting *greeting) {
    if (greeting->step == GREETING_BINARY_INFO)
        return read_info(greeting);
    return greeting->step == GREETING_BINARY_PROCESS ? read_process(greeting)
                                                     : read_verdict(greeting);
}
