# with: reply.py
"""The children of a value, a page of them: attributes first, then items. Shown as ptvsd shows them;
methods of the class and __names__ are left out, unless `methods` or `special` is true.

Arguments: `expression`; `methods`; `special`; `only`, 'named' for attributes, 'indexed' for items, or '';
`start` and `count` of the page, None for all; `most`: if all that is left are more items than this, none is
brought; `find`: the name of the one child that is wanted, or None.

A row says how many attributes and items there are; then one a child: name, expression, repr, hex repr,
type, length, flags as on the wire and, above them, READ_ONLY and PROPERTY (values.h).
"""

EXPANDABLE, SIDE_EFFECTS, READ_ONLY, PROPERTY = 1, 4, 256, 512

UNCOUNTED = 1000  # so many of what has no length
LONGEST_KEY, LONGEST_PAGE = 1000, 8000000  # characters
ONE_PAGE = 10000  # items
PLAIN = (int, float, bool, type(None), str, bytes, text_type, type(2 ** 70))
ITEMS_ALONE = (list, tuple, dict, set, frozenset, bytes, bytearray)  # nothing is in them when they are empty
METHODS = (type(reply), type([].append), type([].__len__), type(list.append), type(list.__len__),
           type(''.join))


def is_method(value):
    return isinstance(value, METHODS) or type(value).__name__ in ('method', 'instancemethod', 'builtin_function')


def property_flags(value, name):
    """Looked up without asking the property."""
    for one in getattr(type(value), '__mro__', ()):
        if name in vars(one):
            found = vars(one)[name]
            return (PROPERTY | READ_ONLY * (found.fset is None)) if isinstance(found, property) else 0
    return 0


def of_attribute(name):
    """What setattr() or a mapping has made may have any name."""
    try:
        if compile('a.' + name, '', 'eval').co_names == ('a', name):
            return expression + '.' + name
    except Exception:
        pass  # a keyword
    return 'vars(%s)[%s]' % (expression, text_of(repr(name)))


def attributes(value):
    found = []
    of_class, own = set(dir(type(value))), set()
    for name in ('__dict__', '__slots__'):
        try:
            own.update(getattr(value, name))
        except Exception:
            pass
    for name in dir(value):
        if not isinstance(name, (str, text_type)) or name[:2] == '__' and name[-2:] == '__' and not special:
            continue
        try:
            one = getattr(value, name)
        except:
            continue
        if methods or name not in of_class or name in own or not is_method(one):
            flags = property_flags(value, name) if name in of_class else 0
            found.append((name, of_attribute(name), one, flags))
    return found


# ---- items: how many there are, and from which on to which before

def length(value):
    try:
        return len(value)
    except:
        return None


def part(iterable, start, end):
    """(index, item)"""
    for index, item in enumerate(iterable):
        if index >= end:
            break
        if index >= start:
            yield index, item


def had(items):
    """Those that could be had: what lists them is the program's own."""
    found = []
    try:
        for one in items:
            found.append(one)
    except:
        pass
    return found


def by_position(index):
    return '%s[%d]' % (expression, index)


def by_counting(index):
    return 'next((v for i, v in enumerate(%s) if i == %d))' % (expression, index)


def of_sequence(value, start, end):
    flags = READ_ONLY * isinstance(value, tuple)
    for index in range(start, end):
        yield '[%d]' % index, by_position(index), value[index], flags


def is_plain(key):
    if type(key) is tuple:
        return all([is_plain(one) for one in key])
    return type(key) in PLAIN and (type(key) is not float or key - key == 0)  # repr(nan) is a name


def keys_of(value):
    """pandas goes through a frame's columns and counts its rows, through a series' values and not its keys."""
    return value if isinstance(value, dict) else value.keys()


def of_mapping(value, start, end):
    keys = expression if isinstance(value, dict) else expression + '.keys()'
    found = part(keys_of(value), start, end)
    for index, key in had(found) if end - start <= ONE_PAGE else found:  # a cache's order changes with each look
        plain = is_plain(key)  # ptvsd's repr cuts texts in a tuple so that two may look alike
        shown = cut(text_of(repr(key)) if plain else d.safe_repr(key), LONGEST_KEY)
        if plain and len(repr(key)) <= LONGEST_KEY:
            where = '%s[%s]' % (expression, shown)
        else:
            where = '%s[next((k for i, k in enumerate(%s) if i == %d))]' % (expression, keys, index)
        try:
            yield '[%s]' % shown, where, value[key], 0
        except Exception:
            pass  # gone meanwhile, or no mapping after all


def is_at(value, index, item):
    try:
        there = value[index]
        return there is item or type(there) is type(item) and repr(there) == repr(item)  # numpy makes them anew
    except:
        return False


def of_iterable(value, start, end):
    for index, item in part(value, start, end):
        at = is_at(value, index, item)
        yield '[%d]' % index, by_position(index) if at else by_counting(index), item, READ_ONLY * (not at)


class Made(object):
    """A child that is not a value: it has words, and no type."""
    def __init__(self, words):
        self.words = words


def results_view():
    """An iterator has its items once, and perhaps without end."""
    where = 'tuple(v for i, v in zip(range(%d), %s))' % (UNCOUNTED, expression)
    return 'Results View', where, Made('Expanding the Results View will run the iterator'), SIDE_EFFECTS | EXPANDABLE


def is_iterable(value):
    """By its class: not by indices alone, since a pointer of ctypes has no end, nor by what a proxy makes up."""
    return hasattr(value.__class__ if type(value).__name__ == 'instance' else type(value), '__iter__')


def kind_of(value):
    """(how many, the function for them, children made up). What has no length is gone through only when the
    user wants it: a file, or an answer that is streamed, would lack for the program what was read here."""
    count = length(value)
    if isinstance(value, (str, text_type)) or count is None and not is_iterable(value):
        return 0, of_sequence, []
    if count is None:
        return 0, of_sequence, [results_view()]
    if isinstance(value, (list, tuple)):
        return count, of_sequence, []
    try:
        if iter(value) is value:
            return 0, of_sequence, [results_view()]
    except:  # nothing to iterate over
        return 0, of_sequence, []
    try:
        if isinstance(value, dict) or all([hasattr(value, one) for one in ('keys', 'items', '__getitem__')]):
            return len(keys_of(value)), of_mapping, []
    except:
        pass  # no mapping after all
    return count, of_iterable, []


def cut(text, longest):
    return text if len(text) <= longest else text[:longest] + '...'


def shown(name, where, value, flags, longest=LONGEST_PAGE):
    if isinstance(value, Made):
        return row(name, where, value.words, None, None, '0', str(flags | READ_ONLY))
    size = length(value)
    hexadecimal = None if isinstance(value, bool) else d.safe_hex_repr(value)
    if type(value) not in d.NONEXPANDABLE_TYPES and (size != 0 or type(value) not in ITEMS_ALONE):
        flags |= EXPANDABLE
    return row(name, where, cut(d.safe_repr(value), longest), hexadecimal, type(value).__name__, str(size or 0),
               str(flags))


def rows():
    value = value_of(expression)
    total, function, made = kind_of(value)
    named = attributes(value) + made if only != 'indexed' else []
    if only == 'named':
        total = 0
    if find is not None:
        return [shown(*one) for one in sought(value, named, total, function)]
    end = len(named) + total if count is None else min(start + count, len(named) + total)
    if end - max(start, len(named)) > (most or end):
        end = len(named)
    begin = max(start - len(named), 0)
    page = named[start:end] + had(function(value, begin, max(end - len(named), begin)))
    longest = LONGEST_PAGE // (len(page) or 1)  # ptvsd's own limit if they are a hundred
    return [row(str(len(named)), str(total))] + [shown(*one, longest=longest) for one in page]


def sought(value, named, total, function):
    """Two where the name is not one child's alone."""
    first, last = 0, total
    if function is of_sequence and find[1:-1].isdigit():
        first = min(int(find[1:-1]), total)
        last = min(first + 1, total)
    found = [one for one in named if text_of(one[0]) == find][:1]
    try:
        for one in function(value, first, 0 if found else last):
            if text_of(one[0]) == find:
                found.append(one)
                if len(found) > 1 or one[1] == expression + find:  # which is exact
                    break
    except:
        pass
    return found


r = reply(rows)
