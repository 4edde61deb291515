# with: reply.py
"""Ends the program: politely, as Ctrl-C does, or at once.

ptvsd's trace function swallows a KeyboardInterrupt that falls into it, and a thread that is traced
spends most of its time there. So the main thread is interrupted from the trace function that ptvsd
gives to each of its frames, at the beginning of the next line: that is what the program's own handler
of SIGINT, or the KeyboardInterrupt, falls into. An exception ends the tracing of its thread, which may
then never stop again to have something executed: so `listen` sees to the second time.

Argument: `force`. Without it, a row of what went wrong, or nothing; with it, nobody is left to say anything.
"""

SIGINT = 2
END = 'bridge.end'  # no exception has this name


def main_thread():
    """ptvsd's record of it, or None if it is not traced."""
    threading = d.sys.modules['threading']
    for ident, one in list(threading._active.items()):
        if isinstance(one, threading._MainThread):
            return d.THREADS.get(ident)


def own_handler():
    """The program's, of SIGINT, or None. Unless it has one, nobody may have imported `signal`."""
    signal = d.sys.modules.get('signal')
    handler = signal and signal.getsignal(SIGINT)
    if callable(handler) and handler is not signal.default_int_handler:
        return handler


def interrupt(thread):
    trace_func = thread.trace_func
    if trace_func.__name__ == 'at_next_line':
        return  # of an earlier session, still to come

    def at_next_line(frame, event, arg):
        if event != 'line' or thread.is_sending or not d.should_send_frame(frame):  # it may hold a lock of ptvsd's
            return trace_func(frame, event, arg)
        thread.trace_func = trace_func
        handler = own_handler()
        if handler is None:
            raise KeyboardInterrupt
        handler(SIGINT, frame)
        return trace_func(frame, event, arg)

    thread.trace_func = at_next_line  # ptvsd's gives it to each frame


def leave():
    d.sys.modules['os']._exit(1)


def listening(add):
    return lambda name, *mode: leave() if name == END else add(name, *mode)


def listen():
    """Whoever then sends this name among the exceptions to stop at ends the program, whatever it does."""
    if not hasattr(d.BREAK_ON, 'bridge_listens'):
        d.BREAK_ON.bridge_listens = True
        for name in ('AddException', 'add_exception'):
            if hasattr(d.BREAK_ON, name):
                setattr(d.BREAK_ON, name, listening(getattr(d.BREAK_ON, name)))


def end(force):
    if force:
        leave()
    listen()
    thread = main_thread()
    if thread is None:
        d.thread.interrupt_main()
    else:
        interrupt(thread)
    return ''


def rows():
    try:
        return [row(end(force))]
    except Exception as error:
        return [row(describe(error))]


r = reply(rows)
