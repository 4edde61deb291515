"""Plays a recording of a real server to the live bridge.

A recording is cut into *turns*: what the server said between one command that moves the program (resume, a
step, a pause, the detach) and the next. Each such command of the bridge is answered with the next turn, byte
for byte but for breakpoint ids. What the bridge asks (values, hit counts, its own programs) is answered from
the recording where the same was asked there, with the bridge's tokens; else with a small value."""

import collections
import json
import os
import re
import socket
import struct
import threading

import wire_reader
import wires

RECORDINGS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'recordings')
MOVES = ('resume', 'step', 'pause', 'detach')
ANSWERS = ('result', 'failed', 'children_are')
STOPS = ('hit', 'stepped', 'broke', 'exception')
BY_ID = ('bound', 'pending', 'hit')


class Recording(object):
    """`connections`: lists of messages, each as wire_reader reads it; None where it cannot."""

    def __init__(self, path):
        self.name = os.path.basename(path)[:-len('.jsonl')]
        self.connections = []
        conversation = None
        with open(path) as lines:
            for line in map(json.loads, lines):
                data = bytes.fromhex(line['hex']) if 'hex' in line else line['text'].encode('utf-8')
                way = '<' if line['dir'] == 's2c' else '>'
                if not conversation or (way == '>' and not data):
                    conversation = wire_reader.Conversation()
                    self.connections.append(conversation)
                conversation.feed(way, data, 0.0)

    def __str__(self):
        return self.name


def names():
    return sorted(os.path.join(kind, name) for kind in ('binary', 'json')
                  for name in os.listdir(os.path.join(RECORDINGS, kind)) if name.endswith('.jsonl'))


def read(name):
    return Recording(os.path.join(RECORDINGS, name))


class Script(object):
    """What one connection of a recording says, and what an editor did to make it say so."""

    def __init__(self, conversation):
        self.version = conversation.version
        self.wire = wires.Json(self.version) if self.version >= 7 else wires.Binary(self.version)
        self.handshake, self.turns, self.moves, self.gates = [], [[]], [], collections.Counter()
        self.breakpoints, self.exceptions, self.questions = [], [], collections.defaultdict(list)
        self.answers = collections.defaultdict(list)
        self.how_set = {}
        self.read(conversation.messages)

    def read(self, messages):
        attached, asked = False, {}
        for message in messages:
            if message.name == 'closed':
                continue
            if not attached:
                if message.way == '<':
                    self.handshake.append(message)
                attached = message.name == 'attached' and message.accepted
            elif message.way == '>':
                self.command(message, asked)
            else:
                self.event(message, asked)

    def command(self, message, asked):
        if message.name in MOVES:
            self.moves.append(message)
            self.turns.append([])
        elif message.name == 'handlers':
            self.turns[-1].append(message)
        elif message.name == 'set_breakpoint':
            self.breakpoints.append(message)
        elif message.name == 'exceptions':
            self.exceptions.append(message)
        elif message.name in ('execute', 'children'):
            asked[message.token] = (message.name, message.text)
            self.questions[len(self.moves)].append(message)

    def event(self, message, asked):
        turn = self.turns[-1]
        if message.name in ANSWERS:
            # the stack before an answer belongs to it
            before = turn.pop().data if turn and turn[-1].name == 'frames' else b''
            self.answers[asked.get(message.token)].append((before, message))
        elif message.name in ('bound', 'pending') and message.id not in self.how_set:
            self.how_set[message.id] = message
        elif message.name not in ('hit_counted', 'response', 'line_set'):
            turn.append(message)


class Cut(Exception):
    """The connection ends here."""


class Player(object):
    """Serves one connection after another by the recording's scripts. `sent_limit`, `heard_limit`: how many
    bytes of each way there are; `bytewise`: each in a segment of its own."""

    def __init__(self, scripts, sent_limit=None, heard_limit=None, bytewise=False, reset=False):
        self.scripts, self.reset, self.bytewise = list(scripts), reset, bytewise
        self.sent_limit, self.heard_limit = sent_limit, heard_limit
        self.sent, self.heard, self.turn = 0, 0, 0
        self.faults = []
        self.moved = threading.Condition()
        self.over = self.playing = False

    @property
    def next_move(self):
        """The recording's next command that moves the program, or None at its end."""
        moves = self.script.moves
        return moves[self.turn] if self.turn < len(moves) else None

    def stops_in(self, turn):
        """Does the editor hear of a stop in this turn?"""
        return any(one.name in STOPS for one in self.script.turns[turn])

    @property
    def script(self):
        return self.scripts[0]

    def __call__(self, connection):
        self.socket, self.source = connection, wire_reader.Source()
        self.reader = wire_reader.reader(self.script.version)
        self.ids, self.waiting, self.answered = {}, [], collections.Counter()
        self.free = list(self.script.breakpoints)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.serve()
        except Cut:
            if self.reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        except OSError:
            pass
        finally:
            with self.moved:
                self.over = True
                self.moved.notify_all()
            connection.close()

    # ---- bytes

    def say(self, data):
        limit = self.sent_limit
        cut = limit is not None and self.sent + len(data) >= limit
        if cut:
            data = data[:limit - self.sent]
        self.sent += len(data)
        for at in range(0, len(data), 1 if self.bytewise else len(data) or 1):
            self.socket.sendall(data[at:at + 1] if self.bytewise else data)
        if cut:
            raise Cut

    def hear(self):
        while True:
            try:
                message = self.reader.read_command(self.source)
                self.source.done()
                return message
            except wire_reader.Short:
                self.source.at = 0
            limit = self.heard_limit
            data = self.socket.recv(1 << 16 if limit is None else min(1 << 16, limit - self.heard))
            self.heard += len(data)
            self.source.data += data
            if not data or self.heard == limit:
                raise Cut

    # ---- what a JSON answer needs of its question

    def ask_back(self, command, **body):
        if self.script.version >= 7:
            self.say(wires.whole(self.script.wire.respond(command, **body)))

    def adapted(self, message, **changed):
        """The recorded bytes with other numbers."""
        if self.script.version < 7:
            (value,) = [value for value in changed.values() if value is not None][:1] or (None,)
            return message.data if value is None else message.data[:4] + wires.number(value) + message.data[12:]
        body = json.loads(message.data.split(b'\r\n\r\n', 1)[1].decode('utf-8'))
        if 'request_seq' in changed:
            body['request_seq'] = changed.pop('request_seq')
        body.get('body', {}).update({name: value for name, value in changed.items() if value is not None})
        return wires.whole(wires.framed(body))

    # ---- the session

    def serve(self):
        recorded = list(self.script.handshake)
        self.say(recorded.pop(0).data)
        while True:
            command = self.hear()
            if command.name in ('authenticate', 'attach') and recorded:
                message = recorded.pop(0)
                self.say(self.adapted(message, request_seq=command.seq) if self.script.version >= 7 else message.data)
                if not message.accepted:
                    raise Cut
                if command.name == 'attach':
                    self.play(self.script.turns[0])
            elif command.name in ('authenticate', 'attach'):
                raise Cut  # as the recorded server did
            else:
                getattr(self, 'on_' + command.name, self.on_other)(command)

    def play(self, messages):
        self.waiting += messages
        while self.waiting:
            message = self.waiting[0]
            if message.way == '>':
                return  # until the bridge tells these handlers too
            self.waiting.pop(0)
            if message.name in BY_ID:
                self.say(self.adapted(message, breakpointId=self.ids.get(message.id)))
            else:
                self.say(message.data)
        with self.moved:
            self.playing = False
            self.moved.notify_all()

    def on_other(self, command):
        self.ask_back(command)

    def on_unknown(self, command):
        self.ask_back(command, success=False, message='Unknown command')
        raise Cut

    def on_set_breakpoint(self, command):
        self.ask_back(command)
        def name(file):
            return re.split(r'[\\/]', file)[-1]
        found = [one for one in self.free if (one.line, name(one.file)) == (command.line, name(command.file))]
        if not found:
            self.say(wires.whole(self.script.wire.pending(command.id)))
            return
        self.free.remove(found[0])
        for one in found:
            self.ids[one.id] = command.id
        how = self.script.how_set.get(found[0].id)
        self.say(self.adapted(how, breakpointId=command.id) if how
                 else wires.whole(self.script.wire.pending(command.id)))

    def on_handlers(self, command):
        self.ask_back(command)
        if self.waiting and self.waiting[0].way == '>':
            self.waiting.pop(0)
            self.play([])

    def on_hit_count(self, command):
        self.say(wires.whole(self.script.wire.count(command)))

    def on_execute(self, command):
        self.ask_back(command)
        answers = self.script.answers.get((command.name, command.text))
        if answers:
            before, message = answers[min(self.answered[command.text], len(answers) - 1)]
            self.answered[command.text] += 1
            self.say(before + self.adapted(message, executionId=command.token))
            return
        wire, value = self.script.wire, wires.obj('42', hex_='0x2a')
        if command.name == 'children':
            self.say(wires.whole(wire.children_are(command.token, [('x', 'x', value)])))
            return
        names = re.match(r"\(lambda l:''\.join\(.*? in \((.*?)\)\]\)", command.text, re.S)
        if names:  # which of these names are locals: all
            value = wires.obj(repr('1' * len(re.findall(r'"[^"]*",?', names.group(1)))), 'str', flags=16)
        elif '<bridge>' in command.text:
            value = wires.obj("'guarded'", 'str', length=7)
        self.say(wires.whole(wire.result(command.token, value)))

    on_children = on_execute

    def on_move(self, command):
        self.ask_back(command)
        with self.moved:
            last = self.next_move is None or self.next_move.name == 'detach'
            if command.name == 'detach':
                self.turn, messages = len(self.script.moves), self.farewell()
            elif last:
                messages = []  # one more resume than was recorded
            else:
                self.turn += 1
                self.playing, messages = True, self.script.turns[self.turn]
            self.moved.notify_all()
        self.play(messages)

    on_resume = on_step = on_pause = on_detach = on_move

    def farewell(self):
        """The recording's detach from DETC on, or a made-up one where the recording's program exits."""
        script = self.script
        if script.moves and script.moves[-1].name == 'detach':
            return script.turns[-1]
        data = wires.whole(script.wire.detached())
        made = wire_reader.Message('<', 'detached')
        made.data = data
        return [made]
