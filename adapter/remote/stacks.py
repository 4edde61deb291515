# with: debugger_module.py
"""Where the threads are that ptvsd knows, while they run: version 8 only, whose server has imported
`json` and executes this on its own thread.

Says a JSON list of {"id", "name", "frames": [[function, file, line], ...]}, innermost frame first.
"""

FRAMES = 1000  # of a thread


def text(value):
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else value


def is_ptvsd(frame):
    return str(frame.f_globals.get('__name__')).startswith('ptvsd.')


def frames_of(frame):
    """Without those of the trace function, in which a busy thread mostly is."""
    while frame is not None and is_ptvsd(frame):
        frame = frame.f_back
    found = []
    while frame is not None and len(found) < FRAMES:
        code = frame.f_code
        found.append([text(code.co_name), text(d.path.abspath(code.co_filename)), frame.f_lineno])
        frame = frame.f_back
    return found


def stacks():
    names = d.sys.modules['threading']._active
    current = d.sys._current_frames()
    found = []
    for ident in list(d.THREADS):
        one = names.get(ident)
        found.append({'id': ident, 'name': text(one.name) if one is not None else None,
                      'frames': frames_of(current.get(ident))})
    return d.sys.modules['json'].dumps(found)


try:
    r = stacks() if d else 'no: this is not run by ptvsd'
except Exception as error:
    r = 'no: ' + type(error).__name__
