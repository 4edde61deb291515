"""Programs under a real ptvsd on a real Python: which there are, starting one, watching it."""

import functools
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib

import canary
import packages
from ports import free as free_port

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, 'programs')
RELEASES = ('2.0.0', '2.1.0', '2.2.0', '3.0.0', '3.1.0', '3.2.0', '3.2.1')
PYTHONS = ('2.7', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', 'pypy', 'system')
OLDER = ('py3.6', 'py3.7', 'py3.8')
SECRET = canary.SECRET
PATIENCE = 20
WIRES = {'2.0.0': 2, '2.1.0': 4, '2.2.0': 6, '3.0.0': 6, '3.1.0': 7, '3.2.0': 8,
         '3.2.1': 8}
ASK = ('import sys, platform; print("%s %d.%d %s" % ((platform.python_implementation(),)'
       ' + sys.version_info[:2] + (sys.executable,)))')


def stacks(pid):
    """Of each thread of a program, as lines, where py-spy is at hand."""
    dumper = shutil.which('py-spy', path=os.pathsep.join([os.path.dirname(sys.executable), os.environ.get('PATH', '')]))
    return subprocess.run([dumper, 'dump', '--pid', str(pid)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, timeout=20).stdout if dumper else ''


class Python(object):
    """One interpreter: `label` as it stands in test names, `path` or None when it is missing."""

    def __init__(self, label, path=None, version=None, pypy=False):
        self.label, self.path, self.version, self.pypy = label, path, version, pypy

    @property
    def is2(self):
        return self.version[0] == 2


def ask(path):
    """(implementation, (major, minor), executable) of an interpreter, or None."""
    try:
        said = subprocess.run([path, '-c', ASK], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, timeout=30).stdout
        implementation, version, executable = said.strip().split(' ', 2)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return implementation, tuple(int(part) for part in version.split('.')), executable


def candidates(name):
    """Where an interpreter of this name may be; the shims of version managers last."""
    places = ['/usr/bin', '/usr/local/bin']
    places += sorted(glob.glob(os.path.expanduser('~/.pyenv/versions/*/bin')))
    places += os.environ.get('PATH', '').split(os.pathsep)
    for place in places:
        path = os.path.join(place, name)
        if os.access(path, os.X_OK):
            yield path


def find_python(wanted):
    """'2.7', '3.6' …, 'pypy' or 'system': this machine's python3, or PyPy 3 where that is too new for ptvsd."""
    if wanted == 'pypy':
        return find_pypy()
    if wanted != 'system':
        version = tuple(int(part) for part in wanted.split('.'))
        for path in candidates('python' + wanted):
            said = ask(path)
            if said and said[1] == version:
                return Python('py' + wanted, said[2], version, said[0] == 'PyPy')
        return Python('py' + wanted)
    for path in candidates('python3'):
        said = ask(path)
        if said and said[1] <= (3, 11):
            return Python('py%d.%d' % said[1], said[2], said[1], said[0] == 'PyPy')
        break
    return find_pypy()


def find_pypy():
    for path in candidates('pypy3'):
        said = ask(path)
        if said:
            return Python('pypy%d.%d' % said[1], said[2], said[1], True)
    return Python('pypy3')


class Pair(object):
    """A release of ptvsd on a Python."""

    def __init__(self, release, python):
        self.release, self.python = release, python

    @property
    def wire(self):
        return WIRES[self.release]

    def __str__(self):
        return '%s-%s' % (self.release, self.python.label)


@functools.lru_cache(maxsize=None)
def matrix():
    releases = os.environ.get('PTVSD_DAP_RELEASES', '').split() or RELEASES
    pythons = os.environ.get('PTVSD_DAP_PYTHONS', '').split() or PYTHONS
    found = {python.label: python for python in map(find_python, pythons)}.values()
    return [Pair(release, python) for release in releases for python in found]


def takes_2(test, pair):
    """Of the releases that speak the same wire, one takes Python 2 and the others Python 3; None where there is but
    one release, or no Python 2."""
    there = sorted({other.release for other in matrix() if other.wire == pair.wire})
    if len(there) == 1 or not any(other.python.is2 and other.python.path for other in matrix()):
        return None
    return there[zlib.crc32(test.encode()) % len(there)] == pair.release


def is_wanted(test, pair, two_pythons=False, pythons=()):
    """Each test runs on each wire with three Pythons: 2.7, and one of the older and of the newer others, so that
    each pair gets its share; releases that speak the same wire divide them (takes_2). With `two_pythons`, on 2.7 and
    one of all the others. `pythons`: it concerns no others. PTVSD_DAP_WHOLE=1 runs all on all, and whoever names
    Pythons gets them."""
    if 'PTVSD_DAP_WHOLE' in os.environ or 'PTVSD_DAP_PYTHONS' in os.environ or not pair.python.path:
        return True  # one that is not there is named as skipped
    on2 = None if pythons else takes_2(test, pair)
    if on2 not in (None, pair.python.is2):
        return False
    if pair.python.is2:
        return True
    older = pair.python.label in OLDER
    there = [other.python.label for other in matrix() if other.release == pair.release and other.python.path and
             not other.python.is2 and (two_pythons or (other.python.label in OLDER) == older) and
             (not pythons or other.python.label in pythons)]
    chosen = zlib.crc32((test + pair.release).encode()) % len(there)
    return there[chosen] == pair.python.label


def line_of(path, marker):
    """The line that carries the comment `# line: marker`."""
    with open(path, encoding='utf-8') as source:
        found = [number for number, text in enumerate(source, 1)
                 if re.search(r'# line: %s$' % re.escape(marker), text.rstrip())]
    assert len(found) == 1, '%s has %d lines marked %r' % (path, len(found), marker)
    return found[0]


class Lines(object):
    """Collects the lines of a pipe in a thread of its own."""

    def __init__(self, pipe):
        self.lines, self.seen, self.over = [], 0, False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.collect, args=(pipe,), daemon=True)
        self.thread.start()

    def collect(self, pipe):
        for line in iter(pipe.readline, b''):
            with self.changed:
                self.lines.append(line.decode('utf-8', 'backslashreplace').rstrip('\r\n'))
                self.changed.notify_all()
        pipe.close()
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def wait(self, start, timeout=PATIENCE):
        """The next line, not waited for before, that begins so."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                while self.seen < len(self.lines):
                    self.seen += 1
                    if self.lines[self.seen - 1].startswith(start):
                        return self.lines[self.seen - 1]
                left = deadline - time.monotonic()
                if self.over or left <= 0:
                    raise AssertionError('no line %r came; the last are %r' % (start, self.lines[-10:]))
                self.changed.wait(left)

    def skip(self):
        """Only lines from now on count."""
        with self.changed:
            self.seen = len(self.lines)


class Debuggee(object):
    """A program of tests/live/programs, copied to `directory` and run there under ptvsd. `settings` are added
    to its environment; `changed` gives texts of the program that are another in its copy; `module` runs it by -m."""

    def __init__(self, pair, program, directory, arguments=(), saved_as=None, compiled=None,
                 prints_seen=False, programs=PROGRAMS, settings=None, changed=None, module=False):
        self.pair, self.root = pair, os.path.join(str(directory), 'remote')
        self.port, self.prints_seen = free_port(), prints_seen
        self.settings = settings or {}
        shutil.copytree(programs, self.root, ignore=shutil.ignore_patterns('__pycache__', '*.pyc'))
        if saved_as:
            os.rename(self.path(program), self.path(saved_as))
        self.file = self.path(saved_as or program)
        if changed:
            self.change(changed)
        if compiled:
            self.run(['-m', 'py_compile', self.path(compiled)], with_bytecode=True)
        target = ['-m', os.path.splitext(program)[0]] if module else [self.file]
        command = [pair.python.path, '-u'] + target + [str(self.port)] + list(arguments)
        self.process = subprocess.Popen(command, cwd=self.root, env=self.environment(),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)
        try:
            self.out.wait('READY')
        except AssertionError as error:
            self.end()
            raise AssertionError('%s did not start: %s\n%s' % (program, error, '\n'.join(self.err.lines)))

    def change(self, texts):
        with open(self.file, encoding='utf-8', newline='') as source:
            text = source.read()
        for old, new in texts.items():
            assert old in text
            text = text.replace(old, new)
        with open(self.file, 'w', encoding='utf-8', newline='') as source:
            source.write(text)

    def environment(self, with_bytecode=False, ptvsd=None):
        kept = ('PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR')
        made = {name: os.environ[name] for name in kept if name in os.environ}
        made['PYTHONPATH'] = ptvsd or packages.ptvsd(self.pair.release)
        made['PYTHONIOENCODING'] = 'utf-8'
        # ptvsd hangs a program for good when the attach stop falls into a print that it redirects: a fact
        # of its own (docs/decisions.md). Those that print all the time are redirected only where that is the test.
        if not self.prints_seen:
            made['PRINTS_UNSEEN'] = '1'
        if not with_bytecode:
            made['PYTHONDONTWRITEBYTECODE'] = '1'
        return dict(made, **self.settings)

    def run(self, arguments, **how):
        """Runs something else in the same interpreter and gives its output."""
        return subprocess.run([self.pair.python.path] + arguments, cwd=self.root, check=True,
                              env=self.environment(**how), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE).stdout.decode('utf-8')

    def path(self, name):
        return os.path.join(self.root, name)

    def line(self, marker, name=None):
        return line_of(self.path(name) if name else self.file, marker)

    def local_copy(self, directory):
        """A copy of the sources elsewhere, as the editor's side; gives its root."""
        shutil.copytree(self.root, str(directory))
        return str(directory)

    def tell(self, word):
        """Creates a file that the program looks for."""
        open(self.path(word), 'w').close()

    def write(self, line):
        self.process.stdin.write((line + '\n').encode('utf-8'))
        self.process.stdin.flush()

    def wait_line(self, start, timeout=PATIENCE):
        return self.out.wait(start, timeout)

    def goes_on(self):
        """The program prints new ticks."""
        self.out.skip()
        for _ in range(3):
            self.wait_line('tick')

    def exit_code(self, timeout=PATIENCE):
        status = self.process.wait(timeout)
        for lines in (self.out, self.err):
            lines.thread.join(timeout)  # all that it said has been read
        return status

    @property
    def alive(self):
        return self.process.poll() is None

    def cpu_seconds(self):
        """User and system time so far, from /proc."""
        with open('/proc/%d/stat' % self.process.pid) as stat:
            fields = stat.read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def end(self):
        if self.alive:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for stream in (self.out, self.err):
            stream.thread.join(PATIENCE)
        try:
            self.process.stdin.close()
        except OSError:
            pass
