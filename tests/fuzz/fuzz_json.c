/* What a JSON server, an editor or a stranger may send. Input: a byte for what to try, a byte for
 * the size of the pieces, the bytes. Whole or in pieces, the outcome must be the same. */
#include "dap.h"
#include "digest.h"
#include "frame.h"
#include "greeting.h"
#include "wire.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 256 << 20 };

static void must(bool holds) {
    if (!holds)
        abort();
}

static bool same(const struct buf *one, const struct buf *other) {
    return one->length == other->length &&
           (!one->length || memcmp(one->bytes, other->bytes, one->length) == 0);
}

/* ---- documents and requests ------------------------------------------------------------------ */

/* What was parsed once prints as ASCII that parses to the same. */
static void try_document(const char *bytes, size_t size) {
    cJSON *document = json_parse(bytes, size);
    if (!document)
        return;
    char *once = json_print(document);
    for (const char *c = once; *c; c++)
        must((unsigned char)*c >= ' ' && (unsigned char)*c < 0x80);
    cJSON *again = json_parse(once, strlen(once));
    char *twice = json_print(again);
    must(again && !strcmp(once, twice));
    free(once);
    free(twice);
    cJSON_Delete(again);
    cJSON_Delete(document);
}

static void try_request(const char *bytes, size_t size) {
    static const char *const names[] = {"port", "threadId", "expression", "source"};
    struct dap_request request;
    struct dap_error complaint;
    const char *error = NULL, *text = NULL;
    bool yes;
    int64_t number = 0;
    if (dap_request_parse(&request, bytes, size, &error) < 0) {
        must(error && !request.document);
        return;
    }
    must(request.command && request.seq >= 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)dap_want_port(request.arguments, names[i], &number, &complaint);
        (void)dap_need_int(request.arguments, names[i], &number, &complaint);
        (void)dap_want_bool(request.arguments, names[i], &yes, &complaint);
        if (!dap_need_text(request.arguments, names[i], &text, &complaint))
            cJSON_Delete(dap_failure(1, request.seq, request.command, text, NULL));
    }
    dap_request_finish(&request);
}

/* ---- the wire -------------------------------------------------------------------------------- */

/* Digest of all events, and of what was sent. The last result: 0 or -1. */
static int decode(int version, const char *bytes, size_t length, size_t piece, struct buf *digest) {
    struct wire wire;
    struct wire_event event;
    int result = 0;
    wire_init(&wire, wire_version_find(version));
    while (length && result == 0) {
        size_t now = piece < length ? piece : length;
        buf_append(&wire.in, bytes, now);
        bytes += now;
        length -= now;
        while ((result = wire_decode(&wire, &event)) > 0)
            digest_event(digest, &event);
    }
    must(result == 0 || wire.error[0]);
    must(result < 0 || !wire.in.length || wire.needed > wire.in.length);
    buf_append(digest, wire.out.bytes, wire.out.length);
    wire_finish(&wire);
    return result;
}

static void try_wire(int version, const char *bytes, size_t size, size_t piece) {
    struct buf whole, pieces;
    buf_init(&whole, LIMIT);
    buf_init(&pieces, LIMIT);
    int once = decode(version, bytes, size, size, &whole);
    must(once == decode(version, bytes, size, piece, &pieces) && same(&whole, &pieces));
    buf_finish(&whole);
    buf_finish(&pieces);
}

/* Each line of the input as a message with a right header, which a fuzzer rarely finds. */
static void frame_lines(struct buf *framed, const char *bytes, size_t size) {
    while (size) {
        const char *end = memchr(bytes, '\n', size);
        size_t length = end ? (size_t)(end - bytes) : size;
        frame_append(framed, bytes, length);
        size_t step = end ? length + 1 : length;
        bytes += step;
        size -= step;
    }
}

/* ---- the greeting ---------------------------------------------------------------------------- */

static enum greeting_result greet(const char *bytes, size_t size, size_t piece, struct buf *said) {
    struct greeting greeting;
    enum greeting_result result = GREETING_GOES_ON;
    greeting_init(&greeting, "secret", "RedirectOutput");
    while (size && result == GREETING_GOES_ON) {
        size_t now = piece < size ? piece : size;
        buf_append(&greeting.in, bytes, now);
        bytes += now;
        size -= now;
        result = greeting_feed(&greeting);
    }
    if (result == GREETING_GOES_ON)
        result = greeting_closed(&greeting);
    must(result != GREETING_GOES_ON && strlen(greeting.heard) < sizeof greeting.heard);
    for (const char *c = greeting.heard; *c; c++)
        must(*c >= ' ' && *c < 0x7f);
    buf_append(said, greeting.out.bytes, greeting.out.length);
    greeting_finish(&greeting);
    return result;
}

static void try_greeting(const char *bytes, size_t size, size_t piece) {
    struct buf whole, pieces;
    buf_init(&whole, LIMIT);
    buf_init(&pieces, LIMIT);
    enum greeting_result once = greet(bytes, size, size, &whole);
    must(once == greet(bytes, size, piece, &pieces) && same(&whole, &pieces));
    buf_finish(&whole);
    buf_finish(&pieces);
}

static void try_framed(int version, bool greeting, const char *bytes, size_t size, size_t piece) {
    struct buf framed;
    buf_init(&framed, LIMIT);
    frame_lines(&framed, bytes, size);
    if (greeting)
        try_greeting(framed.bytes, framed.length, piece);
    else
        try_wire(version, framed.bytes, framed.length, piece);
    buf_finish(&framed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    const char *bytes = (const char *)data + 2;
    size_t piece = 1 + (size_t)data[1];
    switch (data[0] % 7) {
    case 0:
        try_document(bytes, size - 2);
        break;
    case 1:
        try_request(bytes, size - 2);
        break;
    case 2:
        try_wire(7, bytes, size - 2, piece);
        break;
    case 3:
        try_framed(8, false, bytes, size - 2, piece);
        break;
    case 4:
        try_greeting(bytes, size - 2, piece);
        break;
    case 5:
        try_framed(0, true, bytes, size - 2, piece);
        break;
    default:
        try_wire(8, bytes, size - 2, piece);
        break;
    }
    return 0;
}
