#include "idna.h"

#include "buf.h"
#include "memory.h"
#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_LIMIT = 63, NAME_LIMIT = 4096 };

/* ---- characters ------------------------------------------------------------------------------ */

/* Of valid UTF-8. */
static uint32_t next_code(const char **at) {
    const unsigned char *bytes = (const unsigned char *)*at;
    int more = bytes[0] < 0xc0 ? 0 : bytes[0] < 0xe0 ? 1 : bytes[0] < 0xf0 ? 2 : 3;
    uint32_t code = more ? bytes[0] & (0x3fu >> more) : bytes[0];
    for (int i = 1; i <= more; i++)
        code = code << 6 | (bytes[i] & 0x3fu);
    *at += 1 + more;
    return code;
}

static bool is_dot(uint32_t code) {
    return code == '.' || code == 0x3002 || code == 0xff0e || code == 0xff61;
}

static uint32_t small(uint32_t code) {
    if ((code >= 'A' && code <= 'Z') || (code >= 0xc0 && code <= 0xde && code != 0xd7) ||
        (code >= 0x391 && code <= 0x3ab && code != 0x3a2) || (code >= 0x410 && code <= 0x42f))
        return code + 32;
    return code >= 0x400 && code <= 0x40f ? code + 80 : code;
}

/* ---- Punycode, RFC 3492, section 6.3; the names are its own ------------------------------------
 */

enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_N = 128 };

struct label {
    uint32_t codes[LABEL_LIMIT];
    uint32_t count;
};

static uint32_t adapt(uint32_t delta, uint32_t points, bool first) {
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_digit(struct buf *out, uint32_t digit) {
    char byte = (char)(digit < 26 ? 'a' + digit : '0' + (digit - 26));
    buf_append(out, &byte, 1);
}

static void put_number(struct buf *out, uint32_t number, uint32_t bias) {
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (number < t)
            break;
        put_digit(out, t + (number - t) % (BASE - t));
        number = (number - t) / (BASE - t);
    }
    /* what is left is below every threshold from here on */
    put_digit(out, number);
}

static uint32_t lowest_from(const struct label *label, uint32_t n) {
    uint32_t lowest = UINT32_MAX;
    for (uint32_t i = 0; i < label->count; i++)
        if (label->codes[i] >= n && label->codes[i] < lowest)
            lowest = label->codes[i];
    return lowest;
}

static uint32_t put_basic(struct buf *out, const struct label *label) {
    uint32_t basic = 0;
    for (uint32_t i = 0; i < label->count; i++)
        if (label->codes[i] < FIRST_N) {
            buf_append(out, &(char){(char)label->codes[i]}, 1);
            basic++;
        }
    if (basic)
        buf_append_text(out, "-");
    return basic;
}

/* A label is short, so nothing overflows: 63 characters below 0x110000. */
static void put_encoded(struct buf *out, const struct label *label) {
    buf_append_text(out, "xn--");
    uint32_t basic = put_basic(out, label), done = basic;
    uint32_t n = FIRST_N, delta = 0, bias = FIRST_BIAS;
    for (; done < label->count; delta++, n++) {
        uint32_t next = lowest_from(label, n);
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < label->count; i++) {
            if (label->codes[i] < n)
                delta++;
            if (label->codes[i] != n)
                continue;
            put_number(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
    }
}

/* ---- the name -------------------------------------------------------------------------------- */

/* Takes one label and the dot behind it; false when it is too long. */
static bool put_label(struct buf *out, const char **at) {
    struct label label = {.count = 0};
    const char *from = *at, *end = from;
    uint32_t code = 0;
    bool beyond = false, fits = true;
    for (; *end && !is_dot(code = next_code(at)); end = *at) {
        beyond = beyond || code >= FIRST_N;
        fits = fits && label.count < LABEL_LIMIT;
        if (fits)
            label.codes[label.count++] = small(code);
    }
    size_t before = out->length;
    if (!beyond)
        buf_append(out, from, (size_t)(end - from));
    else if (fits)
        put_encoded(out, &label);
    fits = !beyond || (fits && out->length - before <= LABEL_LIMIT);
    if (*end)
        buf_append_text(out, ".");
    return fits;
}

char *idna_to_ascii(const char *host) {
    struct buf out;
    const char *at = host;
    bool good = utf8_valid(host, strlen(host)) && strlen(host) < NAME_LIMIT;
    buf_init(&out, 8 * NAME_LIMIT);
    while (good && *at)
        good = put_label(&out, &at);
    char *name = good ? memory_copy_bytes(out.bytes, out.length) : NULL;
    buf_finish(&out);
    return name;
}
