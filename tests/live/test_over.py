"""What every session does, by each of the ways of over.py. The whole live suite: PTVSD_DAP_OVER."""

import signal
import time

import pytest

import over

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture(params=['ws', 'websockify'])
def way(request):
    return request.param


def at_work(client, program, way):
    client.attach(breakpoints={program.file: [program.line('work')]}, **over.where(program.port, 'secret', way))
    return client.wait_stopped('breakpoint')


@pytest.mark.parametrize('way', sorted(over.WAYS))
def test_session(debuggee, adapter, way):
    """Twice, since what the first leaves behind must not be in the way of the second."""
    if way == 'nginx' and not over.Nginx.program:
        pytest.skip('no nginx here')
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(2):
        client = adapter()
        stop = at_work(client, program, way)
        frame = client.top(stop.thread)
        assert client.evaluate("'x' * 60000", frame['id'])['result'] == repr('x' * 60000)
        client.step('next', stop.thread)
        client.continue_(stop.thread)
        assert client.wait_stopped('breakpoint').thread == stop.thread
        client.disconnect()
        program.goes_on()


def test_editor_goes(debuggee, adapter, way):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program, way)
    client.close_input()
    assert client.wait_exit() == 0
    program.goes_on()
    at_work(adapter(), program, way)


def test_killed(debuggee, adapter, way):
    """What stands between sends an orderly end then, or a reset: the drop guard takes both."""
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program, way)
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    program.goes_on()
    at_work(adapter(), program, way)


def test_editor_goes_during_the_greeting(debuggee, adapter, way):
    """An orderly end would reach ptvsd then through most proxies, and wedge it for good."""
    program = debuggee('loop.py', prints_seen=True)
    for pause in (0, 0.002, 0.005, 0.01, 0.02):
        client = adapter()
        client.initialize()
        client.send('attach', over.where(program.port, 'secret', way))
        time.sleep(pause)
        client.ended = True
        client.close_input()
        client.wait_exit()
    at_work(adapter(), program, way)


@pytest.mark.one_pair
def test_program_ends(debuggee, adapter, way):
    program, client = debuggee('output.py'), adapter()
    client.attach(**over.where(program.port, 'secret', way))
    program.write('')
    program.write('')
    client.wait_output('END\n', count=2)
    client.wait_event('terminated')


def test_wrong_secret(debuggee, adapter, way):
    program = debuggee('loop.py', prints_seen=True)
    message = adapter().attach_refused(**over.where(program.port, 'hidden-word', way))
    assert 'secret' in message and 'hidden-word' not in message
    at_work(adapter(), program, way)
