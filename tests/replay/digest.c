#include "digest.h"

#include <string.h>

static void add_text(struct buf *out, const char *name, const char *text) {
    buf_append_text(out, name);
    buf_append_text(out, text ? "='" : "=none");
    if (text) {
        buf_append_text(out, text);
        buf_append_text(out, "'");
    }
}

/* By hand, as this runs for each field at each cut of each recording. */
static void add_int(struct buf *out, const char *name, int64_t value) {
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--at = '-';
    *--at = '=';
    buf_append_text(out, name);
    buf_append(out, at, (size_t)(digits + sizeof digits - at));
}

static void add_object(struct buf *out, const struct wire_object *object) {
    add_text(out, " repr", object->repr);
    add_text(out, " hex", object->hex);
    add_text(out, " type", object->type);
    add_int(out, " length", object->length);
    add_int(out, " flags", object->flags);
}

static void add_variables(struct buf *out, const struct wire_variable *variables, size_t count) {
    for (size_t i = 0; i < count; i++) {
        add_text(out, "\n    name", variables[i].name);
        add_text(out, " expression", variables[i].expression);
        add_object(out, &variables[i].object);
    }
}

static void add_frames(struct buf *out, const struct wire_frames *frames) {
    add_text(out, " thread_name", frames->thread_name);
    for (size_t i = 0; i < frames->count; i++) {
        const struct wire_frame *frame = &frames->frames[i];
        add_text(out, "\n  name", frame->name);
        add_text(out, " file", frame->file);
        add_int(out, " line", frame->line);
        add_int(out, " first_line", frame->first_line);
        add_int(out, " last_line", frame->last_line);
        add_int(out, " argument_count", frame->argument_count);
        add_int(out, " kind", frame->kind);
        add_text(out, " python_file", frame->python_file);
        add_int(out, " python_line", frame->python_line);
        add_variables(out, frame->variables, frame->variable_count);
    }
}

static void add_children(struct buf *out, const struct wire_children *children) {
    add_int(out, " attributes", (int64_t)children->attributes);
    add_int(out, " indexable", children->indexable);
    add_int(out, " enumerate", children->enumerate);
    add_variables(out, children->children, children->count);
}

static void add_exception(struct buf *out, const struct wire_exception *exception) {
    add_text(out, " type", exception->type);
    add_text(out, " message", exception->message);
    add_int(out, " handled", exception->handled);
    add_text(out, " trace", exception->trace);
    add_text(out, " value", exception->value);
}

static void add_rest(struct buf *out, const struct wire_event *event) {
    switch (event->type) {
    case WIRE_MODULE:
        add_int(out, " id", event->module.id);
        add_text(out, " file", event->module.file);
        break;
    case WIRE_FRAMES:
        add_frames(out, &event->frames);
        break;
    case WIRE_HIT_COUNT:
        add_int(out, " count", event->count);
        break;
    case WIRE_EXCEPTION:
        add_exception(out, &event->exception);
        break;
    case WIRE_RESULT:
        add_object(out, &event->object);
        break;
    case WIRE_CHILDREN_ARE:
        add_children(out, &event->children);
        break;
    case WIRE_OUTPUT:
        add_int(out, " channel", event->channel);
        add_text(out, " text", event->text);
        break;
    case WIRE_FAILED:
    case WIRE_WANTS_HANDLERS:
    case WIRE_REFUSED:
        add_text(out, " text", event->text);
        break;
    case WIRE_LINE_SET:
        add_int(out, " ok", event->line_set.ok);
        add_int(out, " line", event->line_set.line);
        break;
    case WIRE_THREAD_STARTED:
    case WIRE_THREAD_ENDED:
    case WIRE_MODULES_CHANGED:
    case WIRE_LOADED:
    case WIRE_BOUND:
    case WIRE_PENDING:
    case WIRE_HIT:
    case WIRE_STEPPED:
    case WIRE_BROKE:
    case WIRE_DETACHED:
    case WIRE_RESUMED:
    case WIRE_FAREWELL_DONE:
        break;
    }
}

void digest_event(struct buf *out, const struct wire_event *event) {
    buf_append_text(out, wire_event_name(event->type));
    add_int(out, ": thread", event->thread);
    add_int(out, " breakpoint", event->breakpoint);
    add_int(out, " token", event->token);
    add_rest(out, event);
    buf_append_text(out, "\n");
}
