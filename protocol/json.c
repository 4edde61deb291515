#include "json.h"

#include "buf.h"
#include "memory.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What cJSON takes for a value and for a text, without its bytes; and how much for a document. */
enum { DEPTH_LIMIT = 128, VALUE_COST = 80, TEXT_COST = 32, COST_LIMIT = 256 << 20 };

/* ---- reading --------------------------------------------------------------------------------- */

/* How many bytes the valid UTF-8 sequence at `bytes` has; 0 when there is none. */
static size_t sequence_length(const unsigned char *bytes, size_t length) {
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || length < size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (first == 0xe0 && bytes[1] < 0xa0) || (first == 0xf0 && bytes[1] < 0x90);
    bool surrogate = first == 0xed && bytes[1] > 0x9f;
    bool too_high = first == 0xf4 && bytes[1] > 0x8f;
    return overlong || surrogate || too_high ? 0 : size;
}

/* The four hexadecimal digits of \uXXXX, or -1. */
static int hex4(const char *digits, size_t length) {
    if (length < 4)
        return -1;
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value = value * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static bool is_high_surrogate(int code) {
    return code >= 0xd800 && code < 0xdc00;
}

static bool is_low_surrogate(int code) {
    return code >= 0xdc00 && code < 0xe000;
}

/* Judges the escape at `at` (a backslash): how many bytes it has, a surrogate pair being one, and
 * with what cJSON must see it replaced (six bytes, or NULL). 0 when it is malformed. */
static size_t read_escape(const char *at, size_t length, const char **instead) {
    *instead = NULL;
    if (length < 2)
        return 0;
    if (at[1] != 'u')
        return 2;
    int code = hex4(at + 2, length - 2);
    if (code < 0)
        return 0;
    if (code == 0)
        *instead = "\\u2400";
    if (!is_high_surrogate(code) && !is_low_surrogate(code))
        return 6;
    if (is_high_surrogate(code) && length >= 12 && at[6] == '\\' && at[7] == 'u' &&
        is_low_surrogate(hex4(at + 8, length - 8)))
        return 12;
    *instead = "\\ufffd";
    return 6;
}

/* What one look over the document tells. */
struct survey {
    bool sound;       /* depth, cost and escapes can be given to cJSON */
    bool changes;     /* something must be replaced before */
    size_t bad_bytes; /* single bytes that become six */
    size_t values, quotes;
};

/* What stands outside of strings; false when the nesting is too deep or below zero. */
static bool survey_structure(struct survey *survey, char c, int *depth) {
    survey->values += c == ',' || c == '[' || c == '{';
    if (c == '[' || c == '{')
        return ++*depth <= DEPTH_LIMIT;
    if (c == ']' || c == '}')
        return --*depth >= 0;
    return true;
}

/* Two bytes are enough for a value, which then costs forty times as much. */
static bool affordable(const struct survey *survey) {
    return survey->values * VALUE_COST + survey->quotes / 2 * TEXT_COST <= COST_LIMIT;
}

static size_t survey_escape(struct survey *survey, const char *at, size_t length) {
    const char *instead;
    size_t step = read_escape(at, length, &instead);
    survey->changes |= instead != NULL;
    return step;
}

static size_t survey_byte(struct survey *survey, const char *at, size_t length) {
    size_t step = *at ? sequence_length((const unsigned char *)at, length) : 0;
    survey->bad_bytes += !step;
    return step ? step : 1;
}

static struct survey look_over(const char *bytes, size_t length) {
    struct survey survey = {0};
    bool in_string = false;
    int depth = 0;
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t step = 1;
        if (c == '"')
            in_string = ++survey.quotes % 2;
        else if (c == '\\')
            step = in_string ? survey_escape(&survey, bytes + i, length - i) : 0;
        else if (c == 0 || c > 0x7f)
            step = survey_byte(&survey, bytes + i, length - i);
        else if (!in_string && !survey_structure(&survey, (char)c, &depth))
            return survey;
        if (!step)
            return survey;
        i += step;
    }
    survey.sound = depth == 0 && !in_string && affordable(&survey);
    survey.changes |= survey.bad_bytes > 0;
    return survey;
}

/* How much of `bytes` goes over as one piece, and what stands for it. */
static size_t next_piece(const char *bytes, size_t length, const char **instead) {
    size_t step = 0;
    *instead = NULL;
    if (*bytes == '\\')
        step = read_escape(bytes, length, instead);
    else if (*bytes)
        step = sequence_length((const unsigned char *)bytes, length);
    if (!step && !*instead)
        *instead = *bytes ? "\\ufffd" : "\\u2400";
    return step ? step : 1;
}

/* The document with everything replaced that would break cJSON; to be freed. */
static char *mend(const char *bytes, size_t length, size_t bad_bytes, size_t *mended_length) {
    char *mended = memory_resize(NULL, length + 5 * bad_bytes, 1);
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        const char *instead;
        size_t step = next_piece(bytes + i, length - i, &instead);
        size_t size = instead ? 6 : step;
        memcpy(mended + at, instead ? instead : bytes + i, size);
        at += size;
        i += step;
    }
    *mended_length = at;
    return mended;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The buffer is trimmed of white space and its brackets match, so that cJSON never looks beyond its
 * end: 1.7.15 does after "{"a":1,". */
static cJSON *parse_trimmed(const char *bytes, size_t length) {
    const char *end = NULL;
    cJSON *document = cJSON_ParseWithLengthOpts(bytes, length, &end, false);
    if (document && end != bytes + length) {
        cJSON_Delete(document);
        return NULL;
    }
    return document;
}

cJSON *json_parse(const char *bytes, size_t length) {
    while (length && is_space(bytes[length - 1]))
        length--;
    if (!length)
        return NULL;
    struct survey survey = look_over(bytes, length);
    if (!survey.sound)
        return NULL;
    if (!survey.changes)
        return parse_trimmed(bytes, length);
    size_t mended_length;
    char *mended = mend(bytes, length, survey.bad_bytes, &mended_length);
    cJSON *document = parse_trimmed(mended, mended_length);
    free(mended);
    return document;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* cJSON's own printer is not used: 1.7.15 writes 2^53 as 9.00719925474099e+15. */

struct printer {
    struct buf out;
    bool show_controls;
};

static void print_number(struct buf *out, double value) {
    char text[40];
    if (value != value || value - value != 0) /* JSON has neither NaN nor infinity */
        strcpy(text, "null");
    else if (value >= -0x1p63 && value < 0x1p63 && value == (double)(int64_t)value)
        snprintf(text, sizeof text, "%lld", (long long)value);
    else
        snprintf(text, sizeof text, "%.17g", value);
    buf_append_text(out, text);
}

/* The code point of a sequence whose length is known to be right. */
static unsigned code_point(const unsigned char *bytes, size_t size) {
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    unsigned code = bytes[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        code = code << 6 | (bytes[i] & 0x3f);
    return code;
}

static void print_escape(struct buf *out, unsigned code) {
    char text[16];
    if (code > 0xffff)
        snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
                 0xdc00 + ((code - 0x10000) & 0x3ff));
    else if (code == '"' || code == '\\')
        snprintf(text, sizeof text, "\\%c", (char)code);
    else if (code == '\n')
        strcpy(text, "\\n");
    else
        snprintf(text, sizeof text, "\\u%04x", code);
    buf_append_text(out, text);
}

static void print_character(struct printer *printer, unsigned code) {
    char text[8];
    if (!printer->show_controls || !utf8_is_control(code)) {
        print_escape(&printer->out, code);
        return;
    }
    snprintf(text, sizeof text, "\\\\x%02x", code);
    buf_append_text(&printer->out, text);
}

static size_t plain_run(const char *text) {
    size_t run = 0;
    for (unsigned char c;
         (c = (unsigned char)text[run]) >= ' ' && c < 0x7f && c != '"' && c != '\\';)
        run++;
    return run;
}

static void print_string(struct printer *printer, const char *text) {
    struct buf *out = &printer->out;
    size_t length = strlen(text);
    buf_append(out, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t run = plain_run(text + i);
        buf_append(out, text + i, run);
        i += run;
        if (i == length)
            break;
        const unsigned char *at = (const unsigned char *)text + i;
        size_t size = sequence_length(at, length - i);
        print_character(printer, size ? code_point(at, size) : 0xfffd);
        i += size ? size : 1;
    }
    buf_append(out, "\"", 1);
}

static void print_value(struct printer *printer, const cJSON *value);

static void print_members(struct printer *printer, const cJSON *parent, const char *open,
                          const char *close) {
    buf_append(&printer->out, open, 1);
    const cJSON *member;
    cJSON_ArrayForEach(member, parent) {
        if (member != parent->child)
            buf_append(&printer->out, ",", 1);
        if (cJSON_IsObject(parent)) {
            print_string(printer, member->string);
            buf_append(&printer->out, ":", 1);
        }
        print_value(printer, member);
    }
    buf_append(&printer->out, close, 1);
}

static void print_value(struct printer *printer, const cJSON *value) {
    if (cJSON_IsString(value))
        print_string(printer, value->valuestring);
    else if (cJSON_IsNumber(value))
        print_number(&printer->out, value->valuedouble);
    else if (cJSON_IsObject(value))
        print_members(printer, value, "{", "}");
    else if (cJSON_IsArray(value))
        print_members(printer, value, "[", "]");
    else if (cJSON_IsBool(value))
        buf_append_text(&printer->out, cJSON_IsTrue(value) ? "true" : "false");
    else
        buf_append_text(&printer->out, "null");
}

static char *print(const cJSON *value, bool show_controls) {
    struct printer printer = {.show_controls = show_controls};
    buf_init(&printer.out, SIZE_MAX);
    print_value(&printer, value);
    buf_append(&printer.out, "", 1);
    return printer.out.memory;
}

char *json_print(const cJSON *value) {
    return print(value, false);
}

char *json_print_shown(const cJSON *value) {
    return print(value, true);
}

/* ---- getters --------------------------------------------------------------------------------- */

const char *json_text(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

int64_t json_int(const cJSON *object, const char *name, int64_t if_absent) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item))
        return if_absent;
    double value = item->valuedouble;
    if (!(value >= -0x1p63 && value < 0x1p63) || value != (double)(int64_t)value)
        return if_absent;
    return (int64_t)value;
}

bool json_bool(const cJSON *object, const char *name, bool if_absent) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsBool(item) ? cJSON_IsTrue(item) : if_absent;
}

const cJSON *json_object(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsObject(item) ? item : NULL;
}

const cJSON *json_array(const cJSON *object, const char *name) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsArray(item) ? item : NULL;
}

bool json_lists(const cJSON *list, const char *text) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        if (cJSON_IsString(item) && !strcmp(item->valuestring, text))
            return true;
    }
    return false;
}
