/* What a web server, or a stranger, may send: heads of HTTP answers and of requests, and WebSocket
 * frames, to either role. Input: a byte for what to try, a byte for the size of the pieces, the
 * bytes. Whole or in pieces, the outcome must be the same, and what was understood survives a trip.
 */
#include "http.h"
#include "http_request.h"
#include "websocket.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 64 << 20 };

static void must(bool holds) {
    if (!holds)
        abort();
}

static void try_answer(const char *bytes, size_t size, size_t piece) {
    struct http_answer answer;
    int result = http_answer_read(&answer, bytes, size), early = 0;
    if (result > 0) {
        must(answer.size <= size && answer.status >= 0 && answer.status <= 999);
        free(http_field(&answer, "upgrade"));
        char *value = http_field(&answer, "Connection");
        (void)http_has_word(value, "upgrade");
        free(value);
        http_answer_finish(&answer);
    }
    for (size_t length = 0; length <= size && early == 0; length += piece) {
        early = http_answer_read(&answer, bytes, length);
        if (early > 0)
            http_answer_finish(&answer);
    }
    must(early == 0 || early == result);
}

static void try_request(const char *bytes, size_t size, size_t piece) {
    struct http_request request;
    char key[25];
    int result = http_request_read(&request, bytes, size), early = 0;
    if (result > 0) {
        must(request.size <= size && *request.method && *request.path == '/');
        must(!strchr(request.path, '?') && !strpbrk(request.query, " \r\n"));
        if (http_websocket_request(&request, key) == 101)
            must(http_wants_websocket(&request) && strlen(key) == 24);
        http_request_finish(&request);
    }
    for (size_t length = 0; length <= size && early == 0; length += piece) {
        early = http_request_read(&request, bytes, length);
        if (early > 0)
            http_request_finish(&request);
    }
    must(early == 0 || early == result);
}

/* All frames, written again by the other role, behind `trip`; 0 or -1. */
static int read_frames(bool client, const char *bytes, size_t size, size_t piece,
                       struct buf *trip) {
    struct websocket websocket;
    struct websocket_frame frame;
    char reason[200];
    int result = 0;
    websocket_init(&websocket, client);
    while (size && result == 0) {
        size_t now = piece < size ? piece : size;
        must(buf_append(&websocket.in, bytes, now) == 0);
        bytes += now;
        size -= now;
        while ((result = websocket_read(&websocket, &frame)) > 0) {
            must(frame.opcode != WEBSOCKET_CONTINUATION);
            if (frame.opcode == WEBSOCKET_CLOSE)
                must(websocket_close_code(&frame, reason, sizeof reason) >= 1000);
            buf_append(trip, frame.last ? "1" : "0", 1);
            websocket_write(trip, !client, frame.opcode, frame.bytes, frame.length, 0x01020304);
        }
    }
    must(result == 0 || (websocket.error && websocket.error_code >= 1002));
    websocket_finish(&websocket);
    return result;
}

static void try_frames(bool client, const char *bytes, size_t size, size_t piece) {
    struct buf whole, pieces;
    buf_init(&whole, LIMIT);
    buf_init(&pieces, LIMIT);
    int once = read_frames(client, bytes, size, size, &whole);
    must(once == read_frames(client, bytes, size, piece, &pieces));
    must(whole.length == pieces.length);
    must(!whole.length || !memcmp(whole.bytes, pieces.bytes, whole.length));
    buf_finish(&whole);
    buf_finish(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    const char *bytes = (const char *)data + 2;
    size_t piece = 1 + (size_t)data[1];
    if (data[0] % 4 == 0)
        try_answer(bytes, size - 2, piece);
    else if (data[0] % 4 == 3)
        try_request(bytes, size - 2, piece);
    else
        try_frames(data[0] % 4 == 1, bytes, size - 2, piece);
    return 0;
}
