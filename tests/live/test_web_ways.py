"""The way through the web: HTTP proxies, by the attribute and by the environment; more fields of the request; the
first request that wakes a site."""

import base64
import json
import os
import threading

import pytest

import fakes
import over
import servers
from http_proxy import HttpProxy, read_head
from test_failures import refused_attach
from test_websocket import opens

VARIABLES = ('http_proxy', 'https_proxy', 'all_proxy', 'no_proxy')


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def proxy(started):
    return started(HttpProxy())


def at_work(client, program, **how):
    client.attach(breakpoints={program.file: [program.line('work')]}, secret='hush-4711', **how)
    client.wait_stopped('breakpoint')


# ---- the proxy

@pytest.mark.two_pythons
@pytest.mark.parametrize('way', ['ws', 'tcp'])
def test_session_by_proxy(debuggee, adapter, proxy, way):
    """The name goes to the proxy as it is, and the password with it."""
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    uri = over.where(program.port, 'hush-4711', 'ws')['uri'] if way == 'ws' else 'tcp://127.0.0.1:%d' % program.port
    at_work(client, program, uri=uri.replace('127.0.0.1', 'program.test'),
            proxy='http://me:pass%%40word@127.0.0.1:%d' % proxy.port)
    client.disconnect()
    program.goes_on()
    head, = proxy.heads
    assert head.startswith('CONNECT program.test:%s HTTP/1.1\r\nHost: program.test:' % uri.split(':')[2].split('/')[0])
    assert '\r\nProxy-Authorization: Basic %s\r\n' % base64.b64encode(b'me:pass@word').decode() in head
    assert 'word' not in json.dumps(client.all_events('output'))


@pytest.mark.one_pair
def test_killed_behind_a_proxy(debuggee, adapter, proxy):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    where = {'uri': 'tcp://127.0.0.1:%d' % program.port, 'proxy': '127.0.0.1:%d' % proxy.port}
    at_work(client, program, **where)
    client.ended = True
    client.process.kill()
    client.wait_exit()
    program.goes_on()
    at_work(adapter(), program, **where)


def test_greeting_behind_the_answer(adapter, started):
    """In one piece with it."""
    server = started(fakes.Server(fakes.says(b'SSH-2.0-OpenSSH')))
    proxy = started(HttpProxy(late=True))
    message = refused_attach(adapter(), uri='tcp://127.0.0.1:%d' % server.port, proxy='127.0.0.1:%d' % proxy.port)
    assert 'SSH-2.0-OpenSSH' in message


REFUSALS = [
    (b'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', ('407 Proxy Authentication Required', 'user:password@')),
    (b'HTTP/1.1 403 Forbidden\r\n\r\n', ('403 Forbidden', 'NO_PROXY')),
    (b'HTTP/1.1 502 Bad Gateway\r\n\r\n', ('502 Bad Gateway', 'check its name and port')),
    (b'HTTP/1.1 302 Found\r\nLocation: https://hidden-word/\r\n\r\n', ('302 Found', 'NO_PROXY')),
    (b'SSH-2.0-OpenSSH\r\n\r\n', ('no HTTP', 'HTTPS_PROXY')),
    (b'', ('HTTPS_PROXY',)),
    (b'HTTP/1.1 200', ('HTTPS_PROXY',))]


@pytest.mark.parametrize('answer, words', REFUSALS)
def test_refused_by_proxy(adapter, started, answer, words):
    proxy = started(HttpProxy(answer))
    message = refused_attach(adapter(), uri='ws://hidden-word@program.test/ptvsd',
                             proxy='http://me:hidden-word@127.0.0.1:%d' % proxy.port)
    assert all(word in message for word in words), message
    assert 'HTTP proxy' in message and 'at 127.0.0.1:%d' % proxy.port in message and 'hidden-word' not in message
    assert 'ws://program.test:80/ptvsd' in message


def test_proxy_says_nothing(adapter, started):
    proxy = started(fakes.Server(fakes.says()))
    message = refused_attach(adapter(), uri='ws://program.test', proxy='127.0.0.1:%d' % proxy.port)
    assert 'HTTP proxy (no answer, at' in message


def test_no_proxy_there(adapter):
    port = servers.free_port()
    message = refused_attach(adapter(), uri='ws://program.test', proxy='127.0.0.1:%d' % port)
    assert 'HTTP proxy (connection refused, at 127.0.0.1:%d)' % port in message


# ---- the environment

def reaches(adapter, started, uri):
    """Does the proxy see it?"""
    proxy = started(HttpProxy(b'HTTP/1.1 403 No\r\n\r\n'))
    for name in list(os.environ):
        if os.environ[name] == 'HERE':
            os.environ[name] = 'http://127.0.0.1:%d/' % proxy.port
    message = refused_attach(adapter(), uri=uri)
    assert ('HTTP proxy' in message) == bool(proxy.heads)
    return bool(proxy.heads)


@pytest.mark.parametrize('variables, uri, used', [
    ({'http_proxy': 'HERE'}, 'ws://a.invalid', True),
    ({'HTTP_PROXY': 'HERE'}, 'ws://a.invalid', True),
    ({'ALL_PROXY': 'HERE'}, 'ws://a.invalid', True),
    ({'http_proxy': 'HERE', 'HTTP_PROXY': 'http://127.0.0.1:1'}, 'ws://a.invalid', True),
    ({'http_proxy': '', 'all_proxy': 'HERE'}, 'ws://a.invalid', True),
    ({'https_proxy': 'HERE'}, 'ws://a.invalid', False),
    ({'ALL_PROXY': 'HERE', 'HTTP_PROXY': 'HERE'}, 'tcp://a.invalid', False),
    ({'http_proxy': 'HERE', 'NO_PROXY': 'b, .invalid'}, 'ws://a.invalid', False),
    ({'http_proxy': 'HERE', 'no_proxy': 'b', 'NO_PROXY': '*'}, 'ws://a.invalid', True),
    ({'http_proxy': 'HERE'}, 'ws://localhost:1', False),
    ({'http_proxy': 'HERE'}, 'ws://127.0.0.1:1', False)])
def test_environment(adapter, started, environment, variables, uri, used):
    for name, value in variables.items():
        environment.setenv(name, value)
    assert reaches(adapter, started, uri) == used


def test_attribute_before_environment(adapter, started, environment):
    proxy = started(HttpProxy(b'HTTP/1.1 403 No\r\n\r\n'))
    environment.setenv('http_proxy', 'http://127.0.0.1:%d' % proxy.port)
    assert 'Cannot find' in refused_attach(adapter(), uri='ws://a.invalid', proxy='none')
    assert proxy.heads == []
    environment.setenv('http_proxy', 'http://127.0.0.1:1')
    refused_attach(adapter(), uri='ws://a.invalid', proxy='http://127.0.0.1:%d' % proxy.port)
    assert len(proxy.heads) == 1


@pytest.mark.parametrize('value, words', [
    ('socks5://hidden-word@a:1', 'of a kind'), ('https://hidden-word@a', 'of a kind'),
    ('http://hidden-word@a:x', 'must be http://host:port'), ('http://', 'must be'),
    ('http://hidden-word@a/b', 'nothing'), (7, '"proxy"')])
def test_wrong_proxy(adapter, environment, value, words):
    message = refused_attach(adapter(), uri='ws://a.invalid', proxy=value)
    assert words in message and '"proxy"' in message and 'hidden-word' not in message
    if isinstance(value, str):
        environment.setenv('HTTP_PROXY', value)
        message = refused_attach(adapter(), uri='ws://a.invalid')
        assert words in message and 'HTTP_PROXY' in message and 'hidden-word' not in message


# ---- fields of the request

class Site(fakes.Server):
    """A web server of which the requests are kept; then it opens the WebSocket and says what it says."""

    def __init__(self, mute=False):
        fakes.Server.__init__(self, self.answer)
        self.heads, self.mute, self.asked = [], mute, threading.Event()

    def answer(self, peer):
        head = read_head(peer)
        self.heads.append(head)
        self.asked.set()
        if not head.startswith('HEAD'):
            opens(b'\x82\x0fSSH-2.0-OpenSSH')(Replayed(peer, head))
        elif not self.mute:
            peer.sendall(b'HTTP/1.1 500 So what\r\nConnection: close\r\n\r\n')
        while peer.recv(4096):
            pass


class Replayed(object):
    """A connection of which the head was read already."""

    def __init__(self, peer, head):
        self.peer, self.head, self.sendall = peer, head.encode('latin-1'), peer.sendall

    def recv(self, size):
        head, self.head = self.head, b''
        return head or self.peer.recv(size)


@pytest.mark.parametrize('attribute', ['headers', 'wsHeaders'])
def test_headers(adapter, started, attribute):
    site, client = started(Site()), adapter()
    fields = {'Authorization': 'Bearer hidden-word', 'X-Empty': '', 'Cookie': 'a=b; c=d'}
    message = refused_attach(client, uri='ws://127.0.0.1:%d/a?b=c' % site.port, logLevel='trace',
                             **{attribute: fields})
    assert 'SSH-2.0' in message and 'hidden-word' not in message
    head, = site.heads
    assert head.startswith('GET /a?b=c HTTP/1.1\r\n')
    assert '\r\nAuthorization: Bearer hidden-word\r\nX-Empty: \r\nCookie: a=b; c=d\r\n' in head


def test_secret_is_for_ptvsd_alone(adapter, started, proxy):
    """Neither web server nor proxy is told."""
    site = started(Site())
    refused_attach(adapter(), uri='ws://hidden-word@site.test:%d/ptvsd' % site.port, httpWake=True,
                   proxy='127.0.0.1:%d' % proxy.port)
    assert len(site.heads) == 2 and not any('hidden-word' in head or 'Authorization' in head
                                            for head in site.heads + proxy.heads)


@pytest.mark.parametrize('attribute', ['headers', 'wsHeaders'])
@pytest.mark.parametrize('headers', [
    'text', ['a'], {'a b': 'c'}, {'': 'c'}, {'a': 'hidden-word\r\nb: c'}, {'a': 7}, {'a': None},
    {'a': 'hidden-word' * 2000}])
def test_wrong_headers(adapter, headers, attribute):
    message = refused_attach(adapter(), uri='ws://127.0.0.1:1', **{attribute: headers})
    assert '"%s"' % attribute in message and 'hidden-word' not in message


@pytest.mark.parametrize('name', ['Host', 'upgrade', 'Connection', 'Sec-WebSocket-Key', 'Content-Length'])
def test_headers_that_are_ours(adapter, name):
    assert name in refused_attach(adapter(), uri='ws://127.0.0.1:1', headers={name: 'x'})


def test_headers_without_web(adapter):
    assert 'tcp://' in refused_attach(adapter(), uri='tcp://127.0.0.1:1', headers={'a': 'b'})
    assert '"wsHeaders"' in refused_attach(adapter(), uri='tcp://127.0.0.1:1', wsHeaders={'a': 'b'})


def test_headers_by_both_names(adapter):
    message = refused_attach(adapter(), uri='ws://127.0.0.1:1', headers={'a': 'b'}, wsHeaders={'a': 'b'})
    assert '"headers" and "wsHeaders" contradict' in message


# ---- waking

@pytest.mark.parametrize('mute', [False, True])
def test_wake(adapter, started, mute):
    """A request to the site first; it is not waited for longer than some seconds."""
    site = started(Site(mute))
    message = refused_attach(adapter(), uri='ws://127.0.0.1:%d/ptvsd' % site.port, httpWake=True, headers={'A': 'b'})
    assert 'SSH-2.0' in message
    assert [head.split('\r\n')[0] for head in site.heads] == ['HEAD / HTTP/1.1', 'GET /ptvsd HTTP/1.1']
    assert all('\r\nA: b\r\n' in head for head in site.heads)


def test_wake_among_several(adapter, started):
    """Who is asked first which program it is has the time to wake up, too."""
    site = started(Site(mute=True))
    message = refused_attach(adapter(), uri=['ws://127.0.0.1:%d/ptvsd' % site.port], httpWake=True, connectTimeout=2)
    assert 'SSH-2.0' in message


def test_wake_by_proxy(adapter, started, proxy):
    site = started(Site())
    message = refused_attach(adapter(), uri='ws://site.test:%d/ptvsd' % site.port, httpWake=True,
                             proxy='127.0.0.1:%d' % proxy.port)
    assert 'SSH-2.0' in message and len(proxy.heads) == len(site.heads) == 2


def test_nobody_to_wake(adapter):
    assert 'refused the connection' in refused_attach(adapter(), uri='ws://127.0.0.1:%d' % servers.free_port(),
                                                      httpWake=True)


def test_editor_goes_while_it_wakes(adapter, started):
    site, client = started(Site(mute=True)), adapter()
    client.initialize()
    client.send('attach', {'uri': 'ws://127.0.0.1:%d' % site.port, 'httpWake': True})
    assert site.asked.wait(15)
    client.ended = True
    client.close_input()
    assert client.wait_exit() == 0


@pytest.mark.one_pair
def test_session_after_waking(debuggee, adapter):
    program, client = debuggee('loop.py', prints_seen=True), adapter()
    at_work(client, program, uri=over.where(program.port, 'hush-4711', 'ws')['uri'], httpWake=True)
    client.disconnect()
    program.goes_on()
