"""A DAP client, as lean as Python allows: it stands between the adapter and the clock.

Requests that are timed are byte templates; every message that arrives is parsed, as the bare
clients decode theirs; nothing is validated, that is the live tests' business. It offers the same
verbs as the bare clients.
"""
import json
import os
import signal


class Closed(Exception):
    pass


class Bridge:
    def __init__(self, adapter, port=0, secret="", **attributes):
        self.attributes = attributes
        self.command = [adapter]
        self.uri = "tcp://%s@127.0.0.1:%d" % (secret, port)
        self.seq = 0
        self.data = b""
        self.at = 0
        self.events = []
        self.pid = 0

    def start(self):
        """From the start of the process to the initialize response."""
        theirs_in, self.to = os.pipe()
        self.back, theirs_out = os.pipe()
        self.pid = os.posix_spawn(self.command[0], self.command, os.environ, file_actions=[
            (os.POSIX_SPAWN_DUP2, theirs_in, 0), (os.POSIX_SPAWN_DUP2, theirs_out, 1)])
        os.close(theirs_in)
        os.close(theirs_out)
        self.initialize()

    def initialize(self):
        self.ask("initialize", b'{"clientID":"bench","adapterID":"ptvsd-dap","pathFormat":"path",'
                               b'"linesStartAt1":true,"columnsStartAt1":true}')

    def send(self, command, arguments):
        self.seq += 1
        body = b'{"seq":%d,"type":"request","command":"%s","arguments":%s}' % (
            self.seq, command.encode(), arguments)
        os.write(self.to, b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self.seq

    def receive(self):
        more = os.read(self.back, 65536)
        if not more:
            raise Closed("the adapter closed its output")
        self.data = self.data[self.at:] + more
        self.at = 0

    def read(self):
        end = self.data.find(b"\r\n\r\n", self.at)
        while end < 0:
            self.receive()
            end = self.data.find(b"\r\n\r\n")
        length = int(self.data[self.at + len("Content-Length:"):end])
        start = end + 4 - self.at
        while len(self.data) - self.at < start + length:
            self.receive()
        start += self.at
        self.at = start + length
        return json.loads(self.data[start:self.at])

    def answer(self, seq):
        while True:
            message = self.read()
            if message["type"] == "event":
                self.events.append(message)
            elif message["request_seq"] == seq:
                if not message["success"]:
                    raise Closed("%s failed: %s" % (message["command"], message.get("message")))
                return message.get("body")

    def ask(self, command, arguments=b"{}"):
        return self.answer(self.send(command, arguments))

    def await_event(self, wanted):
        while True:
            while self.events:
                message = self.events.pop(0)
                if message["event"] == wanted:
                    return message.get("body")
            message = self.read()
            if message["type"] == "event":
                self.events.append(message)
            elif not message["success"]:
                raise Closed("%s failed: %s" % (message["command"], message.get("message")))

    def attach(self, path, line):
        """From the attach request to the report of the breakpoint."""
        self.path = path
        self.send("attach", json.dumps(dict(self.attributes, uri=self.uri)).encode())
        self.await_event("initialized")
        self.set_breakpoints(line)
        self.send("setExceptionBreakpoints", b'{"filters":[]}')
        self.send("configurationDone", b"{}")
        self.thread = self.await_event("stopped")["threadId"]

    def set_breakpoints(self, *lines):
        return self.send("setBreakpoints", json.dumps({
            "source": {"path": self.path}, "breakpoints": [{"line": n} for n in lines]}).encode())

    def clear_breakpoint(self):
        self.answer(self.set_breakpoints())
        self.look()

    def look(self):
        """Stack, scopes and the locals, one after the other as an editor must."""
        stack = self.ask("stackTrace", b'{"threadId":%d,"startFrame":0,"levels":20}' % self.thread)
        self.frame = stack["stackFrames"][0]
        scopes = self.ask("scopes", b'{"frameId":%d}' % self.frame["id"])
        first = scopes["scopes"][0]["variablesReference"]
        self.locals = self.ask("variables", b'{"variablesReference":%d}' % first)["variables"]

    def step(self):
        self.send("next", b'{"threadId":%d}' % self.thread)
        self.await_event("stopped")
        self.look()
        return self.frame["line"]

    def evaluate(self, text):
        arguments = b'{"expression":"%s","frameId":%d,"context":"watch"}' % (
            text.encode(), self.frame["id"])
        return self.ask("evaluate", arguments)["result"]

    def run_until_output(self, marker):
        self.send("continue", b'{"threadId":%d}' % self.thread)
        tail = ""
        while True:
            message = self.read()
            if message.get("event") == "output":
                tail = tail[-40:] + message["body"]["output"]
                if marker in tail:
                    return

    def leave(self):
        self.ask("disconnect")
        self.end()

    def end(self):
        if self.pid:
            os.close(self.to)
            os.close(self.back)
            os.waitpid(self.pid, 0)
            self.pid = 0

    def abandon(self):
        """On the way out after a failure: the adapter is told to detach, by its signal."""
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            self.end()
