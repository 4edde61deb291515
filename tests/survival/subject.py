"""The program of the trials under a real ptvsd, and what must hold for it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), 'live')]

import dap  # noqa: E402
import servers  # noqa: E402

RELEASES = ('2.0.0', '2.1.0', '2.2.0', '3.0.0', '3.1.0', '3.2.1')
PYTHONS = ('2.7', '3.6')


class Unguarded(AssertionError):
    """The session runs without a drop guard."""


class NoJudge(object):
    """The live suite judges every message by the schema; here that would only cost time."""

    @staticmethod
    def faults(message):
        return []


class Debuggee(servers.Debuggee):
    """program.py, in a directory of its own."""

    def __init__(self, pair, workers=1, prints_seen=False):
        self.pair, self.prints_seen, self.port = pair, prints_seen, servers.free_port()
        self.root, self.settings = tempfile.mkdtemp(prefix='survival-'), {}
        self.file = shutil.copy(os.path.join(HERE, 'program.py'), self.root)
        command = [pair.python.path, '-u', self.file, str(self.port), str(workers)]
        self.process = subprocess.Popen(command, cwd=self.root, env=self.environment(),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)
        self.out, self.err = servers.Lines(self.process.stdout), servers.Lines(self.process.stderr)
        self.wait_line('READY')

    def end(self):
        servers.Debuggee.end(self)
        shutil.rmtree(self.root)

    # ---- does it go on?

    def counts(self):
        """What the newest line says; None before the first."""
        for line in reversed(self.out.lines[-20:]):
            if line.startswith('tick '):
                return [int(word) for word in line.split()[1:]]
        return None

    def all_go_on(self, limit):
        """Until each thread has come through its loop twice more; the seconds that it took."""
        start = time.monotonic()
        before = now = self.counts()
        while not now or not before or any(new < old + 2 for old, new in zip(before, now)):
            if time.monotonic() - start > limit:
                raise AssertionError('the program does not go on within %.1f s: %s, then %s%s' %
                                     (limit, before, now, self.last_words()))
            time.sleep(0.01)
            now = self.counts()
            before = before or now
        return time.monotonic() - start

    def last_words(self):
        """A stack of each thread, where py-spy is at hand."""
        text = '' if self.alive else '; it ended with %s' % self.process.returncode
        text += ''.join('\n' + line for line in self.err.lines[-15:])
        return text + ('\n' + servers.stacks(self.process.pid) if self.alive else '')

    def stands(self, limit=5):
        """Until it has not moved for a while."""
        deadline = time.monotonic() + limit
        seen, since = self.counts(), time.monotonic()
        while time.monotonic() - since < 0.15:
            assert time.monotonic() < deadline, 'the program does not stand still'
            time.sleep(0.01)
            if self.counts() != seen:
                seen, since = self.counts(), time.monotonic()

    # ---- what does it cost?

    def load(self, seconds):
        """The share of one processor that it uses."""
        start, used = time.monotonic(), self.cpu_seconds()
        time.sleep(seconds)
        return (self.cpu_seconds() - used) / (time.monotonic() - start)

    def load_returns(self, before):
        """A debug server that spins takes all that it can get; this program sleeps nearly always."""
        loads = []
        for _ in range(6):
            loads.append(self.load(0.5))
            if loads[-1] <= before + 0.08:
                return loads[-1]
        raise AssertionError('CPU use was %.0f %%, and is %s%s' % (
            100 * before, ', '.join('%.0f %%' % (100 * load) for load in loads), self.last_words()))

    def ends_well(self):
        self.tell('stop')
        try:
            code = self.exit_code(5)
        except subprocess.TimeoutExpired:
            raise AssertionError('the program does not end' + self.last_words())
        assert code == 7, 'exit code %s%s' % (code, self.last_words())
        complaints = [line for line in self.err.lines if 'Traceback' in line]
        assert not complaints, 'it complains%s' % self.last_words()


class Adapter(dap.Client):
    """An adapter with a log, from which it is known when the guard is in."""

    def __init__(self, path, directory, link):
        self.stopped, self.link = False, link
        self.log = tempfile.mktemp(prefix='adapter-', suffix='.log', dir=directory)
        dap.Client.__init__(self, NoJudge, ['--log-file', self.log],
                            list(link.command) + [path])

    def start_attach(self, debuggee=None, **how):
        return dap.Client.start_attach(self, **dict(self.link.where, secret='hush-4711', **how))

    def guarded(self):
        """What the log says of the guard's installation: 'guarded', 'again', or None so far."""
        try:
            with open(self.log) as log:
                text = log.read()
        except OSError:
            return None
        for word in ("'guarded'", "'again'"):
            if 'drop guard' in text and word in text:
                return word.strip("'")
        return None

    def wait_guarded(self, limit=5):
        deadline = time.monotonic() + limit
        while not self.guarded():
            if time.monotonic() > deadline:
                raise Unguarded('the drop guard does not get in')
            time.sleep(0.005)

    def guard_was_tried(self):
        with open(self.log) as log:
            return 'drop guard' in log.read()

    def finish(self):
        """Ends it, however; what it did wrong."""
        if self.process.poll() is None:
            self.signal(18)  # SIGCONT: one that was stopped
        self.end()
        return self.faults

    def tail(self):
        with open(self.log) as log:
            return '\n'.join(self.transcript[-25:] + log.read().splitlines()[-25:])
