# with: reply.py
"""Where the threads are that ptvsd knows, while they run: version 8 only, whose server executes this on its own
thread.

A row a thread: its number for ptvsd and its name; behind it one for each of its frames, innermost first: nothing,
function, file, line.
"""

FRAMES = 1000  # of a thread


def is_debugger(frame):
    name = str(frame.f_globals.get('__name__'))
    return name == '<bridge>' or name.startswith('ptvsd.')


def frames_of(frame):
    """Without those of the trace function, in which a busy thread mostly is."""
    while frame is not None and is_debugger(frame):
        frame = frame.f_back
    found = []
    while frame is not None and len(found) < FRAMES:
        code = frame.f_code
        found.append(row('', code.co_name, d.path.abspath(code.co_filename), str(frame.f_lineno)))
        frame = frame.f_back
    return found


def rows():
    names = d.sys.modules['threading']._active
    current = d.sys._current_frames()
    found = []
    for ident in list(d.THREADS):
        one = names.get(ident)
        found.append(row(str(ident), one.name if one is not None else None))
        found += frames_of(current.get(ident))
    return found


r = reply(rows)
