# with: scope.py
"""What the programs share that are asked something: the answer, lines of fields behind tabs, of which the
first says "yes", or "no" and why. It is made without an import, as that would wait for Python 2's import lock.

Argument: `form`, 'slices' for a list of texts, whose children ptvsd is asked for, so that none cuts them and
none sends the stack with them; 'text' where the value itself is asked for; 'literal' where it is sent raw.
"""

SLICE, SMALL_SLICE, LONGEST_REPR = 60000, 6000, 65000  # ptvsd cuts a child's repr at 65536 characters
MOST = 32 << 20

empty = u''
text_type = type(empty)


def text_of(value):
    """Python 2 has bytes for names, messages and reprs."""
    if value is None:
        return empty
    if isinstance(value, text_type):
        return value
    try:
        return codecs.utf_8_decode(value, 'strict', True)[0]
    except UnicodeDecodeError:
        return codecs.latin_1_decode(value)[0]


def row(*fields):
    return empty.join([u'\t'.join([
        text_of(one).replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n') for one in fields]), '\n'])


def slices(text, size):
    return [text[start:start + size] for start in range(0, len(text), size)]


def sendable(text):
    if len(text) > MOST:
        text = row('no', 'It has %d characters, more than can be brought over.' % len(text))
    if form != 'slices':
        return repr(text) if form == 'literal' else text
    whole = []
    for one in slices(text, SLICE):
        whole += [one] if len(repr(one)) <= LONGEST_REPR else slices(one, SMALL_SLICE)
    return whole


def message_of(error):
    for kind in (str, text_type):
        try:
            return text_of(kind(error))
        except Exception:
            pass  # Python 2, and not ASCII; or the program's own
    return empty


def describe(error):
    message = message_of(error)
    return text_of(type(error).__name__) + (': ' if message else '') + message


def value_of(expression):
    return value_at(compile(expression, '<debug input>', 'eval', 0, True), asking_frame())


def reply(rows):
    """What rows() gives, or what it raises."""
    if d is None:
        return sendable(row('no', 'this is not run by ptvsd'))
    try:
        return sendable(empty.join([row('yes')] + list(rows())))
    except:  # whatever the program's own code throws
        return sendable(row('no', describe(d.sys.exc_info()[1])))
