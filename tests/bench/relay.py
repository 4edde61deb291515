"""What the relay costs: ptvsd 4.x and debugpy through the bridge, beside the same DAP client that is
connected to them directly."""
import os
import socket
import statistics
import sys
import time

import bridge
import packages

HERE = os.path.dirname(os.path.abspath(__file__))
SHIMS = os.path.join(os.path.dirname(HERE), "relay", "shims")
TARGETS = ["4.3.2", "debugpy"]
PROGRAM = os.path.join(HERE, "debuggee.py")
SINGLE, STEPS = 1000, 60


def python_for(target, chosen):
    """debugpy is of today; it runs on what runs this."""
    return sys.executable if target == "debugpy" else chosen


def paths(target):
    if target == "debugpy":
        places = [os.path.join(SHIMS, "debugpy"), packages.debugpy()]
    else:
        places = [os.path.join(SHIMS, "ptvsd4"), packages.ptvsd(target)]
    return os.pathsep.join(places)


class Relayed(bridge.Bridge):
    def __init__(self, adapter, port):
        super().__init__(adapter, port, name="bench", redirectOutput=False)
        self.uri = "tcp://127.0.0.1:%d" % port

    def ping(self):
        """One request, answered without anybody's being asked."""
        self.ask("threads")


class Direct(Relayed):
    """The floor: no bridge, and a socket that is used as the bridge uses its own."""

    def start(self):
        self.socket = socket.create_connection(("127.0.0.1", int(self.uri.rpartition(":")[2])))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.to = self.back = self.socket.fileno()
        self.initialize()

    def send(self, command, arguments):
        """ptvsd 4.x says `initialized` too early."""
        number = super().send(command, arguments)
        if command == "attach" and any(event["event"] == "initialized" for event in self.events):
            self.answer(number)
        return number

    def receive(self):
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        super().receive()

    def end(self):
        self.socket.close()

    abandon = end


def timed(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def session(client, line, quick):
    client.start()
    try:
        client.attach(PROGRAM, line)
        client.clear_breakpoint()
        client.step()
        singles, steps = (50, 5) if quick else (SINGLE, STEPS)
        found = {"ping": statistics.median(timed(client.ping) for _ in range(singles)) * 1000}
        found["steps"] = steps / timed(lambda: [client.step() for _ in range(steps)])
        client.leave()
        return found
    finally:
        client.abandon()


def measure(chosen, debuggee, line):
    """Rows of bench.py's table: medians over sessions that take turns."""
    table = []
    for target in TARGETS:
        samples = {kind: {"ping": [], "steps": []} for kind in ("relayed", "direct")}
        for turn in range(chosen.repeat):
            kinds = ["relayed", "direct"] if turn % 2 else ["direct", "relayed"]
            for kind in kinds:
                with debuggee(python_for(target, chosen.python), paths(target)) as program:
                    client = Relayed(chosen.adapter, program.port) if kind == "relayed" else \
                        Direct(chosen.adapter, program.port)
                    for name, value in session(client, line, chosen.quick).items():
                        samples[kind][name].append(value)
        middle = {kind: {name: statistics.median(values) for name, values in found.items()}
                  for kind, found in samples.items()}
        table.append((target, "relayed steps", "/s", middle["relayed"]["steps"], middle["direct"]["steps"],
                      ">=", 0.95))
        added = (middle["relayed"]["ping"] - middle["direct"]["ping"]) / 2  # a request and its answer
        table.append((target, "added per message", "ms", max(added, 0), None, "<=", 0.1))
    return table
