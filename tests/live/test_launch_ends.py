"""How a launched program ends, is ended and is started again; the session ends with it."""

import os

import pytest

import packages
from test_launch import ended, gone, launch, line, pid_of, program  # noqa: F401

pytestmark = pytest.mark.two_pythons


def begun(program, client, times=1):
    client.wait_until(lambda: client.output('stdout').count('started') == times, 'the program')
    marker = os.path.join(os.path.dirname(program), 'waiting')
    client.wait_until(lambda: os.path.exists(marker), 'the program to wait')
    os.unlink(marker)


def configuration(program, pair, **more):
    return dict({'program': program, 'ptvsdPath': packages.ptvsd(pair.release), 'python': pair.python.path,
                 'cwd': os.path.dirname(program), 'type': 'ptvsd', 'request': 'launch'}, **more)


def test_restart_without_debugger(launch, program):
    """The editor is told of nothing that it would have to configure."""
    client = launch('wait', noDebug=True)
    begun(program, client)
    client.request('restart')
    begun(program, client, times=2)
    assert len(client.all_events('initialized')) == 1
    client.request('terminate')
    ended(client, 128 + 15)


def test_restart_into_and_out_of_debugging(launch, program, pair):
    client = launch('wait', noDebug=True, breakpoints=['work'])
    begun(program, client)
    client.request('restart', arguments=configuration(program, pair, args=['wait']))
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', line(program, 'work'))
    client.request('restart', arguments=configuration(program, pair, args=['exit', '3'], noDebug=True))
    ended(client, 3)
    assert len(client.all_events('stopped')) == 1


def test_terminate_without_debugger(launch, program):
    client = launch('wait', noDebug=True)
    begun(program, client)
    client.request('terminate')
    client.wait_event('exited')
    ended(client, 128 + 15)
    assert 'native code' not in client.console()
