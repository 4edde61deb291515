# with: members.py
"""What the statement calls at which a stopped thread stands: those calls that lead into functions of the program.

Nothing is called, and no property asked. Argument: `thread`, ptvsd's ident. A row has the first and last line of the
statement; then one for each call in the order in which Python gets there: its text, its line, the function's file
and first line, and how many calls of the same function come before it.
"""

ELSEWHERE = ('Lambda', 'ListComp', 'SetComp', 'DictComp', 'GeneratorExp')  # run in frames of their own


# ---- the statement

def own(node):
    """Its expressions, those that are needed first in front; of a compound statement those of its head."""
    for name in node._fields:
        value = getattr(node, name, None)
        if name in BLOCKS and isinstance(value, list):
            continue
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, '_fields') and kind(one) not in ELSEWHERE:
                for inner_one in own(one):
                    yield inner_one
    yield node


def lines_of(nodes):
    lines = [node.lineno for node in nodes if hasattr(node, 'lineno')]
    return [min(lines or [0]), max(lines or [0])]


def statements_at(tree, line):
    """Their expressions; `if one(): two()` is two."""
    found = []
    for one in statements(tree.body):
        nodes = list(own(one))
        first, last = lines_of(nodes)
        if first <= line <= last:
            found += nodes
    return found


# ---- what is called

def resolve(node, frame):
    if kind(node) == 'Name':
        names = frame.f_locals if node.id in frame.f_locals else frame.f_globals
        return names.get(node.id)
    if kind(node) == 'Attribute':
        return attribute(resolve(node.value, frame), node.attr)
    return None


def attribute(value, name):
    found = member(value, name)
    if found is None and value is not None and not isinstance(value, (type, classobj)):
        old = getattr(value, '__class__', None) if type(value).__name__ == 'instance' else None
        found = member(old or type(value), name)
    return found


def code_of(value):
    """Of the function that a call begins in: of a class its __init__, of an instance its __call__."""
    for _ in range(9):
        wrapped = None
        if type(value).__name__ in ('staticmethod', 'classmethod', 'method', 'instancemethod'):
            wrapped = value.__func__
        elif type(value).__name__ == 'partial':
            wrapped = value.func
        elif isinstance(value, (type, classobj)):
            wrapped = member(value, '__init__')
        elif value is not None and not isinstance(value, type(code_of)):
            wrapped = attribute(value, '__call__')
        if wrapped is None:
            break
        value = wrapped
    code = own_code(value)
    return code if code is not None and d.should_debug_code(code) else None


def words_of(node):
    if kind(node) == 'Name':
        return node.id
    return words_of(node.value) + '.' + node.attr if kind(node) == 'Attribute' else '...'


def targets(nodes, frame):
    found, codes = [], []
    for node in nodes:
        code = code_of(resolve(node.func, frame)) if kind(node) == 'Call' else None
        if code is not None:
            found.append(row(words_of(node.func), str(node.lineno), plain(code.co_filename),
                             str(code.co_firstlineno), str(codes.count(code))))
            codes.append(code)
    return found


def rows():
    global os
    os = d.sys.modules['os']
    frame = d.THREADS[thread].cur_frame
    path = plain(frame.f_code.co_filename)
    text = found_text(path)
    nodes = [] if text is None else statements_at(parsed(text, path), frame.f_lineno)
    return [row(*[str(one) for one in lines_of(nodes)])] + targets(nodes, frame)


r = reply(rows)
