# with: healing.py
"""The drop guard's part around everything that ptvsd sends: the context manager in place of ptvsd's own. What is
written in it is sent at its end, at once: so an exception in its middle, which may be one of a signal's handler,
leaves no half message. And the handler may send itself.

ptvsd's trace function sees each line and call in here, ten times a line of output, and looks away while
`is_sending`: so that begins with the first line, and ends with the last. (With no call of Python's own after
it, PyPy's JIT ends the program with an InvalidVirtualRef.)
"""

messages = {}  # by thread, what it is sending
ONCE = [True]
rest = []  # of a message that an exception has cut: its socket, and what is unsent


class Message(object):
    """`outer` is the one in whose middle a signal's handler sends this; `locked`: an outer one has the lock. That it is
    taken (`held`) and given back (`freed`), and how much of `text` is `sent`, is noted in C alone: so a handler is
    called before or after that, but not in between."""

    def __init__(self, outer, frame, thread):
        self.outer, self.frame, self.thread, self.link = outer, frame, thread, link()
        self.held, self.freed, self.locked = [], [], False
        self.pieces, self.to, self.text, self.sent = [], None, b'', []

    def has_lock(self):
        return len(self.held) > len(self.freed)


def enter_send(context):
    d.THREADS.get(d.thread.get_ident(), context).is_sending = True
    me, frame = d.thread.get_ident(), sys._getframe(1)
    mine = messages[me] = Message(messages.get(me), frame, d.THREADS.get(me, context))
    try:  # the link was looked at before waiting for the lock: a new session may begin meanwhile
        if mine.outer is not None:
            settle(mine)
        if not mine.held and not mine.locked:
            mine.held.extend(imap(d.send_lock.acquire, ONCE))
    except BaseException:
        end_message(mine)
        mine.thread.is_sending = mine.outer is not None
        raise


def settle(mine):
    while mine.outer is not None:
        outer = mine.outer
        if is_called_by(mine.frame, outer.frame):
            mine.locked = outer.locked or outer.has_lock()
            return
        if outer.has_lock():  # left behind by an exception of a handler
            mine.held, outer.held = outer.held, []
        mine.outer = outer.outer


def is_called_by(frame, caller):
    while frame is not None and frame is not caller:
        frame = frame.f_back
    return frame is not None


def leave_send(context, kind, error, trace):
    mine = messages[d.thread.get_ident()]
    try:
        if kind is not None:
            return is_unsendable(kind, trace)
        if mine.pieces:
            mine.thread.bridge_told = True
            send_message(mine)
    finally:
        end_message(mine)
        mine.thread.is_sending = mine.outer is not None
        if ended:
            wait_for_reader()


def end_message(mine):
    if mine.has_lock():
        mine.freed.extend(imap(d.send_lock.__exit__, ONCE, ONCE, ONCE))
    if mine.outer is None:
        messages.pop(d.thread.get_ident(), None)
    else:
        messages[d.thread.get_ident()] = mine.outer


def is_unsendable(kind, trace):
    """ptvsd's own would detach here, telling nobody. What cannot be encoded (sys.stdout.write(12)) is not sent, and
    the program does not notice; what a signal's handler raises is the program's."""
    return issubclass(kind, Exception) and not is_of_program(trace)


def is_of_program(trace):
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get('__name__')).partition('.')[0]
        if d.should_send_frame(trace.tb_frame) and module not in ('json', 'socket', 'ssl'):
            return True
        trace = trace.tb_next
    return False


def send_message(mine):
    """What an exception leaves unsent goes out before the next message. Binary wires: ptvsd looks at `d.conn` for each
    piece; what was begun for the old session must not be ended in the new one."""
    to, text, outer = mine.to, b''.join(mine.pieces), mine.outer
    if to is not mine.link and to is getattr(d, 'conn', None):
        to = gone
    while outer is not None:
        if outer.to is to and sum(outer.sent) < len(outer.text):  # half sent: that one goes on with this
            outer.text += text
            return
        outer = outer.outer
    mine.text = rest[1] + text if rest and rest[0] is to else text
    while True:
        try:
            del rest[:]
            while sum(mine.sent) < len(mine.text):
                mine.sent.extend(imap(to.send, [mine.text[sum(mine.sent):]]))
            return
        except BaseException:
            if not is_unsendable(*sys.exc_info()[::2]):
                rest[:] = to, mine.text[sum(mine.sent):]
                if hasattr(to, 'pending'):
                    heal(mine.link)  # TLS: it may have gone out all the same
                raise
            if getattr(sys.exc_info()[1], 'errno', None) != sys.modules['errno'].EINTR:  # Python 2: a signal
                return heal(mine.link)


def send_json(stream, **body):
    """ptvsd's own send() is ended in its middle by a signal, and the session with it. Python 2: so it is by bytes
    that are no UTF-8, in output, a message, a path."""
    try:
        content = ''.join(encode(body, 0))
    except (TypeError, ValueError):
        if is_of_program(sys.exc_info()[2]):
            raise
        content = ''.join(encode(readable(body), 0))
    text = 'Content-Length: %d\r\n\r\n%s' % (len(content), content)
    write_bytes(socket_of(stream), codecs.ascii_encode(text)[0], stream)


def send_event(loop, name, **body):
    """ptvsd's own takes a lock, for which a signal's handler would wait for ever."""
    send_json(loop, type='event', seq=next(loop._IpcChannel__seq), event=name, body=body)


def write_bytes(to, data, stream=None):
    """As what is lost at the end of a message counts: `stream`, which may be an older session's."""
    mine = messages.get(d.thread.get_ident())
    if mine is None:
        return to.sendall(data)
    mine.to, mine.link = to, stream or mine.link
    mine.pieces.append(data if type(data) is bytes else bytes(bytearray(data)))


def encoder(json):
    """json.dumps() without its own thirty lines, which ptvsd's trace function sees. PyPy has none in C."""
    make = getattr(getattr(json, 'encoder', None), 'c_make_encoder', None)
    if not make:
        return lambda message, _: [json.dumps(message)]
    default, text = json.JSONEncoder().default, json.encoder.encode_basestring_ascii
    return make(None, default, text, None, ': ', ', ', False, False, True)


def readable(value):
    if isinstance(value, dict):
        return dict((name, readable(one)) for name, one in value.items())
    if isinstance(value, (list, tuple)):
        return [readable(one) for one in value]
    if isinstance(value, (bytes, bytearray)):
        return codecs.utf_8_decode(bytes(value), 'replace', True)[0]
    return value if value is None or isinstance(value, type(u'')) or hasattr(value, 'real') else str(value)


def replace_sending():
    """Both at once, and when what writes is replaced already: threads of the program are sending."""
    global imap
    imap = getattr(sys.modules.get('itertools'), 'imap', map)
    methods = {'__enter__': now('enter_send'), '__exit__': now('leave_send')}
    d._SendLockCtx.__class__ = type('Sending', (object,), methods)
