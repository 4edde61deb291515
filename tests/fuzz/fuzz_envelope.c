/* The text of a message that is passed on: what comes out must be ASCII and, where what went in was
 * JSON, say the same but for its numbers. */
#include "envelope.h"
#include "json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count(const cJSON *message) {
    int members = 0;
    const cJSON *one;
    cJSON_ArrayForEach(one, message) members += strcmp(one->string, "seq") != 0;
    return members;
}

static void compare(const char *text, size_t length, const struct buf *out) {
    cJSON *before = json_parse(text, length), *after = json_parse(out->bytes, out->length);
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(before, "body");
    if (cJSON_IsObject(before) && !after)
        abort();
    if (cJSON_IsObject(before) && !cJSON_IsNull(body) && count(before) != count(after))
        abort();
    cJSON_Delete(before);
    cJSON_Delete(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct envelope envelope;
    struct buf out;
    const char *text = (const char *)data;
    buf_init(&out, SIZE_MAX);
    int read = envelope_read(&envelope, text, size);
    int written = envelope_renumber(&out, text, size, 7, -1);
    if (read != written)
        abort();
    for (size_t i = 0; i < out.length; i++)
        if ((unsigned char)out.bytes[i] >= 0x80)
            abort();
    if (written == 0)
        compare(text, size, &out);
    buf_finish(&out);
    return 0;
}
