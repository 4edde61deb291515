"""Attaches over ws://, through websockify as it comes from PyPI; and web servers that open no WebSocket."""

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

import fakes
import servers
from test_failures import refused_attach, serve  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


class Proxy(object):
    """websockify; where to is looked up in a file, by the token in the address."""

    def __init__(self, directory):
        self.directory, self.port = directory, servers.free_port()
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'websockify', '--token-plugin', 'TokenFile', '--token-source', str(directory),
             '127.0.0.1:%d' % self.port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(('127.0.0.1', self.port)).close()
                return
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, 'websockify does not start'
                time.sleep(0.05)

    def uri(self, debuggee, secret='secret'):
        name = 'p%d' % debuggee.port
        (self.directory / name).write_text('%s: 127.0.0.1:%d\n' % (name, debuggee.port))
        return 'ws://%s@127.0.0.1:%d/some/path?token=%s' % (secret, self.port, name)

    def end(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope='session')
def proxy(tmp_path_factory):
    one = Proxy(tmp_path_factory.mktemp('tokens'))
    yield one
    one.end()


def at_work(client, program, proxy):
    client.attach(uri=proxy.uri(program), breakpoints={program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')


def test_session(debuggee, adapter, proxy):
    """Twice, since what the first leaves behind must not be in the way of the second."""
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(2):
        client = adapter()
        stop = at_work(client, program, proxy)
        frame = client.top(stop.thread)
        assert client.evaluate("'x' * 60000", frame['id'])['result'] == repr('x' * 60000)
        client.step('next', stop.thread)
        client.continue_(stop.thread)
        assert client.wait_stopped('breakpoint').thread == stop.thread
        client.disconnect()
        program.goes_on()


def test_editor_goes(debuggee, adapter, proxy):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program, proxy)
    client.close_input()
    assert client.wait_exit() == 0
    program.goes_on()
    client = adapter()
    at_work(client, program, proxy)


def test_killed(debuggee, adapter, proxy):
    """The proxy sends an orderly end then, for which the drop guard stands."""
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program, proxy)
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    program.goes_on()
    client = adapter()
    at_work(client, program, proxy)


def test_wrong_secret(debuggee, adapter, proxy):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    message = client.attach_refused(uri=proxy.uri(program, 'hidden-word'))
    assert 'secret' in message and 'hidden-word' not in message
    at_work(client, program, proxy)


def test_editor_goes_during_the_greeting(debuggee, adapter, proxy):
    """An orderly end would reach ptvsd then, and wedge it for good."""
    program = debuggee('loop.py', prints_seen=True)
    for pause in (0, 0.002, 0.005, 0.01, 0.02):
        client = adapter()
        client.initialize()
        client.send('attach', {'uri': proxy.uri(program)})
        time.sleep(pause)
        client.ended = True
        client.close_input()
        client.wait_exit()
    client = adapter()
    at_work(client, program, proxy)


@pytest.mark.one_pair
def test_program_ends(debuggee, adapter, proxy, pair):
    program, client = debuggee('output.py'), adapter()
    client.attach(uri=proxy.uri(program))
    program.write('')
    program.write('')
    client.wait_output('END\n', count=2)
    client.wait_event('terminated')


# ---- web servers

def answers(head):
    def serve(peer):
        peer.recv(65536)
        peer.sendall(head.encode('latin-1') + b'\r\n\r\n<html>never read</html>')
        while peer.recv(4096):
            pass
    return serve


@pytest.mark.parametrize('head, words', [
    ('HTTP/1.1 200 OK', ('200 OK', 'switched off')),
    ('HTTP/1.1 302 Found\r\nLocation: https://login.example/', ('https://login.example/', 'Use that address')),
    ('HTTP/1.1 403 Site Disabled', ('403 Site Disabled', 'login')),
    ('HTTP/1.1 404 Not Found', ('404 Not Found', 'path')),
    ('HTTP/1.1 426 Upgrade Required', ('426', 'switched off')),
    ('HTTP/1.1 500 Internal Server Error', ('500', 'switched off')),
    ('HTTP/1.1 502 Bad Gateway', ('502 Bad Gateway', 'enable_attach')),
    ('HTTP/1.1 101 Switching Protocols', ('it says 101',)),
    ('HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x', ('another request',)),
    ('SSH-2.0-OpenSSH', ('no HTTP', 'use tcp://'))])
def test_no_websocket(adapter, serve, head, words):  # noqa: F811
    client, port = adapter(), serve(answers(head))
    message = refused_attach(client, uri='ws://hidden-word@127.0.0.1:%d/ptvsd' % port)
    assert all(word in message for word in words) and 'hidden-word' not in message
    assert 'ws://127.0.0.1:%d/ptvsd' % port in message


def test_web_server_that_says_nothing(adapter, serve):  # noqa: F811
    message = refused_attach(adapter(), uri='ws://127.0.0.1:%d' % serve(fakes.says()))
    assert 'did not open a WebSocket (no answer)' in message


def opens(*frames):
    """A web server that opens the WebSocket and then sends this."""
    def serve(peer):
        asked = b''
        while b'\r\n\r\n' not in asked:
            asked += peer.recv(65536)
        key = asked.split(b'Sec-WebSocket-Key: ')[1].split(b'\r\n')[0]
        accept = base64.b64encode(hashlib.sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
        peer.sendall(b'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' +
                     accept + b'\r\n\r\n' + b''.join(frames))
        while peer.recv(4096):
            pass
    return serve


@pytest.mark.parametrize('frames, words', [
    (b'\x88\x0b\x03\xf3no target', '1011 no target'),
    (b'\x88\x00', 'closed the connection without a word'),
    (b'\x82\x81abcdx', 'a masked frame from a server'),
    (b'\x82\x0fSSH-2.0-OpenSSH', 'SSH-2.0-OpenSSH')])
def test_websocket_ends_early(adapter, serve, frames, words):  # noqa: F811
    assert words in refused_attach(adapter(), uri='ws://127.0.0.1:%d' % serve(opens(frames)))
