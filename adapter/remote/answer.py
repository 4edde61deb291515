# with: debugger_module.py
"""What the programs with a long answer share: the answer as JSON of pure ASCII, made without an import,
as that would wait for Python 2's import lock.

Argument: `part`, None, or, where the wire cuts long texts, the first character to send.
"""

PART = 30000  # in a repr at most twice as long


def quoted(text):
    """From the repr: it escapes at C's speed, and little in it is not JSON."""
    shown = escaped(text if isinstance(text, text_type) else text.decode('utf-8', 'replace'))
    shown = shown[shown.index(shown[-1]) + 1:-1]
    return '"' + '\\\\'.join(json_escapes(one) for one in shown.split('\\\\')) + '"'


def json_escapes(shown):
    shown = shown.replace("\\'", "'").replace('"', '\\"').replace('\\x', '\\u00')
    first, rest = shown.split('\\U')[0], shown.split('\\U')[1:]
    return first + ''.join(pair(int(one[:8], 16) - 0x10000) + one[8:] for one in rest)


def pair(code):
    return '\\u%04x\\u%04x' % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


def dump(value):
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, (list, tuple)):
        return '[' + ','.join([dump(one) for one in value]) + ']'
    if isinstance(value, dict):
        return '{' + ','.join([quoted(key) + ':' + dump(one) for key, one in value.items()]) + '}'
    if isinstance(value, (str, text_type)):
        return quoted(value)
    return '%d' % value


def answer(value):
    text = dump(value)
    return text if part is None else '%d:%s' % (len(text), text[part:part + PART])


text_type = type(u'')
try:
    escaped = ascii
except NameError:
    escaped = repr
