# with: sending.py
"""Makes ptvsd take a lost connection for a detach.

When its client vanishes, ptvsd by itself goes on reading (100 % CPU for good), leaves every stopped
thread stopped, and refuses each later attach. With this, the program goes on within a moment and can
be attached to again. Runs at every attach: what is replaced in ptvsd is replaced once, and stays.

Nothing in here may raise into the program, and nothing waits for a lock of ptvsd's: whoever holds it
may be the one that hangs. Names with a leading underscore are ptvsd's own.

Argument: `dead_after`, the seconds after which a silent link counts as lost.
"""

# Compiled when they are called.
SELDOM = ('async_break', 'attach_process_from_socket', 'detach_process', 'detach_threads', 'report_thread_exit',
          'report_exception', 'report_execution_exception', 'resume_all')
NEEDED = ('_start_new_thread _INTERCEPTING_FOR_ATTACH BREAK_ON _SendLockCtx BREAKPOINTS DJANGO_BREAKPOINTS DONT_DEBUG '
          'DebuggerExitException DebuggerLoop SEND_BREAK_COMPLETE THREADS Thread detach_threads '
          'mark_all_threads_for_break report_exception report_execution_exception report_thread_exit send_lock '
          'should_send_frame socket thread update_all_thread_stacks').split()


# ---- stops belong to the session in which they begin. Reported in the next one they would be unknown
# ---- there, and their marks on the other threads would wipe out those of the attach.

def update_all_thread_stacks(stopping=None, *more):
    """What ptvsd calls first when a thread is about to stop; at a pause, when it has: with its own starting lock
    held, for those of all others, so that of two pauses each would wait for the other. One is enough."""
    if stopping is not None and stopping._is_blocked:
        if stacking.acquire(False):
            try:
                original['update_all_thread_stacks'](stopping, *more)
            finally:
                stacking.release()
        return
    if stopping is not None:
        stopping.bridge_link = link()
    original['update_all_thread_stacks'](stopping, *more)


def async_break(thread):
    """The one kind of stop that does not begin with that: marked by another's, or by a pause."""
    thread.bridge_link = link()
    original['async_break'](thread)


def enum_thread_frames_locally(thread):
    """What each thread tells of itself when it stops, and after an evaluation."""
    if (IS_PYPY or not d.should_send_frame(thread.cur_frame)) and thread.id == d.thread.get_ident():
        thread.cur_frame = standing_frame(thread)
    original['enum_thread_frames_locally'](thread)


def standing_frame(thread):
    """Where the program has called no Python function since enable_attach, ptvsd still thinks it in there, and shows no
    stack. PyPy calls back from its garbage collection, and the caller that it names then may be the caller's caller:
    ptvsd takes a `return` to there for one of the program's."""
    event, frame = None, sys._getframe()
    while frame is not None and not d.should_send_frame(frame):
        if frame.f_code.co_name == 'trace_func':
            event = frame.f_locals['event']
        frame = frame.f_back
    lost = event == 'line' or not d.should_send_frame(thread.cur_frame)
    return frame if frame is not None and lost else thread.cur_frame


def collect_variables(thread, found, values, names, *more, **named):
    """`names` may be the program's globals, to which its threads add while the values are shown: Python would raise
    that in the program."""
    original['collect_variables'](thread, found, values, list(names), *more, **named)


def report_thread_exit(thread):
    """ptvsd does not know this thread any more, so its stop is not put off while it sends: it would keep the
    lock for sending, and all others would wait for that."""
    sys.settrace(None)
    original['report_thread_exit'](thread)


def report_exception(frame, failure, *more):
    """str() of what is raised may raise, in the program, and ptvsd would keep the stopped thread's lock: on Python 2 it
    does of any text that is not ASCII."""
    value = failure[1]
    shown = text_of(value)
    if shown is None:
        original['report_exception'](frame, failure, *more)
        return
    told = Told(shown)
    original['report_exception'](frame, (failure[0], told, failure[2]), *more)
    for info in list(frame.f_locals.values()):  # its __exception_info
        if type(info) is dict and info.get('exception') is told:
            info['exception'] = value


class Told(object):
    def __init__(self, text):
        self.text = text
    def __str__(self):
        return self.text


def text_of(value):
    """None where str() shows it."""
    try:
        str(value)
        return None
    except Exception:
        pass
    try:
        return codecs.utf_8_encode(unicode(value))[0]  # noqa: F821: Python 2
    except Exception:
        return 'its message cannot be shown: str() of it raises'


def report_execution_exception(execution, failure):
    """With its type: of a KeyError ptvsd tells the key alone."""
    kind, value = failure[:2]
    try:
        text = text_of(value) or str(value)
    except Exception:
        text = ''  # now it raises
    name = getattr(kind, '__name__', None) or str(kind)
    module = getattr(kind, '__module__', None)
    if module not in (None, '__main__', 'builtins', 'exceptions'):
        name = module + '.' + name
    original['report_execution_exception'](execution, (kind, name + (text and ': ' + text), None))


def is_late(thread):
    return getattr(thread, 'bridge_link', None) not in (None, link())


def block(thread, tell, *more):
    """Tells of the stop, unless its session is over meanwhile: reading the locals may take long. One that nobody is
    told of is a part of another's, or of the attach stop, and passes when all were resumed before it began."""
    def tell_unless_late():
        thread.bridge_told = over = is_late(thread)
        if not over:
            tell()
        if (over or resumed and not thread.bridge_told) and not d.DETACHED:
            unlock(thread)  # so that its stop passes
    thread._block_lock.acquire(False)  # a resume too many has left it open: the stop would pass
    original['block'](thread, tell_unless_late, *more)


def resume_all(loop):
    """ptvsd's takes the marks from one thread after the other, and sets each going: where the first stops again at once,
    it takes those that this has made, too, and the others run on at its stop."""
    global resumed
    resumed = True
    for thread in threads():
        if thread.stepping in (d.STEPPING_BREAK, d.STEPPING_ATTACH_BREAK):
            thread.stepping = d.STEPPING_NONE
    for thread in threads():
        thread._block_starting_lock.acquire()
        if thread._is_blocked:
            thread.unblock()
        thread._block_starting_lock.release()


def mark_all_threads_for_break(*arguments, **named):
    global resumed
    if not is_late(named.get('skip_thread')):
        resumed = False
        original['mark_all_threads_for_break'](*arguments, **named)


# ---- breakpoints. The trace function walks ptvsd's tables, and evaluates conditions meanwhile, while the thread
# ---- that reads commands changes them: Python 3 would raise a RuntimeError in the program.

class Lines(dict):
    def items(self):
        return list(dict.items(self))

    def __iter__(self):
        return iter(list(dict.__iter__(self)))


class Points(dict):
    """Those of a line. They are walked at each pass over it, so `items` is remade at each change and costs nothing."""

    def __init__(self, points=()):
        dict.__init__(self, points)
        self.renew()

    def __setitem__(self, key, point):
        dict.__setitem__(self, key, point)
        if type(point) is tuple:  # up to 2.1.0: its condition, and whether it is bound
            for name, number in self:
                if number == key[1]:  # also under the module's own name for its file; an edit finds one of the two
                    dict.__setitem__(self, (name, number), (point[0], self.get((name, number), point)[1]))
        self.renew()

    def __delitem__(self, key):
        dict.__delitem__(self, key)
        self.renew()

    def __iter__(self):
        return iter(list(dict.__iter__(self)))

    def renew(self):
        points = None
        while points != tuple(dict.items(self)):  # another thread's may have come between, with less in it
            points = tuple(dict.items(self))
            self.items = points.__iter__


class Pending(set):
    def __iter__(self):
        return iter(list(set.__iter__(self)))


def take_tables():
    """Called by the thread that reads commands, which is filling them while this program is executed."""
    if type(d.PENDING_BREAKPOINTS) is set:  # ptvsd's own yet
        d.BREAKPOINTS = Lines([(line, Points(points)) for line, points in list(d.BREAKPOINTS.items())])
        d.PENDING_BREAKPOINTS = Pending(d.PENDING_BREAKPOINTS)


def add_break_point(*arguments, **named):
    line = arguments[0].lineno if len(arguments) == 1 else arguments[3]
    d.BREAKPOINTS.setdefault(line, Points())
    return original['add_break_point'](*arguments, **named)


class Lenient(object):
    """Instead of encodings.utf_8, with which ptvsd makes text of what goes to sys.stdout.buffer: what is none
    must not fail in the program."""

    def decode(self, data):
        return codecs.utf_8_decode(bytes(data), 'replace', True)


class HandlerLock(object):
    """Instead of the lock at which a thread waits for a file's exception handlers: not for ever, and
    an answer too many is no error. Those who wait already are at the lock inside."""

    def __init__(self, lock):
        self.lock = lock

    def acquire(self):
        return acquire_unless_over(self.lock)

    def release(self):
        try:
            self.lock.release()
        except d.thread.error:
            pass


def acquire_unless_over(lock):
    mine, pause = link(), 0.0005
    while not lock.acquire(False):
        if d.DETACHED or link() is not mine:
            return False
        sleep(pause)
        pause = min(2 * pause, 0.02)
    return True


# ---- reading, binary wires

def read_bytes(conn, count):
    data = b''
    while len(data) < count:
        stop_watching(conn)
        piece, commands = b'', begin_waiting()
        try:
            piece = conn.recv(min(count - len(data), 65536))
            if not piece:
                raise d.socket.error('the connection was closed')
        except Exception:
            heal(conn)
            raise
        finally:
            if commands:
                del waiting[:]
                if not piece:
                    rest_at_exit()
        data += piece
    return data


def greet_bytes(conn, count):
    """Before the attach: a link that dies now would keep the thread that accepts, or the program at its
    attach stop, where this program is not executed yet."""
    greeter[:] = [ident()]
    keep_alive(conn)
    return read_bytes(conn, count)


def read_string(conn):
    text = codecs.utf_8_decode(read_bytes(conn, d.read_int(conn)), 'replace', True)[0]
    if str is bytes:
        try:
            return codecs.ascii_encode(text)[0]  # as ptvsd does: native text where it can be
        except UnicodeError:
            pass
    return text


class Commands(dict):
    """The command table of a loop: a command that fails, or is unknown, ends ptvsd's loop, so that
    nobody would be left to resume the program."""

    def __init__(self, loop):
        dict.__init__(self, loop.command_table)
        self[b'resa'] = loop.command_resume_all  # of a loop older than its replacement
        self.conn = loop.conn

    def get(self, tag):
        command = dict.get(self, tag)
        if command is None:
            heal(self.conn)
            return None

        def run():
            try:
                take_tables()
                command()
            except Exception as error:
                if not isinstance(error, d.DebuggerExitException):
                    heal(self.conn)
                raise
            finally:
                rest_at_exit()
            if link() is not self.conn:  # ptvsd's loop would go on with the next session's
                raise d.DebuggerExitException()
        return run


# ---- reading, JSON wires

def read_line(stream):
    commands = begin_waiting()
    try:
        line = original['read_line'](stream)
    finally:
        if commands:
            del waiting[:]
    if line is None:
        raise d.socket.error('the connection was closed')
    return line


def process_one_message(loop):
    """However a session's loop ends, nobody is left to resume the program."""
    over = True
    try:
        stop_watching(loop)
        take_tables()
        over = original['process_one_message'](loop)
    finally:
        rest_at_exit()
        if over:
            heal(loop)
    return over


def greet_one_message(loop):
    """The same before the attach: whatever a stranger sends must not end the thread that accepts."""
    greeter[:] = [ident()]
    keep_alive(socket_of(loop))
    try:
        return original['greet_one_message'](loop)
    except d.socket.error:
        raise
    except Exception:
        raise d.socket.error('this is no debugger')


def send_debug_event(name, **body):
    """An older session's loop that ends late sets DebuggerLoop.instance to None: not for us."""
    if d.DebuggerLoop.instance is not newest[0]:  # set for nothing, it makes Python forget what it knows of the class
        d.DebuggerLoop.instance = newest[0]
    newest[0].send_debug_event(name, **body)


# ---- installing

original = {}
resumed = False  # since threads were last marked to break, which an attach does, too
watched = []  # the link that is still read by ptvsd's own functions


def begin_loop(loop, *arguments, **named):
    original['begin_loop'](loop, *arguments, **named)
    forget_doubles()
    alone(adopt, loop)


def attach_process_from_socket(*arguments, **named):
    """Whoever imports meanwhile ends ptvsd's walk through sys.modules with a RuntimeError (Python 3), and on binary
    wires that would end the thread that accepts."""
    try:
        original['attach_process_from_socket'](*arguments, **named)
    except RuntimeError as error:
        heal(link())
        raise d.socket.error(str(error))


def forget_doubles():
    """At each attach ptvsd adds all modules to its list once more, and tells all that are in it. Deleted
    one by one, from behind: a thread of the program may be adding one."""
    seen = set()
    for at in range(len(d.MODULES) - 1, -1, -1):
        name = d.MODULES[at][0]
        if name in seen:
            del d.MODULES[at]
        seen.add(name)


def adopt(loop):
    if is_json():
        newest[:] = [loop]
    else:
        loop.command_table = Commands(loop)


def replace(owner, name, new, known_as=None):
    original[known_as or name] = getattr(owner, name)
    setattr(owner, name, new)


def attach_server():
    return sys.modules[d.__name__.rpartition('.')[0] + '.attach_server']


def replace_in_ptvsd():
    server = attach_server()
    server.atexit.register(end)
    replace(d.DebuggerLoop, '_resume_all' if is_json() else 'command_resume_all', resume_all, 'resume_all')
    replace(d, 'add_break_point', now('add_break_point'))  # before commands take the tables, and one of them adds to them
    adopt(d.DebuggerLoop.instance)
    d.DONT_DEBUG.append('<bridge>')  # these functions run under ptvsd's trace function
    # Its own files: Python 2 names them as compiled, where they are, and their frames are not recognised by that.
    d.DONT_DEBUG.extend([name[:-1] for name in d.DONT_DEBUG if name[-4:] in ('.pyc', '.pyo')])
    # 2.1.0: a file named without a folder is in no archive, where all would count as handled.
    getattr(d, 'KNOWN_DIRECTORIES', set()).add('')
    d.BREAK_ON.handler_lock = HandlerLock(d.BREAK_ON.handler_lock)
    for owner, names in ((d.Thread, 'block unblock async_break collect_variables enum_thread_frames_locally'),
                         (d, 'attach_process_from_socket detach_process detach_threads update_all_thread_stacks '
                             'mark_all_threads_for_break report_exception report_execution_exception '
                             'report_thread_exit')):
        for name in names.split():
            replace(owner, name, globals()[name] if name in SELDOM else now(name))
    for thread in threads():
        thread.bridge_link = link()
        vars(thread).pop('block', None)  # 3.2.1 has one in each
    replace(d.DebuggerLoop, '__init__', begin_loop, 'begin_loop')
    replace(d, 'utf_8', Lenient())
    (replace_json if is_json() else replace_binary)(server)
    replace_sending()


def replace_json(server):
    global encode
    encode = encoder(d._vsipc.json)
    replace(d._vsipc.SocketIO, '_send', now('send_json'), 'send_json')
    replace(d.DebuggerLoop, 'send_event', now('send_event'))
    replace(d._vsipc.SocketIO, '_buffered_read_line_as_ascii', now('read_line'), 'read_line')
    replace(d.DebuggerLoop, 'process_one_message', now('process_one_message'))
    replace(server.AttachLoop, 'process_one_message', greet_one_message, 'greet_one_message')
    replace(d, 'send_debug_event', send_debug_event)


def replace_binary(server):
    for module in (d._vspu, d, server):  # each has its own name for them
        replace(module, 'read_bytes', greet_bytes if module is server else now('read_bytes'))
        replace(module, 'read_string', now('read_string'))
        replace(module, 'write_bytes', now('write_bytes'))


def stop_watching(mine):
    if watched and watched[0] is mine:
        del watched[:]


def watch(mine):
    """The thread that reads commands is still inside ptvsd's old functions, until the next command
    comes. So long, this looks after the link in its place."""
    sock, flags = socket_of(mine), d.socket.MSG_PEEK | d.socket.MSG_DONTWAIT
    below_tls = getattr(sock, '_sock', None) or super(d.socket.socket, sock)
    again = [getattr(sys.modules['errno'], name) for name in ('EAGAIN', 'EWOULDBLOCK', 'EINTR')]
    while watched and link() is mine:
        try:
            alive = below_tls.recv(1, flags) != b''
        except d.socket.error as error:
            alive = error.args[0] in again
        if not alive:
            heal(mine)
        sleep(0.2)
    tell_attached()


def keep_alive(sock):
    """Half-open links (a cable pulled, a host gone) are noticed too: idle ones by probes, those with
    something unsent by TCP_USER_TIMEOUT."""
    dead_after = d.bridge_dead_after  # of the last attach, for one that is not through yet
    pause = max(1, dead_after // 9)
    tcp = d.socket.IPPROTO_TCP
    wanted = [(d.socket.SOL_SOCKET, d.socket.SO_KEEPALIVE, 1)]
    for name, value in (('TCP_KEEPIDLE', 3 * pause), ('TCP_KEEPALIVE', 3 * pause),
                        ('TCP_KEEPINTVL', pause), ('TCP_KEEPCNT', 6)):
        wanted.append((tcp, getattr(d.socket, name, None), value))
    if sys.platform.startswith('linux'):
        wanted.append((tcp, 18, 1000 * dead_after))  # TCP_USER_TIMEOUT, nameless before Python 3.6
    for level, option, value in wanted:
        try:
            if option is not None:
                sock.setsockopt(level, option, value)
        except Exception:
            pass  # this system does not have it


def tell_attached():
    """wait_for_attach() forgets who attaches between its look at DETACHED and its clear(), and waits on. By a thread of
    its own, as the one that stands here may have the lock in there."""
    sleep(0.2)
    attached = attach_server()._attached
    if not d.DETACHED and not attached.is_set():
        attached.set()


def install():
    global changing, ident, stacking
    missing = [name for name in NEEDED if not hasattr(d, name)]
    if missing:
        return 'no: this ptvsd has no ' + missing[0]
    if not d._INTERCEPTING_FOR_ATTACH:
        return 'no: not started by enable_attach'
    d.bridge_dead_after = dead_after
    earlier = getattr(d, 'bridge_guard', None)
    if earlier is None:
        changing, stacking, ident = d.thread.allocate_lock(), d.thread.allocate_lock(), d.thread.get_ident
        replace_in_ptvsd()
        d.bridge_guard = link
        if hasattr(d.socket, 'MSG_DONTWAIT') and d.debugger_thread_id != d.thread.get_ident():
            watched.append(link())
            start(watch, link())
        else:
            start(tell_attached)
    elif not attach_server()._attached.is_set():
        start(tell_attached)
    sock = socket_of((earlier or link)())
    sock.settimeout(None)  # a default timeout of the program's must not end us
    keep_alive(sock)
    return 'again' if earlier else 'guarded'


dead_after = globals().get('dead_after', 90)
try:
    if d is None:
        r = 'no: this is not run by ptvsd'
    else:
        sys = d.sys
        IS_PYPY = '__pypy__' in sys.builtin_module_names
        sleep = sys.modules['time'].sleep
        r = install()
except Exception as error:
    r = 'no: ' + type(error).__name__
