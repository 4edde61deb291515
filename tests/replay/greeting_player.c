#include "greeting_player.h"

#include "frame.h"
#include "greeting.h"
#include "json.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_BYTES = 200, SENT_LIMIT = 1 << 20 };

/* What is known of a scene by its name. The recorded clients of the later ones did what the
 * greeting never does, up to `alike` of their turns it does the same. */
struct scene {
    const char *name;
    enum greeting_result result;
    const char *secret;
    int alike;
};

static const struct scene scenes[] = {
    {"-busy.", GREETING_ALREADY_DEBUGGED, "secret", 9},
    {"-reject-already-attached.", GREETING_ALREADY_DEBUGGED, "secret", 9},
    {"-reject.", GREETING_WRONG_SECRET, "wrong", 9},
    {"-reject-wrong-secret.", GREETING_WRONG_SECRET, "wrong", 9},
    {"-info.", GREETING_BROKEN, "secret", 1}, /* asked for INFO, which is no answer to attach */
    {"-reject-wrong-version.", GREETING_WRONG_SECRET, "secret", 0},
    {"-bad-version.", GREETING_BROKEN, "secret", 0},
    {"", GREETING_ATTACHED, "secret", 9},
};

static const struct scene *scene_of(const struct replay *replay) {
    const struct scene *scene = scenes;
    while (!strstr(replay->name, scene->name))
        scene++;
    return scene;
}

struct player {
    const struct replay *replay;
    const struct scene *scene;
    struct greeting greeting;
    enum greeting_result result;
    struct buf recorded; /* what the recorded client sent in this turn */
    int turn;
    bool bytewise;
    char *error;
};

static int complain(const struct player *player, const char *what, const char *detail) {
    snprintf(player->error, ERROR_BYTES, "greeting%s: %s: %.100s",
             player->bytewise ? " byte by byte" : "", what, detail);
    return -1;
}

/* JSON requests are alike when command and arguments are. */
static bool same_json(const struct buf *one, const struct buf *other) {
    static const char *const names[] = {"type", "command", "arguments"};
    const char *bodies[2], *error;
    size_t lengths[2], whole;
    if (frame_next(one, SENT_LIMIT, &bodies[0], &lengths[0], &whole, &error) <= 0 ||
        whole != one->length ||
        frame_next(other, SENT_LIMIT, &bodies[1], &lengths[1], &whole, &error) <= 0 ||
        whole != other->length)
        return false;
    cJSON *first = json_parse(bodies[0], lengths[0]), *second = json_parse(bodies[1], lengths[1]);
    bool same = first && second;
    for (size_t i = 0; same && i < sizeof names / sizeof *names; i++)
        same = cJSON_Compare(cJSON_GetObjectItemCaseSensitive(first, names[i]),
                             cJSON_GetObjectItemCaseSensitive(second, names[i]), true);
    cJSON_Delete(first);
    cJSON_Delete(second);
    return same;
}

static bool same_bytes(const struct buf *one, const struct buf *other) {
    return one->length == other->length &&
           (!one->length || !memcmp(one->bytes, other->bytes, one->length));
}

/* The client's turn is over when the server speaks again. */
static int end_turn(struct player *player) {
    struct buf *recorded = &player->recorded, *sent = &player->greeting.out;
    if (!recorded->length && !sent->length)
        return 0;
    bool alike = player->turn++ >= player->scene->alike || same_bytes(recorded, sent) ||
                 same_json(recorded, sent);
    if (!alike)
        return complain(player, "sent something else than",
                        recorded->length ? recorded->bytes : "");
    buf_clear(recorded);
    buf_clear(sent);
    return 0;
}

static int hear(struct player *player, const struct replay_line *line) {
    size_t step = player->bytewise ? 1 : line->length;
    for (size_t i = 0; i < line->length; i += step) {
        if (player->result == GREETING_BROKEN)
            return 0; /* judged at the end */
        if (player->result != GREETING_GOES_ON)
            return complain(player, "was over too early at", line->bytes);
        buf_append(&player->greeting.in, line->bytes + i, step);
        player->result = greeting_feed(&player->greeting);
    }
    return 0;
}

/* "processId": 17, or pid=17 */
static int64_t number_behind(const char *text, const char *key) {
    const char *found = strstr(text, key);
    return found ? strtoll(found + strlen(key), NULL, 10) : -1;
}

static bool told_right(const struct greeting *greeting, const struct replay_line *line) {
    int python[3];
    if (greeting->version < 7)
        return number_behind(line->note, " pid=") == greeting->pid &&
               sscanf(strstr(line->note, "python="), "python=%d.%d.%d", &python[0], &python[1],
                      &python[2]) == 3 &&
               !memcmp(python, greeting->python, sizeof python);
    return number_behind(line->bytes, "\"processId\": ") == greeting->pid &&
           number_behind(line->bytes, "\"pythonMajor\": ") == greeting->python[0] &&
           number_behind(line->bytes, "\"pythonMinor\": ") == greeting->python[1] &&
           number_behind(line->bytes, "\"pythonMicro\": ") == greeting->python[2];
}

/* Releases tell their wire: 2.0 is 2, 2.1 is 4, 2.2 and 3.0 are 6, 3.1 is 7, 3.2 is 8. */
static int64_t version_of(const char *name) {
    int number = (name[0] - '0') * 10 + (name[2] - '0');
    return number == 20 ? 2 : number == 21 ? 4 : number <= 30 ? 6 : number == 31 ? 7 : 8;
}

static int judge(struct player *player, const struct replay_line *last) {
    const struct greeting *greeting = &player->greeting;
    if (player->result == GREETING_GOES_ON)
        player->result = greeting_closed(&player->greeting);
    if (player->result != player->scene->result)
        return complain(player, "another result, heard", greeting->heard);
    if (greeting->version != version_of(player->replay->name))
        return complain(player, "another version than", player->replay->name);
    if (player->result == GREETING_ATTACHED && (greeting->in.length || !told_right(greeting, last)))
        return complain(player, "understood something else at", last->bytes);
    return 0;
}

/* From line `*index` to the handshake's end. */
static int play_connection(struct player *player, size_t *index) {
    const struct replay *replay = player->replay;
    for (; *index < replay->count && player->result == GREETING_GOES_ON; ++*index) {
        const struct replay_line *line = &replay->lines[*index];
        if (!line->length)
            break;
        if (!line->from_server)
            buf_append(&player->recorded, line->bytes, line->length);
        else if (end_turn(player) || hear(player, line))
            return -1;
    }
    return judge(player, &replay->lines[*index - 1]);
}

/* The options the recorded client sent, for the greeting to send the same; to be freed. */
static char *options_of(const struct replay *replay) {
    static const char key[] = "ATCH options='";
    for (size_t i = 0; i < replay->count; i++) {
        const char *options = strstr(replay->lines[i].note, key);
        if (options && !replay->lines[i].from_server)
            return memory_copy_bytes(options + strlen(key), strcspn(options + strlen(key), "'"));
    }
    return memory_copy_text("");
}

static bool begins_connection(const struct replay_line *line) {
    return line->from_server &&
           (!strncmp(line->bytes, "PTVSDBG", 7) || strstr(line->bytes, "legacyRemoteConnected"));
}

int greeting_player_run(const struct replay *replay, bool bytewise, char *error) {
    char *options = options_of(replay);
    int connections = 0, result = 0;
    for (size_t i = 0; i < replay->count && !result;) {
        if (!begins_connection(&replay->lines[i])) {
            i++;
            continue;
        }
        struct player player = {.replay = replay,
                                .scene = scene_of(replay),
                                .result = GREETING_GOES_ON,
                                .bytewise = bytewise,
                                .error = error};
        buf_init(&player.recorded, SENT_LIMIT);
        greeting_init(&player.greeting, player.scene->secret, options);
        result = play_connection(&player, &i);
        greeting_finish(&player.greeting);
        buf_finish(&player.recorded);
        connections++;
    }
    free(options);
    return result ? result : connections;
}
