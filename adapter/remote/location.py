# with: members.py
"""Where a function or class is defined. Nothing of the program is called, and no property asked.

Argument: `expression`, whose value it is. A row: its file and its first line, that of its first decorator if it has
any; or nothing and why.
"""

DEFINITIONS = ('ClassDef', 'FunctionDef', 'AsyncFunctionDef')


def of_function(value):
    for _ in range(9):
        inside = wrapped_by(value)
        if inside is None:
            break
        value = inside
    code = own_code(value)
    return row('', 'builtin') if code is None else row(plain(code.co_filename), str(code.co_firstlineno))


def of_class(value):
    names = getattr(d.sys.modules.get(said_of(value, '__dict__').get('__module__')), '__dict__', {})
    path = names.get('__file__')
    if not is_text(path):
        return row('', 'builtin')
    path = plain(path)
    methods = [code.co_firstlineno for code in codes_of(value) if plain(code.co_filename) == path]
    first = min(methods or [0])
    lines = class_lines(path, own_names(value))
    line = ([one for one in lines if one <= first] or lines or [first])[-1]
    return row(path, str(line)) if line else row('', 'class')


def said_of(value, attribute):
    """Of a class, whatever its metaclass says."""
    return type.__dict__[attribute].__get__(value) if isinstance(value, type) else getattr(value, attribute)


def codes_of(value):
    """Of the functions in the class, however decorated."""
    for one in list(said_of(value, '__dict__').values()):
        code = own_code(one) or own_code(wrapped_by(one))
        if code is not None:
            yield code


def own_names(value):
    """Of what it is defined in, and its own; Python 2 knows its own alone."""
    said = said_of(value, '__qualname__' if '__qualname__' in type.__dict__ else '__name__')
    return [one for one in said.split('.') if one != '<locals>']


def class_lines(path, names):
    """Of each class in the text that has these names, from the top."""
    text = found_text(path)
    try:
        tree = parsed(text, path)
    except Exception:  # there is no text, or it is none of Python's
        return []
    nested = '__qualname__' in type.__dict__
    return [min([one.lineno for one in [node] + node.decorator_list])
            for above, node in classes(tree.body, []) if (above if nested else above[-1:]) == names]


def classes(block, above):
    """The names that lead to each, and the node."""
    for one in block:
        names = above + [one.name] if kind(one) in DEFINITIONS else above
        if kind(one) == 'ClassDef':
            yield names, one
        for part in BLOCKS:
            inside = getattr(one, part, None)
            for found in classes(inside, names) if isinstance(inside, list) else ():
                yield found


def rows():
    value = value_of(expression)
    return [(of_class if isinstance(value, (type, classobj)) else of_function)(value)]


r = reply(rows)
