/* The text of an "envFile" as names and values. The rules are those of VS Code's Python extension:
 * `NAME=value`, one a line, in quotes or not, `\n` in quotes for a line feed, `${NAME}` for a value
 * from above or of the environment (nothing, if neither has it), `\$` for a dollar. Beyond them, as
 * others write such files: `export` in front, comments behind a value, and quoted values over
 * several lines. Lines that are nothing of the kind are passed over. */
#ifndef DOTENV_H
#define DOTENV_H

#include <stddef.h>

struct dotenv {
    struct dotenv_item {
        char *name, *value;
    } * items; /* a name may come again: the last one counts */
    size_t count;
};

/* `outside` gives the environment's value of a name, or NULL. */
void dotenv_read(struct dotenv *dotenv, const char *text, const char *(*outside)(const char *name));
void dotenv_finish(struct dotenv *dotenv);

#endif
