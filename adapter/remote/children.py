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
PLAIN = (int, float, bool, type(None), str, bytes, text_type, type(2 ** 70))
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


def attributes(value):
    found = []
    of_class, own = set(dir(type(value))), set()
    for name in ('__dict__', '__slots__'):
        try:
            own.update(getattr(value, name))
        except Exception:
            pass
    for name in dir(value):
        if name[:2] == '__' and name[-2:] == '__' and not special:
            continue
        try:
            one = getattr(value, name)
        except:
            continue
        if methods or name not in of_class or name in own or not is_method(one):
            flags = property_flags(value, name) if name in of_class else 0
            found.append((name, expression + '.' + name, one, flags))
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
    return type(key) in PLAIN and key == key  # repr(nan) is a name


def of_mapping(value, start, end):
    for index, key in part(value, start, end):
        shown = cut(d.safe_repr(key), LONGEST_KEY)
        if is_plain(key) and len(repr(key)) <= LONGEST_KEY:
            where = '%s[%s]' % (expression, text_of(repr(key)))
        else:
            where = '%s[next((k for i, k in enumerate(%s) if i == %d))]' % (expression, expression, index)
        try:
            yield '[%s]' % shown, where, value[key], 0
        except Exception:
            pass  # gone meanwhile, or no mapping after all


def is_at(value, index, item):
    try:
        return value[index] is item or value[index] == item and type(item) in PLAIN
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


def kind_of(value):
    """(how many, the function for them, children made up)"""
    count = length(value)
    if isinstance(value, (list, tuple)):
        return count, of_sequence, []
    try:
        if isinstance(value, (str, text_type)):
            return 0, of_sequence, []
        if iter(value) is value:
            return 0, of_sequence, [results_view()]
        if isinstance(value, dict) or count is not None and all([hasattr(value, one) for one in
                                                                 ('keys', 'items', '__getitem__')]):
            return count, of_mapping, []
        if count is None:
            count = sum([1 for one in part(value, 0, UNCOUNTED + 1)])
            if count > UNCOUNTED:
                return UNCOUNTED, of_iterable, [('[...]', '', Made('more than %d items' % UNCOUNTED), 0)]
        return count, of_iterable, []
    except:  # nothing to iterate over
        return 0, of_sequence, []


def cut(text, longest):
    return text if len(text) <= longest else text[:longest] + '...'


def shown(name, where, value, flags, longest=LONGEST_PAGE):
    if isinstance(value, Made):
        return row(name, where, value.words, None, None, '0', str(flags | READ_ONLY))
    size = length(value)
    hexadecimal = None if isinstance(value, bool) else d.safe_hex_repr(value)
    if type(value) not in d.NONEXPANDABLE_TYPES and size != 0:
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
        return [shown(*found) for found in [sought(value, named, total, function)] if found]
    end = len(named) + total if count is None else min(start + count, len(named) + total)
    if end - max(start, len(named)) > (most or end):
        end = len(named)
    begin = max(start - len(named), 0)
    page = named[start:end] + list(function(value, begin, max(end - len(named), begin)))
    longest = LONGEST_PAGE // (len(page) or 1)  # ptvsd's own limit if they are a hundred
    return [row(str(len(named)), str(total))] + [shown(*one, longest=longest) for one in page]


def sought(value, named, total, function):
    first, last = 0, total
    if function is of_sequence and find[1:-1].isdigit():
        first = min(int(find[1:-1]), total)
        last = min(first + 1, total)
    for one in named:
        if text_of(one[0]) == find:
            return one
    for one in function(value, first, last):
        if text_of(one[0]) == find:
            return one


r = reply(rows)
