#!/usr/bin/env python3
"""Compares the scanner of try/except ranges (adapter/handlers.c) with Python's own parser.

    handlers_against_ast.py HANDLERS_DUMP [DIRECTORY...]

Every .py file below the directories (default: the standard library of the running Python, 3.8 or
newer) must give the same ranges and names. Files that this Python cannot parse are left out. Exits
with 77 (skipped) when this Python is too old.
"""

import ast
import os
import subprocess
import sys
import sysconfig
import warnings

BATCH = 200
SHOWN = 20
NOT_LIBRARY = {"site-packages", "dist-packages"}
SKIPPED = 77


def dotted(node):
    """The dotted name that the expression is, or None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return owner and owner + "." + node.attr
    return None


def handler_names(handler):
    if isinstance(handler.type, ast.Tuple):
        return [dotted(item) or "*" for item in handler.type.elts]
    return [(handler.type and dotted(handler.type)) or "*"]


def expected(source):
    """[(first, end, names)] in the order of the lines, or None when this is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = (ast.Try, getattr(ast, "TryStar", ast.Try))
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, kinds):
            continue
        names = [name for handler in node.handlers for name in handler_names(handler)]
        if "*" in names:
            names = ["*"]
        if names:
            found.append((node.lineno, node.body[-1].end_lineno + 1, names))
    return sorted(found)


def dumped(program, paths):
    """{path: [(first, end, names)]} as the scanner sees it."""
    output = subprocess.run([program, *paths], stdout=subprocess.PIPE, check=True).stdout
    result, items = {}, None
    for line in output.decode("utf-8").split("\n")[:-1]:
        if line.startswith("file "):
            items = result[line[len("file "):]] = []
        else:
            first, end, *names = line.split(" ")
            items.append((int(first), int(end), names))
    return result


def sources(directories):
    for directory in directories:
        for folder, folders, names in os.walk(directory):
            folders[:] = sorted(set(folders) - NOT_LIBRARY)
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith(".py") and os.path.isfile(path) and path.isprintable():
                    yield path


def compare(path, seen, problems):
    """The number of tries, or None when the file was left out."""
    with open(path, "rb") as file:
        wanted = expected(file.read())
    if wanted is None:
        return None
    for item in wanted:
        if item not in seen:
            problems.append("%s: missing %s" % (path, item))
    for item in seen:
        if item not in wanted:
            problems.append("%s: invented %s" % (path, item))
    if not problems and wanted != seen:
        problems.append("%s: order" % path)
    return len(wanted)


def main(program, directories):
    if sys.version_info < (3, 8):
        print("Python 3.8 or newer is needed")
        return SKIPPED
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(5000)
    paths = list(sources(directories or [sysconfig.get_paths()["stdlib"]]))
    problems, compared, tries = [], 0, 0
    for start in range(0, len(paths), BATCH):
        batch = paths[start:start + BATCH]
        seen = dumped(program, batch)
        for path in batch:
            count = compare(path, seen[path], problems)
            if count is not None:
                compared += 1
                tries += count
    print("\n".join(problems[:SHOWN]))
    print("%d files, %d tries with handlers, %d differences" % (compared, tries, len(problems)))
    return 1 if problems or not tries else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
