#include "threads.h"

#include "buf.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void threads_init(struct threads *threads) {
    *threads = (struct threads){.next_id = 1};
}

static void free_raised(struct raised *raised) {
    free(raised->type);
    free(raised->message);
    free(raised->stack);
    *raised = (struct raised){0};
}

static void free_thread(struct thread *thread) {
    threads_clear_stop(thread);
    free_raised(&thread->raised);
    arena_finish(&thread->arena);
    free(thread->name);
    free(thread);
}

void threads_finish(struct threads *threads) {
    for (size_t i = 0; i < threads->count; i++)
        free_thread(threads->items[i]);
    free(threads->items);
    threads_init(threads);
}

struct thread *threads_add(struct threads *threads, int64_t ident) {
    struct thread *thread = threads_find(threads, ident);
    if (thread)
        return thread;
    thread = memory_new(sizeof *thread);
    thread->ident = ident;
    thread->id = threads->next_id++;
    thread->name = memory_format("Thread %d", thread->id);
    threads->items = memory_resize(threads->items, threads->count + 1, sizeof *threads->items);
    threads->items[threads->count++] = thread;
    return thread;
}

void threads_remove(struct threads *threads, int64_t ident) {
    for (size_t i = 0; i < threads->count; i++) {
        if (threads->items[i]->ident != ident)
            continue;
        free_thread(threads->items[i]);
        threads->count--;
        memmove(&threads->items[i], &threads->items[i + 1],
                (threads->count - i) * sizeof *threads->items);
        return;
    }
}

struct thread *threads_find(const struct threads *threads, int64_t ident) {
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i]->ident == ident)
            return threads->items[i];
    return NULL;
}

struct thread *threads_by_id(const struct threads *threads, int64_t id) {
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i]->id == id)
            return threads->items[i];
    return NULL;
}

static void copy_variable(struct arena *arena, struct wire_variable *to,
                          const struct wire_variable *from) {
    *to = *from;
    to->name = arena_copy_text(arena, from->name);
    to->expression = arena_copy_text(arena, from->expression);
    to->object.repr = arena_copy_text(arena, from->object.repr);
    to->object.hex = arena_copy_text(arena, from->object.hex);
    to->object.type = arena_copy_text(arena, from->object.type);
}

static void copy_frame(struct arena *arena, struct wire_frame *to, const struct wire_frame *from) {
    *to = *from;
    to->name = arena_copy_text(arena, from->name);
    to->file = arena_copy_text(arena, from->file);
    to->python_file = arena_copy_text(arena, from->python_file);
    to->variables = arena_alloc(arena, from->variable_count * sizeof *to->variables);
    for (size_t i = 0; i < from->variable_count; i++)
        copy_variable(arena, &to->variables[i], &from->variables[i]);
}

void threads_set_frames(struct thread *thread, const struct wire_frames *frames) {
    arena_reset(&thread->arena);
    thread->frames = arena_alloc(&thread->arena, frames->count * sizeof *thread->frames);
    thread->frame_count = frames->count;
    for (size_t i = 0; i < frames->count; i++)
        copy_frame(&thread->arena, &thread->frames[i], &frames->frames[i]);
    if (frames->thread_name && *frames->thread_name) {
        free(thread->name);
        thread->name = memory_copy_text(frames->thread_name);
    }
}

void threads_set_exception(struct thread *thread, const struct wire_exception *exception) {
    threads_clear_stop(thread);
    thread->stop = (struct stop){.reason = STOP_EXCEPTION,
                                 .exception = memory_copy_text(exception->type),
                                 .message = memory_copy_text(exception->message),
                                 .value = memory_copy_text(exception->value),
                                 .handled = exception->handled};
}

static char *describe_stack(const struct thread *thread) {
    struct buf text;
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < thread->frame_count; i++) {
        const struct wire_frame *frame = &thread->frames[i];
        char *line =
            memory_format("\n%s:%s:%lld", frame->file, frame->name, (long long)frame->line);
        buf_append_text(&text, line);
        free(line);
    }
    char *stack = memory_copy_bytes(text.bytes, text.length);
    buf_finish(&text);
    return stack;
}

static bool same_text(const char *one, const char *other) {
    return !strcmp(one ? one : "", other ? other : "");
}

bool threads_exception_passes(struct thread *thread, const struct wire_exception *exception) {
    struct raised *last = &thread->raised;
    char *stack = describe_stack(thread);
    size_t length = strlen(stack), before = last->stack ? strlen(last->stack) : 0;
    bool passes = length && length < before && !strcmp(last->stack + before - length, stack) &&
                  same_text(last->type, exception->type) &&
                  same_text(last->message, exception->message);
    free_raised(last);
    *last = (struct raised){memory_copy_text(exception->type), memory_copy_text(exception->message),
                            stack};
    return passes;
}

void threads_clear_stop(struct thread *thread) {
    free(thread->stop.exception);
    free(thread->stop.message);
    free(thread->stop.value);
    thread->stop = (struct stop){.reason = STOP_NONE};
    thread->told = thread->alone = thread->waits_its_turn = false;
    thread->first_frame = 0;
}

struct thread *threads_told(const struct threads *threads, const struct thread *but) {
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i]->told && threads->items[i] != but)
            return threads->items[i];
    return NULL;
}

bool threads_any_stop(const struct threads *threads) {
    for (size_t i = 0; i < threads->count; i++)
        if (threads->items[i]->stop.reason != STOP_NONE)
            return true;
    return false;
}
