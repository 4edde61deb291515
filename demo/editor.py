"""The editor's side of the Debug Adapter Protocol, as small as a demonstration needs it.

Starts the adapter, sends requests to its standard input, and gives back what it answers. A thread
reads, so that every wait here has an end.
"""
import json
import queue
import re
import subprocess
import threading
import time


class Trouble(Exception):
    """Something was not as promised; its text says what, in a sentence."""


class Editor:
    def __init__(self, adapter, trace=False):
        self.trace = trace
        self.seq = 0
        self.inbox = queue.Queue()
        self.events = []
        # A session of its own: Ctrl-C is for the demonstration, which then detaches.
        try:
            self.process = subprocess.Popen([adapter], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            raise Trouble("the adapter could not be started: %s" % error) from None
        threading.Thread(target=self.read_all, daemon=True).start()

    def read_all(self):
        stream = self.process.stdout
        while True:
            length = 0
            for line in iter(stream.readline, b"\r\n"):
                if not line:
                    self.inbox.put(None)
                    return
                name, _, value = line.partition(b":")
                if name == b"Content-Length":
                    length = int(value)
            self.inbox.put(json.loads(stream.read(length).decode("utf-8")))

    def show(self, arrow, message):
        if self.trace:
            text = re.sub(r"://[^@]*@", "://***@", json.dumps(message))
            print("      %s %s" % (arrow, text), flush=True)

    def send(self, command, **arguments):
        self.seq += 1
        message = {"seq": self.seq, "type": "request", "command": command, "arguments": arguments}
        self.show("->", message)
        body = json.dumps(message).encode("utf-8")
        try:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Trouble("the adapter has ended by itself") from None
        return self.seq

    def receive(self, until, what):
        try:
            message = self.inbox.get(timeout=max(0, until - time.monotonic()))
        except queue.Empty:
            raise Trouble("waited in vain for %s" % what) from None
        if message is None:
            self.inbox.put(None)
            raise Trouble("the adapter ended while we waited for %s" % what)
        self.show("<-", message)
        return message

    def answer(self, seq, command, seconds=10):
        until = time.monotonic() + seconds
        while True:
            message = self.receive(until, "the answer to %s" % command)
            if message["type"] == "event":
                self.events.append(message)
            elif message.get("request_seq") == seq:
                if not message["success"]:
                    raise Trouble("%s was refused: %s" % (command, message.get("message")))
                return message.get("body") or {}

    def ask(self, command, **arguments):
        return self.answer(self.send(command, **arguments), command)

    def await_event(self, name, seconds, what):
        until = time.monotonic() + seconds
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["event"] == name:
                    return event.get("body") or {}
                if event["event"] == "terminated":
                    raise Trouble("the session ended while we waited for %s" % what)
            message = self.receive(until, what)
            if message["type"] == "event":
                self.events.append(message)

    def close(self):
        """Also without a disconnect the adapter detaches when its input ends."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Trouble("the adapter did not end after the session") from None
        if status != 0:
            raise Trouble("the adapter ended with status %d" % status)
