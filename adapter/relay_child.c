/* debugpy asks the editor for one more session with each child process of the program: by its event
 * debugpyAttach, or by startDebugging if the editor has that. It names its own address, which means
 * something only to whoever dials it directly: the editor's next session goes our way, so it gets
 * the arguments by which the first has reached us. The child then stands in "subProcessId". */
#include "relay_parts.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

static void append_member(struct buf *out, const struct member *member, const char *uri) {
    if (out->length > 1)
        buf_append_text(out, ", ");
    if (!uri) {
        buf_append(out, member->whole.at, member->whole.length);
        return;
    }
    cJSON *text = cJSON_CreateString(uri);
    char *shown = json_print(text);
    buf_append_text(out, "\"uri\": ");
    buf_append_text(out, shown);
    free(shown);
    cJSON_Delete(text);
}

/* Without the secret, which a server of this kind has none of. */
static void append_way(struct buf *out, const struct relay *relay) {
    struct members members;
    struct member member;
    if (members_begin(&members, relay->attach, strlen(relay->attach)) < 0)
        return;
    while (members_next(&members, &member) > 0) {
        bool uri = span_is(member.name, "uri") || span_is(member.name, "qualifier");
        if (relay_is_way(member.name) && !span_is(member.value, "null"))
            append_member(out, &member, uri ? relay->address : NULL);
    }
}

static char *configuration(const struct relay *relay, struct span theirs) {
    struct members members;
    struct member member;
    struct buf out;
    if (!theirs.at || members_begin(&members, theirs.at, theirs.length) < 0)
        return NULL;
    buf_init(&out, SIZE_MAX);
    buf_append_text(&out, "{");
    while (members_next(&members, &member) > 0)
        if (!relay_is_ours(member.name))
            append_member(&out, &member, NULL);
    append_way(&out, relay);
    buf_append_text(&out, "}");
    char *text = memory_copy_bytes(out.bytes, out.length);
    buf_finish(&out);
    return text;
}

static struct span theirs_of(const struct envelope *envelope) {
    if (envelope->type == ENVELOPE_EVENT && !strcmp(envelope->name, "debugpyAttach"))
        return envelope->body;
    if (envelope->type == ENVELOPE_REQUEST && !strcmp(envelope->name, "startDebugging"))
        return members_find(envelope->arguments.at, envelope->arguments.length, "configuration");
    return (struct span){0};
}

char *relay_child(const struct relay *relay, const struct envelope *envelope, const char *message,
                  size_t length) {
    struct span theirs = theirs_of(envelope);
    char *ours = configuration(relay, theirs);
    if (!ours)
        return NULL;
    char *text = relay_replaced(message, length, theirs, ours);
    free(ours);
    return text;
}
