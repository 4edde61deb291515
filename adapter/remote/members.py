# with: statements.py
"""Attributes looked up without a property or a __getattr__ of the program's being called.
"""


def member(value, part):
    """Of a class or of what has names of its own, a module above all; None if there is none."""
    if isinstance(value, (type, classobj)):
        for base in getattr(value, '__mro__', None) or old_bases(value):
            if part in base.__dict__:
                return base.__dict__[part]
        return None
    names = getattr(value, '__dict__', None)
    return names.get(part) if isinstance(names, dict) else None


def old_bases(value):
    """Of a class of Python 2's first kind."""
    found = [value]
    for base in value.__bases__:
        found.extend(old_bases(base))
    return found


def wrapped_by(value):
    """What Python's own wrapper holds, or a function with the mark of functools.wraps; None if it is neither."""
    for attribute in ('__func__', 'im_func', 'fget', 'func', '__wrapped__'):
        inside = getattr(value, attribute, None) if is_wrapper(value, attribute) else None
        if inside is not None:
            return inside
    return None


def is_wrapper(value, attribute):
    """Only what Python itself made is asked."""
    if attribute == '__wrapped__':
        return isinstance(value, type(member))
    partial = getattr(d.sys.modules.get('functools'), 'partial', None)
    return type(value) in (staticmethod, classmethod, property, type(member.__get__(0)), partial)


def own_code(value):
    """Of a function of Python's; None of anything else."""
    code = getattr(value, '__code__', None) if isinstance(value, type(member)) else None
    if not isinstance(code, type(member.__code__)) or code.co_filename.startswith('<builtin>'):  # PyPy's
        return None
    return code


class old_class:
    pass


classobj = type(old_class)
