"""A program that is launched in a terminal of the editor's: a real one, a pty."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import termios
import threading

import pytest

from test_launch import ended, gone, launch, line, pid_of, program  # noqa: F401

pytestmark = pytest.mark.two_pythons


ENTER = b'Press Enter to close this terminal.'


class Terminal(object):
    """What an editor does for runInTerminal, and what its user then sees."""

    def __init__(self):
        self.asked, self.said, self.processes, self.masters, self.readers = [], b'', [], [], []
        self.refusal, self.changed = None, threading.Condition()

    def serve(self, request):
        """Answers the request, whose arguments it keeps."""
        assert request['command'] == 'runInTerminal'
        asked = request['arguments']
        self.asked.append(asked)
        if self.refusal:
            return False, self.refusal
        environment = dict(os.environ, **{name: value for name, value in asked.get('env', {}).items() if value})
        for name, value in asked.get('env', {}).items():
            if value is None:
                environment.pop(name, None)
        master, slave = pty.openpty()
        self.masters.append(master)

        def take_terminal():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs these tests in the background ignores it
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        self.processes.append(subprocess.Popen(asked['args'], cwd=asked['cwd'], env=environment, stdin=slave, stdout=slave,
                                               stderr=slave, preexec_fn=take_terminal))
        os.close(slave)
        self.readers.append(threading.Thread(target=self.read, args=(master,), daemon=True))
        self.readers[-1].start()
        return True, {'processId': self.processes[-1].pid}

    def read(self, master):
        try:
            for piece in iter(lambda: os.read(master, 4096), b''):
                with self.changed:
                    self.said += piece
                    self.changed.notify_all()
        except OSError:
            pass  # the last one has left it

    def type(self, text):
        os.write(self.masters[-1], text)

    def wait_said(self, text):
        with self.changed:
            assert self.changed.wait_for(lambda: text in self.said, 10)

    def text(self):
        """All of it: whoever wrote there has ended, or does so."""
        for reader in self.readers:
            reader.join(10)
        return self.said.decode().replace('\r\n', '\n')

    def end(self):
        """Closed under its reader, a master's number would be the next test's pipe: what comes there would be read here."""
        for process, master, reader in zip(self.processes, self.masters, self.readers):
            if process.poll() is None:
                process.kill()
            process.wait()
            reader.join(10)
            if not reader.is_alive():
                os.close(master)


@pytest.fixture
def terminal():
    one = Terminal()
    yield one
    one.end()


@pytest.fixture
def start(launch, terminal, adapter):  # noqa: F811
    """launch() in the terminal."""
    def begin(*arguments, has_terminals=True, console='integratedTerminal', **how):
        client = adapter()
        client.initialize(supportsRunInTerminalRequest=has_terminals)
        client.serve = terminal.serve
        return launch(*arguments, client=client, console=console, **how)
    return begin


@pytest.mark.parametrize('kind', ['integrated', 'external'])
def test_to_its_end(start, terminal, program, kind):  # noqa: F811
    client = start('exit', '3', 'a b', console=kind + 'Terminal', env={'ADDED': 'yes', 'GONE': None}, breakpoints=['work'])
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line(program, 'work'))
    assert [frame['name'] for frame in client.stack(stop.thread)] == ['work', '<module>']
    assert client.evaluate('__import__("sys").stdin.isatty()', client.top(stop.thread)['id'])['result'] == 'True'
    client.continue_(stop.thread)
    ended(client, 3)
    assert terminal.processes[0].wait(10) == 3
    assert client.output('stdout') == ''
    assert [one for one in terminal.text().splitlines() if 'Unhandled' not in one][:6] == [
        'started exit 3 a b', 'main __main__ launched.py', 'where ' + os.path.dirname(program),
        "names ['os', 'sys', 'work']", 'env yes None', 'to stderr']
    (asked,) = terminal.asked
    assert asked['kind'] == kind and asked['title'] == 'launched.py'


def test_killed_and_raised(start, terminal, program):  # noqa: F811
    ended(start('kill'), 128 + signal.SIGKILL)
    client = start('raise', exceptions=['uncaught'])
    stop = client.wait_stopped('exception')
    client.continue_(stop.thread)
    ended(client, 1)
    assert re.search(r'Traceback \(most recent call last\):\n  File "%s"' % re.escape(program), terminal.text())


@pytest.mark.one_pair
def test_module_code_and_no_debugger(start, terminal):
    ended(start('exit', '4', target={'module': 'launched'}), 4)
    assert 'main __main__ launched.py' in terminal.text()
    ended(start('x', target={'code': 'import sys; print((sys.argv, sys.path[0], "__file__" in globals())); sys.exit(5)'}), 5)
    assert "(['-c', 'x'], '', False)" in terminal.text()
    client = start('exit', '6', noDebug=True, breakpoints=['first'])
    ended(client, 6)
    assert client.all_events('stopped') == []


def test_what_others_can_read(start, terminal):
    """The secret, 32 hexadecimal digits, is in no argument list, no environment and no file, and nothing stays."""
    client = start('wait', breakpoints=['wait'])
    client.wait_stopped('breakpoint')
    shown = ' '.join(terminal.asked[0]['args']) + str(terminal.asked[0].get('env'))
    assert not re.search('[0-9a-f]{32}', shown) and len(shown) < 1000
    for pid in (pid_of(client), terminal.processes[0].pid):
        for name in ('cmdline', 'environ'):
            with open('/proc/%d/%s' % (pid, name), 'rb') as file:
                found = set(re.findall(b'[0-9a-f]{32}', file.read()))
            assert found <= set(re.findall(b'[0-9a-f]{32}', ' '.join(os.environ.values()).encode()))
    assert not os.path.exists(os.path.dirname(terminal.asked[0]['args'][1]))
    client.disconnect()
    assert gone(pid_of(client))
    assert terminal.processes[0].wait(10) in (128 + signal.SIGTERM, 128 + signal.SIGKILL)


def test_keys_are_the_programs(start, terminal):
    """Ctrl-C ends the program, and its code is told."""
    client = start('wait', breakpoints=['wait'])
    stop = client.wait_stopped('breakpoint')
    client.request('setBreakpoints', source={'path': client.top(stop.thread)['source']['path']}, breakpoints=[])
    client.continue_(stop.thread)
    client.wait_until(lambda: b'to stderr' in terminal.said, 'the output')
    for _ in range(9):  # ptvsd's own trace function may swallow one
        terminal.type(b'\x03')
        try:
            client.wait_event('terminated', timeout=1)
            break
        except AssertionError:
            pass
    assert client.all_events('exited')[0]['exitCode'] in (1, 128 + signal.SIGINT)
    client.disconnect()


def test_terminate_and_restart(start, terminal, program):  # noqa: F811
    client = start('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    first = pid_of(client)
    client.request('restart')
    client.wait_stopped('breakpoint')
    assert gone(first) and len(terminal.asked) == 2
    client.set_breakpoints(program, [])
    client.request('terminate')
    client.wait_event('terminated')
    assert client.all_events('exited')[-1]['exitCode'] in (1, 128 + signal.SIGINT)
    client.disconnect()


@pytest.mark.one_pair
def test_output_in_both_places(start, terminal):
    client = start('exit', '3', redirectOutput=True)
    ended(client, 3)
    assert 'started exit 3' in client.output('stdout') and 'started exit 3' in terminal.text()


def stays_open(terminal, code):
    """Until Enter is pressed."""
    terminal.wait_said(ENTER)
    with pytest.raises(subprocess.TimeoutExpired):
        terminal.processes[0].wait(0.2)
    terminal.type(b'\r')
    assert terminal.processes[0].wait(10) == code


@pytest.mark.parametrize('how, arguments, code', [
    ({'waitForExit': True}, ('exit', '0'), 0), ({'waitForExit': True}, ('raise',), 1),
    ({'debugOptions': ['WaitOnNormalExit']}, ('exit', '0'), 0),
    ({'debugOptions': ['WaitOnAbnormalExit'], 'noDebug': True}, ('exit', '3'), 3)])
def test_stays_open(start, terminal, how, arguments, code):
    """The session does not wait for it."""
    ended(start(*arguments, **how), code)
    stays_open(terminal, code)
    assert terminal.said.index(b'started') < terminal.said.index(ENTER)


@pytest.mark.one_pair
def test_stays_open_whatever_was_typed(start, terminal):
    client = start(target={'code': 'print(__import__("sys").stdin.readline())'}, waitForExit=True)
    terminal.type(b'one\rtwo\r')
    ended(client, 0)
    stays_open(terminal, 0)


@pytest.mark.one_pair
def test_stays_open_whatever_mode_was_left(start, terminal):
    ended(start(target={'code': 'import tty; tty.setraw(0)'}, waitForExit=True), 0)
    stays_open(terminal, 0)


@pytest.mark.one_pair
@pytest.mark.parametrize('end', [b'\x04', b'\x03'])
def test_closed_by_other_keys(start, terminal, end):
    """The end of the input, or Ctrl-C."""
    ended(start('exit', '0', waitForExit=True), 0)
    terminal.wait_said(ENTER)
    terminal.type(end)
    assert terminal.processes[0].wait(10) in (0, -signal.SIGINT)


@pytest.mark.one_pair
@pytest.mark.parametrize('options, arguments, code', [
    (['WaitOnNormalExit'], ('exit', '3'), 3), (['WaitOnAbnormalExit'], ('exit', '0'), 0),
    (['WaitOnNormalExit', 'WaitOnAbnormalExit'], ('kill',), 128 + signal.SIGKILL)])
def test_does_not_stay_open(start, terminal, options, arguments, code):
    """After the other kind of end, and when it was ended by force."""
    ended(start(*arguments, debugOptions=options), code)
    assert terminal.processes[0].wait(10) == code and ENTER not in terminal.said


@pytest.mark.one_pair
@pytest.mark.parametrize('how, times', [({'waitForExit': True}, 1), ({'waitForExit': False}, 0)])
def test_nothing_to_stay_open(start, how, times):
    client = start('exit', '0', console='internalConsole', **how)
    ended(client, 0)
    assert client.console().count('holds a terminal open') == times


@pytest.mark.one_pair
def test_editor_without_terminals(start, terminal):
    client = start('exit', '3', has_terminals=False)
    ended(client, 3)
    assert terminal.asked == [] and 'opens no terminals' in client.console()
    assert 'started exit 3' in client.output('stdout')


@pytest.mark.one_pair
def test_refused(pair, adapter, terminal):
    terminal.refusal = 'no room'
    client = adapter()
    client.initialize(supportsRunInTerminalRequest=True)
    client.serve = terminal.serve
    for _ in range(2):
        message = client.refused('launch', program='x', python=pair.python.path, console='integratedTerminal')
        assert 'no room' in message and 'internalConsole' in message
    assert 'waitForExit' in client.refused('launch', program='x', waitForExit='always')
    message = client.refused('launch', program='x', console='terminal')
    assert 'integratedTerminal' in message
    assert not os.path.exists(os.path.dirname(terminal.asked[0]['args'][1]))
