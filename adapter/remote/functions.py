# with: members.py
"""Finds functions by name: in the program as it is, in the text of a loaded module that has not defined it
yet, and in the text of a module that is not loaded.

Argument: `dotted`, the names: of the main module, or with the module in front. A row for each: its file and
the first line of its body, or nothing and why.
"""


def chain(names, parts):
    """What stands under the names, without a property or __getattr__ being called; None if nothing."""
    value = names.get(parts[0])
    for part in parts[1:]:
        value = member(value, part)
    return value


def code_of(value, name):
    """Of a function, however wrapped; of a class that of its __init__."""
    for _ in range(9):
        if isinstance(value, (type, classobj)):
            value, name = member(value, '__init__'), '__init__'
        inside = wrapped_by(value)
        if inside is None:
            break
        value = inside
    code = own_code(value)
    return code if code is None or code.co_name == name else in_closure(value, name) or code


def in_closure(function, name):
    """A decorator's wrapper holds what it wraps."""
    for cell in getattr(function, '__closure__', None) or ():
        try:
            inside = cell.cell_contents
        except ValueError:
            continue
        if isinstance(inside, type(code_of)) and inside.__code__.co_name == name:
            return inside.__code__
    return None


# ---- in texts

def in_text(path, parts):
    text = found_text(path)
    if text is None:
        return None
    try:
        code = compiled(text, path)
    except Exception:
        return None
    for part in parts:
        found = [one for one in inner(code) if one.co_name == part]
        if not found:
            return None
        code = found[-1]
    is_class = not code.co_flags & 1  # CO_OPTIMIZED
    return in_text(path, parts + ['__init__']) if is_class and parts[-1] != '__init__' else code


def on_path(parts):
    """The file of a module that is not loaded, and what follows its name."""
    for count in range(len(parts) - 1, 0, -1):
        for folder in list(d.sys.path):
            if not is_text(folder):
                continue
            start = os.path.abspath(os.path.join(folder, *parts[:count]))
            for path in (start + '.py', os.path.join(start, '__init__.py')):
                if os.path.isfile(path):
                    return path, parts[count:]
    return None, None


# ---- one name

def candidates(parts):
    """Loaded modules and what is to be found in each: the main one, also by its file's name."""
    main = getattr(d.sys.modules.get('__main__'), '__dict__', {})
    yield main, parts
    path = main.get('__file__')
    if is_text(path) and os.path.basename(plain(path)) == parts[0] + '.py' and len(parts) > 1:
        yield main, parts[1:]
    for count in range(len(parts) - 1, 0, -1):
        names = getattr(d.sys.modules.get('.'.join(parts[:count])), '__dict__', None)
        if isinstance(names, dict):
            yield names, parts[count:]


def place(path, code):
    return row(plain(path), str(first_line(code)))


def locate(name):
    parts = name.split('.')
    why = 'module'
    for names, rest in candidates(parts):
        value = chain(names, rest)
        code = code_of(value, rest[-1])
        if code is not None:
            return place(code.co_filename, code)
        path = names.get('__file__')
        code = in_text(plain(path), rest) if value is None and is_text(path) else None
        if code is not None:
            return place(path, code)
        if value is not None:
            return row('', 'builtin')
        if len(rest) < len(parts) or len(parts) == 1:
            why = 'function'
    path, rest = on_path(parts)
    code = in_text(path, rest) if path else None
    if code is not None:
        return place(path, code)
    return row('', 'function' if path else why)


def each(name):
    try:
        return locate(name)
    except Exception as error:
        return row('', type(error).__name__)


def rows():
    global os
    os = d.sys.modules['os']
    return [each(name) for name in dotted]


r = reply(rows)
