# with: reply.py
"""The exception at whose stop this is executed: ptvsd's function that was told of it has it still.

One row: its text, and the traceback from the outermost caller to the line that raised it.
"""


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
    return [row(text, whole)]


r = reply(rows)
