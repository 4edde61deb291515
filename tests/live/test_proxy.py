"""`ptvsd-dap proxy`: the page, who is let in, what each side sees at the end. Sessions by it: test_over.py."""

import random
import re
import signal
import socket
import struct
import threading

import pytest

import dap
import fakes
import over
import servers
import web


class Target(fakes.Server):
    """A program's port: what arrived there, and how each connection ended."""

    def __init__(self, first=b'', echo=False):
        fakes.Server.__init__(self, self.keep)
        self.first, self.echo = first, echo
        self.heard, self.ends = b'', []
        self.changed = threading.Condition()

    def keep(self, peer):
        end = 'orderly'
        try:
            peer.sendall(self.first)
            for data in iter(lambda: peer.recv(1 << 20), b''):
                with self.changed:
                    self.heard += data
                    self.changed.notify_all()
                if self.echo:
                    peer.sendall(data)
        except ConnectionResetError:
            end = 'reset'
        with self.changed:
            self.ends.append(end)
            self.changed.notify_all()

    def wait(self, found, timeout=web.PATIENCE):
        with self.changed:
            assert self.changed.wait_for(found, timeout), (self.heard[:200], self.ends)


@pytest.fixture
def target(started):
    return started(Target(echo=True))


@pytest.fixture
def proxy(started, target):
    return started(over.Proxy(target.port))


def section(page):
    """(class, sentences) of what the page says of the program."""
    assert web.status(page) == 200
    found = re.search(r'<section id="program" class="(\w+)">(.*)</section>', page)
    return found.group(1), re.sub('<.*?>', ' ', found.group(2))


# ---- the page

def look(program):
    """As the first to look: what was found a moment ago is not told again."""
    proxy = over.Proxy(program.port)
    try:
        return section(web.get(proxy.port))
    finally:
        proxy.end()


@pytest.mark.two_pythons
def test_page_of_a_program(debuggee, adapter, started, pair):
    """However often it is looked at, also in the middle of an attach and of a session, ptvsd bears it."""
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(5):
        found, sentences = look(program)
        assert found == 'good' and 'protocol version %d' % pair.wire in sentences, sentences
        assert pair.release[:3] in sentences
    client = adapter()
    attach = client.start_attach(program)
    for _ in range(5):
        assert look(program)[0] == 'good'
    client.wait_initialized(attach)
    client.set_breakpoints(program.file, [program.line('work')])
    client.request('configurationDone')
    client.body(attach)
    client.wait_stopped('breakpoint')
    for _ in range(5):
        assert look(program)[0] == 'good'
    client.disconnect()
    program.goes_on()
    proxy, client = started(over.Proxy(program.port)), adapter()
    client.attach(breakpoints={program.file: [program.line('work')]}, uri=proxy.uri('hush-4711@'))
    client.wait_stopped('breakpoint')
    assert 'A debugger is attached' in section(web.get(proxy.port))[1]
    client.disconnect()
    program.goes_on()


def test_page_follows_the_program(started):
    port = servers.free_port()
    proxy = started(over.Proxy(port))
    found, sentences = section(web.get(proxy.port))
    assert found == 'bad' and '127.0.0.1:%d (connection refused)' % port in sentences and 'enable_attach' in sentences


@pytest.mark.parametrize('first, found, words', [  # who speaks DAP may not be reset: test_left_before_an_attach
    (b'', 'bad', 'says nothing'),
    (b'SSH-2.0-<b>', 'bad', 'it said &quot;SSH-2.0-&lt;b&gt;&quot;'),
    (b'\x15\x03\x01\x00\x02\x02\x28', 'bad', 'expects TLS'),
    (b'PTVSDBG' + fakes.number(5), 'bad', 'unknown protocol version (5)'),
    (b'PTVSDBG' + fakes.number(6), 'good', 'ptvsd 2.2.x and 3.0.0 (protocol version 6)'),
    (fakes.framed(b'{"type": "event", "seq": 0, "event": "output", "body": {"category": "telemetry", '
                  b'"output": "ptvsd", "data": {"version": "4.3.2"}}}'), 'good', '4.3.2')])
def test_page_of_others(started, first, found, words):
    target = started(Target(first))
    proxy = started(over.Proxy(target.port))
    said = section(web.get(proxy.port))
    assert said[0] == found and words in said[1], said
    target.wait(lambda: target.ends == ['orderly' if words == '4.3.2' else 'reset'])


def test_page_of_one_that_hangs_up(started):
    target = started(fakes.Server(fakes.says_and_closes(b'')))
    proxy = started(over.Proxy(target.port))
    assert 'hangs up without a word' in section(web.get(proxy.port))[1]


@pytest.mark.parametrize('fields, uri', [
    ('', 'ws://SECRET@a.example/ptvsd'),
    ('X-Forwarded-Proto: https\r\n', 'wss://SECRET@a.example/ptvsd'),
    ('X-Forwarded-Proto: https, http\r\nX-Forwarded-Host: b.example:8443, c\r\nX-Forwarded-Prefix: /sub\r\n',
     'wss://SECRET@b.example:8443/sub/ptvsd'),
    ('X-Forwarded-Host: <script>"\r\n', 'ws://SECRET@&lt;script&gt;&quot;/ptvsd')])
def test_page_tells_the_address(started, fields, uri):
    proxy = started(over.Proxy(servers.free_port()))
    page = web.get(proxy.port, fields=fields)
    assert '<pre id="uri">%s</pre>' % uri in page and page.count('<script') == 1


def test_page_is_shut_to_others(started):
    """No frame around it, no script but its own, nothing kept, nothing that another page may read."""
    proxy = started(over.Proxy(servers.free_port()))
    head = web.get(proxy.port).partition('\r\n\r\n')[0]
    assert "default-src 'none'" in head and "frame-ancestors 'none'" in head and 'Cache-Control: no-store' in head
    assert 'Access-Control' not in head


# ---- requests

@pytest.mark.parametrize('request_text, status', [
    ('GET /ptvsd HTTP/1.0', 200), ('GET /ptvsd/ HTTP/1.1\r\nHost: x', 200),
    ('HEAD /ptvsd?a=b HTTP/1.1\r\nHost: x', 200),
    ('GET / HTTP/1.1\r\nHost: x', 404), ('GET /ptvsdx HTTP/1.1\r\nHost: x', 404),
    ('POST /ptvsd HTTP/1.1\r\nHost: x', 405), ('OPTIONS /ptvsd HTTP/1.1\r\nHost: x', 405),
    ('CONNECT x:1 HTTP/1.1', 400), ('nonsense', 400), ('GET /ptvsd HTTP/2.0', 505),
    ('POST /ptvsd HTTP/1.1\r\nHost: x\r\nContent-Length: 7', 400),
    ('GET /ptvsd HTTP/1.1\r\nX: ' + 'x' * 20000, 431),
    ('GET /ptvsd HTTP/1.1\r\n' + web.UPGRADE.replace('13', '8').rstrip(), 426),
    ('GET /ptvsd HTTP/1.1\r\n' + web.UPGRADE.replace(web.KEY, 'short').rstrip(), 400)])
def test_answers(started, request_text, status):
    target = started(Target(b'PTVSDBG' + fakes.number(6)))
    proxy = started(over.Proxy(target.port))
    answer = web.ask(proxy.port, request_text)
    assert web.status(answer) == status
    head, _, body = answer.partition('\r\n\r\n')
    assert ('Sec-WebSocket-Version: 13' in head) == (status == 426)
    if request_text.startswith('HEAD'):
        assert not body
    assert target.heard == b''


def test_request_that_never_ends(proxy):
    with web.connect(proxy.port) as peer:
        peer.sendall(b'GET /ptvsd HTTP/1.1\r\nHost: x\r\n')
        assert web.status(web.read_to_end(peer).decode()) == 408


def test_garbage(proxy, target):
    """Requests and frames with some bytes changed: it answers or hangs up, and is there for the next."""
    chance = random.Random(7)
    whole = ('GET /ptvsd HTTP/1.1\r\n' + web.UPGRADE + '\r\n').encode() + web.frame(web.TEXT, b'x' * 200) * 2
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with web.connect(proxy.port) as peer:
            peer.sendall(damaged[:chance.randint(1, len(damaged))])
            try:
                peer.shutdown(socket.SHUT_WR)
                web.read_to_end(peer)
            except OSError:
                pass
    one = web.WebSocket(proxy.port)
    one.send(web.BINARY, b'there')
    assert one.bytes(5) == b'there'
    one.end()


def test_nobody_listens(started):
    proxy = started(over.Proxy(servers.free_port()))
    socket = web.WebSocket(proxy.port)
    assert socket.status == 502
    socket.end()


# ---- who is let in

def test_web_pages_are_not_let_in(proxy, target):
    for origin in ('https://evil.example', 'http://a.example', 'null'):
        socket = web.WebSocket(proxy.port, fields='Origin: %s\r\n' % origin)
        assert socket.status == 403
        socket.end()
    assert target.served == []


def test_allowed_origin(started, target):
    proxy = started(over.Proxy(target.port, '--allow-origin', 'https://ide.example', '--allow-origin', 'http://b'))
    for origin, status in (('http://b', 101), ('https://ide.example', 101), ('https://ide.example.evil', 403)):
        socket = web.WebSocket(proxy.port, fields='Origin: %s\r\n' % origin)
        assert socket.status == status
        socket.end()


def test_check_reaches_nobody(proxy, target):
    """Messages of the check come back as they went; ptvsd is not connected to."""
    socket = web.WebSocket(proxy.port, '/ptvsd?probe', 'Origin: https://any.example\r\n')
    assert socket.status == 101
    for opcode, message in ((web.TEXT, 'grüß'.encode()), (web.BINARY, bytes(range(256)) * 300)):
        socket.send(opcode, message[:100], last=False)
        socket.send(0, message[100:])
        assert socket.receive() == (opcode, message)
    socket.send(web.CLOSE, struct.pack('>H', 1000))
    assert socket.closed() == (1000, '')
    socket.end()
    assert target.served == []


def test_limits(started, target):
    proxy = started(over.Proxy(target.port, '--sessions', '2'))
    sockets = [web.WebSocket(proxy.port) for _ in range(3)]
    assert [socket.status for socket in sockets] == [101, 101, 503]
    checks = [web.WebSocket(proxy.port, '/ptvsd?probe') for _ in range(9)]
    assert [socket.status for socket in checks] == [101] * 8 + [503]
    sockets[0].end()
    target.wait(lambda: target.ends)
    again = web.WebSocket(proxy.port)
    assert again.status == 101
    for socket in sockets[1:] + checks + [again]:
        socket.end()


def test_crowd(proxy):
    """More than it has room for: who is in goes on, and who comes later is let in when they have left."""
    inside = web.WebSocket(proxy.port)
    idle = [web.connect(proxy.port) for _ in range(300)]
    inside.send(web.BINARY, b'still here')
    assert inside.bytes(10) == b'still here'
    for peer in idle:
        peer.close()
    inside.send(web.BINARY, b'and now')
    assert inside.bytes(7) == b'and now'
    inside.end()
    while True:  # they leave in their own time
        try:
            assert web.status(web.get(proxy.port)) == 200
            break
        except (ConnectionResetError, IndexError):
            pass


# ---- bytes

def test_frames(proxy, target):
    """Text or binary, whole or cut, with a control frame within: the bytes arrive."""
    early = web.frame(web.BINARY, b'early ')
    socket = web.WebSocket(proxy.port, early=early)
    socket.send(web.TEXT, b'one ')
    socket.send(web.BINARY, b't', last=False)
    socket.send(web.PING, b'ping')
    socket.send(0, b'wo ', last=False)
    socket.send(0, b'', last=False)
    socket.send(0, b'three')
    target.wait(lambda: target.heard == b'early one two three')
    got, pongs = b'', []
    while len(got) < 19 or not pongs:
        opcode, payload = socket.receive()
        if opcode == web.PONG:
            pongs.append(payload)
        else:
            assert opcode == web.BINARY
            got += payload
    assert (got, pongs) == (b'early one two three', [b'ping'])
    socket.end()


def test_large(proxy):
    socket = web.WebSocket(proxy.port)
    for size in (125, 126, 65535, 65536, 3000000):
        message = (b'0123456789abcdefg' * (size // 17 + 1))[:size]
        feeder = threading.Thread(target=socket.send, args=(web.BINARY, message))
        feeder.start()
        assert socket.bytes(size) == message
        feeder.join()
    socket.end()


def memory(process):
    """Resident, in MB."""
    with open('/proc/%d/status' % process.pid) as status:
        return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1)) // 1024


SOME = 40  # MiB, of 100; the sanitizers keep freed memory


def test_slow_reader(started):
    """It is not read for whoever does not take it: memory does not grow, and nothing is lost."""
    size, filled = 100 << 20, threading.Event()

    def flood(peer):
        peer.settimeout(3)
        sent, block = 0, bytes(1 << 20)
        while sent < size:
            try:
                sent += peer.send(block[:size - sent])
            except socket.timeout:
                filled.set()
                peer.settimeout(None)
        fakes.receive(peer, 1)

    target = started(fakes.Server(flood))
    proxy = started(over.Proxy(target.port))
    before = memory(proxy.process)
    one = web.WebSocket(proxy.port)
    assert filled.wait(60) and memory(proxy.process) - before < SOME
    left = size
    while left:
        opcode, payload = one.receive()
        left -= len(payload)
    assert memory(proxy.process) - before < SOME
    one.end()


def test_slow_program(started):
    """The other way round."""
    go = threading.Event()
    target = started(fakes.Server(lambda peer: go.wait() and fakes.receive(peer, 64 << 20)))
    proxy = started(over.Proxy(target.port))
    before = memory(proxy.process)
    one = web.WebSocket(proxy.port)
    one.peer.settimeout(3)
    message = web.frame(web.BINARY, bytes(1 << 20))
    with pytest.raises(socket.timeout):
        for _ in range(64):
            one.peer.sendall(message)
    assert memory(proxy.process) - before < SOME
    go.set()
    one.end()


# ---- ends

def close_frame(socket):
    socket.send(web.CLOSE, struct.pack('>H', 1000))
    assert socket.closed()[0] == 1000


def orderly(one):
    one.peer.shutdown(socket.SHUT_WR)


def reset(one):
    one.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    one.peer.close()


def against_the_rules(socket):
    socket.send(web.BINARY, b'x', masked=False)
    assert socket.closed() == (1002, 'an unmasked frame from a client')


@pytest.mark.parametrize('leave', [close_frame, orderly, reset, against_the_rules])
def test_program_is_left_by_a_reset(started, leave):
    """Behind what was sent, whatever happens on the web's side: an orderly end can wedge ptvsd."""
    target = started(Target())
    proxy = started(over.Proxy(target.port))
    one = web.WebSocket(proxy.port)
    one.send(web.BINARY, b'x' * 100000)
    if leave is reset:
        target.wait(lambda: len(target.heard) == 100000)  # it may overtake what was sent
    leave(one)
    target.wait(lambda: target.ends)
    assert target.ends == ['reset'] and len(target.heard) == 100000
    one.end()


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_proxy_ends(target, number):
    proxy = over.Proxy(target.port)
    one = web.WebSocket(proxy.port)
    one.send(web.BINARY, b'x')
    assert one.bytes(1) == b'x'
    proxy.process.send_signal(number)
    said = proxy.process.communicate(timeout=web.PATIENCE)
    target.wait(lambda: target.ends == ['reset'])
    if number != signal.SIGKILL:
        assert one.closed() == (1001, 'the proxy was ended')
        assert (proxy.process.returncode, said) == (0, ('', ''))
    one.end()


def test_program_ends(started):
    def speak(peer):
        fakes.receive(peer, 1)
        peer.sendall(b'y' * 300000)

    target = started(fakes.Server(lambda peer: (speak(peer), peer.close())))
    proxy = started(over.Proxy(target.port))
    one = web.WebSocket(proxy.port)
    one.send(web.BINARY, b'x')
    assert one.bytes(300000) == b'y' * 300000
    assert one.closed()[0] == 1000
    one.end()


# ---- arguments

@pytest.mark.parametrize('arguments, words', [
    (['--listen', 'example.com:80'], 'IP address'), (['--listen', '99999'], 'a port'), (['--listen', ''], 'a port'),
    (['--listen', '[::1'], 'a port'), (['--path', 'ptvsd'], 'no path'), (['--path', '/a/'], 'no path'),
    (['--allow-origin', 'evil.example'], 'no origin'), (['--allow-origin', 'https://a/'], 'no origin'),
    (['--sessions', '0'], 'no number'), (['hidden-word@127.0.0.1'], 'needs no secret'),
    (['ws://127.0.0.1'], 'plain TCP'), (['a', 'b'], 'one target'), (['--what'], '--help'),
    (['no-such-host.invalid:1'], 'cannot find the host')])
def test_wrong_arguments(arguments, words):
    done = dap.run('proxy', *arguments)
    assert done.returncode == 1 and done.stdout == '' and words in done.stderr and 'hidden-word' not in done.stderr


def test_port_in_use(proxy):
    done = dap.run('proxy', '--listen', str(proxy.port))
    assert done.returncode == 1 and 'address already in use' in done.stderr


def test_own_path_and_other_addresses(started, target):
    proxy = started(over.Proxy(target.port, '--path', '/a/b', '--listen', '127.0.0.1:0'))
    assert proxy.path == '/a/b' and web.WebSocket(proxy.port, '/a/b').status == 101
    assert web.status(web.get(proxy.port, '/ptvsd')) == 404
