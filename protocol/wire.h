/* The seam. What the bridge tells a ptvsd server (struct wire_command) and what the server tells
 * the bridge (struct wire_event) as plain values, the same for all wire versions; and the table of
 * the versions that exist. The codecs behind it, wire_binary (2, 4, 6) and wire_json (7, 8), do no
 * I/O.
 *
 * Facts: shared specification of the binary and JSON wires. Lines count from 1, frame ids from 0 =
 * innermost, thread ids are 64-bit Python idents that may be reused after the thread's end.
 *
 * Strings are NUL-terminated valid UTF-8. Those of a command are borrowed for the call; those of an
 * event live in the wire until the next wire_decode(). */
#ifndef WIRE_H
#define WIRE_H

#include "arena.h"
#include "buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- values used in both directions ---------------------------------------------------------- */

enum wire_condition { WIRE_CONDITION_ALWAYS, WIRE_CONDITION_TRUE, WIRE_CONDITION_CHANGED };
enum wire_pass_count { WIRE_PASS_ALWAYS, WIRE_PASS_EVERY, WIRE_PASS_EQUAL, WIRE_PASS_AT_LEAST };
enum wire_frame_kind { WIRE_FRAME_NONE, WIRE_FRAME_PYTHON, WIRE_FRAME_DJANGO };
enum wire_language { WIRE_LANGUAGE_PYTHON, WIRE_LANGUAGE_DJANGO };
enum wire_repr { WIRE_REPR_NORMAL, WIRE_REPR_RAW, WIRE_REPR_RAW_LENGTH };

/* Bits of an exception mode, and of struct wire_object's flags, as on the wire. */
enum { WIRE_BREAK_NEVER = 0, WIRE_BREAK_ALWAYS = 1, WIRE_BREAK_UNHANDLED = 32 };
enum {
    WIRE_EXPANDABLE = 1,
    WIRE_METHOD_CALL = 2,
    WIRE_SIDE_EFFECTS = 4,
    WIRE_RAW = 8,
    WIRE_HAS_RAW_REPR = 16
};

/* ---- commands: bridge to server ---------------------------------------------------------------
 */

enum wire_command_type {
    WIRE_SET_BREAKPOINT,    /* breakpoint; answered by WIRE_BOUND or WIRE_PENDING (Python only) */
    WIRE_REMOVE_BREAKPOINT, /* breakpoint: id, line, file, language */
    WIRE_SET_CONDITION,     /* breakpoint: id, condition_kind, condition */
    WIRE_SET_PASS_COUNT,    /* breakpoint: id, pass_kind, pass_count */
    WIRE_GET_HIT_COUNT,  /* breakpoint: id, token; answered by WIRE_HIT_COUNT, 0 for unknown ids */
    WIRE_SET_HIT_COUNT,  /* breakpoint: id, pass_count = the hits so far */
    WIRE_BREAK_ALL,      /* some thread answers WIRE_BROKE when it next runs Python */
    WIRE_RESUME_ALL,     /* once per stop, never twice */
    WIRE_RESUME_THREAD,  /* thread, which must be stopped. One that has sent WIRE_LOADED resumes all
                          */
    WIRE_CLEAR_STEPPING, /* thread */
    WIRE_STEP_INTO,      /* thread, which must be stopped; resumes all */
    WIRE_STEP_OVER,
    WIRE_STEP_OUT,
    WIRE_EXECUTE,        /* execute; answered by WIRE_RESULT or WIRE_FAILED */
    WIRE_CHILDREN,       /* execute: token, thread, frame, frame_kind, text; by WIRE_CHILDREN_ARE */
    WIRE_SET_LINE,       /* set_line; the native command wrecks servers: codec only */
    WIRE_SET_EXCEPTIONS, /* exceptions; replaces all */
    WIRE_SET_HANDLERS,   /* handlers; exactly one for each WIRE_WANTS_HANDLERS */
    WIRE_DETACH,         /* answered by WIRE_DETACHED */
    WIRE_FAREWELL,       /* JSON: the unknown command that ends a session after a detach */
    WIRE_COMMAND_TYPES
};

struct wire_breakpoint {
    int32_t id; /* the bridge's choice, never reused in a session */
    int64_t line;
    const char *file;
    enum wire_condition condition_kind;
    const char *condition; /* NULL or "" for none */
    enum wire_pass_count pass_kind;
    int64_t pass_count;
    enum wire_language language;
    int32_t token; /* WIRE_GET_HIT_COUNT only */
};

struct wire_execute {
    int32_t token; /* comes back in the answer */
    int64_t thread;
    int64_t frame;
    enum wire_frame_kind frame_kind; /* the frame's own kind */
    const char *text;
    enum wire_repr repr;
    const char
        *module; /* v8: run in this module's globals on the debugger thread; NULL: in the frame */
    bool enumerate; /* v2, children only: `text` names an item of an enumerated object */
};

struct wire_exception_mode {
    const char *name; /* ValueError, package.Error */
    int mode;         /* WIRE_BREAK_… bits */
};

struct wire_exceptions {
    int mode; /* for names not listed */
    const struct wire_exception_mode *names;
    size_t count;
};

/* One `try` with handlers: lines first ≤ line < end belong to its body. `names` are dotted
 * exception names as written, or "*" for a bare except. */
struct wire_handler {
    int64_t first, end;
    const char *const *names;
    size_t name_count;
};

struct wire_handlers {
    const char *file; /* exactly as in WIRE_WANTS_HANDLERS */
    const struct wire_handler *handlers;
    size_t count;
};

struct wire_set_line {
    int64_t thread, frame, line;
};

struct wire_command {
    enum wire_command_type type;
    union {
        struct wire_breakpoint breakpoint;
        int64_t thread;
        struct wire_execute execute;
        struct wire_exceptions exceptions;
        struct wire_handlers handlers;
        struct wire_set_line set_line;
    };
};

/* ---- events: server to bridge ------------------------------------------------------------------
 */

enum wire_event_type {
    WIRE_THREAD_STARTED,  /* thread */
    WIRE_THREAD_ENDED,    /* thread */
    WIRE_MODULE,          /* module */
    WIRE_MODULES_CHANGED, /* v8: the list at attach is complete; later: something was imported */
    WIRE_LOADED,          /* thread: the attach stop */
    WIRE_FRAMES,          /* frames: the whole stack of one thread */
    WIRE_BOUND,           /* breakpoint: bound to a loaded module */
    WIRE_PENDING,         /* breakpoint: no loaded module has that path; armed all the same */
    WIRE_HIT,             /* breakpoint, thread: stopped */
    WIRE_HIT_COUNT,       /* token, count */
    WIRE_STEPPED,         /* thread: stopped */
    WIRE_BROKE,           /* thread: stopped by break-all or the program's break_into_debugger() */
    WIRE_EXCEPTION,       /* thread, exception: stopped, only this thread */
    WIRE_RESULT,          /* token, object */
    WIRE_FAILED,          /* token, text = str() of the exception, may be "" */
    WIRE_CHILDREN_ARE,    /* token, children */
    WIRE_OUTPUT,          /* thread (may be unknown), text, channel */
    WIRE_WANTS_HANDLERS,  /* text = file: that thread is blocked until WIRE_SET_HANDLERS */
    WIRE_LINE_SET,        /* thread, line_set: set-line's answer */
    WIRE_DETACHED,        /* answer to WIRE_DETACH, or the interpreter exits */
    WIRE_REFUSED,         /* JSON: a request failed; text says which and why. For the log */
    WIRE_RESUMED,         /* JSON: answer to a resume or a step, sent before the release */
    WIRE_FAREWELL_DONE    /* JSON: answer to WIRE_FAREWELL; the server closes now */
};

struct wire_object {
    const char *repr; /* NULL for a raw length */
    const char *hex;  /* NULL if the value has none */
    const char *type; /* "" for a synthesized entry */
    int64_t length;   /* len(), 0 if it has none or on v2 */
    unsigned flags;   /* WIRE_EXPANDABLE … */
};

struct wire_variable {
    const char *name;
    const char *expression; /* to send back; NULL: none (locals, [...] markers, v2) */
    struct wire_object object;
};

struct wire_frame {
    int64_t first_line; /* of the function */
    int64_t last_line;  /* unreliable, may be -1 */
    int64_t line;
    const char *name; /* "<module>" for module level */
    const char *file; /* absolute, made with the debuggee's current directory */
    int64_t argument_count;
    enum wire_frame_kind kind;
    const char *python_file; /* WIRE_FRAME_DJANGO only: file and line above are the template's */
    int64_t python_line;
    struct wire_variable
        *variables; /* arguments, other locals, closure names, globals it mentions */
    size_t variable_count;
};

struct wire_frames {
    const char *thread_name; /* NULL: reported by another thread; keep the old name */
    struct wire_frame *frames;
    size_t count;
};

struct wire_module {
    int64_t id;
    const char *file; /* absolute; may be a .pyc or an extension module */
};

struct wire_children {
    struct wire_variable *children;
    size_t count;
    /* v2 only, whose children have no expressions: the first `attributes` are attributes of the
     * parent, the rest items, indexable as parent[name] or only by enumeration. Else all zero. */
    size_t attributes;
    bool indexable, enumerate;
};

enum wire_channel { WIRE_STDOUT, WIRE_STDERR, WIRE_DEBUG };

enum wire_handled { WIRE_HANDLED_UNKNOWN, WIRE_HANDLED, WIRE_UNHANDLED };

struct wire_exception {
    const char *type; /* class name as the server writes it */
    const char *message;
    enum wire_handled handled;
    const char *trace; /* lines of repr(file),line,repr(func),repr(text); NULL if not sent */
    const char *value; /* name of a dict in frame 0 with 'exception', …; NULL if not sent */
};

struct wire_event {
    enum wire_event_type type;
    int64_t thread;
    int32_t breakpoint; /* id */
    int32_t token;
    union {
        struct wire_module module;
        struct wire_frames frames;
        struct wire_object object;
        struct wire_children children;
        struct wire_exception exception;
        int64_t count;
        struct {
            bool ok;
            int64_t line;
        } line_set;
        struct {
            const char *text;
            enum wire_channel channel; /* WIRE_STDOUT where the wire does not tell */
        };
    };
};

/* ---- the wire
 * ------------------------------------------------------------------------------------ */

/* Limits on what one message may hold; more is a protocol error. */
enum {
    WIRE_TEXT_LIMIT = 64 << 20,
    WIRE_MESSAGE_LIMIT = 256 << 20,
    WIRE_FRAME_LIMIT = 100000,
    WIRE_VARIABLE_LIMIT = 1000000,
    WIRE_CHILD_LIMIT = 20000
};

struct wire;

/* Binary: how far the message at the front of `in` is known to be whole (wire_binary_decode.c). */
struct wire_skim {
    const char *field; /* the next field's letter in the message's layout; NULL before the tag */
    size_t at;         /* where that field starts */
    size_t items;      /* of the list that comes next */
    size_t depth;
    struct {
        const char *body;
        size_t left;
    } lists[2];
};

struct wire_ops {
    const char *name; /* "binary" or "JSON" */
    int (*decode)(struct wire *wire, struct wire_event *event);
    void (*encode)(struct wire *wire, const struct wire_command *command);
};

struct wire_version {
    int number;
    const struct wire_ops *ops;
    const char *releases;      /* "2.2.x and 3.0.0" */
    uint32_t lacks;            /* bit 1 << enum wire_command_type */
    const char *visual_studio; /* which of them came with that release; NULL: none */
};

struct wire {
    const struct wire_version *version;
    struct buf in;  /* the caller appends what it received */
    struct buf out; /* the caller sends and consumes what stands here */
    struct arena arena;
    size_t needed;          /* do not look again before `in` holds so many bytes */
    struct wire_skim skim;  /* private to the binary codec */
    struct cJSON *document; /* JSON: what the event's strings point into */
    int64_t next_seq;       /* JSON: of the next request without a token */
    char error[160];        /* after -1: what was wrong */
};

/* The table row, or NULL for a version that does not exist. */
const struct wire_version *wire_version_find(int64_t number);

/* What a number that stands in no row means, to follow "it is". */
const char *wire_version_unknown(int64_t number);

/* The table in words: protocol versions, releases, Visual Studios. The caller frees it. */
char *wire_versions_show(void);

void wire_init(struct wire *wire, const struct wire_version *version);
void wire_finish(struct wire *wire);

/* 1: `*event` is filled. 0: append more bytes to `in`. -1: the peer broke the protocol, `error`
 * says how; nothing sensible can follow. Chores of the wire (acknowledgements) are appended to
 * `out`. */
int wire_decode(struct wire *wire, struct wire_event *event);

/* Does this version have the command? */
bool wire_can(const struct wire *wire, enum wire_command_type type);

/* Appends the command to `out`. The version must have it (wire_can). */
void wire_encode(struct wire *wire, const struct wire_command *command);

/* Has the local no value yet? ptvsd says so by a made-up repr. */
bool wire_undefined(const struct wire_object *object);

/* For the log; constant texts. */
const char *wire_command_name(enum wire_command_type type);
const char *wire_event_name(enum wire_event_type type);

#endif
