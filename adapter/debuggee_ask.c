/* Questions to stopped threads: one at a time for each, as a second one before the first is
 * answered makes ptvsd release a lock twice and hang for good. */
#include "debuggee_parts.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum { BUSY_RETRY_MS = 5, EMPTY_RETRY_MS = 2, EMPTY_RETRIES = 3 };

static const char busy_text[] = "<error: previous evaluation has not completed>";

struct question {
    struct question *next;
    struct wire_command command; /* its texts are copies */
    bool sent, given_up;         /* given up: answered for the asker, but not by the server yet */
    bool expandable;
    bool probing; /* it was first asked whether the thread is stopped */
    int tries;
    int64_t request; /* of the editor */
    uint64_t sent_at, not_before, deadline;
    debuggee_answer *answer;
    void *context;
};

/* Who can be asked one thing at a time: a thread, or, on version 8, the debugger's own thread. NULL
 * when the thread has ended. */
static struct question **lane_of(struct debuggee *debuggee, const struct question *question) {
    if (question->command.execute.module)
        return &debuggee->module_asked;
    struct debuggee_thread *thread = run_thread(debuggee, question->command.execute.thread);
    return thread ? &thread->asked : NULL;
}

static void free_question(struct question *question) {
    free((void *)(uintptr_t)question->command.execute.text);
    free((void *)(uintptr_t)question->command.execute.module);
    free(question);
}

static void unlink_question(struct debuggee *debuggee, struct question *question) {
    struct question **link = &debuggee->questions;
    while (*link != question)
        link = &(*link)->next;
    *link = question->next;
    struct question **lane = lane_of(debuggee, question);
    if (lane && *lane == question)
        *lane = NULL;
}

/* The asker hears of it once; the question itself stays while the server still works on it. */
static void give_up(struct debuggee *debuggee, struct question *question, const char *why) {
    debuggee_answer *answer = question->given_up ? NULL : question->answer;
    void *context = question->context;
    question->given_up = true;
    if (!question->sent) {
        unlink_question(debuggee, question);
        free_question(question);
    }
    if (answer)
        answer(context, NULL, why);
}

enum whose { EVERY, UNSENT, UNSENT_TO_THREADS };

static bool is_of(const struct question *question, enum whose whose) {
    if (whose == UNSENT_TO_THREADS && question->command.execute.module)
        return false;
    return whose == EVERY || !question->sent;
}

static void give_up_all(struct debuggee *debuggee, enum whose whose, const char *why) {
    struct question *question = debuggee->questions;
    while (question) {
        if (!question->given_up && is_of(question, whose)) {
            give_up(debuggee, question, why);
            question = debuggee->questions; /* the asker may have asked or given up others */
        } else {
            question = question->next;
        }
    }
}

void debuggee_asks_for(struct debuggee *debuggee, int64_t request) {
    debuggee->request = request;
}

void debuggee_give_up_request(struct debuggee *debuggee, int64_t request, const char *why) {
    struct question *question = debuggee->questions;
    while (question) {
        if (!question->given_up && question->request == request) {
            give_up(debuggee, question, why);
            question = debuggee->questions;
        } else {
            question = question->next;
        }
    }
}

void ask_give_up_unsent(struct debuggee *debuggee, const char *why) {
    give_up_all(debuggee, UNSENT, why);
}

void ask_resumed(struct debuggee *debuggee) {
    give_up_all(debuggee, UNSENT_TO_THREADS, "The program was resumed.");
}

void debuggee_give_up_questions(struct debuggee *debuggee, const char *why) {
    give_up_all(debuggee, EVERY, why);
    if (debuggee->phase != DEBUGGEE_OVER)
        return;
    while (debuggee->questions) {
        struct question *question = debuggee->questions;
        unlink_question(debuggee, question);
        free_question(question);
    }
}

void ask_give_up_thread(struct debuggee *debuggee, int64_t thread, const char *why) {
    struct question *question = debuggee->questions;
    while (question) {
        if (question->command.execute.module || question->command.execute.thread != thread) {
            question = question->next;
            continue;
        }
        question->sent = false; /* no answer will come */
        give_up(debuggee, question, why);
        question = debuggee->questions;
    }
}

void ask_thread_stopped(struct debuggee *debuggee, const struct debuggee_thread *thread) {
    struct question *question = thread->asked;
    if (!question || question->sent_at > thread->resumed_at)
        return;
    question->sent = false;
    give_up(debuggee, question, "The program went on before it had answered.");
}

bool ask_in_flight(const struct debuggee *debuggee, uint64_t *due) {
    bool young = false;
    for (const struct question *question = debuggee->questions; question;
         question = question->next) {
        if (!question->sent || question->command.execute.module ||
            debuggee_now(debuggee) >= question->sent_at + QUESTION_MS)
            continue;
        *due = sooner(*due, question->sent_at + QUESTION_MS);
        young = true;
    }
    return young;
}

/* A stack that was told while the thread ran may have been longer. */
static bool frame_is_gone(struct debuggee *debuggee, const struct question *question) {
    const struct wire_execute *execute = &question->command.execute;
    return !execute->module && execute->frame > 0 && !question->sent &&
           execute->frame >= run_thread(debuggee, execute->thread)->frame_count;
}

/* The server was busy with something else when it was asked an earlier one. */
static bool must_let_pass(struct debuggee *debuggee, const struct question *question) {
    const struct question *earlier = debuggee->questions;
    while (earlier != question) {
        if (earlier->tries && lane_of(debuggee, earlier) == lane_of(debuggee, question))
            return true;
        earlier = earlier->next;
    }
    return false;
}

static bool can_be_sent(struct debuggee *debuggee, const struct question *question) {
    struct question **lane = lane_of(debuggee, question);
    if (!lane || *lane || question->sent || question->not_before > debuggee_now(debuggee) ||
        frame_is_gone(debuggee, question) || must_let_pass(debuggee, question))
        return false;
    if (question->command.execute.module)
        return true;
    if (run_thread(debuggee, question->command.execute.thread)->run == THREAD_RELEASED)
        return false;
    return !debuggee->resume_wanted || debuggee->held_count; /* the resume waits for held stops */
}

/* The outer frames of a thread that runs may be gone, and who asks there ends ptvsd's command loop
 * (binary.md section 8): whether it is stopped is asked in the innermost one first. */
static bool must_probe(struct debuggee *debuggee, const struct question *question) {
    const struct wire_execute *execute = &question->command.execute;
    return !execute->module && execute->frame > 0 && !debuggee_blocked(debuggee, execute->thread);
}

static void send_question(struct debuggee *debuggee, struct question *question) {
    const struct wire_execute *execute = &question->command.execute;
    struct wire_command probe = {.type = WIRE_EXECUTE,
                                 .execute = {.token = execute->token,
                                             .thread = execute->thread,
                                             .frame_kind = WIRE_FRAME_PYTHON,
                                             .text = "0"}};
    question->sent = true;
    question->probing = must_probe(debuggee, question);
    question->sent_at = debuggee_now(debuggee);
    *lane_of(debuggee, question) = question;
    debuggee_write(debuggee, question->probing ? &probe : &question->command);
    debuggee_flush(debuggee);
}

/* When the question next needs a look; 0 when it was given up and may be freed. */
static uint64_t pump_question(struct debuggee *debuggee, struct question *question) {
    if (question->given_up)
        return NEVER;
    if (!lane_of(debuggee, question)) {
        give_up(debuggee, question, "The thread has ended.");
        return 0;
    }
    if (frame_is_gone(debuggee, question)) {
        give_up(debuggee, question, "That frame is gone: the thread went on meanwhile.");
        return 0;
    }
    if (debuggee_now(debuggee) >= question->deadline) {
        give_up(debuggee, question,
                question->sent ? "The program has not answered in time; it is still working on it."
                               : "An earlier evaluation of this thread has not ended yet.");
        return 0;
    }
    if (can_be_sent(debuggee, question))
        send_question(debuggee, question);
    if (!question->sent && question->not_before > debuggee_now(debuggee))
        return question->not_before;
    return question->deadline;
}

uint64_t ask_pump(struct debuggee *debuggee) {
    uint64_t due = NEVER;
    if (debuggee->phase != DEBUGGEE_ATTACHED && debuggee->phase != DEBUGGEE_SETTLING)
        return due;
    for (struct question *question = debuggee->questions; question;) {
        uint64_t wanted = pump_question(debuggee, question);
        if (!wanted) {
            question = debuggee->questions;
            due = NEVER;
            continue;
        }
        due = sooner(due, wanted);
        question = question->next;
    }
    return due;
}

void debuggee_ask(struct debuggee *debuggee, const struct wire_command *command, bool expandable,
                  unsigned timeout_ms, debuggee_answer *answer, void *context) {
    struct question *question = memory_new(sizeof *question);
    question->command = *command;
    question->command.execute.token = debuggee->next_token++;
    question->command.execute.text = memory_copy_text(command->execute.text);
    question->command.execute.module = memory_copy_text(command->execute.module);
    question->expandable = expandable;
    question->deadline = debuggee_now(debuggee) + timeout_ms;
    question->answer = answer;
    question->context = context;
    question->request = debuggee->request;
    struct question **link = &debuggee->questions;
    while (*link)
        link = &(*link)->next;
    *link = question;
    if (debuggee->phase == DEBUGGEE_ATTACHED && can_be_sent(debuggee, question))
        send_question(debuggee, question);
    debuggee_pump_soon(debuggee);
}

/* The thread is stopped, unless it was resumed meanwhile. */
static bool probe_found_stop(struct debuggee *debuggee, const struct question *question,
                             const struct wire_event *event) {
    if (!question->probing || event->type != WIRE_RESULT)
        return false;
    struct debuggee_thread *thread = run_thread(debuggee, question->command.execute.thread);
    if (thread && thread->run != THREAD_BLOCKED && question->sent_at > thread->resumed_at)
        run_stands_silently(debuggee, thread);
    return true;
}

static bool asked_again(struct debuggee *debuggee, struct question *question,
                        const struct wire_event *event) {
    bool stopped = probe_found_stop(debuggee, question, event);
    bool busy = event->type == WIRE_FAILED && event->text && !strcmp(event->text, busy_text);
    bool empty = event->type == WIRE_CHILDREN_ARE && !event->children.count &&
                 question->expandable && question->tries < EMPTY_RETRIES;
    if (question->given_up || (!stopped && !busy && !empty))
        return false;
    struct question **lane = lane_of(debuggee, question);
    if (lane)
        *lane = NULL;
    question->sent = false;
    question->tries++;
    question->command.execute.token = debuggee->next_token++;
    question->not_before = debuggee_now(debuggee) + (busy    ? BUSY_RETRY_MS
                                                     : empty ? EMPTY_RETRY_MS
                                                             : 0);
    debuggee_pump_soon(debuggee);
    return true;
}

void ask_answered(struct debuggee *debuggee, const struct wire_event *event) {
    struct question *question = debuggee->questions;
    while (question && !(question->sent && question->command.execute.token == event->token))
        question = question->next;
    if (!question) {
        log_line(debuggee->log, LOG_DEBUG, "an answer to no question of ours");
        return;
    }
    if (event->type == WIRE_FAILED)
        log_text(debuggee->log, "failed", event->text ? event->text : "");
    if (asked_again(debuggee, question, event))
        return;
    debuggee_answer *answer = question->given_up ? NULL : question->answer;
    void *context = question->context;
    bool no_children = question->probing && question->command.type == WIRE_CHILDREN;
    int64_t earlier = debuggee->request;
    debuggee->request = question->request;
    unlink_question(debuggee, question);
    free_question(question);
    if (answer)
        answer(context, no_children ? NULL : event, no_children ? "The thread is running." : NULL);
    debuggee->request = earlier;
}
