# with: reply.py
"""Finds the text of a file that the program runs: the file itself, a member of an archive, what a loader
or linecache knows, or, of code compiled from a string, a string that compiles to that very code.
"""

LONGEST = 8 << 20


def plain(path):
    """Absolute as ptvsd makes it."""
    return source_of(d.sys.modules['os'].path.abspath(path))


def source_of(path):
    return path[:-1] if path[-4:].lower() in ('.pyc', '.pyo') else path


def modules():
    """The names in each module, without asking it: some import others when asked."""
    for name, module in list(d.sys.modules.items()):
        names = getattr(module, '__dict__', None)
        if isinstance(names, dict):
            yield name, names


def is_text(value):
    return isinstance(value, (str, text_type))


# ---- where it may be

def look_for(path):
    """Makes `wanted` and `base` of an absolute path, of which a `.pyc` stands for its `.py`."""
    global os, file, wanted, base
    os = d.sys.modules['os']
    file = path
    wanted = source_of(path)
    base = os.path.basename(wanted)


def on_disk(path):
    if os.path.isfile(path):
        with open(path, 'rb') as opened:
            return opened.read(LONGEST + 1)
    return None


def frozen():
    """`<frozen os>`: its file, where Python still has one."""
    if base.startswith('<frozen '):
        names = getattr(d.sys.modules.get(base[8:-1]), '__dict__', {})
        if is_text(names.get('__file__')):
            return on_disk(plain(names['__file__']))
    return None


def from_loaders():
    for name, names in modules():
        path, loader = names.get('__file__'), names.get('__loader__')
        if not is_text(path) or loader is None or plain(path) != wanted:
            continue
        found = from_loader(loader)
        if found is None and hasattr(loader, 'get_source'):
            found = attempt(loader.get_source, name)
        if found is not None:
            return found
    return None


def from_archives():
    for path, loader in list(d.sys.path_importer_cache.items()):
        if hasattr(loader, 'archive') and wanted.startswith(os.path.abspath(loader.archive) + os.sep):
            found = from_loader(loader)
            if found is not None:
                return found
    return None


def from_loader(loader):
    archive = getattr(loader, 'archive', None)
    path = wanted
    if is_text(archive) and wanted.startswith(os.path.abspath(archive) + os.sep):
        path = wanted[len(os.path.abspath(archive)) + 1:]
    return attempt(loader.get_data, path) if hasattr(loader, 'get_data') else None


def attempt(function, argument):
    try:
        return function(argument)
    except Exception:
        return None


def from_linecache():
    cache = getattr(d.sys.modules.get('linecache'), 'cache', {})
    for key in (wanted, file, base):
        entry = cache.get(key)
        if entry and len(entry) > 2 and entry[2]:
            return entry[2][0][:0].join(entry[2])
    return None


# ---- code compiled from a string

def from_strings():
    if not base.startswith('<'):
        return None
    for frame in list(d.sys._current_frames().values()):
        while frame is not None:
            code = frame.f_code
            if code.co_filename == base or plain(code.co_filename) == wanted:
                for text in strings_around(frame):
                    if may_be(text, code, frame.f_lineno) and compiles_to(text, code):
                        return text
            frame = frame.f_back
    return None


def strings_around(frame):
    """Of the frames that call it: one of them has compiled it, or holds what was compiled."""
    seen = set()
    while frame is not None:
        for values in (frame.f_locals.values(), frame.f_code.co_consts, frame.f_globals.values()):
            for value in list(values):
                if is_text(value) and id(value) not in seen:
                    seen.add(id(value))
                    yield value
        frame = frame.f_back


def may_be(text, code, line):
    """So that next to nothing is compiled in vain."""
    names = [name for name in code.co_names + code.co_varnames if name[:1].isalpha()]
    return (len(text) < LONGEST and len(text.splitlines()) >= line
            and all(name in text for name in names))


def needs_codec(text):
    """Python 2 compiles what is not ASCII with codecs that it finds by name, see debugger_module.py."""
    if d.sys.version_info[0] > 2:
        return False
    try:
        codecs.ascii_encode(text)
    except UnicodeError:
        return True
    return not isinstance(text, text_type) and cookie(text) is not None


def quietly_compiled(text, path, flags=0):
    """Without a warning on the program's stderr."""
    if is_importing() and needs_codec(text):
        raise ImportError('a codec')
    warnings = d.sys.modules.get('warnings')
    if warnings is None:
        return compile(text, path, 'exec', flags, True)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return compile(text, path, 'exec', flags, True)


def compiles_to(text, code):
    try:
        found = [quietly_compiled(text, code.co_filename)]
    except Exception:
        return False
    while found:
        one = found.pop()
        if one == code:
            return True
        found.extend(inner for inner in one.co_consts if isinstance(inner, type(code)))
    return False


# ---- the text

def cookie(data):
    """PEP 263: in the first or second line, behind a number sign."""
    for line in data.split(b'\n', 2)[:2]:
        line = codecs.utf_8_decode(line, 'replace', True)[0]
        before, _, after = line.partition('coding')
        if before.strip()[:1] == '\x23' and after[:1] in (':', '='):
            words = after[1:].split()
            return words[0].strip('-*') if words else None
    return None


def is_importing():
    """Some thread of the program, which has the lock for it."""
    lock = d.sys.modules.get('imp')
    return lock is not None and lock.lock_held()


def decode_as(data, encoding):
    """The text and the number of bytes; raises, too, where Python 2 might wait for the import of a codec."""
    if d.sys.version_info[0] == 2:
        name = encoding.lower().replace('-', '_')
        aliases = getattr(d.sys.modules.get('encodings.aliases'), 'aliases', {})
        codec = d.sys.modules.get('encodings.' + str(aliases.get(name, name)))
        if codec is not None:
            return codec.getregentry().decode(data)
        if is_importing():
            raise LookupError(encoding)
    return data.decode(encoding), len(data)


def decoded(data):
    if isinstance(data, text_type):
        return data
    if data.startswith(b'\xef\xbb\xbf'):
        return codecs.utf_8_decode(data[3:], 'replace', True)[0]
    said = cookie(data)
    for decode in (lambda data: decode_as(data, said), lambda data: codecs.utf_8_decode(data, 'strict', True)):
        try:
            return decode(data)[0]
        except Exception:
            pass  # none is said, there is none, or that is not what it is
    return codecs.latin_1_decode(data)[0]


def find(file):
    """The bytes, or the text, of a file as ptvsd tells it; None if there is none."""
    look_for(file)
    for way in (lambda: on_disk(wanted), frozen, from_loaders, from_archives, from_linecache, from_strings):
        found = way()
        if found is not None:
            return found
    return None


def found_text(path):
    """The same, if it is short enough to be worked on."""
    found = find(path)
    return None if found is None or len(found) > LONGEST else found
