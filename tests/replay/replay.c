#include "replay.h"

#include "memory.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *path, const char *why) {
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static int hex_digit(char digit) {
    const char *digits = "0123456789abcdef", *place = digit ? strchr(digits, digit) : NULL;
    return place ? (int)(place - digits) : -1;
}

static bool read_hex(struct replay_line *line, const char *hex) {
    line->length = strlen(hex) / 2;
    line->bytes = memory_new(line->length + 1);
    for (size_t i = 0; i < line->length; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        line->bytes[i] = (char)(high << 4 | low);
    }
    return hex[2 * line->length] == '\0';
}

static const char *member(const cJSON *object, const char *name) {
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool read_line(struct replay_line *line, const char *text) {
    cJSON *object = cJSON_Parse(text);
    const char *direction = member(object, "dir"), *note = member(object, "note");
    const char *hex = member(object, "hex"), *body = member(object, "text");
    bool fine = direction && note && (hex || body);
    if (fine) {
        line->from_server = strcmp(direction, "s2c") == 0;
        line->note = memory_copy_text(note);
        if (hex) {
            fine = read_hex(line, hex);
        } else {
            line->bytes = memory_copy_text(body);
            line->length = strlen(body);
        }
    }
    cJSON_Delete(object);
    return fine;
}

void replay_read(struct replay *replay, const char *path) {
    const char *slash = strrchr(path, '/');
    *replay = (struct replay){.name = memory_copy_text(slash ? slash + 1 : path)};
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(path, "cannot be opened");
    char *text = NULL;
    size_t room = 0;
    while (getline(&text, &room, file) > 0) {
        replay->lines = memory_resize(replay->lines, replay->count + 1, sizeof *replay->lines);
        replay->lines[replay->count] = (struct replay_line){.bytes = NULL};
        if (!read_line(&replay->lines[replay->count++], text))
            give_up(path, "has a line that is no recording");
    }
    free(text);
    fclose(file);
}

void replay_finish(struct replay *replay) {
    for (size_t i = 0; i < replay->count; i++) {
        free(replay->lines[i].bytes);
        free(replay->lines[i].note);
    }
    free(replay->lines);
    free(replay->name);
    *replay = (struct replay){.name = NULL};
}

static int is_recording(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 6 && strcmp(entry->d_name + length - 6, ".jsonl") == 0;
}

void replay_set_read(struct replay_set *set, const char *directory) {
    struct dirent **entries;
    int count = scandir(directory, &entries, is_recording, alphasort);
    if (count <= 0)
        give_up(directory, "holds no recordings");
    set->count = (size_t)count;
    set->replays = memory_new(set->count * sizeof *set->replays);
    for (size_t i = 0; i < set->count; i++) {
        char *path = memory_format("%s/%s", directory, entries[i]->d_name);
        replay_read(&set->replays[i], path);
        free(path);
        free(entries[i]);
    }
    free(entries);
}

void replay_set_finish(struct replay_set *set) {
    for (size_t i = 0; i < set->count; i++)
        replay_finish(&set->replays[i]);
    free(set->replays);
    *set = (struct replay_set){.replays = NULL};
}
