# with: statements.py
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


def beginnings(code):
    """The lines at which its statements begin, by the text of its file; None without that. Not those of decorated
    definitions, nor where an exception is caught."""
    path = plain(code.co_filename)
    text = found_text(path)
    if text is None or not compiles_to(text, code):
        return None
    nodes = list(statements(parsed(text, path).body))
    others = [one for one in nodes if kind(one) == 'ExceptHandler' or getattr(one, 'decorator_list', None)]
    return set([one.lineno for one in nodes]) - set([one.lineno for one in others])


def landings(code, line):
    """Where Python may put it: at the first such line in the order of the code, or of the lines."""
    after = [one for one in starts(code) if one >= line]
    return after[:1] + [min(after)] if after else []


def danger(frame, line):
    """None, or why the jump would leave values on the interpreter's stack, or take some that are not there. Python
    looks after blocks, not after expressions (3.10 tries to, and crashes all the same)."""
    lines = beginnings(frame.f_code)
    if lines is None:
        return 'a jump is safe only between the beginnings of statements, and where those are cannot be told: the ' \
               'text of the file is not there, or it has changed'
    if frame.f_lineno not in lines:
        return 'the thread stands inside a statement, or where an exception is caught, and a jump from there would ' \
               'damage the program; step once, then jump'
    if [one for one in landings(frame.f_code, line) if one not in lines]:
        return 'line %d lies inside a statement, or catches an exception, and a jump to there would damage the ' \
               'program; jump to where a statement begins' % line
    return None


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
    code = frame.f_code
    if line is None:
        line = code.co_firstlineno if code.co_name == '<module>' else first_line(code)
    why = danger(frame, line)
    if why:
        return row('', why)
    try:
        frame.f_lineno = line
    except ValueError as error:
        return row('', message_of(error))
    # A step ends on another line than this one.
    thread.stopped_on_line = frame.f_lineno
    return row(str(frame.f_lineno))


r = reply(lambda: [jump(line)])
