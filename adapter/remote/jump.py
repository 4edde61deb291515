# with: reply.py
"""The innermost frame of the stopped thread that runs this jumps to another line of its function.

ptvsd's own command for that ends its command loop when Python refuses. Python lets a frame jump only
while the frame itself is traced at the start of a line; anywhere else an older Python would jump all
the same and crash later. So the frame is taken from ptvsd's trace function, which is calling us and
knows the event.

Argument: `line`, or None for the first of the function's body. A row: the line at which Python has put it,
the next with code; or nothing, and why not.
"""


def tracing_names():
    """The local names of ptvsd's trace function, of the call that stopped this thread; or None."""
    frame = d.sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == 'trace_func' and frame.f_globals.get('PENDING_BREAKPOINTS') is not None:
            return frame.f_locals
        frame = frame.f_back


def first_line(code):
    """Of the body. What comes before it, under the line of the `def`, must not run twice: Python 3.11 makes
    its cells there."""
    if hasattr(code, 'co_lines'):
        lines = [line for start, end, line in code.co_lines() if line not in (None, code.co_firstlineno)]
        return lines[0] if lines else code.co_firstlineno
    steps = bytearray(code.co_lnotab)[1::2]
    forward = [step for step in steps if 0 < step < 128]
    return code.co_firstlineno + (forward[0] if forward and code.co_name != '<module>' else 0)


def jump(line):
    names = tracing_names()
    if names is None:
        return row('', 'this thread is not stopped by its trace function')
    frame, thread = names['frame'], names['self']
    if names['event'] != 'line' or frame is not thread.cur_frame:
        return row('', 'the thread is just entering or leaving a function, or raising, and Python can '
                       'jump only from the beginning of a line; step once, then jump')
    if line is None and frame.f_code.co_flags & 0x2a0:  # a generator, a coroutine
        return row('', 'a generator or coroutine cannot begin again')
    try:
        frame.f_lineno = first_line(frame.f_code) if line is None else line
    except ValueError as error:
        return row('', message_of(error))
    # A step ends on another line than this one.
    thread.stopped_on_line = frame.f_lineno
    return row(str(frame.f_lineno))


r = reply(lambda: [jump(line)])
