# with: later.py
"""The drop guard's heart: whose session it is, and how the program goes on when that is over. Runs only as a part
of drop_guard.py, which gives it `sleep`, `ident` and `changing`, and whose rules it obeys.
"""

SWEEPS = 100  # turns of 20 ms; long enough for an attach that broke in its middle to run out
DETACH_TURNS = 5  # of them, after which ptvsd's own detach has set DETACHED


# ---- the link: what the current session talks through. Binary wires: the socket `d.conn`; JSON
# ---- wires: the newest DebuggerLoop. A session that came later is recognised by it.

class Gone(object):
    """Stands where the link was. An attach whose client vanished in its middle still declares the
    process attached at its end; whoever sends then finds out here."""

    def fail(self, *arguments):
        raise d.socket.error('the debugger is gone')

    recv = send = sendall = fail

    def send_debug_event(self, name, **body):
        heal(self)


gone = Gone()
newest = []  # JSON: the one loop that counts
ended = []  # not empty: the program is at its exit
greeter, reader = [], []  # the threads that accept and that read commands
waiting = []  # not empty: the latter waits for one


def is_json():
    return not hasattr(d.DebuggerLoop, 'command_detach')


def link():
    return newest[0] if newest else d.conn


def set_link(new):
    if newest:
        newest[0] = new
    else:
        d.conn = new


def socket_of(some_link):
    return getattr(some_link, '_SocketIO__socket', some_link)


# ---- healing. A thread that looked whose session it is, and acts on it much later (Python 2 is not fair to
# ---- threads), would end or free the next session's: so a session begins and ends alone.

def alone(function, *arguments):
    """Not for ever: it may be this thread that has it already, and runs a signal handler since."""
    turn = 0
    while turn < 100 and not changing.acquire(False):
        turn += 1
        sleep(0.002)
    try:
        return function(*arguments)
    finally:
        if turn < 100:
            changing.release()


def heal(broken):
    """The link is lost."""
    alone(heal_link, broken)


def heal_link(broken):
    if broken is not link():
        return  # an older session's, or done already
    if broken is not gone:
        set_link(gone)
        close(socket_of(broken))
    if not d.DETACHED:
        let_program_go()
    elif broken is not gone:
        start(sweep, gone)  # lost during an attach, whose end will say that it succeeded


def let_program_go():
    """What ptvsd should do, in an order that leaves no thread behind. DETACHED invites the next client,
    whose session must stay as it is: everything of this one is forgotten before. And it is set before
    any thread is freed, or that could stop again, for nobody."""
    forget_session()
    d.DETACHED = True
    free_threads()


def close(sock):
    try:
        sock.shutdown(d.socket.SHUT_RDWR)  # wakes whoever sends or receives
    except Exception:
        pass
    try:
        sock.close()
    except Exception:
        pass


def detach_threads():
    """Instead of ptvsd's, for an orderly detach: theirs breaks off at a thread that a resume has
    released a moment ago, and lets freed threads run into breakpoints. DETACHED is set by our caller,
    when it has told the client."""
    forget_session()
    free_threads()


def forget_session():
    d.BREAKPOINTS.clear()
    d.DJANGO_BREAKPOINTS.clear()
    d.PENDING_BREAKPOINTS.clear()
    d.SEND_BREAK_COMPLETE = False
    d.BREAK_ON.default_mode = 0
    d.BREAK_ON.break_on = {}
    getattr(d, 'bridge_points', {}).clear()  # hit_test.py
    getattr(d, 'bridge_bases', {}).clear()  # exception_bases.py
    for name, value in getattr(d, 'bridge_options', {}).items():  # debug_options.py
        setattr(d, name, value)
    for thread in threads():
        thread.stepping = 0


def free_threads():
    mine = link()
    for thread in threads():
        if link() is mine:
            let_go(thread)
    start(sweep, mine)


def threads():
    """ptvsd's threads, without its lock."""
    for _ in range(100):
        try:
            return list(d.THREADS.values())
        except RuntimeError:  # a thread began or ended just now
            pass
    return []


def let_go(thread):
    """Frees a thread that waits for the debugger. One that is working leaves by itself, and so does
    one that is just reporting its stop, with its starting lock held: both look at DETACHED next."""
    if not thread._is_working and not thread._block_starting_lock.locked():
        thread.unblock()


def unblock(thread):
    """Instead of Thread.unblock: ptvsd's raises when a resume has opened the lock already but the
    thread has not run since, and its callers then leave their own locks held."""
    if thread._is_blocked and thread.id != d.thread.get_ident():
        unlock(thread)


def unlock(thread):
    try:
        thread._block_lock.release()
    except d.thread.error:
        pass


def sweep(mine):
    """Frees who was on the way into a stop, was working, or waits for exception handlers, when the
    session ended. A thread whose evaluation outlasts it would wait unseen in the next session."""
    turn, ours = 0, True
    while ours or [1 for thread in threads() if thread._is_blocked and is_late(thread)]:
        sleep(0.02 if turn < SWEEPS else 0.2)
        turn += 1
        ours = alone(sweep_once, mine, turn, ours and turn < SWEEPS)


def sweep_once(mine, turn, ours):
    """Whether that session is still the last one."""
    ours = ours and (link() is mine or link() is gone)
    if ours and not d.DETACHED and (link() is gone or turn > DETACH_TURNS):  # an attach has cleared it
        forget_session()
        d.DETACHED = True
    if ours and d.DETACHED:
        d.BREAK_ON.handler_lock.release()
    for thread in threads():
        if is_late(thread) or (ours and d.DETACHED):
            let_go(thread)
    return ours


def start(function, *arguments):
    if ended:
        return  # a thread that begins now can crash the interpreter on its way out
    try:
        d._start_new_thread(now('run_quietly'), (function, arguments))
    except Exception:
        pass  # no more threads to be had; the others must do


def run_quietly(function, arguments):
    try:
        function(*arguments)
    except:
        pass  # the interpreter is being torn down, and `Exception` may be None


# ---- the program's exit. Python 2 takes all modules apart while the thread that reads commands runs on, even `True` is
# ---- None then, and what that falls over is told on stderr: so it stays where it reads, or rests.

def end():
    """At exit; before ptvsd's own, which detaches, since that was registered earlier."""
    now('rest_at_exit')  # when it is needed nothing can be compiled
    ended.append(True)


def rest_at_exit():
    """When ptvsd has detached, it reads no more."""
    while ended and d.DETACHED is not False:
        waiting[:] = [None]
        sleep(0.1)


def detach_process():
    """The last that ptvsd does; on binary wires before it lets go of its lock for sending, so leave_send waits, too."""
    original['detach_process']()
    wait_for_reader()


def begin_waiting():
    """Whether it is for commands: a greeting is none of our business."""
    me = ident()
    if me in greeter:
        return False
    reader[:] = [me]
    waiting.append(me)
    return True


def wait_for_reader():
    """Not for ever: whatever keeps it from reading."""
    turns = 100 if ended and d.DETACHED and reader and ident() not in reader else 0
    while turns and not waiting:
        turns -= 1
        sleep(0.001)
