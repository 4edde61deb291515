"""How a launched program ends, is ended and is started again; the session ends with it."""

import os
import signal
import time

import pytest

import packages
from test_launch import ended, gone, launch, line, pid_of, program  # noqa: F401
from test_launch_terminal import terminal  # noqa: F401
from test_listen import descriptors, listen, wait_until  # noqa: F401

pytestmark = pytest.mark.two_pythons


def wait_file(path):
    deadline = time.monotonic() + 10
    while not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.unlink(path)


def begun(program):
    """It waits now."""
    wait_file(os.path.join(os.path.dirname(program), 'waiting'))


def configuration(program, pair, **more):
    return dict({'program': program, 'ptvsdPath': packages.ptvsd(pair.release), 'python': pair.python.path,
                 'cwd': os.path.dirname(program), 'type': 'ptvsd', 'request': 'launch'}, **more)


def test_restart_without_debugger(launch, program):
    """The editor is told of nothing that it would have to configure, and not that the program is away."""
    client = launch('wait', noDebug=True)
    begun(program)
    client.request('restart')
    begun(program)
    (answered,) = client.set_breakpoints(program, [line(program, 'work')])
    assert 'is away' not in answered['message']
    assert len(client.all_events('initialized')) == 1
    client.request('terminate')
    ended(client, 128 + signal.SIGTERM)


def test_restart_into_and_out_of_debugging(launch, program, pair):
    client = launch('wait', noDebug=True, breakpoints=['work'])
    begun(program)
    client.request('restart', arguments=configuration(program, pair, args=['wait']))
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line(program, 'work'))
    client.request('restart', arguments=configuration(program, pair, args=['exit', '3'], noDebug=True))
    ended(client, 3)
    assert len(client.all_events('stopped')) == 1


def test_terminate_without_debugger(launch, program):
    client = launch('wait', noDebug=True)
    begun(program)
    client.request('terminate')
    client.wait_event('exited')
    ended(client, 128 + signal.SIGTERM)
    assert 'native code' not in client.console()


@pytest.mark.parametrize('way', ['ptvsdPath', 'python'])
def test_restart_that_fails(launch, program, pair, tmp_path, way):
    """It is refused, and then the session is over: no program is left that it could be about."""
    client = launch('wait', breakpoints=['work'])
    client.wait_stopped('breakpoint')
    first = pid_of(client)
    if way == 'ptvsdPath':
        wrong, words = str(tmp_path / 'nothing here'), '"ptvsdPath"'
    else:
        wrong, words = str(tmp_path / 'python'), 'Check "python"'
        with open(wrong, 'w') as file:
            file.write('#!/bin/sh\nexit 7\n')
        os.chmod(wrong, 0o755)
    assert words in client.refused('restart', arguments=configuration(program, pair, **{way: wrong}))
    client.wait_event('terminated')
    assert gone(first)
    client.disconnect()


@pytest.mark.one_pair
def test_terminate_before_python_listens(adapter, program, pair, tmp_path):
    client = adapter()
    client.initialize()
    slow, started = str(tmp_path / 'python'), str(tmp_path / 'started')
    with open(slow, 'w') as file:
        file.write('#!/bin/sh\ntouch "%s"\nexec sleep 60\n' % started)
    os.chmod(slow, 0o755)
    seq = client.send('launch', configuration(program, pair, python=slow))
    wait_file(started)
    client.request('terminate')
    assert not client.response(seq)['success']
    client.wait_event('terminated')
    assert 'attached to' not in client.console()
    client.disconnect()


@pytest.mark.one_pair
def test_terminate_before_the_terminal_is_there(adapter, program, pair, terminal):  # noqa: F811
    client = adapter()
    client.initialize(supportsRunInTerminalRequest=True)

    def serve(request):
        client.send('terminate', {})
        time.sleep(0.2)
        return terminal.serve(request)
    client.serve = serve
    client.send('launch', configuration(program, pair, args=['wait'], console='integratedTerminal'))
    client.wait_event('terminated')
    assert terminal.processes[0].wait(10) == 128 + signal.SIGTERM
    client.disconnect()


FORKS = """
import os, signal, sys, time
if os.fork() == 0:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if 'silent' in sys.argv:
        for number in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    with open('child', 'w') as file:
        file.write(str(os.getpid()))
    os.rename('child', 'begun')
    time.sleep(60)
    os._exit(0)
while not os.path.exists('begun'):
    time.sleep(0.01)
if 'die' in sys.argv:
    os.kill(os.getpid(), signal.SIGKILL)
open('waiting', 'w').close()
while True:
    time.sleep(0.01)
"""


@pytest.fixture
def child(program):  # noqa: F811
    """The program forks; its child keeps what it inherits, and outlives SIGTERM. Gives the child's pid."""
    place = os.path.join(os.path.dirname(program), 'begun')
    with open(program, 'w') as file:
        file.write(FORKS)

    def pid():
        with open(place) as told:
            return int(told.read())
    yield pid
    try:
        os.kill(pid(), signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        pass


@pytest.mark.parametrize('words', [['heard'], ['silent']], ids=' '.join)
def test_disconnect_ends_children_too(launch, program, child, words):
    client = launch(*words)
    begun(program)
    pid = pid_of(client)
    begin = time.monotonic()
    client.disconnect(terminateDebuggee=True)
    assert time.monotonic() - begin < 5
    assert gone(pid) and gone(child())


def test_disconnect_from_a_terminal_leaves_children(launch, adapter, terminal, program, child):  # noqa: F811
    """The terminal's own, which it ends when it is closed."""
    client = adapter()
    client.initialize(supportsRunInTerminalRequest=True)
    client.serve = terminal.serve
    launch('silent', client=client, console='integratedTerminal')
    begun(program)
    pid = pid_of(client)
    begin = time.monotonic()
    client.disconnect(terminateDebuggee=True)
    assert time.monotonic() - begin < 5
    assert gone(pid) and not gone_soon(child())


def gone_soon(pid):
    time.sleep(0.2)
    return not os.path.exists('/proc/%d' % pid)


@pytest.mark.parametrize('words', [['heard'], ['silent']], ids=' '.join)
def test_killed_while_a_child_lives(launch, child, words):
    """What ends by itself leaves its children alone; the session ends all the same."""
    client = launch('die', *words)
    begin = time.monotonic()
    ended(client, 128 + signal.SIGKILL)
    assert time.monotonic() - begin < 8
    assert not gone_soon(child())


@pytest.mark.parametrize('how', [{}, {'noDebug': True}], ids=['debugged', 'noDebug'])
def test_left_it_goes_on_printing(launch, program, how):
    """To nobody: the pipes have gone with the adapter."""
    client = launch('print', **how)
    begun(program)
    client.disconnect(terminateDebuggee=False)
    assert gone(client.process.pid)
    wait_file(os.path.join(os.path.dirname(program), 'printed'))


@pytest.fixture
def left(listen, launch, adapter, program):  # noqa: F811
    """left() leaves a program of the server's running, and gives its pid."""
    pids = []

    def leave(server):
        client = launch('wait', client=adapter(server=server))
        begun(program)
        pids.append(pid_of(client))
        client.disconnect(terminateDebuggee=False)
        return pids[-1]
    yield leave
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


@pytest.mark.one_pair
def test_left_by_a_server_it_is_no_zombie(listen, left):  # noqa: F811
    """When it ends at last, though its session is long over."""
    server = listen()
    before = descriptors(server)
    pids = [left(server) for _ in range(3)]
    wait_until(lambda: descriptors(server) <= before + 2, 'as many descriptors as before')  # libuv's own pipe stays
    assert all(os.path.exists('/proc/%d' % pid) for pid in pids)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert all([gone(pid) for pid in pids])


@pytest.mark.one_pair
def test_left_it_holds_up_no_server(listen, left, tmp_path):  # noqa: F811
    log = tmp_path / 'log'
    server = listen('0', '--log-file', str(log))
    pid = left(server)
    begin = time.monotonic()
    server.end()
    assert time.monotonic() - begin < 5
    assert 'a signal asks to end' in log.read_text() and 'still open' not in log.read_text()
    os.kill(pid, 0)
