"""Hand clients of all ptvsd wires, with nothing between them and the server: what the programs of
adapter/remote are tested with. Both speak of stops, threads and evaluations in the same words.

A thread reads, so that the server is always drained; TCP_QUICKACK is not sticky and set before every
read, or each answer stalls for 40 ms.
"""

import json
import socket
import struct
import sys
import threading
import time
from multiprocessing.connection import wait  # select() cannot count above 1024

PATIENCE = 8
STOPS = ('load', 'hit', 'step', 'broke', 'exception')


class Lost(Exception):
    pass


class Refused(Exception):
    pass


class Client(object):
    """`connect` gives one of the two kinds, by what the server says first."""

    def __init__(self, sock, greeting):
        self.sock, self.data = sock, greeting
        self.events, self.over = [], None
        self.changed, self.sending, self.closing = threading.Condition(), threading.Lock(), threading.Lock()
        self.question, self.answers_handlers = 100, True
        self.thread = None  # of the last stop

    # ---- the socket

    def take_more(self):
        """Appends what the server sent to the data. Lost at the end."""
        while True:
            with self.closing:
                if self.sock is None:
                    raise Lost('closed here')
                if wait([self.sock], 0):
                    self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
                    more = self.sock.recv(65536)
                    if not more:
                        raise Lost('closed by the server')
                    self.data += more
                    return
                number = self.sock.fileno()
            try:
                wait([number], 0.05)
            except (OSError, ValueError):
                pass

    def send(self, raw):
        with self.sending:
            self.sock.sendall(raw)

    def fin(self):
        """The end of the client, as of a process that exits with nothing unread."""
        with self.closing:
            self.sock.shutdown(socket.SHUT_RDWR)
            self.sock.close()
            self.sock = None

    def rst(self):
        with self.closing:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.sock.close()
            self.sock = None

    # ---- events: (kind, thread, rest)

    def read(self):
        try:
            while True:
                event = self.read_event()
                if event:
                    self.note(*event)
        except (Lost, OSError) as error:
            with self.changed:
                self.over = str(error) or 'lost'
                self.changed.notify_all()

    def note(self, kind, thread=None, rest=None):
        if kind == 'wants' and self.answers_handlers:
            self.answer_handlers(rest)
        with self.changed:
            if kind in STOPS:
                self.thread = thread
            self.events.append((kind, thread, rest))
            self.changed.notify_all()

    def wait(self, *kinds, timeout=PATIENCE):
        """The next event of one of these kinds; those before it are dropped."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                while self.events:
                    event = self.events.pop(0)
                    if event[0] in kinds:
                        return event
                left = deadline - time.monotonic()
                if self.over or left <= 0:
                    raise AssertionError('no %s came: %s' % (' or '.join(kinds), self.over or 'time is up'))
                self.changed.wait(left)

    def count(self, kind, seconds):
        """How many events of a kind come in so many seconds."""
        time.sleep(seconds)
        with self.changed:
            found = [event for event in self.events if event[0] == kind]
            self.events.clear()
        return len(found)

    def start(self):
        threading.Thread(target=self.read, daemon=True).start()

    def evaluate(self, text, thread=None, module=None, timeout=PATIENCE):
        """The repr of the value; a failure is an AssertionError."""
        for _ in range(200):
            self.ask(text, thread, module)
            kind, _, rest = self.wait('result', 'failed', timeout=timeout)
            if kind == 'result':
                return rest
            if 'previous evaluation has not completed' not in rest:
                raise AssertionError('%s: %s' % (text[:60], rest))
            time.sleep(0.005)
        raise AssertionError('always busy')

    def settle(self, seconds=0.1):
        """Lets the other threads of this stop report theirs, so that one resume frees them all."""
        time.sleep(seconds)


class Binary(Client):
    FIELDS = {b'NEWT': 'i', b'EXTT': 'i', b'MODL': 'is', b'LOAD': 'i', b'BRKS': 'i', b'BRKF': 'i',
              b'BRKH': 'ii', b'BKHC': 'ii', b'STPD': 'i', b'ASBR': 'i', b'EXCP': 'siis',
              b'EXCE': 'is', b'OUTP': 'is', b'REQH': 's', b'SETL': 'iii', b'DETC': ''}

    def bytes(self, count):
        while len(self.data) < count:
            self.take_more()
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def int(self):
        return struct.unpack('>q', self.bytes(8))[0]

    def text(self):
        prefix = self.bytes(1)
        return None if prefix == b'N' else self.bytes(self.int()).decode('utf-8', 'replace')

    def object(self):
        value = self.text(), self.text(), self.text()
        self.int()
        if self.version > 2:
            self.int()
        return value[0]

    def frames(self):
        thread, _ = self.int(), self.text()
        found = []
        for _ in range(self.int()):
            _, _, line, name, file, _, kind = (self.int(), self.int(), self.int(), self.text(),
                                               self.text(), self.int(), self.int())
            assert kind == 1
            for _ in range(self.int()):
                self.text(), self.object()
            found.append((name, file, line))
        return 'frames', thread, found

    def read_event(self):
        tag = self.bytes(4)
        if tag == b'THRF':
            return self.frames()
        if tag == b'EXCR':
            self.int()
            return 'result', None, self.object()
        if tag == b'EXC2':
            thread = self.int()
            return 'exception', thread, [(self.text(), self.text()) for _ in range(self.int())]
        values = [self.int() if one == 'i' else self.text() for one in self.FIELDS[tag]]
        return {b'NEWT': lambda: ('thread', values[0]),
                b'LOAD': lambda: ('load', values[0]),
                b'BRKS': lambda: ('bound', None, values[0]),
                b'BRKF': lambda: ('pending', None, values[0]),
                b'BRKH': lambda: ('hit', values[1], values[0]),
                b'STPD': lambda: ('step', values[0]),
                b'ASBR': lambda: ('broke', values[0]),
                b'EXCP': lambda: ('exception', values[1], values[0]),
                b'EXCE': lambda: ('failed', None, values[1]),
                b'OUTP': lambda: ('output', values[0], values[1]),
                b'REQH': lambda: ('wants', None, values[0]),
                b'DETC': lambda: ('detached',)}.get(tag, lambda: None)()

    @staticmethod
    def pack(*fields):
        packed = b''
        for field in fields:
            if isinstance(field, str):
                field = field.encode('utf-8')
                packed += struct.pack('>q', len(field)) + field
            else:
                packed += struct.pack('>q', field)
        return packed

    def attach(self, secret, options):
        self.bytes(7)
        self.version = self.int()
        self.send(b'PTVSDBG' + self.pack(self.version, secret))
        if self.bytes(4) != b'ACPT':
            raise Refused('secret')
        self.send(b'ATCH' + (self.pack(options) if self.version == 6 else b''))
        if self.bytes(4) != b'ACPT':
            raise Refused('attach')
        self.process = [self.int() for _ in range(4)][0]

    def set_breakpoint(self, number, file, line, condition=''):
        kinds = self.version == 6
        self.send(b'brkp' + self.pack(number, line, file)
                  + (self.pack(1 if condition else 0, condition, 0, 0) if kinds
                     else self.pack(condition, 0)))
        self.wait('bound', 'pending')

    def remove_breakpoint(self, number, file, line):
        self.send(b'brkr' + self.pack(line, number))

    def set_exceptions(self, mode, names=()):
        self.send(b'sexi' + self.pack(mode, len(names))
                  + b''.join(self.pack(kind, name) for name, kind in names))

    def answer_handlers(self, file):
        self.send(b'sehi' + self.pack(file, 1, 0, 1 << 30, '*', '-'))

    def resume(self):
        self.send(b'resa')

    def break_all(self):
        self.send(b'brka')

    def step(self, thread):
        self.send(b'stpi' + self.pack(thread))

    def detach(self):
        self.send(b'detc')

    def leave(self):
        self.detach()
        self.wait('detached')
        self.fin()

    def ask(self, text, thread=None, module=None):
        assert module is None
        self.question += 1
        self.send(b'exec' + self.pack(text, thread or self.thread, 0, self.question, 1)
                  + (self.pack(0) if self.version > 2 else b''))


class Json(Client):
    seq = 0

    def message(self):
        while b'\r\n\r\n' not in self.data:
            self.take_more()
        head, self.data = self.data.split(b'\r\n\r\n', 1)
        length = int(head.split(b':')[1])
        while len(self.data) < length:
            self.take_more()
        body, self.data = self.data[:length], self.data[length:]
        return json.loads(body.decode('ascii'))

    def request(self, command, **arguments):
        self.seq += 1
        body = json.dumps({'type': 'request', 'seq': self.seq, 'command': command,
                           'arguments': arguments}).encode('ascii')
        self.send(b'Content-Length: %d\r\n\r\n%s' % (len(body), body))

    def answer(self):
        while True:
            message = self.message()
            if message['type'] == 'response':
                return message['body']

    def attach(self, secret, options):
        self.version = self.message()['body']['debuggerProtocolVersion']
        self.request('legacyRemoteDebuggerAuthenticate', debuggerName='PTVSDBG',
                     debuggerProtocolVersion=self.version, clientSecret=secret)
        if not self.answer()['accepted']:
            raise Refused('secret')
        self.request('legacyRemoteDebuggerAttach', debugOptions=options)
        body = self.answer()
        if not body['accepted']:
            raise Refused('attach')
        self.process = body['processId']

    def read_event(self):
        message = self.message()
        if message['type'] != 'event':
            return ('response', None, message)
        body = message['body']
        thread = body.get('threadId')
        return {'legacyThreadCreate': lambda: ('thread', thread),
                'legacyThreadFrameList': lambda: ('frames', thread, [
                    (frame['frameName'], frame['fileName'], frame['lineNo'])
                    for frame in body['threadFrames']]),
                'legacyProcessLoad': lambda: ('load', thread),
                'legacyBreakpointSet': lambda: ('bound', None, body['breakpointId']),
                'legacyBreakpointFailed': lambda: ('pending', None, body['breakpointId']),
                'legacyBreakpointHit': lambda: ('hit', thread, body['breakpointId']),
                'legacyStepDone': lambda: ('step', thread),
                'legacyAsyncBreak': lambda: ('broke', thread),
                'legacyException': lambda: ('exception', thread, body['data']),
                'legacyRequestHandlers': lambda: ('wants', None, body['fileName']),
                'legacyExecutionResult': lambda: ('result', None, body['obj']['objRepr']),
                'legacyExecutionException': lambda: ('failed', None, body['exceptionText']),
                'legacyDebuggerOutput': lambda: ('output', thread, body['output']),
                'legacyDetach': lambda: ('detached',)}.get(message['event'], lambda: None)()

    def set_breakpoint(self, number, file, line, condition=''):
        self.request('legacySetBreakpoint', language=0, breakpointId=number, breakpointLineNo=line,
                     breakpointFileName=file, conditionKind=1 if condition else 0,
                     condition=condition, passCountKind=0, passCount=0)
        self.wait('bound', 'pending')

    def remove_breakpoint(self, number, file, line):
        self.request('legacyRemoveBreakpoint', language=0, breakpointId=number,
                     breakpointLineNo=line, breakpointFileName=file)

    def set_exceptions(self, mode, names=()):
        self.request('legacySetExceptionInfo', defaultBreakOnMode=mode,
                     breakOn=[{'name': name, 'mode': kind} for name, kind in names])

    def answer_handlers(self, file):
        self.request('legacySetExceptionHandlerInfo', fileName=file, statements=[
            {'lineStart': 0, 'lineEnd': 1 << 30, 'expressions': ['*']}])

    def resume(self):
        self.request('legacyResumeAll')

    def break_all(self):
        self.request('legacyBreakAll')

    def step(self, thread):
        self.request('legacyStepInto', threadId=thread)

    def detach(self):
        self.request('legacyDetach')

    def leave(self):
        self.detach()
        self.wait('detached')
        self.request('bye')
        with self.changed:
            self.changed.wait_for(lambda: self.over, 0.5)
        self.rst()

    def ask(self, text, thread=None, module=None):
        self.question += 1
        self.request('legacyExecuteText', text=text, threadId=thread or self.thread or 0, frameId=0,
                     executionId=self.question, frameKind=1, reprKind=0, moduleName=module or '',
                     printResult=False)


def connect(port, secret='secret', options='', before_reading=None):
    """An attached client. Refused when the server says no."""
    sock = socket.create_connection(('127.0.0.1', port), PATIENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(PATIENCE)
    try:
        first = sock.recv(1)
        if not first:
            raise Lost('closed by the server')
        client = (Binary if first == b'P' else Json)(sock, first)
        client.attach(secret, options)
    except BaseException:
        # A FIN here would wedge a server without the guard; an RST does not.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        sock.close()
        raise
    client.start()
    return client


def stop_and_wait(port, file, line):
    """As a process of its own, to be killed: attaches, stops at a breakpoint, says so, waits."""
    client = connect(int(port))
    client.set_exceptions(0)
    client.wait('load')
    client.set_breakpoint(1, file, int(line))
    client.resume()
    client.wait('hit')
    print('STOPPED', flush=True)
    time.sleep(600)


if __name__ == '__main__':
    stop_and_wait(*sys.argv[1:])
