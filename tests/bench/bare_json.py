"""A client of the JSON ptvsd wire, version 8, with nothing in between: the floor to compare with.

TCP_QUICKACK is not sticky: it is set again before every read, or each answer stalls for 40 ms.
"""
import json
import socket
import struct


class Closed(Exception):
    pass


class BareJson:
    def __init__(self, port, secret):
        self.address = ("127.0.0.1", port)
        self.secret = secret
        self.seq = 0
        self.data = b""
        self.at = 0
        self.question = 0

    def attach(self, path, line, asked=None):
        """From the TCP connect to the report of the breakpoint; `asked` is evaluated at the attach stop."""
        self.sock = socket.create_connection(self.address, 20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.handshake()
        self.await_event("legacyModulesChanged")  # what comes before that goes half wrong
        self.send("legacySetExceptionInfo", defaultBreakOnMode=0, breakOn=[])
        self.send("legacySetBreakpoint", language=0, breakpointId=1, breakpointLineNo=line,
                  breakpointFileName=path, conditionKind=0, condition="", passCountKind=0,
                  passCount=0)
        self.thread = self.await_event("legacyProcessLoad")["threadId"]
        if asked:
            self.evaluate(asked)
        self.send("legacyResumeAll")
        self.thread = self.await_event("legacyBreakpointHit")["threadId"]
        self.line = line

    def handshake(self):
        try:
            version = self.await_event("legacyRemoteConnected")["debuggerProtocolVersion"]
            if version != 8:
                raise Closed("ptvsd speaks wire version %d, not 8" % version)
            self.accepted(self.ask("legacyRemoteDebuggerAuthenticate", debuggerName="PTVSDBG",
                                   debuggerProtocolVersion=version, clientSecret=self.secret))
            self.accepted(self.ask("legacyRemoteDebuggerAttach", debugOptions="RedirectOutput"))
        except BaseException:
            self.reset()
            raise

    def reset(self):
        """A FIN during the handshake would make the server spin for good; an RST does not."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    @staticmethod
    def accepted(body):
        if not body.get("accepted"):
            raise Closed("the server refused")

    def send(self, command, **arguments):
        self.seq += 1
        body = json.dumps({"type": "request", "seq": self.seq, "command": command,
                           "arguments": arguments}).encode()
        self.sock.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self.seq

    def receive(self):
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = self.sock.recv(65536)
        if not more:
            raise Closed("the server closed the connection")
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

    def await_event(self, wanted):
        while True:
            message = self.read()
            if message["type"] == "event":
                if message["event"] == wanted:
                    return message["body"]
                if message["event"] == "legacyRequestHandlers":
                    self.send("legacySetExceptionHandlerInfo", statements=[],
                              fileName=message["body"]["fileName"])

    def ask(self, command, **arguments):
        seq = self.send(command, **arguments)
        while True:
            message = self.read()
            if message["type"] == "response" and message["request_seq"] == seq:
                if not message["success"]:
                    raise Closed("%s failed: %s" % (command, message["message"]))
                return message["body"]

    def clear_breakpoint(self):
        self.ask("legacyRemoveBreakpoint", language=0, breakpointId=1, breakpointLineNo=self.line,
                 breakpointFileName="")

    def step(self):
        """Stack and locals come with the stop, so that one exchange is all."""
        self.send("legacyStepOver", threadId=self.thread)
        while True:
            message = self.read()
            if message.get("event") == "legacyThreadFrameList":
                self.stack = message["body"]["threadFrames"]
            elif message.get("event") == "legacyStepDone":
                return self.stack[0]["lineNo"]

    def evaluate(self, text):
        self.question += 1
        self.send("legacyExecuteText", text=text, threadId=self.thread, frameId=0,
                  executionId=self.question, frameKind=1, reprKind=0, moduleName="",
                  printResult=False)
        while True:
            message = self.read()
            if message.get("event") == "legacyExecutionResult":
                return message["body"]["obj"]["objRepr"]
            if message.get("event") == "legacyExecutionException":
                raise Closed("cannot evaluate %s: %s" % (text, message["body"]["exceptionText"]))

    def run_until_output(self, marker):
        self.send("legacyResumeAll")
        tail = ""
        while True:
            message = self.read()
            if message.get("event") == "legacyDebuggerOutput":
                tail = tail[-40:] + message["body"]["output"]
                if marker in tail:
                    return

    def leave(self):
        """Detach, then an unknown command ends the server's loop: it closes, and nothing spins.

        On PyPy the socket closes only when its garbage is collected: two seconds, then an RST.
        """
        self.send("legacyDetach")
        self.await_event("legacyDetach")
        self.send("bye")
        self.sock.settimeout(2)
        try:
            while True:
                self.read()
        except (Closed, OSError):
            self.reset()
