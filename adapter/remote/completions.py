# with: reply.py
"""What can stand at the end of a text: names, attributes, keywords. Nothing of the program's own is
called: no property, no __getattr__, no __dir__; where only a call would tell, there are none.

Argument: `text`, a line up to the cursor. A row gives the part of it that is completed; then one each: the
word, and its kind in DAP's words.
"""

KEYWORDS = ('and as assert break class continue def del elif else except finally for from global if import in'
            ' is lambda not or pass raise return try while with yield').split()
ONLY_IN_3 = ['False', 'None', 'True', 'nonlocal']
ONLY_IN_2 = ['exec', 'print']
ONLY_AST = 0x400
PAIRS = {')': '(', ']': '[', '}': '{'}
CALLABLE = ('function', 'builtin_function_or_method', 'method', 'instancemethod', 'method_descriptor',
            'wrapper_descriptor', 'method-wrapper', 'classmethod', 'staticmethod', 'classmethod_descriptor',
            'builtin_function')
DATA = ('member_descriptor', 'getset_descriptor')
missing = object()
is_2 = str is bytes


class Unknown(Exception):
    pass


# ---- what stands before the cursor

def name_start(end):
    """Where the name that ends there starts."""
    start = end
    while start and (text[start - 1].isalnum() or text[start - 1] == '_'):
        start -= 1
    return start


def opening(end):
    """Where the bracket or the quote that ends there was opened."""
    last, depth = text[end - 1], []
    for at in range(end - 1, -1, -1):
        one = text[at]
        if last in '\'"':
            if one == last and at < end - 1 and text[at - 1:at] != '\\':
                return at
        elif one in PAIRS:
            depth.append(PAIRS[one])
        elif one in '([{' and (not depth or depth.pop() != one):
            raise Unknown()
        if not depth and last not in '\'"':
            return at
    raise Unknown()


def owner_start(end):
    """Where the expression before a dot starts."""
    while end:
        before = end
        end = len(text[:end].rstrip())
        if end and text[end - 1] in ')]}\'"':
            end = opening(end)
            if text[end] != '(' and text[end] != '[':
                return end
            if not end or not (text[end - 1].isalnum() or text[end - 1] in '_)].\'"'):
                return end
            continue
        end = name_start(end)
        if not end or text[end - 1] != '.' or end == before:
            return end
        end -= 1
    return end


def is_open(part):
    """Is the end inside a string or a comment?"""
    quote, at = '', 0
    while at < len(part):
        if part[at] == '\\':
            at += 1
        elif quote:
            quote = '' if part[at] == quote else quote
        elif part[at] in '\'"':
            quote = part[at]
        elif part[at] == '\x23':  # a comment
            return True
        at += 1
    return quote != ''


# ---- what a value has, without asking it

def is_type(value):
    return issubclass(type(value), type)  # isinstance() would ask the value for its class


def is_builtin(value, names):
    return type(value).__name__ in names and type(value).__module__ in ('builtins', '__builtin__')


def linear(kind):
    if is_type(kind):
        return list(type.__dict__['__mro__'].__get__(kind))
    found = [kind]  # Python 2: a class of the old style
    for base in kind.__bases__:
        found += linear(base)
    return found


def dict_of(kind):
    return type.__dict__['__dict__'].__get__(kind) if is_type(kind) else kind.__dict__


def in_class(kind, name):
    for one in linear(kind):
        if name in dict_of(one):
            return dict_of(one)[name]
    return missing


def is_old(value):
    return is_2 and type(value).__name__ in ('instance', 'classobj')


def own_dict(value):
    if is_old(value):
        return value.__dict__
    if not is_builtin(in_class(type(value), '__dict__'), DATA):
        return {}
    found = object.__getattribute__(value, '__dict__')
    return found if isinstance(found, dict) else {}


def places(value):
    """The dictionaries in which attributes are looked for, in order."""
    if is_type(value):
        return [dict_of(one) for one in linear(value) + type.mro(type(value))]
    if is_old(value):
        return [value.__dict__] + [dict_of(one) for one in linear(getattr(value, '__class__', value))]
    return [own_dict(value)] + [dict_of(one) for one in linear(type(value))]


def attribute(value, name):
    of_class = missing if is_old(value) else in_class(type(value), name)
    if is_builtin(of_class, DATA):
        return of_class.__get__(value)
    if of_class is not missing and in_class(type(of_class), '__set__') is not missing:
        raise Unknown()
    for number, place in enumerate(places(value)):
        if name in place:
            if is_plain(place[name]) or not number and not is_type(value):
                return place[name]
            break
    raise Unknown()


def is_plain(found):
    """Would it be given as it is, or nearly so?"""
    if is_builtin(found, CALLABLE):
        return type(found).__name__ not in ('classmethod', 'staticmethod')
    return is_old(found) or in_class(type(found), '__get__') is missing


def name_value(name):
    frame = asking_frame()
    for place in (frame.f_locals, frame.f_globals, builtins_of(frame)):
        if name in place:
            return place[name]
    raise Unknown()


def builtins_of(frame):
    found = frame.f_globals.get('__builtins__', {})
    return found if isinstance(found, dict) else found.__dict__


def static(node):
    """The value of an expression, if it can be had without calling anything of the program's."""
    kind = type(node).__name__
    if kind == 'Expression':
        return static(node.body)
    if kind == 'Name':
        return name_value(node.id)
    if kind == 'Attribute':
        return attribute(static(node.value), node.attr)
    if kind == 'Subscript':
        return item(static(node.value), node.slice)
    if kind in ('Constant', 'NameConstant'):
        return node.value
    if kind in ('Str', 'Num', 'Bytes'):
        return node.n if kind == 'Num' else node.s
    if kind in ('List', 'Dict', 'Tuple', 'Set'):
        return {'List': [], 'Dict': {}, 'Tuple': (), 'Set': set()}[kind]
    raise Unknown()


def item(value, index):
    where = static(getattr(index, 'value', index) if type(index).__name__ == 'Index' else index)
    plain = type(where) in (int, str, text_type, bytes, bool, float)
    if type(value) in (list, tuple, dict, str, text_type) and plain:
        return value[where]
    raise Unknown()


# ---- the words

def kind_of(found, in_module):
    name = type(found).__name__
    if name in CALLABLE:
        return 'function' if in_module else 'method'
    if name == 'module':
        return 'module'
    if name == 'property':
        return 'property'
    if is_type(found) or name == 'classobj':
        return 'class'
    return 'variable' if in_module else 'field'


def attributes(value):
    found, in_module = {}, type(value).__name__ == 'module'
    for place in reversed(places(value)):
        for name, one in list(place.items()):
            found[name] = kind_of(one, in_module)
    return found


def names():
    frame, found = asking_frame(), {}
    for word in KEYWORDS + (ONLY_IN_2 if is_2 else ONLY_IN_3):
        found[word] = 'keyword'
    for place in (builtins_of(frame), frame.f_globals, frame.f_locals):
        for name, one in list(place.items()):
            found[name] = kind_of(one, True)
    return found


def candidates(start):
    before = text[:start].rstrip()
    if is_open(text[:start]) or text[start:start + 1].isdigit():
        return {}
    if before[-1:] != '.':
        return names()
    end = len(before) - 1
    tree = compile(text[owner_start(end):end].strip(), '<bridge>', 'eval', ONLY_AST, True)
    return attributes(static(tree))


def order(name):
    return name.startswith('__'), name.startswith('_'), name


def rows():
    start = name_start(len(text))
    beginning = text[start:]
    try:
        found = candidates(start)
    except Exception:  # unknown, or no Python
        found = {}
    words = dict((text_of(name), kind) for name, kind in found.items() if isinstance(name, (str, text_type)))
    fitting = [name for name in words if name.startswith(beginning) and (name[:1].isalpha() or name[:1] == '_')]
    return [row(beginning)] + [row(name, words[name]) for name in sorted(fitting, key=order)]


r = reply(rows)
