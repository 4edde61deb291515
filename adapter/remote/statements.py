# with: lines.py
"""The statements of a file, from its text.
"""

BLOCKS = ('body', 'orelse', 'finalbody', 'handlers', 'cases')
ONLY_AST = 0x400


def statements(block):
    for one in block:
        yield one
        for name in BLOCKS:
            inside = getattr(one, name, None)
            for inner_one in statements(inside) if isinstance(inside, list) else ():
                yield inner_one


def kind(node):
    return type(node).__name__


def parsed(text, path):
    return compiled(text, path, ONLY_AST)
