# with: texts.py
"""The text of a file, or, to compare, its size and checksum. A row begins with what is wrong, or nothing.

Arguments: `file`, absolute, as ptvsd tells it; `want`: 'text', or 'sum', of the file with its line ends
as line feeds and without white space at its end. With the sum comes the `library` in which ptvsd does not step.
"""


def text():
    found = find(file)
    if found is None:
        return row('missing')
    if len(found) > LONGEST:
        return row('large')
    return row('', decoded(found).replace('\r\n', '\n').replace('\r', '\n'))


def checksum():
    """The sum of all 16-bit words, each times its place: no module has to be imported for it."""
    look_for(file)
    data = on_disk(wanted)
    if data is None:
        data = from_loaders()
    if data is None or isinstance(data, text_type) or len(data) > LONGEST:
        return row('missing')
    data = data.replace(b'\r\n', b'\n').replace(b'\r', b'\n').rstrip()
    size, total = len(data), 0
    data += b'\0' * (size % 2)
    for at in range(0, len(data), 1 << 16):
        words = d.sys.modules['struct'].unpack('<%dH' % (len(data[at:at + (1 << 16)]) // 2),
                                               data[at:at + (1 << 16)])
        total += sum(map(times, words, range(at // 2 + 1, at // 2 + 1 + len(words))))
    return row('', str(size), '%d' % total, library())


def library():
    """Where the prefix is that makes ptvsd take this file for a part of Python's library; None if it does not."""
    prefixes = [] if d.DEBUG_STDLIB else d.PREFIXES
    return ([prefix for prefix in prefixes if prefix and file.startswith(prefix)] or [None])[0]


def times(word, place):
    return word * place


r = reply(lambda: [checksum() if want == 'sum' else text()])
