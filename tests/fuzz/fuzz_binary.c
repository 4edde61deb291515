/* What a server may send, once whole and once in pieces: the same events must come out and the same
 * end be reached. Input: a byte for the version, a byte for the size of the pieces, the wire. */
#include "digest.h"
#include "wire.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DIGEST_LIMIT = 256 << 20 };

/* The last result of wire_decode(): 0 or -1. */
static int feed(const struct wire_version *version, const char *bytes, size_t length, size_t piece,
                struct buf *digest) {
    struct wire wire;
    struct wire_event event;
    int result = 0;
    wire_init(&wire, version);
    while (length && result == 0) {
        size_t now = piece < length ? piece : length;
        buf_append(&wire.in, bytes, now);
        bytes += now;
        length -= now;
        while ((result = wire_decode(&wire, &event)) > 0)
            digest_event(digest, &event);
    }
    if (result < 0 && !wire.error[0])
        abort();
    if (result == 0 && wire.in.length && wire.needed <= wire.in.length)
        abort();
    wire_finish(&wire);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int versions[] = {2, 4, 6};
    if (size < 2)
        return 0;
    const struct wire_version *version = wire_version_find(versions[data[0] % 3]);
    const char *bytes = (const char *)data + 2;
    struct buf whole, pieces;
    buf_init(&whole, DIGEST_LIMIT);
    buf_init(&pieces, DIGEST_LIMIT);
    int once = feed(version, bytes, size - 2, size, &whole);
    int in_pieces = feed(version, bytes, size - 2, 1 + (size_t)data[1], &pieces);
    if (once != in_pieces || whole.length != pieces.length ||
        (whole.length && memcmp(whole.bytes, pieces.bytes, whole.length) != 0))
        abort();
    buf_finish(&whole);
    buf_finish(&pieces);
    return 0;
}
