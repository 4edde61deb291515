# with: reply.py
"""The exception at whose stop this is executed: ptvsd's function that was told of it has it still.

A row: its text, and the traceback from the outermost caller to the line that raised it. Then one for each
exception from which it came, the next one first: type, text, traceback.
"""

MOST_ORIGINS = 20


def told():
    """ptvsd's frame in which this thread was stopped."""
    frame = asking_frame()
    while frame is not None:
        if frame.f_globals is d.__dict__ and frame.f_code.co_name == 'handle_exception':
            return frame.f_locals
        frame = frame.f_back
    raise LookupError('this is no exception stop')


def line(frame, number):
    code, text = frame.f_code, empty
    lines = d.sys.modules.get('linecache')
    if lines:
        text = text_of(lines.getline(code.co_filename, number, frame.f_globals)).strip()
    return '  File "%s", line %d, in %s\n' % (text_of(code.co_filename), number, text_of(code.co_name)) + (
        '    ' + text + '\n' if text else '')


def stack(frame, traceback):
    lines = []
    while traceback is not None:
        lines.append(line(traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    if not lines:
        lines.append(line(frame, frame.f_lineno))
    while frame.f_back is not None and frame.f_back.f_globals is not d.__dict__:
        frame = frame.f_back
        lines.insert(0, line(frame, frame.f_lineno))
    return lines


def origin(value):
    """What it was raised from, or while handling what; Python 2 does not keep it."""
    cause = getattr(value, '__cause__', None)
    hidden = getattr(value, '__suppress_context__', False)
    return cause if cause is not None or hidden else getattr(value, '__context__', None)


def name_of(kind):
    module = text_of(kind.__module__)
    return text_of(kind.__name__) if module == 'builtins' else module + '.' + text_of(kind.__name__)


def origins(value):
    seen, one = [value], origin(value)
    while one is not None and not [other for other in seen if other is one] and len(seen) <= MOST_ORIGINS:
        seen.append(one)
        trace = one.__traceback__
        lines = []
        while trace is not None:
            lines.append(line(trace.tb_frame, trace.tb_lineno))
            trace = trace.tb_next
        yield row(name_of(type(one)), message_of(one), empty.join(lines))
        one = origin(one)


def rows():
    names = told()
    kind, value, traceback = names['arg']
    if isinstance(value, tuple):  # Python 2: not made yet
        value = kind(*value)
    elif value is None or not isinstance(value, BaseException):
        value = kind() if value is None else kind(value)
    text, name = message_of(value), text_of(kind.__name__)
    last = name + (': ' + text if text else '') + '\n'
    whole = empty.join(['Traceback (most recent call last):\n'] + stack(names['frame'], traceback) + [last])
    return [row(text, whole)] + list(origins(value))


r = reply(rows)
