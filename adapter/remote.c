#include "remote.h"

#include "literal.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* What embed.py puts between the program and what it compiles later. */
static const char put_off[] = "\n\n\n";

/* `later`: "", or what of the program is handed to it as a text, as an item of its names. */
static char *program_text(const char *program, char **later) {
    const char *end = strstr(program, put_off);
    char *rest = end ? literal_native(end + strlen(put_off)) : NULL;
    *later = rest ? memory_format("'put_off': %s, ", rest) : memory_copy_text("");
    free(rest);
    char *text = memory_copy_text(program);
    if (end)
        text[end - program] = '\0';
    char *literal = literal_native(text);
    free(text);
    return literal;
}

/* The builtins are fetched by hand: a module that says `from re import compile` hides its own. The
 * program's name in tracebacks, "<bridge>", is one that the drop guard knows. */
char *remote_text(enum remote_program program, const char *arguments) {
    char *later, *source = program_text(remote_programs[program], &later);
    char *text = memory_format("(lambda b, g: (b['eval'](b['compile'](%s, '<bridge>', 'exec'), g), "
                               "g['r'])[1])(__builtins__ if __builtins__.__class__ is {}.__class__ "
                               "else __builtins__.__dict__, {'__name__': '<bridge>', %s%s})",
                               source, later, arguments ? arguments : "");
    free(source);
    free(later);
    return text;
}
