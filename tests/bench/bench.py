#!/usr/bin/env python3
"""What the bridge costs: ptvsd through ptvsd-dap, beside a client that speaks the bare wire.

    python3 tests/bench/bench.py [--json FILE] [--adapter PATH] [--release 3.0.0 ...]

One run prints a table; README.md beside this file says what each row means.
"""
import argparse
import glob
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(1, os.path.join(os.path.dirname(HERE), "live"))

from bare_binary import BareBinary  # noqa: E402
from bare_json import BareJson  # noqa: E402
from bridge import Bridge  # noqa: E402
import many  # noqa: E402
import packages  # noqa: E402
import relay  # noqa: E402

RELEASES = ["2.2.0", "3.0.0", "3.2.1"]
BARE = {"2.2.0": BareBinary, "3.0.0": BareBinary, "3.2.1": BareJson}
PROGRAM = os.path.join(HERE, "debuggee.py")
SECRET = "bench"
LINES = 20000
LISTEN = "0A"

# The attach row again: what of it is the guard, and how much of that any question would cost.
UNGUARDED = "without drop guard"
ASKED = "beside bare, asking 0"
OF_BRIDGE = "steps, less DAP client"  # its own time comes on top, the bare client's while ptvsd still sends

# name, unit, sign of the goal, goal for bridge / bare
COMPARED = [
    ("attach to first stop", "ms", "<=", 1.25),
    (UNGUARDED, "ms", "<=", 1.25),
    (ASKED, "ms", "<=", 1.25),
    ("steps", "/s", ">=", 0.90),
    (OF_BRIDGE, "/s", ">=", 0.90),
    ("evaluations", "/s", ">=", 0.90),
    ("output lines", "/s", ">=", 0.95),
]
# name, unit, sign, goal for the bridge alone
ALONE = [
    ("start to initialize", "ms", "<=", 5),
    ("memory idle", "MiB", "<=", 6),
    ("memory after session", "MiB", "<=", 20),
]
COSTS = ["adapter per step", "DAP client per step", "bare client per step"]


def options(about=__doc__):
    parser = argparse.ArgumentParser(description=about.split("\n")[0])
    parser.add_argument("--json", metavar="FILE", help="write the results and every sample here")
    parser.add_argument("--adapter", metavar="PATH", default=os.environ.get("PTVSD_DAP"))
    parser.add_argument("--python", metavar="PATH", help="the interpreter of the debuggee")
    parser.add_argument("--release", nargs="+", choices=RELEASES, default=RELEASES)
    parser.add_argument("--repeat", type=int, default=5, help="sessions of each kind (default 5)")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="one short session of each, to see it run")
    chosen = parser.parse_args()
    chosen.adapter = chosen.adapter or built_adapter()
    chosen.python = chosen.python or debuggee_python()
    chosen.starts, chosen.evaluations, chosen.many, chosen.many_steps = 30, 300, 50, 100
    if chosen.quick:
        chosen.repeat, chosen.steps, chosen.evaluations, chosen.starts = 1, 20, 20, 3
        chosen.many, chosen.many_steps = 3, 5
    return chosen


def built_adapter():
    for build in ("build-run/plain", "build"):
        path = os.path.join(ROOT, build, "ptvsd-dap")
        if os.path.exists(path):
            return path
    sys.exit("bench: no adapter is built; give one with --adapter PATH")


def debuggee_python():
    """Python 3.6, as most servers of that age; else what runs this; no ptvsd here starts on 3.12."""
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for path in ["python3.6"] + glob.glob(os.path.join(pyenv, "versions/3.6.*/bin/python3.6")):
        if runs(path):
            return path
    return sys.executable if sys.version_info < (3, 12) else "pypy3"


def runs(python):
    try:
        return subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


class Debuggee:
    """A fresh one for each session; its own output goes nowhere, ptvsd sends a copy."""

    def __init__(self, python, package, program=PROGRAM):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        paths = dict(os.environ, PYTHONPATH=package, PYDEVD_DISABLE_FILE_VALIDATION="1",
                     PYTHONDONTWRITEBYTECODE="1")
        self.process = subprocess.Popen([python, program, str(self.port), SECRET], env=paths,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(1000):
            if self.process.poll() is not None:
                raise RuntimeError("the debuggee ended before it listened")
            if self.listens():
                time.sleep(0.2)
                return self
            time.sleep(0.02)
        raise RuntimeError("the debuggee does not listen")

    def listens(self):
        """Asked of the kernel: a connection that only knocks would wedge the server."""
        wanted = ":%04X" % self.port
        with open("/proc/net/tcp") as table:
            rows = [row.split() for row in table]
        return any(row[1].endswith(wanted) and row[3] == LISTEN for row in rows)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def break_line():
    with open(PROGRAM) as source:
        return next(n for n, text in enumerate(source, 1) if "# BREAK" in text)


def memory(pid):
    with open("/proc/%d/status" % pid) as status:
        return next(int(row.split()[1]) for row in status if row.startswith("VmRSS")) / 1024


def cpu(pid):
    with open("/proc/%d/stat" % pid) as stat:
        ticks = stat.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def timed(action, *arguments):
    begin = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - begin


def steps(client, count):
    """Also what of it is processor time, the measuring client's own and the adapter's."""
    pid = getattr(client, "pid", 0)
    own, theirs = time.process_time(), pid and cpu(pid)
    seconds = timed(lambda: [client.step() for _ in range(count)])
    own = (time.process_time() - own) * 1000 / count
    if not pid:
        return seconds, {"bare client per step": own}
    return seconds, {"DAP client per step": own,
                     "adapter per step": (cpu(pid) - theirs) * 1000 / count}


def session(client, chosen):
    found = {"attach to first stop": timed(client.attach, PROGRAM, break_line()) * 1000}
    client.clear_breakpoint()
    client.step()
    seconds, costs = steps(client, chosen.steps)
    found["steps"] = chosen.steps / seconds
    found[OF_BRIDGE] = 1 / (seconds / chosen.steps - costs.get("DAP client per step", 0) / 1000)
    found["evaluations"] = chosen.evaluations / timed(
        lambda: [client.evaluate("total + %d" % n) for n in range(chosen.evaluations)])
    client.evaluate("LINES.append(%d)" % LINES)
    found["output lines"] = LINES / timed(client.run_until_output, "bench-end")
    return dict(found, **costs)


def through_bridge(chosen, release):
    with Debuggee(chosen.python, packages.ptvsd(release)) as debuggee:
        client = Bridge(chosen.adapter, debuggee.port, SECRET)
        client.start()
        try:
            found = session(client, chosen)
            found["memory after session"] = memory(client.pid)
            client.leave()
        finally:
            client.abandon()
    found[UNGUARDED] = attach_unguarded(chosen, release)
    found[ASKED] = found["attach to first stop"]
    return found


def attach_unguarded(chosen, release):
    with Debuggee(chosen.python, packages.ptvsd(release)) as debuggee:
        client = Bridge(chosen.adapter, debuggee.port, SECRET, dropGuard=False)
        client.start()
        try:
            return timed(client.attach, PROGRAM, break_line()) * 1000
        finally:
            client.abandon()


def on_bare_wire(chosen, release):
    with Debuggee(chosen.python, packages.ptvsd(release)) as debuggee:
        client = BARE[release](debuggee.port, SECRET)
        found = session(client, chosen)
        client.leave()
    found[UNGUARDED] = found["attach to first stop"]
    found[ASKED] = attach_asking(chosen, release)
    return found


def attach_asking(chosen, release):
    with Debuggee(chosen.python, packages.ptvsd(release)) as debuggee:
        client = BARE[release](debuggee.port, SECRET)
        seconds = timed(client.attach, PROGRAM, break_line(), "0")
        client.leave()
        return seconds * 1000


def starts(chosen):
    found = {"start to initialize": [], "memory idle": []}
    for _ in range(chosen.starts):
        client = Bridge(chosen.adapter)
        found["start to initialize"].append(timed(client.start) * 1000)
        found["memory idle"].append(memory(client.pid))
        client.leave()
    return found


def collect(store, found):
    for name, value in found.items():
        store.setdefault(name, []).append(value)


def measure(chosen):
    """Bridge and bare wire by turns, so that a busy minute of the machine meets both."""
    samples = {release: {"bridge": {}, "bare": {}} for release in chosen.release}
    kinds = [("bridge", through_bridge), ("bare", on_bare_wire)]
    for turn in range(chosen.repeat):
        for release in chosen.release:
            for kind, run in kinds if turn % 2 else reversed(kinds):
                collect(samples[release][kind], run(chosen, release))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return samples


def meets(value, sign, goal):
    return value <= goal if sign == "<=" else value >= goal


def row(release, name, unit, bridge, bare, sign, goal):
    judged = bridge if bare is None else bridge / bare
    return {"release": release, "row": name, "unit": unit, "bridge": bridge, "bare": bare,
            "ratio": None if bare is None else judged, "goal": "%s %g" % (sign, goal),
            "met": meets(judged, sign, goal)}


def rows(samples, alone):
    table = []
    for release, kinds in samples.items():
        for name, unit, sign, goal in COMPARED:
            middle = [statistics.median(kinds[kind][name]) for kind in ("bridge", "bare")]
            table.append(row(release, name, unit, *middle, sign, goal))
        after = statistics.median(kinds["bridge"]["memory after session"])
        table.append(row(release, *ALONE[2][:2], after, None, *ALONE[2][2:]))
        for name in COSTS:
            values = kinds["bridge"].get(name) or kinds["bare"][name]
            table.append({"release": release, "row": name, "unit": "ms CPU",
                          "bridge": statistics.median(values), "bare": None, "ratio": None,
                          "goal": "", "met": None})
    for name, unit, sign, goal in ALONE[:2]:
        table.append(row("any", name, unit, statistics.median(alone[name]), None, sign, goal))
    return table


def show(table):
    layout = "%-7s %-28s %-7s %10s %10s %7s  %-8s %s"
    print(layout % ("ptvsd", "what", "unit", "bridge", "bare", "ratio", "goal", "met"))
    for entry in table:
        print((layout % (entry["release"], entry["row"], entry["unit"], number(entry["bridge"]),
                         number(entry["bare"]), number(entry["ratio"]), entry["goal"],
                         {True: "yes", False: "NO", None: ""}[entry["met"]])).rstrip())


def number(value):
    if value is None:
        return "-"
    return "%.0f" % value if value >= 100 else "%.2f" % value


def version_of(python):
    return subprocess.check_output([python, "--version"], stderr=subprocess.STDOUT,
                                   universal_newlines=True).split("\n")[0].strip()


def report(chosen, table, samples, **more):
    about = {"machine": "%s, %d cores" % (platform.platform(), os.cpu_count()),
             "debuggee": version_of(chosen.python), "sessions": chosen.repeat,
             "steps": chosen.steps, "load": os.getloadavg()}
    print("%(debuggee)s; medians of %(sessions)d sessions of each kind; %(machine)s" % about)
    if about["load"][0] > os.cpu_count() + 1:
        print("The machine was busy with other things (load %.0f): do not trust these." % about["load"][0])
    show(table)
    if chosen.json:
        with open(chosen.json, "w") as out:
            json.dump(dict(more, about=about, table=table, samples=samples), out, indent=1)


def main():
    chosen = options()
    alone = starts(chosen)
    samples = measure(chosen)
    found = [row(*one) for one in relay.measure(chosen, Debuggee, break_line())]
    found += [row(*one) for one in many.measure(chosen, Debuggee, BARE)]
    report(chosen, rows(samples, alone) + found, samples, starts=alone)


if __name__ == "__main__":
    main()
