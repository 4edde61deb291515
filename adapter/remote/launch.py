"""What Python is started with by the launch request, as `python -c THIS KIND TARGET ARGUMENTS...`: lets the bridge
attach, then runs the program as if Python had been started with it.

Argument: `link`, the number of the descriptor, or the path of the socket, through which the bridge says a dict and
hears lines: "port 5678", or "error" and a sentence. KIND is file, module or code. With a path this is a file, which an
editor runs in a terminal as `python FILE KIND ...`; then there are also "pid 123" and at the end "exit 0". After that
the terminal stays open until somebody presses Enter, if `hold` says so: after exit code 0, after another.
"""
import os
import runpy
import socket
import sys
import time

try:
    from _thread import start_new_thread
except ImportError:  # Python 2
    from thread import start_new_thread

real_hook = sys.__excepthook__
TOO_NEW = (3, 12)
OURS = ('<string>', '<bridge>', sys.argv[0])  # files of our frames
STOP_WAITS = 400  # of 5 ms, for the attach stop


def read_line(sock):
    data = b''
    while not data.endswith(b'\n'):
        piece = sock.recv(65536)
        if not piece:
            os._exit(1)
        data += piece
    return data.decode('utf-8')


def say(sock, text):
    sock.sendall((text.replace('\n', ' ') + '\n').encode('utf-8'))


def refuse(sock, text):
    say(sock, 'error ' + text)
    os._exit(1)


def linked():
    if not isinstance(link, str):
        sock = socket.fromfd(link, socket.AF_UNIX, socket.SOCK_STREAM)
        os.close(link)
        return sock
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(link)
    child = os.fork()
    if child:
        watch(sock, child)
    say(sock, 'pid %d' % os.getpid())
    return sock


def watch(sock, child):
    """Nobody but its parent learns how a process has ended. What the terminal's keys send is meant for the program."""
    import signal
    settings = terminal_settings()
    keys = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM)
    for one in keys:
        signal.signal(one, signal.SIG_IGN)
    _, status = os.waitpid(child, 0)
    code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    try:
        say(sock, 'exit %d' % code)
    except Exception:
        pass  # the bridge has gone before
    if hold[code != 0] and code not in (128 + signal.SIGTERM, 128 + signal.SIGKILL):  # nobody wants to read on
        for one in keys:
            signal.signal(one, signal.SIG_DFL)
        hold_open(settings)
    os._exit(code)


def terminal_settings():
    try:
        import termios
        return termios.tcgetattr(0)
    except Exception:
        return None  # it is no terminal


def hold_open(settings):
    """The program may have left the terminal without lines, and what was typed for it is not meant."""
    try:
        if settings:
            import termios
            termios.tcsetattr(0, termios.TCSAFLUSH, settings)
        sys.stdout.write('\nPress Enter to close this terminal.')
        sys.stdout.flush()
        sys.stdin.readline()
    except Exception:
        pass  # it is closed already


def free_port():
    one = socket.socket()
    one.bind(('127.0.0.1', 0))
    port = one.getsockname()[1]
    one.close()
    return port


# ---- ptvsd

def find_ptvsd(sock, folder):
    """The package, from that folder if one is given."""
    version = 'Python %d.%d' % sys.version_info[:2]
    if sys.version_info >= TOO_NEW:
        refuse(sock, '%s is too new for ptvsd 2.0 to 3.2, which run on 2.7 to 3.11. Name an older one in "python".'
               % version)
    sys.path[:0] = [folder] if folder else []
    try:
        import ptvsd.attach_server
    except Exception as error:
        where = 'in %s' % folder if folder else 'for %s (%s)' % (version, sys.executable)
        refuse(sock, 'There is no ptvsd that works %s: %s. Install one there (pip install ptvsd==3.2.1), or name '
               'the folder that holds it in "ptvsdPath".' % (where, error))
    del sys.path[:1 if folder else 0]
    debugger = sys.modules.get('ptvsd.debugger') or sys.modules.get('ptvsd.visualstudio_py_debugger')
    if not hasattr(debugger, 'DONT_DEBUG'):
        refuse(sock, 'The ptvsd of %s is newer than 3.2: start the program with your editor\'s own Python debugger, or '
               'name a folder with an older one in "ptvsdPath".' % version)
    return ptvsd, debugger


def hide_frames(debugger):
    """Ours, at the bottom of the stack: those above are the program."""
    entries = getattr(debugger, 'DEBUG_ENTRYPOINTS', set())  # 2.0.0 hides by DONT_DEBUG alone
    entries.update(one.__code__ for one in (run, run_file, run_module, run_code))
    frame = sys._getframe()
    while frame is not None:
        entries.add(frame.f_code)
        frame = frame.f_back


def end_with(sock):
    """A bridge that goes before it has attached leaves nobody who would let this process go on."""
    ours = pipes()
    if not sock.recv(1):
        os._exit(1)
    print_to_nobody(sock, ours)


def pipes():
    return [] if isinstance(link, str) else [(one, identity(one)) for one in (1, 2)]


def print_to_nobody(sock, ours):
    """When the bridge has gone nobody reads what is printed, which must not fail for it."""
    sock.recv(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for one, was in ours:
        if identity(one) == was:
            os.dup2(nowhere, one)


def start_unseen(function, arguments):
    """A thread that gets no signal: Python 3's programs may wait for one with all of theirs blocked."""
    import signal
    mask = getattr(signal, 'pthread_sigmask', lambda how, signals: ())
    before = mask(getattr(signal, 'SIG_BLOCK', 0), range(1, 32))
    start_new_thread(function, arguments)
    mask(getattr(signal, 'SIG_SETMASK', 0), before)


def identity(descriptor):
    try:
        return os.fstat(descriptor)[1:3]
    except OSError:
        return None  # the program has closed it


def wait_for_bridge(sock, told):
    ptvsd, debugger = find_ptvsd(sock, told['ptvsd'])
    hide_frames(debugger)
    port = free_port()
    ptvsd.enable_attach(told['secret'], address=('127.0.0.1', port), redirect_output=told['redirect'])
    debugger._start_new_thread(end_with, (sock,))
    say(sock, 'port %d' % port)
    while debugger.DETACHED:  # wait_for_attach() forgets who attaches between its look at this and its clear()
        time.sleep(0.001)
    turns = 0
    while not debugger.attach_sent_break and turns < STOP_WAITS:  # it stops this thread here, not in the program
        turns += 1
        time.sleep(0.005)
    compiled = [path[:-1] for path in debugger.DONT_DEBUG if path.endswith('.pyc')]  # its own: Python 2 names these
    debugger.DONT_DEBUG.extend(compiled + list(OURS[1:]))
    sys.excepthook, sys.__excepthook__ = without_us, real_hook  # ptvsd's would print half of it to stdout
    return stop_at_next_call(debugger) if told['entry'] else None


def stop_at_next_call(debugger):
    """At its first line. A break would stop within the call, and a step from there is over the whole program."""
    def enter():
        sys.gettrace().__self__.stepping = debugger.STEPPING_INTO
    return enter


# ---- the program

def run_code(code, names, enter):
    main = sys.modules['__main__'].__dict__
    main.pop('__file__', None)  # ours
    main.update(names)
    if enter:
        enter()
    eval(code, main)


def run_file(path, enter):
    path = os.path.abspath(path)
    if os.path.isdir(path):
        sys.path[0] = path
        run_module('__main__', enter)
        return
    sys.path[0] = os.path.dirname(path)
    with open(path, 'rb') as opened:
        text = opened.read()
    run_code(compile(text, path, 'exec', 0, True), {'__file__': path}, enter)


def run_module(name, enter):
    """As runpy does it, but without frames of its own between ours and the program."""
    found = runpy._get_module_details(name)
    spec, code = found[1:3]
    names = {'__file__': code.co_filename, '__package__': getattr(spec, 'parent', found[0].rpartition('.')[0])}
    names.update({'__spec__': spec, '__loader__': spec.loader} if hasattr(spec, 'origin') else {'__loader__': spec})
    sys.argv[0] = os.path.abspath(code.co_filename)
    run_code(code, names, enter)


def run(kind, target, enter):
    if kind == 'module':
        sys.path[0] = os.getcwd()
        run_module(target, enter)
    elif kind == 'code':
        sys.path[0] = ''
        run_code(compile(target, '<string>', 'exec', 0, True), {}, enter)
    else:
        run_file(target, enter)


def without_us(kind, error, trace):
    """A traceback begins with the program."""
    while trace.tb_next is not None and trace.tb_frame.f_code.co_filename in OURS:
        trace = trace.tb_next
    real_hook(kind, error.with_traceback(trace) if hasattr(error, 'with_traceback') else error, trace)


def main():
    sock = linked()
    told = eval(read_line(sock), {})
    kind, target = sys.argv[1:3]
    sys.argv[:] = ['-c' if kind == 'code' else target] + sys.argv[3:]
    sys.excepthook = without_us
    enter = None
    if told['debug']:
        enter = wait_for_bridge(sock, told)
    elif sys.version_info < TOO_NEW:  # later ones warn of a fork where there is a thread
        start_unseen(print_to_nobody, (sock, pipes()))
    try:
        run(kind, target, enter)
    finally:
        sys.settrace(None)


r = main()
