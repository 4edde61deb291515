"""`ptvsd-dap release ADDRESS` frees a program whose debugger vanished without the drop guard."""

import os
import signal
import socket
import threading
import time

import pytest

import dap
import fakes
import servers

UNGUARDED = {'dropGuard': False}


def release(address):
    return dap.run('release', address)


def address(program, secret=servers.SECRET):
    return 'tcp://%s@127.0.0.1:%d' % (secret, program.port)


def stop_and_vanish(adapter, program, line, stops=1):
    client = adapter()
    client.attach(program, {program.file: [program.line(line)]}, **UNGUARDED)
    for _ in range(stops):
        client.wait_stopped('breakpoint')
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()


def processor_time(program):
    with open('/proc/%d/stat' % program.process.pid) as stat:
        fields = stat.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def stands(program):
    said = len(program.out.lines)
    time.sleep(0.2)
    return len(program.out.lines) == said


def can_release(pair):
    """Version 7 has the back door, too, but loses it with the debugger's connection; 8 has none."""
    return pair.wire < 7


def test_release(debuggee, adapter, pair):
    program = debuggee('loop.py')
    stop_and_vanish(adapter, program, 'work')
    assert stands(program)
    done = release(address(program))
    if not can_release(pair):
        assert done.returncode == 1 and 'cannot be released' in done.stderr and 'restart' in done.stderr
        return
    assert (done.returncode, done.stderr) == (0, ''), done.stderr
    assert 'was freed' in done.stdout
    program.goes_on()
    before = processor_time(program)
    time.sleep(0.5)
    assert processor_time(program) - before < 0.2  # ptvsd's orphaned reader burns a core
    client = adapter()
    client.attach(program, {program.file: [program.line('return')]})
    stop = client.wait_stopped('breakpoint')
    client.evaluate('1 + 1', client.top(stop.thread)['id'])
    client.disconnect()
    program.goes_on()
    program.tell('stop')
    assert program.exit_code() == 7


@pytest.mark.two_pythons
def test_release_through_a_websocket(debuggee, adapter, pair, proxy):
    program = debuggee('loop.py')
    stop_and_vanish(adapter, program, 'work')
    for _ in range(2):
        done = release(proxy.uri(program))
        assert done.returncode == (0 if can_release(pair) else 1), done.stderr
    if can_release(pair):
        program.goes_on()
        client = adapter()
        client.attach(program)
        client.disconnect()
        program.goes_on()


class Lossy(fakes.Server):
    """In front of a program: what that says arrives, but for the first `lost`."""

    def __init__(self, program, lost):
        fakes.Server.__init__(self, self.join)
        self.program, self.lost, self.kept, self.found = program, lost, b'', False

    def join(self, peer):
        other = socket.create_connection(('127.0.0.1', self.program.port))
        threading.Thread(target=fakes.pour, args=(peer, other), daemon=True).start()
        fakes.pour(other, peer, self.lose)

    def lose(self, sink, data):
        data = self.kept + data
        if not self.found and self.lost in data:
            self.found = True
            data = data.replace(self.lost, b'', 1)
        begun = [] if self.found else [size for size in range(1, len(self.lost)) if data.endswith(self.lost[:size])]
        self.kept = data[-begun[-1]:] if begun else b''
        sink.sendall(data[:len(data) - len(self.kept)])


@pytest.mark.two_pythons
@pytest.mark.parametrize('lost', (b'PRPC', b'>>> '))
def test_release_with_a_piece_lost(debuggee, adapter, pair, started, lost):
    """On Python 2 a write of ptvsd's REPL can fail in the middle of its first message."""
    if not can_release(pair):
        pytest.skip('it has no back door')
    program = debuggee('loop.py')
    between = started(Lossy(program, lost))
    stop_and_vanish(adapter, program, 'work')
    done = release('tcp://%s@127.0.0.1:%d' % (servers.SECRET, between.port))
    assert (done.returncode, done.stderr) == (0, ''), done.stderr
    assert between.found
    program.goes_on()
    client = adapter()
    client.attach(program)
    client.disconnect()
    program.goes_on()


def test_release_leaves_the_program_as_it_was(debuggee, adapter, pair):
    """ptvsd's REPL puts itself in the place of __main__, sys.stdout and sys.stderr."""
    if not can_release(pair):
        pytest.skip('it has no back door')
    program = debuggee('loop.py')
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]}, **UNGUARDED)
    stop = client.wait_stopped('breakpoint')
    looks = ('type(__import__("sys").stdout).__name__', 'hasattr(__import__("sys"), "ps1")',
             'sorted(__import__("sys").modules["__main__"].__dict__)[:40] == sorted(globals())[:40]')
    frame = client.top(stop.thread)['id']
    before = [client.evaluate(look, frame)['result'] for look in looks]
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    assert release(address(program)).returncode == 0
    program.goes_on()
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]}, **UNGUARDED)
    stop = client.wait_stopped('breakpoint')
    frame = client.top(stop.thread)['id']
    assert [client.evaluate(look, frame)['result'] for look in looks] == before
    client.disconnect()


def test_release_of_all_threads(debuggee, adapter, pair):
    if not can_release(pair):
        pytest.skip('it has no back door')
    program = debuggee('spinners.py')
    client = adapter()
    client.attach(program, {program.file: [program.line('main'), program.line('spin')]}, **UNGUARDED)
    client.wait_stopped('breakpoint')
    time.sleep(0.3)  # all threads stop; one that reports to nobody would raise into the program
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    assert stands(program)
    assert release(address(program)).returncode == 0
    first = [int(word) for word in program.wait_line('counts').split()[1:]]
    time.sleep(0.3)
    last = [int(word) for word in program.out.lines[-1].split()[1:]]
    assert all(old < new for old, new in zip(first, last)), (first, last)


def test_release_of_a_guarded_program(debuggee, adapter, pair):
    """It frees itself: there is nothing to release."""
    program = debuggee('loop.py')
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    program.goes_on()
    done = release(address(program))
    if pair.wire < 8:
        assert done.returncode == 0 and 'Nothing to release' in done.stdout
        program.goes_on()


def test_nobody_attached(debuggee, adapter, pair):
    program = debuggee('loop.py')
    for _ in range(2):
        done = release(address(program))
        if pair.wire < 8:
            assert (done.returncode, done.stderr) == (0, '') and 'Nothing to release' in done.stdout
        else:
            assert done.returncode == 1 and 'cannot be released' in done.stderr
    client = adapter()
    client.attach(program)
    client.disconnect()
    program.goes_on()


def test_wrong_secret(debuggee, pair):
    if pair.wire == 8:
        pytest.skip('ptvsd 3.2 is not even asked')
    program = debuggee('loop.py')
    done = release(address(program, 'wrong'))
    assert done.returncode == 1 and 'secret' in done.stderr and 'wrong' not in done.stderr
    program.goes_on()


@pytest.mark.parametrize('arguments, words', [
    ((), 'takes one ADDRESS'), (('a', 'b'), 'takes one ADDRESS'), (('tcp://x:0',), 'port'),
    (('tcp://127.0.0.1:1',), 'refused')])
def test_bad_addresses(arguments, words):
    done = dap.run('release', *arguments)
    assert done.returncode == 1 and done.stdout == '' and words in done.stderr
