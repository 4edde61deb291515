"""What the tests of the remote programs share: the interpreters, the released servers, a program
under one of them, and the expressions as the C code makes them."""

import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'live'))

import packages  # noqa: E402
import servers  # noqa: E402

import client  # noqa: E402

REMOTE = os.path.join(ROOT, 'adapter', 'remote')
with open(os.path.join(ROOT, 'adapter', 'remote.h')) as header:
    PROGRAMS = tuple(name.lower() for name in re.findall(r'^    REMOTE_([A-Z_]+),', header.read(), re.M))
RELEASES = ('2.0.0', '2.1.0', '2.2.0', '3.0.0', '3.1.0', '3.2.0', '3.2.1')
PYTHONS = ('2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', 'pypy3')


@functools.lru_cache(maxsize=None)
def interpreter(name):
    """The path of an interpreter, or None."""
    if name == 'pypy3':
        return shutil.which('pypy3', path='/usr/bin:' + os.environ.get('PATH', ''))
    return servers.find_python(name).path


@functools.lru_cache(maxsize=None)
def server(release):
    """The directory for PYTHONPATH."""
    return packages.ptvsd(release)


def debugger_module(release):
    return 'ptvsd.debugger' if release >= '3.2' else 'ptvsd.visualstudio_py_debugger'


@functools.lru_cache(maxsize=None)
def dump_tool(directory):
    """tests/remote/dump.c with what it shows, compiled."""
    made, tool = os.path.join(directory, 'remote_programs.c'), os.path.join(directory, 'dump')
    sources = [os.path.join(REMOTE, name + '.py') for name in PROGRAMS]
    subprocess.check_call([sys.executable, os.path.join(REMOTE, 'embed.py'), made] + sources)
    parts = [os.path.join(HERE, 'dump.c'), made, os.path.join(ROOT, 'adapter', 'remote.c')]
    parts += [os.path.join(ROOT, 'protocol', name) for name in ('literal.c', 'memory.c')]
    subprocess.check_call([os.environ.get('CC', 'cc'), '-std=gnu11', '-g', '-D_GNU_SOURCE',
                           '-I', os.path.join(ROOT, 'protocol'), '-I', os.path.join(ROOT, 'adapter'),
                           '-o', tool] + parts)
    return tool


def line_of(marker):
    with open(os.path.join(HERE, 'program.py')) as source:
        found = [number for number, text in enumerate(source, 1)
                 if re.search(r'# line: %s$' % marker, text.rstrip())]
    assert len(found) == 1
    return found[0]


class Debuggee(object):
    """program.py under a server, in a directory of its own."""

    def __init__(self, release, python, directory, kind, *words):
        self.directory, self.port = str(directory), servers.free_port()
        shutil.copy(os.path.join(HERE, 'program.py'), self.directory)
        self.file = os.path.join(self.directory, 'program.py')
        self.passes = os.path.join(self.directory, 'passes')
        self.errors = open(os.path.join(self.directory, 'stderr'), 'wb')
        environment = {'PATH': os.environ['PATH'], 'PYTHONPATH': server(release), 'LANG': 'C.UTF-8',
                       'PYTHONDONTWRITEBYTECODE': '1'}
        self.process = subprocess.Popen([interpreter(python), '-u', self.file, str(self.port), kind]
                                        + list(words), cwd=self.directory, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.errors)
        os.set_blocking(self.process.stdout.fileno(), True)
        if os.read(self.process.stdout.fileno(), 6) != b'READY\n':
            raise AssertionError('did not start: ' + self.said())
        # Nobody looks at the rest, and a full pipe must not stop the program.
        self.drain = subprocess.Popen(['cat'], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        self.process.stdout.close()

    def said(self):
        with open(self.errors.name, errors='replace') as errors:
            return errors.read()

    def count(self):
        return os.path.getsize(self.passes) if os.path.exists(self.passes) else 0

    def goes_on(self, within=1.0):
        """Within the time, the program makes passes again."""
        before, deadline = self.count(), time.monotonic() + within
        while time.monotonic() < deadline:
            if self.count() > before + 1:
                return True
            time.sleep(0.01)
        return False

    def stands(self, seconds=0.3):
        before = self.count()
        time.sleep(seconds)
        return self.count() == before

    def load(self, seconds=0.25):
        """The share of a core that its threads use."""
        def used():
            total, tasks = 0, '/proc/%d/task' % self.process.pid
            for task in os.listdir(tasks):
                try:
                    with open(os.path.join(tasks, task, 'schedstat')) as times:
                        total += int(times.read().split()[0]) / 1e9
                except OSError:
                    pass  # it ended
            return total
        before, start = used(), time.monotonic()
        time.sleep(seconds)
        return (used() - before) / (time.monotonic() - start)

    def thread_count(self):
        return len(os.listdir('/proc/%d/task' % self.process.pid))

    def tell(self, word):
        open(os.path.join(self.directory, word), 'w').close()

    def connect(self, options='', patience=client.PATIENCE):
        """An attached client; refusals are waited out, since a lost session may take a moment."""
        deadline = time.monotonic() + patience
        while True:
            try:
                return client.connect(self.port, options=options)
            except (client.Refused, client.Lost, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def attach(self, *breakpoints, **how):
        """An attached client at the attach stop, with these (id, line)."""
        one = self.connect(**how)
        one.set_exceptions(0)
        one.wait('load')
        for number, line in breakpoints:
            one.set_breakpoint(number, self.file, line)
        return one

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.drain.wait()
        self.errors.close()


def kill_at_stop(debuggee, line):
    """A client process that stops the program at the line and is killed there."""
    command = [sys.executable, os.path.join(HERE, 'client.py'), str(debuggee.port), debuggee.file,
               str(line)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    assert said == b'STOPPED\n'


def probe(port, words=b''):
    """What a port scanner or a browser does: connects, says something or nothing, and closes."""
    with socket.create_connection(('127.0.0.1', port), 5) as sock:
        sock.settimeout(5)
        if words:
            sock.sendall(words)
        time.sleep(0.05)


def healthy(debuggee, remote, line=line_of('work')):
    """What must hold after every drop. Leaves the program running, without a client."""
    assert debuggee.goes_on(), debuggee.said()
    assert debuggee.load() <= 0.05 + 0.03 * (debuggee.thread_count() > 4)
    client = debuggee.attach((90, line))
    assert client.evaluate(remote('drop_guard')) == "'again'"
    client.resume()
    client.wait('hit')
    client.settle()
    assert debuggee.stands(0.1)
    client.remove_breakpoint(90, debuggee.file, line)
    client.resume()
    assert debuggee.goes_on()
    client.leave()
    assert debuggee.goes_on()


def guarded(debuggee, remote, *breakpoints):
    """A client at the attach stop with the guard in place and one resume sent."""
    client = debuggee.attach(*breakpoints)
    assert client.evaluate(remote('drop_guard')) in ("'guarded'", "'again'")
    return client
