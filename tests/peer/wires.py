"""What goes over the wires of ptvsd: messages in pieces, on the binary and the JSON versions."""

import collections
import json
import socket
import struct
import threading
import time
import traceback

THREAD, OTHER = 140000000000001, 140000000000002
FILE = '/srv/app/game.py'
LINE = 7
INT64 = 2 ** 63 - 1


def number(value):
    return struct.pack('>q', value)


def whole(steps):
    """The bytes of a message or of a list of messages."""
    if isinstance(steps, bytes):
        return steps
    return b''.join(whole(one) for one in steps)


# ---- steps ------------------------------------------------------------------------------------------


class Over(Exception):
    """The script has ended."""


def one_by_one(steps, gap=0.0005):
    """Every byte in a segment of its own."""
    def step(peer):
        for byte in whole(steps):
            peer.send(bytes([byte]))
            time.sleep(gap)
    return step


def in_pieces(message, gap=0.005):
    """The fields of a message with pauses between."""
    def step(peer):
        for piece in message:
            peer.send(whole(piece))
            time.sleep(gap)
    return step


def pause(seconds):
    return lambda peer: time.sleep(seconds)


def fin(peer):
    """An orderly close: what was sent arrives, then the end."""
    peer.socket.shutdown(socket.SHUT_WR)
    peer.drain()
    raise Over


def rst(peer):
    """Closes with a reset."""
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    peer.socket.close()
    raise Over


def stall(peer):
    """Nothing more is said, what comes is read and thrown away."""
    peer.drain()
    raise Over


class Once(object):
    """A reaction that happens once (or so often); later ones are honest."""

    def __init__(self, reaction, times=1):
        self.reaction, self.left = reaction, times

    def __call__(self, server, command):
        if self.left <= 0:
            return None
        self.left -= 1
        return self.reaction(server, command) if callable(self.reaction) else self.reaction


class Peer(object):
    """The server's end of the connection. Messages of two threads do not mix."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard, self.at = b'', 0
        self.sending = threading.Lock()

    def send(self, data):
        with self.sending:
            self.socket.sendall(data)

    def play(self, steps):
        if isinstance(steps, bytes):
            self.send(steps)
        elif callable(steps):
            steps(self)
        elif all(isinstance(one, bytes) for one in steps):
            self.send(b''.join(steps))
        else:
            for one in steps:
                self.play(one)

    def listen(self):
        more = self.socket.recv(1 << 20)
        if not more:
            raise Over
        self.heard, self.at = self.heard[self.at:] + more, 0

    def receive(self, count):
        while len(self.heard) - self.at < count:
            self.listen()
        self.at += count
        return self.heard[self.at - count:self.at]

    def receive_to(self, mark):
        while self.heard.find(mark, self.at) < 0:
            self.listen()
        return self.receive(self.heard.find(mark, self.at) + len(mark) - self.at)

    def drain(self):
        try:
            while self.socket.recv(1 << 20):
                pass
        except OSError:
            pass


# ---- what is told about a program -------------------------------------------------------------------


def obj(repr_, type_='int', hex_=None, length=0, flags=0):
    return {'repr': repr_, 'type': type_, 'hex': hex_, 'length': length, 'flags': flags}


def frame(name='work', file=FILE, line=LINE, variables=None, arguments=1, kind=1, first=5, last=9):
    if variables is None:
        variables = [('step', obj('1', hex_='0x1')), ('player', obj("{'lives': 3}", 'dict', length=1, flags=1))]
    return {'name': name, 'file': file, 'line': line, 'variables': variables, 'arguments': arguments,
            'kind': kind, 'first': first, 'last': last}


def attach_stack():
    """Where the attach stop is: inside the library, as a rule."""
    return [frame('wait', '/usr/lib/python3.6/threading.py', 295, [], 0, first=263, last=300),
            frame('<module>', line=3, variables=[], arguments=0, first=1, last=22)]


def stack():
    return [frame(), frame('<module>', line=20, variables=[('work', obj('<function work>', 'function'))],
                           arguments=0, first=1, last=22)]


class Command(object):
    """What the bridge asked, the same on all wires: set_breakpoint(id, line), execute(token, text, thread),
    children(the same), resume, step, pause, detach, handlers(file), hit_count(token) ..."""

    def __init__(self, name, seq=None, tag=None, **fields):
        self.name, self.seq, self.tag = name, seq, tag
        self.__dict__.update(fields)


# ---- versions 2, 4, 6 -------------------------------------------------------------------------------


def text(value, prefix=None):
    """A server's string as pieces: prefix, length, bytes."""
    if value is None:
        return [b'N']
    data = value if isinstance(value, bytes) else value.encode('utf-8', 'surrogatepass')
    return [prefix or (b'A' if isinstance(value, bytes) else b'U'), number(len(data)), data]


def flat(*parts):
    """Numbers, texts and pieces as one list of pieces."""
    pieces = []
    for part in parts:
        if isinstance(part, bytes):
            pieces.append(part)
        elif isinstance(part, int):
            pieces.append(number(part))
        else:
            pieces += flat(*part)
    return pieces


class Binary(object):
    LAYOUTS = {b'brkr': 'ii', b'bkpc': 'iii', b'bkgh': 'ii', b'bksh': 'ii', b'bkda': 'iis', b'bkdr': 'iis',
               b'brka': '', b'resa': '', b'detc': '', b'lack': '', b'rest': 'i', b'ares': 'i', b'clst': 'i',
               b'stpi': 'i', b'stpv': 'i', b'stpo': 'i', b'setl': 'iii', b'thrf': 'i'}
    NAMES = {b'brkp': 'set_breakpoint', b'brkr': 'remove_breakpoint', b'brka': 'pause', b'resa': 'resume',
             b'stpi': 'step', b'stpv': 'step', b'stpo': 'step', b'exec': 'execute', b'chld': 'children',
             b'detc': 'detach', b'sexi': 'exceptions', b'sehi': 'handlers', b'bkgh': 'hit_count',
             b'clst': 'clear_step', b'lack': 'last_ack', b'brkc': 'condition'}

    def __init__(self, version):
        self.version = version
        new = version >= 6
        self.layouts = dict(self.LAYOUTS)
        self.layouts[b'brkp'] = 'iisisii' if new else 'iissi'
        self.layouts[b'brkc'] = 'iis' if new else 'isi'
        self.layouts[b'exec'] = 'siiiii' if version >= 4 else 'siiii'
        self.layouts[b'chld'] = 'siiii' if version >= 4 else 'siiiii'

    def __str__(self):
        return 'wire %d' % self.version

    # the handshake

    def greeting(self):
        return [b'PTVSDBG', number(self.version)]

    def let_in(self):
        return [b'ACPT']

    def attached(self, pid=4711, python=(3, 6, 15)):
        return flat(b'ACPT', pid, *python)

    def refuse(self):
        return [b'RJCT']

    def hear_secret(self, peer):
        assert peer.receive(15) == whole(self.greeting()), 'signature and version are repeated'
        return Command('secret', text=self.read_text(peer))

    def hear_attach(self, peer):
        assert peer.receive(4) == b'ATCH'
        return Command('attach', options=self.read_text(peer) if self.version >= 6 else '')

    # commands

    @staticmethod
    def read_number(peer):
        return struct.unpack('>q', peer.receive(8))[0]

    def read_text(self, peer):
        return peer.receive(self.read_number(peer)).decode('utf-8')

    def read_handlers(self, peer):
        file, ranges = self.read_text(peer), []
        for _ in range(self.read_number(peer)):
            first, end, names = self.read_number(peer), self.read_number(peer), []
            while not names or names[-1] != '-':
                names.append(self.read_text(peer))
            ranges.append((first, end, names[:-1]))
        return Command('handlers', tag=b'sehi', file=file, ranges=ranges)

    def read_exceptions(self, peer):
        mode, count = self.read_number(peer), self.read_number(peer)
        modes = [(self.read_number(peer), self.read_text(peer)) for _ in range(count)]
        return Command('exceptions', tag=b'sexi', mode=mode, modes=modes)

    def hear(self, peer):
        tag = peer.receive(4)
        if tag == b'sehi':
            return self.read_handlers(peer)
        if tag == b'sexi':
            return self.read_exceptions(peer)
        fields = [self.read_number(peer) if kind == 'i' else self.read_text(peer) for kind in self.layouts[tag]]
        command = Command(self.NAMES.get(tag, 'other'), tag=tag)
        if tag == b'brkp':
            command.id, command.line, command.file = fields[:3]
        elif tag in (b'exec', b'chld'):
            command.text, command.thread, command.frame, command.token = fields[:4]
        elif tag == b'bkgh':
            command.token = fields[0]
        elif tag in (b'stpi', b'stpv', b'stpo'):
            command.thread = fields[0]
        return command

    # events

    def acknowledge(self, command):
        return []

    def object(self, value):
        pieces = flat(text(value['repr']), text(value['hex']), text(value['type']))
        if self.version >= 4:
            return pieces + flat(value['length'], value['flags'])
        return pieces + flat(value['flags'] & 1)

    def started(self, thread=THREAD):
        return flat(b'NEWT', thread)

    def ended(self, thread=THREAD):
        return flat(b'EXTT', thread)

    def module(self, file=FILE, id=1):
        return flat(b'MODL', id, text(file))

    def modules_changed(self):
        return []

    def frames(self, thread=THREAD, frames=None, name='MainThread'):
        frames = stack() if frames is None else frames
        pieces = flat(b'THRF', thread, text(name), len(frames))
        for one in frames:
            pieces += flat(one['first'], one['last'], one['line'], text(one['name']), text(one['file']),
                           one['arguments'], one['kind'])
            if one['kind'] == 2:
                pieces += flat(text('/srv/app/views.py'), 3)
            pieces += flat(len(one['variables']))
            for name, value in one['variables']:
                pieces += flat(text(name), self.object(value))
        return pieces

    def loaded(self, thread=THREAD):
        return flat(b'LOAD', thread)

    def bound(self, id):
        return flat(b'BRKS', id)

    def pending(self, id):
        return flat(b'BRKF', id)

    def hit(self, id, thread=THREAD):
        return flat(b'BRKH', id, thread)

    def count(self, command):
        return flat(b'BKHC', command.token, 0)

    def stepped(self, thread=THREAD):
        return flat(b'STPD', thread)

    def broke(self, thread=THREAD):
        return flat(b'ASBR', thread)

    def exception(self, thread=THREAD, type='ValueError', message='no such level', rich=False):
        if rich:
            return flat(b'EXC2', thread, 2, text('typename'), text(type), text('message'), text(message))
        return flat(b'EXCP', text(type), thread, 1, text(message))

    def result(self, token, value):
        return flat(b'EXCR', token, self.object(value))

    def failed(self, token, message):
        return flat(b'EXCE', token, text(message))

    def children_are(self, token, children):
        pieces = flat(b'CHLD', token)
        pieces += flat(0, len(children), 1, 0) if self.version < 4 else flat(len(children))
        for name, expression, value in children:
            pieces += flat(text(name), [] if self.version < 4 else text(expression), self.object(value))
        return pieces

    def output(self, words, thread=THREAD):
        return flat(b'OUTP', thread, text(words))

    def wants_handlers(self, file):
        return flat(b'REQH', text(file))

    def detached(self):
        return [b'DETC']


# ---- versions 7, 8 ----------------------------------------------------------------------------------


def framed(body):
    """Header and body as ptvsd sends them: two pieces. `body`: bytes, or what becomes JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode('ascii')
    return [b'Content-Length: %d\r\n\r\n' % len(body), body]


class Json(object):
    NAMES = {'legacySetBreakpoint': 'set_breakpoint', 'legacyRemoveBreakpoint': 'remove_breakpoint',
             'legacyBreakAll': 'pause', 'legacyResumeAll': 'resume', 'legacyStepInto': 'step',
             'legacyStepOver': 'step', 'legacyStepOut': 'step', 'legacyExecuteText': 'execute',
             'legacyEnumChildren': 'children', 'legacyDetach': 'detach', 'legacySetExceptionInfo': 'exceptions',
             'legacySetExceptionHandlerInfo': 'handlers', 'legacyGetBreakpointHitCount': 'hit_count',
             'legacyClearStepping': 'clear_step', 'legacyLastAck': 'last_ack',
             'legacySetBreakpointCondition': 'condition', 'legacySetBreakpointPassCount': 'pass_count'}

    def __init__(self, version):
        self.version = version

    def __str__(self):
        return 'wire %d' % self.version

    def event(self, name, **body):
        return framed({'type': 'event', 'seq': 0, 'event': name, 'body': body})

    def respond(self, command, success=True, message='', **body):
        return framed({'type': 'response', 'seq': 0, 'request_seq': command.seq, 'success': success,
                       'command': command.tag, 'message': message, 'body': body})

    # the handshake

    def greeting(self):
        return self.event('legacyRemoteConnected', debuggerName='PTVSDBG', debuggerProtocolVersion=self.version)

    def let_in(self):
        return self.respond(Command('', 0, 'legacyRemoteDebuggerAuthenticate'), accepted=True)

    def attached(self, pid=4711, python=(3, 6, 15)):
        return self.respond(Command('', 1, 'legacyRemoteDebuggerAttach'), accepted=True, processId=pid,
                            pythonMajor=python[0], pythonMinor=python[1], pythonMicro=python[2])

    def refuse(self):
        return self.respond(Command('', 0, 'legacyRemoteDebuggerAuthenticate'), accepted=False)

    def read(self, peer):
        head = peer.receive_to(b'\r\n\r\n')
        message = json.loads(peer.receive(int(head.split(b':')[1])).decode('ascii'))
        assert message['type'] == 'request'
        arguments = message['arguments']
        command = Command(self.NAMES.get(message['command'], 'other'), message['seq'], message['command'])
        for field, ours in (('breakpointId', 'id'), ('breakpointLineNo', 'line'), ('threadId', 'thread'),
                            ('executionId', 'token'), ('text', 'text'), ('fileName', 'file'),
                            ('statements', 'ranges'), ('clientSecret', 'text'), ('debugOptions', 'options')):
            if field in arguments:
                setattr(command, ours, arguments[field])
        return command

    def hear_secret(self, peer):
        command = self.read(peer)
        assert command.tag == 'legacyRemoteDebuggerAuthenticate'
        return command

    def hear_attach(self, peer):
        command = self.read(peer)
        assert command.tag == 'legacyRemoteDebuggerAttach'
        return command

    hear = read

    # events

    def acknowledge(self, command):
        if command.name == 'hit_count':
            return []
        if command.name == 'other':
            return self.respond(command, False, 'Unknown command')
        return self.respond(command)

    @staticmethod
    def object(value):
        return {'objRepr': value['repr'], 'hexRepr': value['hex'], 'typeName': value['type'],
                'length': value['length'], 'flags': value['flags']}

    def started(self, thread=THREAD):
        return self.event('legacyThreadCreate', threadId=thread)

    def ended(self, thread=THREAD):
        return self.event('legacyThreadExit', threadId=thread)

    def module(self, file=FILE, id=1):
        return self.event('legacyModuleLoad', moduleId=id, moduleFileName=file)

    def modules_changed(self):
        return self.event('legacyModulesChanged') if self.version >= 8 else []

    def frame_body(self, one):
        body = {'startLine': one['first'], 'endLine': one['last'], 'lineNo': one['line'],
                'frameName': one['name'], 'fileName': one['file'], 'argCount': one['arguments'],
                'frameKind': one['kind'],
                'variables': [{'name': name, 'obj': self.object(value)} for name, value in one['variables']]}
        if one['kind'] == 2:
            body.update(djangoSourceFile='/srv/app/views.py', djangoSourceLine=3)
        return body

    def frames_body(self, thread=THREAD, frames=None, name='MainThread'):
        frames = stack() if frames is None else frames
        return {'threadId': thread, 'threadName': name, 'threadFrames': [self.frame_body(one) for one in frames]}

    def frames(self, thread=THREAD, frames=None, name='MainThread'):
        return self.event('legacyThreadFrameList', **self.frames_body(thread, frames, name))

    def loaded(self, thread=THREAD):
        return self.event('legacyProcessLoad', threadId=thread)

    def bound(self, id):
        return self.event('legacyBreakpointSet', breakpointId=id)

    def pending(self, id):
        return self.event('legacyBreakpointFailed', breakpointId=id)

    def hit(self, id, thread=THREAD):
        return self.event('legacyBreakpointHit', breakpointId=id, threadId=thread)

    def count(self, command):
        return self.respond(command, hitCount=0)

    def stepped(self, thread=THREAD):
        return self.event('legacyStepDone', threadId=thread)

    def broke(self, thread=THREAD):
        return self.event('legacyAsyncBreak', threadId=thread)

    def exception(self, thread=THREAD, type='ValueError', message='no such level', rich=False):
        return self.event('legacyException', threadId=thread,
                          data={'typename': type, 'message': message, 'breaktype': 'unhandled'})

    def result(self, token, value):
        return self.event('legacyExecutionResult', executionId=token, obj=self.object(value))

    def failed(self, token, message):
        return self.event('legacyExecutionException', executionId=token, exceptionText=message)

    def children_are(self, token, children):
        return self.event('legacyEnumChildrenResult', executionId=token,
                          children=[{'name': name, 'expression': expression, 'obj': self.object(value)}
                                    for name, expression, value in children])

    def output(self, words, thread=THREAD):
        channel = {'channel': 'stdout'} if self.version >= 8 else {}
        return self.event('legacyDebuggerOutput', threadId=thread, output=words, **channel)

    def wants_handlers(self, file):
        return self.event('legacyRequestHandlers', fileName=file)

    def detached(self):
        return self.event('legacyDetach')


WIRES = [Binary(2), Binary(4), Binary(6), Json(7), Json(8)]
BOTH = [Binary(6), Json(8)]
