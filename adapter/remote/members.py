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


class old_class:
    pass


classobj = type(old_class)
