"""A server that speaks DAP and does what a test tells it: greets as debugpy or ptvsd 4.x does, answers
initialize, attach, configurationDone and disconnect, keeps all it hears, and says anything else by hand."""

import json
import queue
import threading

import fakes

GREETINGS = {
    'debugpy': [{'seq': 1, 'type': 'event', 'event': 'output',
                 'body': {'category': 'telemetry', 'output': 'ptvsd', 'data': {'packageVersion': '1.8.22'}}},
                {'seq': 2, 'type': 'event', 'event': 'output',
                 'body': {'category': 'telemetry', 'output': 'debugpy', 'data': {'packageVersion': '1.8.22'}}}],
    'ptvsd': [{'seq': 0, 'type': 'event', 'event': 'output',
               'body': {'category': 'telemetry', 'output': 'ptvsd', 'data': {'version': '4.3.2'}}}]}


class Target(object):
    def __init__(self, kind='debugpy', capabilities=None, silent=()):
        self.kind, self.silent = kind, silent
        self.capabilities = capabilities or {'supportsConfigurationDoneRequest': True}
        self.bytes, self.requests, self.responses = b'', queue.Queue(), queue.Queue()
        self.peer, self.seq, self.attach = None, 10, None
        self.ended = threading.Event()  # the other side's end was read
        self.server = fakes.Server(self.serve)
        self.port = self.server.port

    def close(self):
        self.server.close()

    # ---- out

    def say_text(self, text):
        self.peer.sendall(fakes.framed(text.encode('utf-8')))

    def say(self, message):
        self.say_text(json.dumps(message))

    def event(self, name, body=None):
        self.seq += 1
        self.say({'seq': self.seq, 'type': 'event', 'event': name, 'body': body or {}})

    def answer(self, request, body=None, success=True):
        self.seq += 1
        self.say({'seq': self.seq, 'type': 'response', 'request_seq': request['seq'], 'success': success,
                  'command': request['command'], 'body': body or {}})

    # ---- in

    def read(self):
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            head += fakes.receive(self.peer, 1)
        body = fakes.receive(self.peer, int(head.split(b':')[1]))
        self.bytes += head + body
        return json.loads(body.decode('utf-8'))

    def serve(self, peer):
        self.peer = peer
        for message in GREETINGS[self.kind]:
            self.say(message)
        while True:
            try:
                message = self.read()
            except Exception:
                self.ended.set()
                raise
            if message['type'] == 'response':
                self.responses.put(message)
                continue
            self.requests.put(message)
            if message['command'] not in self.silent:
                getattr(self, 'on_' + message['command'], lambda request: None)(message)

    def on_initialize(self, request):
        self.answer(request, self.capabilities)
        if self.kind == 'ptvsd':
            self.event('initialized')

    def on_attach(self, request):
        self.attach = request
        if self.kind == 'ptvsd':
            self.answer(request)
        else:
            self.event('debugpyWaitingForServer', {'host': '127.0.0.1', 'port': 1})
            self.event('initialized')

    def on_setExceptionBreakpoints(self, request):
        self.answer(request)

    def on_configurationDone(self, request):
        self.answer(request)
        if self.kind != 'ptvsd':
            self.answer(self.attach)

    def on_continue(self, request):
        self.answer(request)

    def on_disconnect(self, request):
        self.answer(request)

    def heard(self, command):
        """The next request of this name."""
        while True:
            request = self.requests.get(timeout=15)
            if request['command'] == command:
                return request
