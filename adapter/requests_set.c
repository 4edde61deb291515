/* Writing: an assignment is executed in the frame, then the target is evaluated, so that the answer
 * is what the program sees. Executing also brings the thread's frames anew, with their locals. */
#include "requests.h"

#include "literal.h"
#include "memory.h"
#include "remote_ask.h"
#include "values.h"
#include "writes.h"

#include <stdlib.h>
#include <string.h>

struct setting {
    struct session *session;
    struct reply reply;
    struct handle where;
    char *target; /* what is assigned to and shown */
    char *value;
    uint64_t late_at; /* ms: then the time given is over */
    bool hex, invalidates;
};

static void free_setting(struct setting *setting) {
    free(setting->target);
    free(setting->value);
    free(setting);
}

static void refuse(struct setting *setting, const char *why) {
    client_fail(&setting->session->client, setting->reply, "%s", why);
    free_setting(setting);
}

static void refuse_unanswered(struct setting *setting, const char *why) {
    requests_unanswered(setting->session, setting->reply, why, setting->late_at);
    free_setting(setting);
}

static void ask(struct setting *setting, const char *text, debuggee_answer *answer) {
    const struct wire_frame *frame = remote_frame(setting->session, &setting->where);
    struct wire_command command = {
        .type = WIRE_EXECUTE,
        .execute = {.thread = setting->where.thread,
                    .frame = (int64_t)setting->where.frame,
                    .frame_kind = frame ? frame->kind : WIRE_FRAME_PYTHON,
                    .text = text}};
    debuggee_ask(&setting->session->debuggee, &command, false,
                 requests_time(setting->session, 0, &setting->late_at), answer, setting);
}

/* ---- the assignment
 * ---------------------------------------------------------------------------------- */

/* What is set but cannot be read is shown as it was written. */
static void read_again(void *context, const struct wire_event *answer, const char *why) {
    struct setting *setting = context;
    struct session *session = setting->session;
    struct wire_object written = {.repr = setting->value};
    (void)why;
    cJSON *body = cJSON_CreateObject();
    values_add(body, "value", session, &setting->where, setting->target,
               answer && answer->type == WIRE_RESULT ? &answer->object : &written, setting->hex);
    client_respond(&session->client, setting->reply, body);
    if (setting->invalidates)
        values_invalidated(session);
    free_setting(setting);
}

static void assigned(void *context, const struct wire_event *answer, const char *why) {
    struct setting *setting = context;
    if (!answer)
        refuse_unanswered(setting, why);
    else if (answer->type != WIRE_RESULT)
        refuse(setting, values_failure(answer->type == WIRE_FAILED ? answer->text : NULL));
    else if (setting->session->phase != SESSION_STOPPED)
        refuse(setting, "The stop is over.");
    else
        ask(setting, setting->target, read_again);
}

/* Is it a variable of the function's that has no value yet? Then a global may have that name. */
static bool is_unset(const struct wire_frame *frame, const char *name) {
    for (size_t i = 0; i < frame->variable_count; i++) {
        const struct wire_variable *variable = &frame->variables[i];
        if (variable->name && !strcmp(variable->name, name))
            return wire_undefined(&variable->object);
    }
    return false;
}

/* A name that the function has only from its module is set there: an assignment in the frame would
 * make a variable that the program never looks at. */
static char *assignment(const struct setting *setting, const struct wire_frame *frame,
                        const char *value) {
    const char *target = setting->target;
    if (!values_is_name(target))
        return memory_format("(%s\n) = (%s\n)\n", target, value);
    char *keep = remote_text(REMOTE_KEEP_LOCALS, NULL), *name = literal_native(target);
    char *text =
        is_unset(frame, target)
            ? memory_format("%s = (%s\n)\n%s\n", target, value, keep)
            : memory_format("if %s in locals() or not %s in globals():\n %s = (%s\n)\n %s\n"
                            "else:\n globals()[%s] = (%s\n)\n",
                            name, name, target, value, keep, name, value);
    free(keep);
    free(name);
    return text;
}

static void assign(struct setting *setting) {
    const struct wire_frame *frame = remote_frame(setting->session, &setting->where);
    if (!frame) {
        refuse(setting, "The thread of that frame has ended.");
        return;
    }
    if (frame->kind == WIRE_FRAME_DJANGO && values_is_name(setting->target)) {
        refuse(setting, "A template's own variables cannot be set. Choose a Python frame.");
        return;
    }
    char *seeing =
        frame->kind == WIRE_FRAME_PYTHON ? writes_seeing_locals(setting->value, true) : NULL;
    char *text = assignment(setting, frame, seeing ? seeing : setting->value);
    free(seeing);
    ask(setting, text, assigned);
    free(text);
}

/* The value as one expression: NULL after a refusal. */
static struct setting *new_setting(struct session *session, const struct request *request,
                                   const struct handle *where, const char *value) {
    if (!value[strspn(value, " \t\r\n")]) {
        client_fail(&session->client, request->reply,
                    "The value is empty. Give a Python expression, None for example.");
        return NULL;
    }
    struct setting *setting = memory_new(sizeof *setting);
    *setting = (struct setting){.session = session,
                                .reply = request->reply,
                                .where = *where,
                                .value = memory_copy_text(value),
                                .hex = values_want_hex(request->dap->arguments)};
    setting->where.expression = NULL;
    return setting;
}

/* ---- setVariable
 * ------------------------------------------------------------------------------------- */

/* What is found by counting, or made for a Results View, is a call up to the end. */
static bool can_be_assigned(const char *expression) {
    size_t length = strlen(expression);
    return length && expression[length - 1] != ')';
}

static void child_found(void *context, char *rows, const char *why) {
    struct setting *setting = context;
    char *row = rows ? remote_reply_row(&rows) : NULL;
    if (!row && why) {
        refuse_unanswered(setting, why);
        return;
    }
    if (!row) {
        refuse(setting, "There is no child of that name any more. List the variables again.");
        return;
    }
    if (remote_reply_row(&rows)) {
        refuse(setting, "Several children are shown by this name. Set the one that is meant by an "
                        "expression, in the debug console.");
        return;
    }
    remote_reply_field(&row);
    const char *expression = remote_reply_field(&row);
    if (!can_be_assigned(expression)) {
        refuse(setting, "This has no place of its own that could be assigned to. Set the variable "
                        "that holds it.");
        return;
    }
    setting->target = memory_copy_text(expression);
    assign(setting);
}

static void find_child(struct setting *setting, const char *parent, const char *name) {
    char *expression = literal_text(parent), *wanted = literal_text(name);
    char *arguments = memory_format("'expression': %s, 'only': '', 'start': 0, 'count': None, "
                                    "'most': None, 'find': %s, 'special': True, 'methods': True",
                                    expression, wanted);
    remote_ask(setting->session, &setting->where, REMOTE_CHILDREN, arguments,
               requests_time(setting->session, 0, &setting->late_at), child_found, setting);
    free(expression);
    free(wanted);
    free(arguments);
}

static void set_in(struct setting *setting, const struct handle *container, const char *name) {
    char *literal = literal_native(name);
    switch (container->kind) {
    case HANDLE_LOCALS:
    case HANDLE_USED_GLOBALS:
        if (values_is_name(name)) {
            setting->target = memory_copy_text(name);
            assign(setting);
        } else {
            refuse(setting, "This variable has no name that Python code could use.");
        }
        break;
    case HANDLE_GLOBALS:
        setting->target = memory_format("globals()[%s]", literal);
        assign(setting);
        break;
    case HANDLE_CHILDREN:
        find_child(setting, container->expression, name);
        break;
    case HANDLE_EXCEPTION:
    case HANDLE_FRAME:
    case HANDLE_LAZY:
    case HANDLE_LOCATION:
        refuse(setting, "What is shown here cannot be set.");
        break;
    }
    free(literal);
}

void requests_set_variable(struct session *session, const struct request *request) {
    int64_t reference = 0;
    const char *name = NULL, *value = NULL;
    struct dap_error error;
    const cJSON *arguments = request->dap->arguments;
    if (dap_need_int(arguments, "variablesReference", &reference, &error) < 0 ||
        dap_need_text(arguments, "name", &name, &error) < 0 ||
        dap_need_text(arguments, "value", &value, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    const struct handle *container = handles_find(&session->handles, reference);
    if (!container || !remote_frame(session, container)) {
        client_fail(&session->client, request->reply,
                    "variablesReference %lld belongs to a stop that is over.",
                    (long long)reference);
        return;
    }
    struct setting *setting = new_setting(session, request, container, value);
    if (setting)
        set_in(setting, container, name);
}

/* ---- setExpression
 * ----------------------------------------------------------------------------------- */

void requests_set_expression(struct session *session, const struct request *request) {
    const char *expression = NULL, *value = NULL;
    struct handle where;
    struct dap_error error;
    if (dap_need_text(request->dap->arguments, "expression", &expression, &error) < 0 ||
        dap_need_text(request->dap->arguments, "value", &value, &error) < 0) {
        requests_refuse(session, request->reply, &error);
        return;
    }
    expression += strspn(expression, " \t\r\n");
    if (!*expression) {
        client_fail(&session->client, request->reply, "The expression is empty.");
        return;
    }
    if (requests_find_frame(session, request, &where) < 0)
        return;
    struct setting *setting = new_setting(session, request, &where, value);
    if (!setting)
        return;
    setting->target = memory_copy_text(expression);
    setting->invalidates = true;
    assign(setting);
}
