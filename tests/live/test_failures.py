"""Attaches that fail and connections that break: each says why, none kills the adapter or the editor's
patience. The peers are fakes; see fakes.py."""

import re
import socket
import threading

import pytest

import fakes
import servers


@pytest.fixture
def serve():
    """serve(function) starts a fake server and gives its port."""
    servers = []

    def start(function):
        servers.append(fakes.Server(function))
        return servers[-1].port

    yield start
    for server in servers:
        server.close()


def refused_attach(client, **how):
    """The message; it came within the patience of editors and names the next step in a whole sentence."""
    message = client.attach_refused(**how)
    assert len(message) > 20 and '\n\n' not in message
    return message


def test_a_log_line_is_one_line(adapter, tmp_path):
    """Whatever the other side says: no command to a terminal, no line of its own."""
    log = tmp_path / 'log'
    client = adapter('--log-file', str(log), '--log-level', 'debug')
    client.initialize()
    assert not client.response(client.send('no\x1b[31m\nforged', {}))['success']
    client.faults.clear()  # such a name is answered with its controls made visible
    lines = log.read_bytes().splitlines()
    assert not any(b'\x1b' in line or line.startswith(b'forged') for line in lines)
    assert any(b'forged' in line for line in lines)


def test_refused(adapter):
    port = servers.free_port()
    message = refused_attach(adapter(), host='127.0.0.1', port=port)
    assert 'refused' in message and str(port) in message


def test_unknown_host(adapter):
    message = refused_attach(adapter(), host='no-such-host.invalid', port=5678)
    assert 'no-such-host.invalid' in message


def test_silent_server(adapter, serve):
    message = refused_attach(adapter(), port=serve(fakes.says()), secret='hidden-word')
    assert 'hidden-word' not in message
    assert re.search('answer|silent|said nothing|time', message)


@pytest.mark.parametrize('first, named', [
    (b'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'SSH-2.0'),
    (b'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', 'HTTP/1.1'),
    (b'220 mail.example ESMTP\r\n', '220'),
    (b'\x00\x01\x02\x03\xff\xfe garbage \x1b[31m', ''),
    (b'Q', ''),
    (b'PTVSDBX' + fakes.number(6), '')])
@pytest.mark.parametrize('closes', [False, True], ids=['waits', 'closes'])
def test_not_a_ptvsd(adapter, serve, first, named, closes):
    server = fakes.says_and_closes(first) if closes else fakes.says(first)
    message = refused_attach(adapter(), port=serve(server))
    assert named in message and 'ptvsd' in message
    assert not re.search('[\x00-\x1f\x7f]', message), repr(message)


def test_server_speaks_tls(adapter, serve):
    message = refused_attach(adapter(), port=serve(fakes.says(b'\x15\x03\x01\x00\x02\x02\x28')))
    assert 'TLS' in message


@pytest.mark.parametrize('package', ['ptvsd', 'debugpy'])
def test_dap_server(adapter, serve, package):
    greeting = (b'{"type": "event", "seq": 0, "event": "output", "body": {"category": "telemetry", '
                b'"output": "ptvsd", "data": {"version": "4.3.2"}}}')
    if package == 'debugpy':
        greeting = (b'{"seq": 1, "type": "event", "event": "output", "body": {"category": "telemetry", '
                    b'"output": "ptvsd", "data": {"packageVersion": "1.8.22"}}}')
    message = refused_attach(adapter(), port=serve(fakes.says(fakes.framed(greeting))))
    assert 'did not answer "initialize"' in message


@pytest.mark.parametrize('version', [1, 3, 5, 9, 77])
def test_unsupported_version(adapter, serve, version):
    if version in (9, 77):
        greeting = fakes.framed(b'{"type": "event", "seq": 0, "event": "legacyRemoteConnected", "body": '
                                b'{"debuggerName": "PTVSDBG", "debuggerProtocolVersion": %d}}' % version)
    else:
        greeting = b'PTVSDBG' + fakes.number(version)
    message = refused_attach(adapter(), port=serve(fakes.says(greeting)))
    assert re.search(r'protocol version %d\b' % version, message)
    meaning = {1: 'older than ptvsd 2.0', 3: 'between ptvsd 2.0 and 2.1', 5: 'between ptvsd 2.1 and 2.2'}
    assert meaning.get(version, 'newer than ptvsd 3.2') in message
    assert '4 is ptvsd 2.1.x, of Visual Studio 2010 and 2012' in message


@pytest.mark.parametrize('part', [b'PTV', b'PTVSDBG', b'PTVSDBG' + fakes.number(6),
                                  b'Content-Length: 128\r\n', b'Content-Length: 128\r\n\r\n{"type":'])
def test_greeting_that_breaks_off(adapter, serve, part):
    assert refused_attach(adapter(), port=serve(fakes.says_and_closes(part)))


def test_greeting_in_single_bytes(adapter, serve):
    """No assumption that a message comes in one piece."""
    def dribble(peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b'PTVSDBG' + fakes.number(6):
            peer.sendall(bytes([byte]))
            threading.Event().wait(0.002)
        fakes.receive(peer, 15)
        fakes.read_text(peer)
        peer.sendall(b'RJCT')
        peer.close()
    assert 'secret' in refused_attach(adapter(), port=serve(dribble), secret='x')


def test_huge_lengths(adapter, serve):
    for greeting in (b'Content-Length: 99999999999999\r\n\r\n', b'Content-Length: -1\r\n\r\n{}',
                     b'Content-Length: 12345678901234567890123\r\n\r\n', b'C' * 100000):
        assert refused_attach(adapter(), port=serve(fakes.says(greeting)))


def test_connection_lost_in_the_session(adapter, serve):
    """A line that says so, then `terminated`; every request is still answered."""
    client = adapter()
    attach = client.start_attach(port=serve(fakes.binary_until(b'brkp')), secret='x')
    client.wait_initialized(attach)
    numbers = client.send_all([
        ('setBreakpoints', {'source': {'path': '/x.py'}, 'breakpoints': [{'line': 1}]}),
        ('setExceptionBreakpoints', {'filters': ['raised']}), ('configurationDone', None)])
    for number in numbers + [attach]:
        client.response(number)
    client.wait_event('terminated')
    assert re.search('lost|closed|broke|ended', client.console()), client.console()
    client.disconnect()


def test_connection_lost_right_after_the_attach(adapter, serve):
    """Either the attach fails, or the session ends at once; and disconnect is answered."""
    client = adapter()
    attach = client.start_attach(port=serve(fakes.binary_until(b'sexi')), secret='x')
    if client.response(attach)['success']:
        client.wait_event('terminated')
    client.disconnect()


def test_garbage_in_the_session(adapter, serve):
    def speak(peer):
        fakes.let_in(peer)
        peer.sendall(b'WHAT' * 10)
        while peer.recv(4096):
            pass
    client = adapter()
    attach = client.start_attach(port=serve(speak))
    client.wait_until(lambda: client.find_event('terminated', lambda body: True) or
                      (client.responses.get(attach) or {'success': True})['success'] is False, 'the end')
    client.response(client.send('disconnect', {}))
    client.wait_exit()
    client.response(attach)


@pytest.mark.one_pair
def test_attach_again_after_every_kind_of_failure(debuggee, adapter, serve, pair):
    """One adapter process takes all of them and then works."""
    program, client = debuggee('loop.py'), adapter()
    for how in ({'port': servers.free_port()}, {'host': 'no-such-host.invalid'},
                {'port': serve(fakes.says(b'SSH-2.0-x\r\n'))},
                {'port': serve(fakes.says_and_closes(b''))},
                {'port': program.port, 'secret': 'wrong'}):
        refused_attach(client, **how)
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


def test_disconnect_while_connecting(adapter, serve):
    """The editor gave up on a silent server: both requests are answered and the adapter goes."""
    client = adapter()
    attach = client.start_attach(port=serve(fakes.says()))
    client.response(client.send('disconnect', {}))
    assert client.wait_exit() == 0
    client.response(attach)


def test_end_of_input_while_connecting(adapter, serve):
    client = adapter()
    client.start_attach(port=serve(fakes.says()))
    client.close_input()
    client.wait_exit()
    client.ended = True
