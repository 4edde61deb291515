/* Feeds the binary recordings to the codec: the servers' bytes whole, byte by byte and cut in two,
 * which must all give the same events, and those must agree with the recordings' notes; and each
 * command of the client, read and encoded again, must give its bytes. */
#include "binary_client.h"
#include "binary_notes.h"
#include "digest.h"
#include "memory.h"
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGEST_LIMIT = 64 << 20,
    EVERY_CUT = 256, /* in longer lines only some of the cuts behind this */
    MOST_CUTS = 64
};

struct counts {
    int failures, events, commands, cuts, sessions;
};

static void fail(struct counts *counts, const struct replay *replay, const char *what,
                 const char *detail) {
    if (counts->failures++ < 20)
        fprintf(stderr, "%s: %.300s: %.300s\n", replay->name, what, detail);
}

/* Digests of all events that stand in `wire->in`; the number of events, or -1. */
static int decode_all(struct wire *wire, struct buf *digest) {
    struct wire_event event;
    int count = 0, result;
    while ((result = wire_decode(wire, &event)) > 0) {
        digest_event(digest, &event);
        count++;
    }
    return result < 0 ? -1 : count;
}

static bool same(const struct buf *one, const struct buf *other) {
    return one->length == other->length &&
           (!one->length || memcmp(one->bytes, other->bytes, one->length) == 0);
}

static void check_bytewise(struct counts *counts, const struct replay *replay,
                           const struct wire_version *version, const struct buf *all,
                           const struct buf *expected) {
    struct wire wire;
    struct buf digest;
    wire_init(&wire, version);
    buf_init(&digest, DIGEST_LIMIT);
    for (size_t i = 0; i < all->length; i++) {
        buf_append(&wire.in, all->bytes + i, 1);
        if (decode_all(&wire, &digest) < 0)
            fail(counts, replay, "byte by byte", wire.error);
    }
    if (!same(&digest, expected) || wire.in.length)
        fail(counts, replay, "byte by byte", "other events than whole");
    buf_finish(&digest);
    wire_finish(&wire);
}

static void check_cut(struct counts *counts, const struct replay *replay, struct wire *wire,
                      const struct replay_line *line, size_t cut, const struct buf *expected) {
    struct buf digest;
    buf_init(&digest, DIGEST_LIMIT);
    buf_append(&wire->in, line->bytes, cut);
    int first = decode_all(wire, &digest);
    buf_append(&wire->in, line->bytes + cut, line->length - cut);
    int second = decode_all(wire, &digest);
    if (first < 0 || second < 0 || wire->in.length || !same(&digest, expected))
        fail(counts, replay, "cut in two", line->note);
    counts->cuts++;
    buf_finish(&digest);
}

/* Between two messages the codec remembers nothing, so cutting each line at each point is cutting
 * the session at each point. Long lines are mostly stacks, which resemble each other: `phase`,
 * which differs from line to line, takes care that all kinds of places are met. */
static void check_cuts(struct counts *counts, const struct replay *replay, struct wire *wire,
                       const struct replay_line *line, size_t phase, const struct buf *expected) {
    size_t every = line->length < EVERY_CUT ? line->length : EVERY_CUT;
    size_t step = 1 + line->length / MOST_CUTS;
    for (size_t cut = 1; cut < every; cut++)
        check_cut(counts, replay, wire, line, cut, expected);
    for (size_t cut = every + phase % step; cut < line->length; cut += step)
        check_cut(counts, replay, wire, line, cut, expected);
}

/* "MODL x<count> (coalesced), last '<file>'" */
static void check_modules(struct counts *counts, const struct replay *replay, const char *note,
                          int count, const char *last_file) {
    char *expected = memory_format("MODL x%d (coalesced), last '%s'", count, last_file);
    if (strcmp(expected, note) != 0)
        fail(counts, replay, note, expected);
    free(expected);
}

static void check_note(struct counts *counts, const struct replay *replay, const char *note,
                       int version, const struct wire_event *event) {
    char *expected;
    if (!binary_note_agrees(note, version, event, &expected)) {
        fail(counts, replay, note, expected);
        free(expected);
    }
}

/* Decodes one line whole and compares it with its note. */
static void check_line(struct counts *counts, const struct replay *replay, struct wire *wire,
                       const struct replay_line *line, struct buf *digest) {
    struct wire_event event;
    char *last_file = NULL;
    int modules = 0, events = 0, result;
    buf_append(&wire->in, line->bytes, line->length);
    while ((result = wire_decode(wire, &event)) > 0) {
        events++;
        digest_event(digest, &event);
        if (event.type == WIRE_MODULE) {
            free(last_file);
            last_file = memory_copy_text(event.module.file);
            modules++;
        } else {
            check_note(counts, replay, line->note, wire->version->number, &event);
        }
    }
    if (modules)
        check_modules(counts, replay, line->note, modules, last_file);
    if (result < 0 || wire->in.length || !events || (!modules && events != 1))
        fail(counts, replay, line->note, result < 0 ? wire->error : "not decoded to its end");
    counts->events += events;
    free(last_file);
}

static void check_server(struct counts *counts, const struct replay *replay, size_t from, size_t to,
                         const struct wire_version *version) {
    struct wire wire;
    struct buf all, digest, one;
    wire_init(&wire, version);
    buf_init(&all, WIRE_MESSAGE_LIMIT);
    buf_init(&digest, DIGEST_LIMIT);
    for (size_t i = from; i < to; i++) {
        const struct replay_line *line = &replay->lines[i];
        if (!line->from_server || !line->length)
            continue;
        buf_init(&one, DIGEST_LIMIT);
        check_line(counts, replay, &wire, line, &one);
        check_cuts(counts, replay, &wire, line, i, &one);
        buf_append(&all, line->bytes, line->length);
        buf_append(&digest, one.bytes, one.length);
        buf_finish(&one);
    }
    wire_finish(&wire);
    check_bytewise(counts, replay, version, &all, &digest);
    buf_finish(&all);
    buf_finish(&digest);
}

static void check_command(struct counts *counts, const struct replay *replay, struct wire *wire,
                          const struct replay_line *line) {
    struct arena arena;
    struct wire_command command;
    arena_init(&arena);
    bool read =
        binary_client_read(&command, &arena, wire->version->number, line->bytes, line->length);
    if (read)
        wire_encode(wire, &command);
    if (!read || wire->out.length != line->length ||
        memcmp(wire->out.bytes, line->bytes, line->length) != 0)
        fail(counts, replay, line->note, read ? "encoded to other bytes" : "not understood");
    buf_clear(&wire->out);
    arena_finish(&arena);
    counts->commands++;
}

static void check_client(struct counts *counts, const struct replay *replay, size_t from, size_t to,
                         const struct wire_version *version) {
    struct wire wire;
    wire_init(&wire, version);
    for (size_t i = from; i < to; i++)
        if (!replay->lines[i].from_server && replay->lines[i].length)
            check_command(counts, replay, &wire, &replay->lines[i]);
    wire_finish(&wire);
}

static bool starts(const struct replay_line *line, const char *text) {
    return strncmp(line->note, text, strlen(text)) == 0;
}

/* A file may hold several connections; each one's wire begins behind the answer to ATCH. */
static void check_replay(struct counts *counts, const struct replay *replay) {
    int64_t version = 0;
    for (size_t i = 0; i < replay->count; i++) {
        const struct replay_line *line = &replay->lines[i];
        if (starts(line, "server version "))
            version = line->bytes[line->length - 1];
        if (!starts(line, "ATCH pid="))
            continue;
        const struct wire_version *row = wire_version_find(version);
        size_t from = i + 1, to = from;
        while (to < replay->count && !starts(&replay->lines[to], "signature "))
            to++;
        if (!row) {
            fail(counts, replay, line->note, "unknown version");
            return;
        }
        check_server(counts, replay, from, to, row);
        check_client(counts, replay, from, to, row);
        counts->sessions++;
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    struct counts counts = {.failures = 0};
    struct replay_set set;
    replay_set_read(&set, argv[1]);
    for (size_t i = 0; i < set.count; i++)
        check_replay(&counts, &set.replays[i]);
    printf("%zu recordings, %d sessions: %d events, %d cuts, %d commands, %d failures\n", set.count,
           counts.sessions, counts.events, counts.cuts, counts.commands, counts.failures);
    replay_set_finish(&set);
    return counts.failures || !counts.events || !counts.commands;
}
