"""The scanner of stop_lines.c against Python's own line tables, over the standard library: no line that is said
never to stop may be in a table, and nearly every statement that is said to stop is."""

import os
import subprocess
import sys
import sysconfig


def table(code, found):
    """All lines but those of docstrings of modules, which are stored by code."""
    found.update(line for _, _, line in code.co_lines() if line)
    for inner in code.co_consts:
        if isinstance(inner, type(code)):
            table(inner, found)
    return found


def docstring(tree_body):
    import ast
    first = tree_body[0] if tree_body else None
    text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return set(range(first.lineno, first.end_lineno + 1)) if text else set()


def judge(path, kinds):
    """(lines wrongly said never to stop, statements said to stop, those of them in no table)"""
    import ast
    with open(path, 'rb') as opened:
        data = opened.read()
    tree = ast.parse(data)
    code = table(compile(tree, path, 'exec'), set())
    stored = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            stored |= docstring(node.body)
    wrong = [line for line, kind in kinds.items() if kind == 'never' and line in code - stored]
    begins = [line for line, kind in kinds.items() if kind == 'begins']
    return wrong, len(begins), [line for line in begins if line not in code]


def sources():
    library = sysconfig.get_paths()['stdlib']
    for folder, names, files in os.walk(library):
        names[:] = [name for name in names if name not in ('site-packages', 'dist-packages', 'test', 'tests', 'lib2to3')]
        for name in files:
            if name.endswith('.py'):
                yield os.path.join(folder, name)


def main(tool):
    paths = sorted(sources())
    said = subprocess.run([tool], input='\n'.join(paths), stdout=subprocess.PIPE, universal_newlines=True,
                          check=True, errors='surrogateescape').stdout
    files, wrong_lines, all_begins, missing = 0, 0, 0, 0
    for part in said.split('file ')[1:]:
        path, _, lines = part.partition('\n')
        kinds = dict((int(line.split()[0]), line.split()[1]) for line in lines.splitlines())
        try:
            wrong, begins, absent = judge(path, kinds)
        except (SyntaxError, ValueError):
            continue
        files += 1
        wrong_lines += len(wrong)
        all_begins += begins
        missing += len(absent)
        for line in wrong[:3]:
            print('%s:%d is said never to stop' % (path, line))
        if '-v' in sys.argv:
            for line in absent[:3]:
                print('%s:%d is said to stop' % (path, line))
    print('%d files, %d statements, %d of them in no table, %d lines wrongly said never to stop'
          % (files, all_begins, missing, wrong_lines))
    return files < 50 or wrong_lines > 0 or missing * 50 > all_begins


if __name__ == '__main__':
    if sys.version_info < (3, 10):
        sys.exit(77)  # no code.co_lines
    sys.exit(main(sys.argv[1]))
