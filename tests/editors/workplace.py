"""What an editor in a test finds around it, and the way it reports what it saw."""

import json
import os
import pty
import shutil
import signal
import subprocess
import threading
import time

import dap

PATIENCE = 60


class Workplace(object):
    def __init__(self, program, directory, marker):
        self.program, self.line, self.home = program, program.line(marker), str(directory / 'home')
        self.project = program.local_copy(directory / 'project')
        self.file = os.path.join(self.project, os.path.basename(program.file))
        self.result = os.path.join(self.home, 'result.json')
        self.process, self.said = None, b''
        os.makedirs(os.path.join(self.home, 'bin'))
        os.symlink(os.path.abspath(dap.adapter_path()), os.path.join(self.home, 'bin', 'ptvsd-dap'))

    def write(self, name, text, folder=None):
        path = os.path.join(folder or self.home, name)
        with open(path, 'w', encoding='utf-8') as made:
            made.write(text)
        return path

    def environment(self, **more):
        made = {name: os.environ[name] for name in os.environ if name in ('LANG', 'LC_ALL', 'TMPDIR') or
                name.endswith('SAN_OPTIONS')}
        made.update(HOME=self.home, TERM='xterm', PATH=os.path.join(self.home, 'bin') + os.pathsep + os.environ['PATH'],
                    XDG_CONFIG_HOME=self.home, XDG_DATA_HOME=self.home, XDG_STATE_HOME=self.home,
                    XDG_CACHE_HOME=self.home, DRIVE_FILE=self.file, DRIVE_LINE=str(self.line),
                    DRIVE_RESULT=self.result, **more)
        return made

    def run(self, command, terminal=False, typed=b'', **more):
        """Runs an editor to its end; gives what its driver wrote. `typed` is on its standard input."""
        ours, theirs = pty.openpty() if terminal else os.pipe()
        if not terminal:
            os.write(theirs, typed)
            ours, theirs = theirs, ours
        output = theirs if terminal else subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=self.project, env=self.environment(**more), stdin=theirs,
                                        stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        os.close(theirs)
        if not terminal:
            os.close(ours)
        reader = threading.Thread(target=self.read, args=(ours if terminal else self.process.stdout.fileno(),))
        reader.start()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.end()
        reader.join()
        os.close(ours) if terminal else self.process.stdout.close()
        return self.report()

    def read(self, descriptor):
        while True:
            try:
                more = os.read(descriptor, 65536)
            except OSError:  # a terminal that nobody holds any more
                more = b''
            if not more:
                return
            self.said += more

    def report(self):
        said = self.said.decode('utf-8', 'replace')[-4000:]
        assert os.path.exists(self.result), 'the editor left no report (status %s):\n%s' % (
            self.process.returncode, said)
        with open(self.result, encoding='utf-8') as opened:
            report = json.load(opened)
        assert 'error' not in report, '%s\n%s' % (report['error'], said)
        return report

    def end(self):
        """The editor and what it started: they are one session of processes."""
        if self.process:
            end_session(self.process)

    def left_behind(self):
        """Processes that have this place's environment."""
        mark = ('DRIVE_RESULT=' + self.result).encode()
        found = []
        for name in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/environ' % name, 'rb') as environment:
                    if mark in environment.read().split(b'\0'):
                        found.append(int(name))
            except OSError:
                continue
        return found

    def is_left_tidy(self):
        """The adapter goes with its session; an editor may have ended a moment before it."""
        deadline = time.monotonic() + PATIENCE
        while self.left_behind():
            assert time.monotonic() < deadline, 'left behind: %r' % self.left_behind()
            time.sleep(0.02)


def end_session(process):
    """Ends it, and what it started in its session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def program_in(*names):
    """The first of these that is here, or None."""
    return next(filter(None, map(shutil.which, names)), None)


def judge(report, place):
    """What each editor's driver must have seen: a stop at `work`, its locals, an expression, a step, a second
    stop; then the program runs on, and no process is left."""
    work = place.line
    assert os.path.samefile(report['file'], place.file)
    assert report['line'] == work
    number = int(report['locals']['number'])
    assert int(report['evaluated']) == number + 1000
    assert report['stepped'] == work + 1
    assert int(report['doubled']) == number * 2
    assert report['again'] == work
    place.program.goes_on()
    place.is_left_tidy()
