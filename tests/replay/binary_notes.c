#include "binary_notes.h"

#include "memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The notes do not go on for ever. */
enum { NOTED_CHILDREN = 8, NOTE_LENGTH = 200 };

/* Python's repr() of a text, as far as the recordings need it. */
static void say_repr(FILE *out, const char *text) {
    if (!text) {
        fputs("None", out);
        return;
    }
    char quote = strchr(text, '\'') && !strchr(text, '"') ? '"' : '\'';
    fputc(quote, out);
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", out);
        else if (*text == '\\' || *text == quote)
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
    fputc(quote, out);
}

static void say_frames(FILE *out, const struct wire_event *event) {
    fprintf(out, "THRF tid=%" PRId64 " name=", event->thread);
    say_repr(out, event->frames.thread_name);
    fputs(" frames=[", out);
    for (size_t i = 0; i < event->frames.count; i++) {
        const struct wire_frame *frame = &event->frames.frames[i];
        const char *slash = strrchr(frame->file, '/');
        fprintf(out, "%s%s:%" PRId64 " %s (%zu vars)", i ? ", " : "",
                slash ? slash + 1 : frame->file, frame->line, frame->name, frame->variable_count);
    }
    fputs("]", out);
}

static void say_result(FILE *out, const struct wire_event *event, int version) {
    fprintf(out, "EXCR eid=%" PRId32 " obj={'repr': ", event->token);
    say_repr(out, event->object.repr);
    fputs(", 'hex': ", out);
    say_repr(out, event->object.hex);
    fputs(", 'type': ", out);
    say_repr(out, event->object.type);
    if (version >= 4)
        fprintf(out, ", 'len': %" PRId64, event->object.length);
    fprintf(out, ", 'flags': %u}", event->object.flags);
}

static void say_children(FILE *out, const struct wire_event *event) {
    const struct wire_children *children = &event->children;
    fprintf(out, "CHLD eid=%" PRId32 " n=%zu [", event->token, children->count);
    for (size_t i = 0; i < children->count && i < NOTED_CHILDREN; i++) {
        fputs(i ? ", " : "", out);
        say_repr(out, children->children[i].name);
    }
    fputs("]", out);
}

/* The break type's number cannot be had back from the event, so it is taken from the note and
 * compared with what it means. */
static void say_exception(FILE *out, const struct wire_event *event, int version,
                          const char *note) {
    const char *number = strstr(note, " brk=");
    char type = number ? number[5] : '?';
    enum wire_handled means = type == '1'   ? WIRE_UNHANDLED
                              : version < 6 ? WIRE_HANDLED_UNKNOWN
                                            : WIRE_HANDLED;
    fputs("EXCP type=", out);
    say_repr(out, event->exception.type);
    fprintf(out, " tid=%" PRId64 " brk=%c text=", event->thread,
            means == event->exception.handled ? type : '?');
    say_repr(out, event->exception.message);
}

static void say_rich_exception(FILE *out, const struct wire_event *event) {
    const struct wire_exception *exception = &event->exception;
    fprintf(out, "EXC2 tid=%" PRId64 " data={'typename': ", event->thread);
    say_repr(out, exception->type);
    fputs(", 'message': ", out);
    say_repr(out, exception->message);
    if (exception->handled == WIRE_UNHANDLED)
        fputs(", 'breaktype': 'unhandled'", out);
    fputs(", 'trace': ", out);
    say_repr(out, exception->trace);
    fputs(", 'excvalue': ", out);
    say_repr(out, exception->value);
    fputs("}", out);
}

static void say_text(FILE *out, const char *before, const char *text) {
    fputs(before, out);
    say_repr(out, text);
}

static void say(FILE *out, const struct wire_event *event, int version, const char *note) {
    int64_t thread = event->thread;
    switch (event->type) {
    case WIRE_THREAD_STARTED:
        fprintf(out, "NEWT tid=%" PRId64, thread);
        break;
    case WIRE_THREAD_ENDED:
        fprintf(out, "EXTT tid=%" PRId64, thread);
        break;
    case WIRE_LOADED:
        fprintf(out, "LOAD tid=%" PRId64, thread);
        break;
    case WIRE_FRAMES:
        say_frames(out, event);
        break;
    case WIRE_BOUND:
        fprintf(out, "BRKS id=%" PRId32, event->breakpoint);
        break;
    case WIRE_PENDING:
        fprintf(out, "BRKF id=%" PRId32, event->breakpoint);
        break;
    case WIRE_HIT:
        fprintf(out, "BRKH id=%" PRId32 " tid=%" PRId64, event->breakpoint, thread);
        break;
    case WIRE_HIT_COUNT:
        fprintf(out, "BKHC req=%" PRId32 " count=%" PRId64, event->token, event->count);
        break;
    case WIRE_STEPPED:
        fprintf(out, "STPD tid=%" PRId64, thread);
        break;
    case WIRE_BROKE:
        fprintf(out, "ASBR tid=%" PRId64, thread);
        break;
    case WIRE_EXCEPTION:
        if (event->exception.trace)
            say_rich_exception(out, event);
        else
            say_exception(out, event, version, note);
        break;
    case WIRE_RESULT:
        say_result(out, event, version);
        break;
    case WIRE_FAILED:
        fprintf(out, "EXCE eid=%" PRId32, event->token);
        say_text(out, " text=", event->text);
        break;
    case WIRE_CHILDREN_ARE:
        say_children(out, event);
        break;
    case WIRE_OUTPUT:
        fprintf(out, "OUTP tid=%" PRId64, thread);
        say_text(out, " text=", event->text);
        break;
    case WIRE_WANTS_HANDLERS:
        say_text(out, "REQH file=", event->text);
        break;
    case WIRE_DETACHED:
        fputs("DETC ", out);
        break;
    case WIRE_MODULE: /* compared where they are counted */
    case WIRE_MODULES_CHANGED:
    case WIRE_LINE_SET:
    case WIRE_REFUSED:
    case WIRE_RESUMED:
    case WIRE_FAREWELL_DONE:
        fputs("not in these recordings", out);
        break;
    }
}

bool binary_note_agrees(const char *note, int version, const struct wire_event *event,
                        char **expected) {
    size_t size;
    FILE *out = open_memstream(expected, &size);
    if (!out)
        abort();
    say(out, event, version, note);
    fclose(out);
    if (strcmp(*expected, note) != 0 &&
        (strlen(note) < NOTE_LENGTH || strncmp(*expected, note, NOTE_LENGTH) != 0))
        return false;
    free(*expected);
    *expected = NULL;
    return true;
}
