/* A WebSocket client made of protocol/websocket.c alone, that sends back each message: what the
 * Autobahn test suite's server judges. Usage: echo_client PORT PATH; the end is the server's. */
#include "http.h"
#include "websocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, MASK = 0x37fa213d };

struct echo {
    int socket;
    struct websocket codec;
    struct buf out, message;
};

static void flush(struct echo *echo) {
    const char *at = echo->out.bytes, *end = at + echo->out.length;
    while (at < end) {
        ssize_t sent = send(echo->socket, at, (size_t)(end - at), MSG_NOSIGNAL);
        if (sent < 0)
            break; /* the reader finds the end */
        at += sent;
    }
    buf_clear(&echo->out);
}

/* False at the end. */
static bool receive(struct echo *echo, struct buf *to) {
    char piece[PIECE];
    ssize_t count = recv(echo->socket, piece, sizeof piece, 0);
    return count > 0 && buf_append(to, piece, (size_t)count) == 0;
}

static bool open_websocket(struct echo *echo, int port, const char *path) {
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    echo->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(echo->socket, (struct sockaddr *)&to, sizeof to) < 0)
        return false;
    http_ask_websocket(&echo->out, "127.0.0.1", port, 80, path, "dGhlIHNhbXBsZSBub25jZQ==", "");
    flush(echo);
    struct http_answer answer;
    int result = 0;
    while (result == 0 && receive(echo, &echo->codec.in))
        result = http_answer_read(&answer, echo->codec.in.bytes, echo->codec.in.length);
    if (result <= 0)
        return false;
    bool good = answer.status == 101;
    buf_consume(&echo->codec.in, answer.size);
    http_answer_finish(&answer);
    return good;
}

static void send_message(struct echo *echo, enum websocket_opcode opcode) {
    websocket_write(&echo->out, true, opcode, echo->message.bytes, echo->message.length, MASK);
    flush(echo);
    buf_clear(&echo->message);
}

/* False when it was the last. */
static bool take_frame(struct echo *echo, const struct websocket_frame *frame) {
    if (!websocket_is_data(frame)) {
        websocket_answer(&echo->out, true, frame, MASK);
        flush(echo);
        return frame->opcode != WEBSOCKET_CLOSE;
    }
    buf_append(&echo->message, frame->bytes, frame->length);
    if (frame->last)
        send_message(echo, frame->opcode);
    return true;
}

static void talk(struct echo *echo) {
    struct websocket_frame frame;
    int found = 0;
    bool on = true;
    do {
        while (on && (found = websocket_read(&echo->codec, &frame)) > 0)
            on = take_frame(echo, &frame);
    } while (on && found == 0 && receive(echo, &echo->codec.in));
    if (found < 0) {
        websocket_write_close(&echo->out, true, echo->codec.error_code, echo->codec.error, MASK);
        flush(echo);
    }
    struct buf rest;
    buf_init(&rest, PIECE);
    while (receive(echo, &rest)) /* the server closes first */
        buf_clear(&rest);
    buf_finish(&rest);
}

int main(int argc, char **argv) {
    struct echo echo = {0};
    if (argc != 3)
        return EXIT_FAILURE;
    websocket_init(&echo.codec, true);
    buf_init(&echo.out, 2 * (size_t)WEBSOCKET_FRAME_LIMIT);
    buf_init(&echo.message, WEBSOCKET_FRAME_LIMIT);
    bool opened = open_websocket(&echo, atoi(argv[1]), argv[2]);
    if (opened)
        talk(&echo);
    close(echo.socket);
    websocket_finish(&echo.codec);
    buf_finish(&echo.out);
    buf_finish(&echo.message);
    return opened ? EXIT_SUCCESS : EXIT_FAILURE;
}
