/* Versions 7 and 8, and those who speak DAP: framed JSON messages. */
#include "frame.h"
#include "greeting_parts.h"
#include "json.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_LIMIT = 1 << 20, SKIPPED_LIMIT = 1 << 20, VERSION_MOST = 999 };

static const char authenticate[] = "legacyRemoteDebuggerAuthenticate";
static const char attach[] = "legacyRemoteDebuggerAttach";
static const char repl[] = "legacyRemoteReplAttach";
static const char info[] = "legacyRemoteDebuggerInfo";
enum { VERSION_WITHOUT_REPL = 8 };

/* ---- the first message ----------------------------------------------------------------------- */

static bool is(const cJSON *object, const char *name, const char *wanted) {
    const char *text = json_text(object, name);
    return text && !strcmp(text, wanted);
}

/* Sends the request and wipes what may hold the secret; takes `arguments`. */
static void ask(struct greeting *greeting, int seq, const char *command, cJSON *arguments) {
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "type", "request");
    cJSON_AddNumberToObject(request, "seq", seq);
    cJSON_AddStringToObject(request, "command", command);
    cJSON_AddItemToObject(request, "arguments", arguments);
    char *text = json_print(request);
    frame_append(&greeting->out, text, strlen(text));
    memory_wipe_text(&text);
    cJSON *secret = cJSON_GetObjectItemCaseSensitive(arguments, "clientSecret");
    if (secret)
        explicit_bzero(secret->valuestring, strlen(secret->valuestring));
    cJSON_Delete(request);
}

static void send_secret(struct greeting *greeting) {
    cJSON *arguments = cJSON_CreateObject();
    cJSON_AddStringToObject(arguments, "debuggerName", "PTVSDBG");
    cJSON_AddNumberToObject(arguments, "debuggerProtocolVersion", (double)greeting->version);
    cJSON_AddStringToObject(arguments, "clientSecret", greeting->secret);
    ask(greeting, 0, authenticate, arguments);
    greeting->step = GREETING_JSON_SECRET;
}

/* What is asked once the secret is accepted. */
static const char *second_command(const struct greeting *greeting) {
    switch (greeting->purpose) {
    case GREETING_TO_ATTACH:
        return attach;
    case GREETING_TO_REPL:
        return repl;
    case GREETING_TO_INFO:
        break;
    }
    return info;
}

/* Nothing may be sent behind this before it is answered: the server would lose it. */
static void ask_to_attach(struct greeting *greeting) {
    bool wants_info = greeting->purpose == GREETING_TO_INFO;
    greeting->let_in = true;
    cJSON *arguments = cJSON_CreateObject();
    if (greeting->purpose == GREETING_TO_ATTACH)
        cJSON_AddStringToObject(arguments, "debugOptions", greeting->options);
    ask(greeting, 1, second_command(greeting), arguments);
    greeting->step = wants_info ? GREETING_JSON_INFO : GREETING_JSON_ATTACH;
}

static enum greeting_result read_connected(struct greeting *greeting, const cJSON *body) {
    if (!is(body, "debuggerName", "PTVSDBG"))
        return greeting_stranger(greeting);
    static const char version[] = "debuggerProtocolVersion";
    greeting->version = json_int(body, version, 0);
    if (greeting->version != json_int(body, version, 1)) /* no whole number is read as both */
        return greeting_broken(greeting, "its protocol version is no whole number");
    if (greeting->version != 7 && greeting->version != 8)
        return GREETING_UNKNOWN_VERSION;
    if (greeting->purpose == GREETING_TO_REPL && greeting->version >= VERSION_WITHOUT_REPL)
        return GREETING_NO_REPL;
    send_secret(greeting);
    return GREETING_GOES_ON;
}

/* Releases are short words; anything else is not worth telling. */
static void keep_release(struct greeting *greeting, const cJSON *body) {
    static const char usual[] = "0123456789.+-abcdefghijklmnopqrstuvwxyz";
    const cJSON *data = json_object(body, "data");
    const char *release = json_text(data, "version");
    if (!release)
        release = json_text(data, "packageVersion");
    if (release && strlen(release) < sizeof greeting->release &&
        strspn(release, usual) == strlen(release))
        strcpy(greeting->release, release);
}

/* ptvsd 4.x and debugpy open with a telemetry event; after a reconnect, output of the program and
 * other events of the last session may come first. */
static enum greeting_result judge_first(struct greeting *greeting, const cJSON *message,
                                        bool *look_further) {
    const cJSON *body = json_object(message, "body");
    *look_further = false;
    if (!is(message, "type", "event"))
        return greeting_stranger(greeting);
    if (is(message, "event", "legacyRemoteConnected"))
        return read_connected(greeting, body);
    if (!is(message, "event", "output") || !is(body, "category", "telemetry")) {
        *look_further = true;
        return GREETING_GOES_ON;
    }
    if (!is(body, "output", "ptvsd") && !is(body, "output", "debugpy"))
        return greeting_stranger(greeting);
    keep_release(greeting, body);
    return GREETING_SPEAKS_DAP;
}

/* `in` stays as it is until the server is known to be ptvsd: a relay wants to see all of it. */
enum greeting_result greeting_json_begin(struct greeting *greeting) {
    struct buf rest = greeting->in; /* a view, never finished */
    rest.bytes += greeting->skipped;
    rest.length -= greeting->skipped;
    bool look_further = true;
    enum greeting_result result = GREETING_GOES_ON;
    while (look_further) {
        const char *bytes, *error;
        size_t length, whole;
        int found = frame_next(&rest, BODY_LIMIT, &bytes, &length, &whole, &error);
        if (found <= 0)
            return found ? greeting_stranger(greeting) : GREETING_GOES_ON;
        cJSON *message = json_parse(bytes, length);
        result = judge_first(greeting, message, &look_further);
        cJSON_Delete(message);
        rest.bytes += whole;
        rest.length -= whole;
        if (look_further)
            greeting->skipped += whole;
        if (greeting->skipped > SKIPPED_LIMIT)
            return greeting_broken(greeting, "it sends output without end and no greeting");
    }
    if (result == GREETING_GOES_ON) {
        buf_consume(&greeting->in, greeting->in.length - rest.length);
        greeting->skipped = 0;
    }
    return result;
}

/* ---- the answers ----------------------------------------------------------------------------- */

static enum greeting_result read_process(struct greeting *greeting, const cJSON *body) {
    static const char *const names[] = {"pythonMajor", "pythonMinor", "pythonMicro"};
    greeting->pid = json_int(body, "processId", 0);
    for (int i = 0; i < 3; i++) {
        int64_t number = json_int(body, names[i], 0);
        if (number < 0 || number > VERSION_MOST)
            return greeting_broken(greeting, "it told an impossible Python version");
        greeting->python[i] = (int)number;
    }
    return GREETING_ATTACHED;
}

/* It fails, and tells nothing, where the user that the program runs as has no name. */
static enum greeting_result read_info(struct greeting *greeting, const cJSON *body) {
    greeting->pid = json_int(body, "processId", 0);
    return greeting_informed(greeting, json_text(body, "executable"), json_text(body, "user"),
                             json_text(body, "pythonVersion"));
}

static enum greeting_result read_answer(struct greeting *greeting, const cJSON *message) {
    bool secret = greeting->step == GREETING_JSON_SECRET;
    const cJSON *body = json_object(message, "body");
    const cJSON *accepted = cJSON_GetObjectItemCaseSensitive(body, "accepted");
    bool informs = greeting->step == GREETING_JSON_INFO;
    bool good = json_bool(message, "success", false) && cJSON_IsBool(accepted);
    if (!is(message, "type", "response") ||
        !is(message, "command", secret ? authenticate : second_command(greeting)) ||
        (!good && !informs))
        return GREETING_BROKEN;
    if (informs)
        return read_info(greeting, body);
    if (!cJSON_IsTrue(accepted))
        return secret ? GREETING_WRONG_SECRET : greeting_refused(greeting);
    if (!secret && greeting->purpose == GREETING_TO_REPL)
        return GREETING_ATTACHED;
    if (!secret)
        return read_process(greeting, body);
    ask_to_attach(greeting);
    return GREETING_GOES_ON;
}

enum greeting_result greeting_json_step(struct greeting *greeting) {
    const char *what = greeting->step == GREETING_JSON_SECRET   ? "the secret"
                       : greeting->step == GREETING_JSON_ATTACH ? "the attach request"
                                                                : "the question for its process";
    const char *bytes, *error;
    size_t length, whole;
    int found = frame_next(&greeting->in, BODY_LIMIT, &bytes, &length, &whole, &error);
    if (found < 0)
        return greeting_strange_answer(greeting, what, greeting->in.bytes, greeting->in.length);
    if (!found)
        return GREETING_GOES_ON;
    cJSON *message = json_parse(bytes, length);
    enum greeting_result result = read_answer(greeting, message);
    cJSON_Delete(message);
    if (result == GREETING_BROKEN && !greeting->heard[0])
        greeting_strange_answer(greeting, what, bytes, length);
    buf_consume(&greeting->in, whole);
    return result;
}
