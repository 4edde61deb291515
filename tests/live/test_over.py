"""What every session does, by each of the ways of over.py. The whole live suite: PTVSD_DAP_OVER."""

import os
import signal
import threading
import time

import pytest

import fakes
import over
import web

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture(params=['ws', 'websockify'])
def way(request):
    return request.param


def at_work(client, program, way):
    client.attach(breakpoints={program.file: [program.line('work')]}, **over.where(program.port, 'hush-4711', way))
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
        client.send('attach', over.where(program.port, 'hush-4711', way))
        time.sleep(pause)
        client.ended = True
        client.close_input()
        client.wait_exit()
    at_work(adapter(), program, way)


@pytest.mark.one_pair
def test_program_ends(debuggee, adapter, way):
    program, client = debuggee('output.py'), adapter()
    client.attach(**over.where(program.port, 'hush-4711', way))
    program.write('')
    program.write('')
    client.wait_output('END\n', count=2)
    client.wait_event('terminated')


class Recorder(fakes.Server):
    """Hands everything on to a port, and keeps what the adapter sends."""

    def __init__(self, port):
        fakes.Server.__init__(self, self.hand_on)
        self.target, self.sent = port, b''

    def hand_on(self, peer):
        with web.connect(self.target) as other:
            other.settimeout(None)
            back = threading.Thread(target=fakes.pour, args=(other, peer), daemon=True)
            back.start()
            for data in iter(lambda: peer.recv(65536), b''):
                self.sent += data
                other.sendall(data)


@pytest.mark.one_pair
@pytest.mark.skipif('PTVSD_DAP_WHOLE' not in os.environ, reason='takes half a minute: PTVSD_DAP_WHOLE=1')
def test_long_stop(debuggee, adapter):
    """Pings keep proxies from closing the connection; and a loss after so long has a likely cause."""
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    over.where(program.port, 'hush-4711', 'ws')
    proxy = over.open_ways['ws', program.port]
    recorder = Recorder(proxy.port)
    client.attach(uri='ws://hush-4711@127.0.0.1:%d%s' % (recorder.port, proxy.path),
                  breakpoints={program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    before = len(recorder.sent)
    time.sleep(31)  # what is looked for happens every 30 s
    assert b'\x89\x80' in recorder.sent[before:]
    program.process.kill()
    client.wait_event('terminated')
    assert 'It had stood still for 3' in client.console()
    recorder.close()


def test_wrong_secret(debuggee, adapter, way):
    program = debuggee('loop.py', prints_seen=True)
    message = adapter().attach_refused(**over.where(program.port, 'hidden-word', way))
    assert 'secret' in message and 'hidden-word' not in message
    at_work(adapter(), program, way)
