# with: debugger_module.py
"""The innermost frame of the stopped thread that runs this jumps to another line of its function.

ptvsd's own command for that ends its command loop when Python refuses. Python lets a frame jump only
while the frame itself is traced at the start of a line; anywhere else an older Python would jump all
the same and crash later. So the frame is taken from ptvsd's trace function, which is calling us and
knows the event.

Argument: `line`. Says "line N", where N is the line at which Python has put it: the next with code.
"""


def tracing_names():
    """The local names of ptvsd's trace function, of the call that stopped this thread; or None."""
    frame = d.sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == 'trace_func' and frame.f_globals.get('PENDING_BREAKPOINTS') is not None:
            return frame.f_locals
        frame = frame.f_back


def jump(line):
    names = tracing_names()
    if names is None:
        return 'no: this thread is not stopped by its trace function'
    frame, thread = names['frame'], names['self']
    if names['event'] != 'line' or frame is not thread.cur_frame:
        return 'no: the thread is just entering or leaving a function, or raising, and Python can ' \
               'jump only from the beginning of a line; step once, then jump'
    frame.f_lineno = line
    # A step ends on another line than this one.
    thread.stopped_on_line = frame.f_lineno
    return 'line %d' % frame.f_lineno


try:
    r = jump(line) if d else 'no: this is not run by ptvsd'
except ValueError as error:
    r = 'no: ' + str(error)
except Exception as error:
    r = 'no: ' + type(error).__name__
