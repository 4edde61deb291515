"""What one process costs that serves many editors: all step at once, each its own program, beside as many bare
clients. Each client is a process of its own, so that none waits for another's interpreter."""
import contextlib
import multiprocessing
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

import bridge
import packages

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "debuggee.py")
SECRET = "bench"
PATIENCE = 300


class Server:
    def __init__(self, adapter):
        self.process = subprocess.Popen([adapter, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, universal_newlines=True)
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def memory(self):
        """Resident, in MiB."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def end(self):
        self.process.terminate()
        self.process.communicate()


class Guest(bridge.Bridge):
    """An editor that connects to a running server."""

    def __init__(self, server, port=0):
        super().__init__(None, port, SECRET)
        self.server = server

    def start(self):
        self.socket = socket.create_connection(("127.0.0.1", self.server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.to = self.back = self.socket.fileno()
        self.initialize()

    def end(self):
        self.socket.close()

    abandon = end


def work(start, connect, steps, turn, ready, failed):
    """One after the other until each stands still: a program that waits for its debugger is not idle, the bare clients
    bear no crowd at an attach, and that is no part of this."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with contextlib.ExitStack() as stack:
            with turn:
                program = start()
                stack.push(program)  # it ends, too, if it never listens
                client = connect(program.__enter__().port)
                client.attach(PROGRAM, break_line())
                client.clear_breakpoint()
                client.step()
            ready.wait()
            for _ in range(steps):
                client.step()
            ready.wait()
            client.leave()
    except threading.BrokenBarrierError:
        pass  # another has failed
    except BaseException:
        failed.set()
        ready.abort()
        raise


def break_line():
    with open(PROGRAM) as source:
        return next(n for n, text in enumerate(source, 1) if "# BREAK" in text)


def at_once(chosen, start, connect, look=lambda: None):
    """Steps of all together in a second; `look` when they have been made."""
    fork = multiprocessing.get_context("fork")
    turn, ready, failed = fork.Lock(), fork.Barrier(chosen.many + 1), fork.Event()
    workers = [fork.Process(target=work, args=(start, connect, chosen.many_steps, turn, ready, failed))
               for _ in range(chosen.many)]
    for worker in workers:
        worker.start()
    try:
        ready.wait(PATIENCE)
        begin = time.perf_counter()
        while ready.n_waiting < chosen.many and not failed.is_set() and time.perf_counter() < begin + PATIENCE:
            time.sleep(0.001)
        seconds = time.perf_counter() - begin
        look()
        ready.wait(10)
        for worker in workers:
            worker.join(PATIENCE)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    return chosen.many * chosen.many_steps / seconds


def through_server(chosen, start):
    server, used = Server(chosen.adapter), []

    def connect(port):
        guest = Guest(server, port)
        guest.start()
        return guest

    try:
        return at_once(chosen, start, connect, lambda: used.append(server.memory())), used[0]
    finally:
        server.end()


def idle(chosen):
    """MiB for each of many who have only connected."""
    server = Server(chosen.adapter)
    before, guests = server.memory(), [Guest(server) for _ in range(200)]
    for guest in guests:
        guest.start()
    used = (server.memory() - before) / len(guests)
    for guest in guests:
        guest.leave()
    server.end()
    return used


def measure(chosen, debuggee, bare):
    """Rows of bench.py's table."""
    table = [("any", "memory of an idle session", "MiB", idle(chosen), None, "<=", 0.5)]
    for release in chosen.release[-1:] if chosen.quick else chosen.release:
        def start():
            return debuggee(chosen.python, packages.ptvsd(release))

        packages.ptvsd(release)  # fetched once, not by all of them
        rates = {"server": [], "bare": []}
        for turn in range(max(chosen.repeat // 2, 1)):
            rate, used = through_server(chosen, start)
            rates["server"].append(rate)
            rates["bare"].append(at_once(chosen, start, lambda port: bare[release](port, SECRET)))
        table.append((release, "%d x %d steps at once" % (chosen.many, chosen.many), "/s",
                      statistics.median(rates["server"]), statistics.median(rates["bare"]), ">=", 0.91))
        table.append((release, "memory of these %d" % chosen.many, "MiB", used, None, "<=", 6 + chosen.many / 2))
    return table
