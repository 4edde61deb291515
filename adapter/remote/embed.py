"""Turns the programs that run in the debuggee into one C file: a table from enum remote_program to
text, without comments and docstrings. Usage: embed.py OUTPUT PROGRAM.py...

A first line `# with: other.py` puts that file in front. What follows later.py is compiled when it is needed.
"""

import ast
import io
import os
import re
import sys
import tokenize

WITH = re.compile(r'^# with: (\S+)\n')
INDENT = re.compile(r'^( {4})+', re.M)


def docstring_lines(source):
    """The numbers of the lines that hold nothing but a docstring."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, 'body', None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            text = body[0].value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                if len(body) == 1 and not isinstance(node, ast.Module):
                    raise ValueError('line %d: nothing but a docstring' % text.lineno)
                found.update(range(text.lineno, text.end_lineno + 1))
    return found


def without_comments(source):
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return lines


def strip(source):
    """Without comments, docstrings and empty lines; indented by one space."""
    dropped = docstring_lines(source)
    kept = [line.rstrip() for number, line in enumerate(without_comments(source), 1)
            if number not in dropped]
    stripped = '\n'.join(line for line in kept if line) + '\n'
    stripped = INDENT.sub(lambda spaces: ' ' * (len(spaces.group()) // 4), stripped)
    if code_of(stripped) != code_of(source):
        raise ValueError('stripping changed what the program means')
    return stripped


def code_of(source):
    """What a source means, as a text without its docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, 'body', None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            if isinstance(getattr(body[0].value, 'value', None), str):
                del body[0]
    return ast.dump(tree)


def read(path):
    with open(path, encoding='ascii') as file:
        return file.read()


def put_off(text):
    """The text without its functions and classes, and those, an empty line between each two."""
    lines, taken = text.splitlines(True), []
    for node in reversed(ast.parse(text).body):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            span = slice(node.lineno - 1, node.end_lineno)
            taken.insert(0, ''.join(lines[span]).rstrip('\n'))
            del lines[span]
            if '(' not in taken[0].split(':')[0] or '\n\n' in taken[0] or node.decorator_list:
                raise ValueError('later.py cannot tell the name or the end of ' + node.name)
    return ''.join(lines), '\n\n'.join(taken)


def with_asked(path):
    """The program's files, the one that asks for no other first."""
    asked = WITH.match(read(path))
    return (with_asked(os.path.join(os.path.dirname(path), asked.group(1))) if asked else []) + [path]


def program_text(path):
    """The program as it is sent, with two empty lines before what is put off."""
    paths = with_asked(path)
    texts = [strip(read(one)) for one in paths]
    names = [node.name for node in ast.parse(''.join(texts)).body if hasattr(node, 'name')]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError('%s: defined twice, with what it asks for: %s' % (path, ', '.join(twice)))
    names = [os.path.basename(one) for one in paths]
    if 'later.py' not in names:
        return ''.join(texts)
    at = names.index('later.py') + 1
    first, later = put_off(''.join(texts[at:]))
    return ''.join(texts[:at]) + first + '\n\n' + later


def c_array(name, text):
    codes = [str(byte) for byte in text.encode('ascii')] + ['0']
    rows = [', '.join(codes[at:at + 24]) for at in range(0, len(codes), 24)]
    return 'static const char %s[] = {\n    %s};\n' % (name, ',\n    '.join(rows))


def main(output, *paths):
    names = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    arrays = [c_array(name, program_text(path)) for name, path in zip(names, paths)]
    rows = ['    [REMOTE_%s] = %s,\n' % (name.upper(), name) for name in names]
    with open(output, 'w', encoding='ascii') as file:
        file.write('/* Made by embed.py from the programs beside it. */\n#include "remote.h"\n\n')
        file.write('\n'.join(arrays))
        file.write('\nconst char *const remote_programs[REMOTE_PROGRAMS] = {\n%s};\n' % ''.join(rows))


if __name__ == '__main__':
    main(*sys.argv[1:])
