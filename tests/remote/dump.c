/* For the Python tests: `dump N [ARGUMENTS]` prints the expression of remote program N; `dump text`
 * and `dump native` print the literals of the NUL-terminated texts on standard input, one a line.
 */
#include "literal.h"
#include "remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int dump_literals(char *(*literal)(const char *text)) {
    char *text = NULL;
    size_t room = 0;
    while (getdelim(&text, &room, '\0', stdin) > 0) {
        char *made = literal(text);
        puts(made);
        free(made);
    }
    free(text);
    return 0;
}

int main(int count, char **words) {
    if (count < 2)
        return 2;
    if (strcmp(words[1], "text") == 0)
        return dump_literals(literal_text);
    if (strcmp(words[1], "native") == 0)
        return dump_literals(literal_native);
    int program = atoi(words[1]);
    if (program < 0 || program >= REMOTE_PROGRAMS)
        return 2;
    char *text = remote_text((enum remote_program)program, count > 2 ? words[2] : NULL);
    fputs(text, stdout);
    free(text);
    return 0;
}
