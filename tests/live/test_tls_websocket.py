"""wss://, through websockify with a certificate (over_tls.py)."""

import signal

import pytest

import fakes
import over
import over_tls
import tls_servers
from test_failures import refused_attach, serve  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def at_work(client, program):
    client.attach(breakpoints={program.file: [program.line('work')]}, **over.where(program.port, 'hush-4711', 'wss'))
    return client.wait_stopped('breakpoint')


def test_session(debuggee, adapter):
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(2):
        client = adapter()
        stop = at_work(client, program)
        frame = client.top(stop.thread)
        assert client.evaluate("'x' * 60000", frame['id'])['result'] == repr('x' * 60000)
        client.step('next', stop.thread)
        client.disconnect()
        assert client.console() == ''
        program.goes_on()


@pytest.mark.parametrize('end', ['EOF', 'SIGKILL'])
def test_adapter_ends(debuggee, adapter, end):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program)
    client.ended = True
    client.close_input() if end == 'EOF' else client.signal(signal.SIGKILL)
    client.wait_exit()
    program.goes_on()
    at_work(adapter(), program)


@pytest.fixture
def misnamed(debuggee):
    """A program behind a web server whose certificate is another's."""
    program = debuggee('loop.py', prints_seen=True)
    program.web = over_tls.Wss(program.port, 'misnamed')
    yield program
    program.web.end()


@pytest.mark.one_pair
def test_certificate(misnamed, adapter, pair):
    message = refused_attach(adapter(), uri=misnamed.web.uri('hidden-word@'))
    assert 'who issued it' in message and 'Its name does not match' in message and 'hidden-word' not in message
    client = adapter()
    client.attach(uri=misnamed.web.uri('hush-4711@'), tlsAllowNameMismatch=True, **misnamed.web.more)
    assert 'encrypted but not authenticated' in client.console() and 'TLSv1 only' not in client.console()
    client.disconnect()


@pytest.mark.one_pair
def test_certificate_that_the_system_trusts(misnamed, adapter, monkeypatch, pair):
    monkeypatch.setenv('SSL_CERT_FILE', misnamed.web.more['tlsCaFile'])
    client = adapter()
    client.attach(uri=misnamed.web.uri('hush-4711@'), tlsServerName='elsewhere.example')
    assert client.console() == ''
    client.disconnect()


def test_web_server_says_no(adapter, shelf, serve):  # noqa: F811
    """What is said in HTTP behind the TLS is told as over ws://."""
    def serve_http(peer):
        channel = tls_servers.context(shelf, 'good').wrap_socket(peer, server_side=True)
        channel.recv(65536)
        channel.sendall(b'HTTP/1.1 403 Site Disabled\r\n\r\n')
        fakes.receive(channel, 1)
    message = refused_attach(adapter(), uri='wss://127.0.0.1:%d' % serve(serve_http), tlsCaFile=shelf.pem('root'))
    assert 'did not open a WebSocket (403 Site Disabled)' in message and 'wss://' in message


def test_s33_secret_stays_inside(adapter, shelf, serve):  # noqa: F811
    """It is neither in the request line nor a credential of HTTP, and stays at home where the server is not trusted."""
    heads = []

    def serve_http(peer):
        channel = tls_servers.context(shelf, 'good').wrap_socket(peer, server_side=True)
        heads.append(channel.recv(65536))
        channel.sendall(b'HTTP/1.1 404 Not Found\r\n\r\n')
        fakes.receive(channel, 1)
    uri = 'wss://hidden-word@127.0.0.1:%d/ptvsd' % serve(serve_http)
    message = refused_attach(adapter(), uri=uri, tlsCaFile=shelf.pem('root'), httpWake=False)
    assert '404 Not Found' in message and 'hidden-word' not in message
    assert heads[0].startswith(b'GET /ptvsd HTTP/1.1\r\n') and b'hidden-word' not in heads[0]
    assert b'Authorization' not in heads[0]
    assert 'not accepted' in refused_attach(adapter(), uri=uri, httpWake=False) and heads[1:] in ([], [b''])
