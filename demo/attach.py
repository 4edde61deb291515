"""Attaches to a Python program under ptvsd, looks around at one line, and leaves it running.

    python3 attach.py --adapter PATH --game PYTHON
    python3 attach.py --adapter PATH tcp://secret@host:5678 file.py:12

The first form starts game.py under PYTHON with ptvsd on its PYTHONPATH. --trace, or DEMO_TRACE=1,
shows the messages.
"""
import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time

from editor import Editor, Trouble

GAME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "game.py")
MARK = "if guess < number:"


def say(text=""):
    print(text, flush=True)


class Game:
    """The program under debug; what it prints is kept, to show that it goes on."""

    def __init__(self, python):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.secret = secrets.token_hex(8)
        self.lines = []
        self.process = subprocess.Popen(
            [python, "-u", GAME, str(self.port), self.secret], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, universal_newlines=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def uri(self):
        return "tcp://%s@127.0.0.1:%d" % (self.secret, self.port)

    def went_on(self, otherwise, count=3):
        """Shows the next lines that it prints."""
        first, until = len(self.lines), time.monotonic() + 10
        while len(self.lines) < first + count:
            if self.process.poll() is not None:
                raise Trouble("%s: it ended with status %d" % (otherwise, self.process.returncode))
            if time.monotonic() > until:
                raise Trouble("%s: it prints nothing" % otherwise)
            time.sleep(0.05)
        for line in self.lines[first:first + count]:
            say("      game | %s" % line)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Visit:
    """One attach through the bridge, from its start to its end."""

    def __init__(self, adapter, uri, trace):
        self.uri = uri
        self.editor = Editor(adapter, trace)
        self.attached = False
        self.thread = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            self.detach()
            self.editor.close()
        except Trouble:
            if kind is None:
                raise

    def attach(self, path=None, line=0):
        """As editors do: what to stop at is said before the program may go on."""
        self.editor.ask("initialize", adapterID="ptvsd-dap", clientID="demo", linesStartAt1=True,
                        columnsStartAt1=True, pathFormat="path")
        attach = self.editor.send("attach", uri=self.uri)
        self.attached = True
        self.editor.answer(attach, "attach", 15)
        self.editor.await_event("initialized", 10, "the adapter to be ready for breakpoints")
        breakpoint = None
        if path:
            answer = self.editor.ask("setBreakpoints", source={"path": path},
                                     breakpoints=[{"line": line}])
            breakpoint = answer["breakpoints"][0]
        self.editor.ask("setExceptionBreakpoints", filters=[])
        self.editor.ask("configurationDone")
        return breakpoint

    def await_stop(self, seconds, what):
        self.thread = self.editor.await_event("stopped", seconds, what)["threadId"]
        return self.stack()

    def stack(self):
        frames = self.editor.ask("stackTrace", threadId=self.thread)["stackFrames"]
        if not frames:
            raise Trouble("stopped, but the stack is empty")
        return frames

    def locals(self, frame):
        scopes = self.editor.ask("scopes", frameId=frame["id"])["scopes"]
        reference = scopes[0]["variablesReference"]
        return self.editor.ask("variables", variablesReference=reference)["variables"]

    def evaluate(self, text, frame):
        return self.editor.ask("evaluate", expression=text, frameId=frame["id"],
                               context="watch")["result"]

    def step(self):
        self.editor.ask("next", threadId=self.thread)
        return self.await_stop(10, "the step to end")

    def detach(self):
        """Lets go of the program, which runs on. Only once, and only if there is something to."""
        if self.attached:
            self.attached = False
            self.editor.ask("disconnect")


def place(frame):
    source = frame.get("source", {})
    return "%s:%d" % (source.get("name") or os.path.basename(source.get("path", "?")),
                      frame["line"])


def show_source(path, line):
    if not os.path.exists(path):
        say("      line %d of %s (no copy of the file here)" % (line, path))
        return
    with open(path, encoding="utf-8", errors="replace") as source:
        lines = source.read().splitlines()
    for number in range(max(1, line - 2), min(len(lines), line + 2) + 1):
        say("    %s %4d  %s" % (">" if number == line else " ", number, lines[number - 1]))


def show_stack(frames):
    say("   The stack:")
    for frame in frames[:8]:
        say("      %-20s %s" % (frame["name"], place(frame)))
    if len(frames) > 8:
        say("      ... and %d more" % (len(frames) - 8))


def show_locals(variables):
    say("   The locals:")
    for variable in variables[:12]:
        value = variable["value"]
        say("      %-20s %s" % (variable["name"], value if len(value) <= 60 else value[:57] + "..."))
    if len(variables) > 12:
        say("      ... and %d more" % (len(variables) - 12))


def look_around(visit, frames, expressions):
    top = frames[0]
    path = top.get("source", {}).get("path", "?")
    show_source(path, top["line"])
    show_stack(frames)
    show_locals(visit.locals(top))
    say("   Evaluated there:")
    for text in expressions:
        say("      %-20s %s" % (text, visit.evaluate(text, top)))
    return top


def first_visit(visit, path, line, expressions, patience):
    say("1. Attach, with a breakpoint at %s:%d" % (os.path.basename(path), line))
    breakpoint = visit.attach(path, line)
    if not breakpoint["verified"]:
        say("   not bound yet: %s" % breakpoint.get("message", "no reason given"))
    frames = visit.await_stop(patience, "%s:%d to be reached" % (os.path.basename(path), line))
    if frames[0]["line"] != line:
        raise Trouble("stopped at %s instead of line %d" % (place(frames[0]), line))
    say("2. Stopped there")
    top = look_around(visit, frames, expressions)
    after = visit.step()[0]
    say("3. One step: from %s to %s" % (place(top), place(after)))
    if after["line"] == top["line"] and after["name"] == top["name"]:
        raise Trouble("the step did not leave line %d" % top["line"])
    visit.detach()
    say("4. Detached")


def second_visit(visit):
    visit.attach()
    threads = visit.editor.ask("threads")["threads"]
    visit.detach()
    say("5. Attached again (%d thread%s) and detached" % (len(threads), "s"[len(threads) == 1:]))


def line_of(mark):
    with open(GAME) as source:
        return next(n for n, text in enumerate(source, 1) if mark in text)


def with_the_game(chosen):
    game = Game(chosen.game)
    try:
        say("The game, under ptvsd on port %d:" % game.port)
        game.went_on("the game did not start")
        with Visit(chosen.adapter, game.uri(), chosen.trace) as visit:
            first_visit(visit, GAME, line_of(MARK), ["number - guess", "name.upper()"], 10)
        game.went_on("the game did not go on after the detach")
        with Visit(chosen.adapter, game.uri(), chosen.trace) as visit:
            second_visit(visit)
        game.went_on("the game did not go on after the second detach")
    finally:
        game.stop()
    say("All as promised: the game never noticed.")


def with_your_program(chosen):
    path, _, line = chosen.place.rpartition(":")
    if not path or not line.isdigit():
        raise Trouble("the place must be a file and a line, like app.py:12, not %s" % chosen.place)
    path = os.path.abspath(path)
    say("Up to 60 seconds for the line to be reached; Ctrl-C detaches.")
    with Visit(chosen.adapter, chosen.uri, chosen.trace) as visit:
        first_visit(visit, path, int(line), ["__name__"], 60)
    with Visit(chosen.adapter, chosen.uri, chosen.trace) as visit:
        second_visit(visit)
    say("All as promised: your program runs on.")


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--game", metavar="PYTHON")
    parser.add_argument("--trace", action="store_true",
                        default=os.environ.get("DEMO_TRACE", "") not in ("", "0"))
    parser.add_argument("uri", nargs="?")
    parser.add_argument("place", nargs="?")
    chosen = parser.parse_args()
    if bool(chosen.uri) != bool(chosen.place):
        parser.error("give both, as in tcp://secret@host:5678 file.py:12, or none")
    return chosen


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, interrupted)
    try:
        with_your_program(chosen) if chosen.uri else with_the_game(chosen)
    except Trouble as trouble:
        sys.exit("Not as promised: %s." % str(trouble).rstrip("."))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; detached.")


if __name__ == "__main__":
    main()
