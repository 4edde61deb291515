#!/usr/bin/env python3
"""What it costs to look at large things, to log, to test conditions, and to step deep down.

    python3 tests/bench/looking.py [--json FILE] [--adapter PATH] [--release 3.0.0 ...]

Beside the bare wire, or beside the same loop without the bridge's part in it; README.md says what each row means.
"""
import json
import os
import statistics
import sys
import time

import bench
from bare_binary import pack
from bridge import Bridge
import packages

PROGRAM = os.path.join(bench.HERE, "looking_debuggee.py")
FRAMES = 500  # and the two below them
PAGE = b'{"variablesReference":%d,"filter":"%s","start":%d,"count":100}'

# name, unit, sign of the goal, goal for bridge / bare
COMPARED = [
    ("a false condition", "us a pass", "<=", 1.05),
    ("steps below 500 frames", "/s", ">=", 1 / 1.1),
]
# beside the same loop with a print in the source, both through the bridge
LOGGED = ("a log point beside a print", "us a pass", "<=", 1.3)
ALONE = [
    ("100 of a list of 10,000,000", "ms", "<=", 25),
    ("100 of a dict of 10,000", "ms", "<=", 25),
]


def line(mark):
    with open(PROGRAM) as source:
        return next(n for n, text in enumerate(source, 1) if "# " + mark in text)


class Looking(Bridge):
    """The DAP client with what is asked for here."""

    def run_task(self, name, argument):
        """Gives what the program prints at the end of it; all else that it prints is read meanwhile."""
        self.evaluate("TASKS.append(('%s', %d))" % (name, argument))
        self.send("continue", b'{"threadId":%d}' % self.thread)
        return last_word(self.outputs())

    def outputs(self):
        while True:
            message = self.read()
            if message.get("event") == "output":
                yield message["body"]["output"]

    def set_only(self, mark, **how):
        self.answer(self.send("setBreakpoints", json.dumps({"source": {"path": PROGRAM}, "breakpoints": [
            dict(how, line=line(mark))]}).encode()))

    def stop_at(self, mark):
        self.set_only(mark)
        self.thread = self.await_event("stopped")["threadId"]
        self.look()

    def page(self, name, kind):
        found = self.ask("evaluate", b'{"expression":"%s","frameId":%d,"context":"watch"}' % (
            name.encode(), self.frame["id"]))
        begin = time.perf_counter()
        body = self.ask("variables", PAGE % (found["variablesReference"], kind.encode(), 5000))
        assert len(body["variables"]) == 100, body
        return (time.perf_counter() - begin) * 1000


class BareLookingJson(bench.BareJson):
    def run_task(self, name, argument):
        self.evaluate("TASKS.append(('%s', %d))" % (name, argument))
        self.send("legacyResumeAll")
        return last_word(self.outputs())

    def outputs(self):
        while True:
            message = self.read()
            if message.get("event") == "legacyDebuggerOutput":
                yield message["body"]["output"]

    def set_only(self, mark, condition=""):
        self.clear_breakpoint()
        self.line = line(mark)
        self.send("legacySetBreakpoint", language=0, breakpointId=1, breakpointLineNo=self.line,
                  breakpointFileName=PROGRAM, conditionKind=1 if condition else 0, condition=condition,
                  passCountKind=0, passCount=0)
        self.await_event("legacyBreakpointSet")

    def stop_at(self, mark):
        self.set_only(mark)
        self.thread = self.await_event("legacyBreakpointHit")["threadId"]


class BareLookingBinary(bench.BareBinary):
    def run_task(self, name, argument):
        self.evaluate("TASKS.append(('%s', %d))" % (name, argument))
        self.send(b"resa")
        return last_word(self.outputs())

    def outputs(self):
        while True:
            tag, fields = self.read()
            if tag == b"OUTP":
                yield fields[1]

    def set_only(self, mark, condition=""):
        self.clear_breakpoint()
        self.line = line(mark)
        self.send(b"brkp" + pack(1, self.line, PROGRAM, 1 if condition else 0, condition, 0, 0))
        self.await_tag(b"BRKS")

    def stop_at(self, mark):
        self.set_only(mark)
        self.thread = self.await_tag(b"BRKH")[1]


def last_word(outputs):
    tail = ""
    for text in outputs:
        tail = tail[-100:] + text
        if "bench-end " in tail and "\n" in tail.partition("bench-end ")[2]:
            return float(tail.partition("bench-end ")[2].split("\n")[0])


def compared(client, chosen):
    """What bridge and bare wire do alike. ptvsd stops each pass at BREAK once more, for the next task."""
    found = {}
    client.set_only("TEST", condition="i < 0")
    found["a false condition"] = client.run_task("tested", chosen.passes) / chosen.passes * 1e6
    client.stop_at("BREAK")
    client.evaluate("TASKS.append(('deep', %d))" % FRAMES)
    client.set_only("DEEP")
    go_on(client)
    client.clear_breakpoint()
    client.step()
    found["steps below 500 frames"] = chosen.steps / bench.timed(lambda: [client.step() for _ in range(chosen.steps)])
    return found


def go_on(client):
    if isinstance(client, Looking):
        client.send("continue", b'{"threadId":%d}' % client.thread)
        client.thread = client.await_event("stopped")["threadId"]
        client.look()
    elif isinstance(client, BareLookingJson):
        client.send("legacyResumeAll")
        client.thread = client.await_event("legacyBreakpointHit")["threadId"]
    else:
        client.send(b"resa")
        client.thread = client.await_tag(b"BRKH")[1]


def through_bridge(chosen, release):
    with bench.Debuggee(chosen.python, packages.ptvsd(release), PROGRAM) as debuggee:
        client = Looking(chosen.adapter, debuggee.port, bench.SECRET)
        client.start()
        try:
            client.attach(PROGRAM, line("BREAK"))
            client.look()
            found = {ALONE[0][0]: client.page("big_list", "indexed"), ALONE[1][0]: client.page("big_dict", "indexed")}
            client.set_only("LOG", logMessage="pass {i}")
            logged = client.run_task("logged", chosen.passes)
            client.stop_at("BREAK")
            client.clear_breakpoint()
            found[LOGGED[0]] = logged / chosen.passes * 1e6
            found["print"] = client.run_task("printed", chosen.passes) / chosen.passes * 1e6
            client.stop_at("BREAK")
            found.update(compared(client, chosen))
            client.leave()
        finally:
            client.abandon()
    return found


def on_bare_wire(chosen, release):
    bare = BareLookingJson if bench.BARE[release] is bench.BareJson else BareLookingBinary
    with bench.Debuggee(chosen.python, packages.ptvsd(release), PROGRAM) as debuggee:
        client = bare(debuggee.port, bench.SECRET)
        client.attach(PROGRAM, line("BREAK"))
        found = compared(client, chosen)
        client.leave()
    return found


def rows(release, kinds):
    middle = {kind: {name: statistics.median(values) for name, values in found.items()}
              for kind, found in kinds.items()}
    bridge, bare = middle["bridge"], middle["bare"]
    for name, unit, sign, goal in ALONE:
        yield bench.row(release, name, unit, bridge[name], None, sign, goal)
    yield bench.row(release, LOGGED[0], LOGGED[1], bridge[LOGGED[0]], bridge["print"], *LOGGED[2:])
    for name, unit, sign, goal in COMPARED:
        yield bench.row(release, name, unit, bridge[name], bare[name], sign, goal)


def main():
    chosen = bench.options(__doc__)
    chosen.passes = 1000 if chosen.quick else 100000
    samples = {release: {"bridge": {}, "bare": {}} for release in chosen.release}
    for _ in range(chosen.repeat):
        for release in chosen.release:
            bench.collect(samples[release]["bridge"], through_bridge(chosen, release))
            bench.collect(samples[release]["bare"], on_bare_wire(chosen, release))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    bench.report(chosen, [row for release in chosen.release for row in rows(release, samples[release])], samples)


if __name__ == "__main__":
    main()
