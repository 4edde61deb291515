"""Server mode: many editors and programs in one process, and who is kept out of it."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

import dap
import servers
import via

pytestmark = pytest.mark.one_pair  # what ptvsd does here is in the rest of the suite: PTVSD_DAP_VIA=listen
WHOLE = 'PTVSD_DAP_WHOLE' in os.environ
TOKEN = 'a token of some length'
INITIALIZE = b'{"seq":1,"type":"request","command":"initialize","arguments":{"adapterID":"x"}}'
PATIENCE = 20


@pytest.fixture
def listen():
    """listen(address, options…) starts a server; it must end well, unless the test has ended it."""
    started = []

    def start(*arguments, **how):
        started.append(via.Server(*arguments, **how))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


@pytest.fixture
def one_of_each(tmp_path):
    """A running loop.py for each release that there is, on its first Python."""
    pairs, started = {}, []
    for pair in servers.matrix():
        if pair.python.path:
            pairs.setdefault(pair.release, pair)
    for release, pair in pairs.items():
        started.append(servers.Debuggee(pair, 'loop.py', tmp_path / release))
    yield started
    for one in started:
        one.end()


def framed(body):
    return b'Content-Length: %d\r\n\r\n%s' % (len(body), body)


def at(client, program, marker):
    """A session that stands at the line with this marker."""
    client.attach(program, {program.file: [program.line(marker)]})
    return stands_at(client, program, marker)


def stands_at(client, program, marker):
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line(marker))
    return stop


def number_in(client, stop):
    return int(client.top_locals(stop.thread)['number']['value'])


def hears(dialled, orderly=False):
    """All that comes until the other side closes, or resets."""
    dialled.settimeout(PATIENCE)
    said = b''
    try:
        for more in iter(lambda: dialled.recv(4096), b''):
            said += more
    except ConnectionResetError:
        assert not orderly
    dialled.close()
    return said


def sanitized(server):
    with open('/proc/%d/maps' % server.process.pid) as maps:
        return 'asan' in maps.read()


def memory(server):
    """Resident, in KiB."""
    with open('/proc/%d/status' % server.process.pid) as status:
        return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))


def refuses(server):
    try:
        server.dial().close()
    except ConnectionRefusedError:
        return True
    return False


def descriptors(server):
    return len(os.listdir('/proc/%d/fd' % server.process.pid))


def wait_until(found, what):
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


# ---- many at a time

def address_of(kind, directory):
    if kind == 'unix':
        return 'unix:%s' % (directory / 'socket')
    if kind == 'tcp6':
        with socket.socket(socket.AF_INET6) as probe:
            try:
                probe.bind(('::1', 0))
            except OSError:
                pytest.skip('no IPv6 here')
    return {'tcp': '127.0.0.1:0', 'tcp6': '[::1]:0'}[kind]


@pytest.mark.parametrize('kind', ['tcp', 'tcp6', 'unix'])
def test_two_editors(listen, debuggee, adapter, pair, tmp_path, kind):
    """Neither meets anything of the other; and who has left can come back."""
    server = listen(address_of(kind, tmp_path))
    one, two = [debuggee('loop.py') for _ in range(2)]
    first, second = adapter(server=server), adapter(server=server)
    stop, other = at(first, one, 'work'), at(second, two, 'return')
    before, still = number_in(first, stop), number_in(second, other)
    for _ in range(3):
        first.continue_(stop.thread)
        stop = stands_at(first, one, 'work')
    assert number_in(first, stop) == before + 3 and number_in(second, other) == still
    second.not_stopped()
    assert second.step('stepOut', other.thread)[0] == '<module>'
    first.disconnect()
    one.goes_on()
    second.not_stopped()
    again = adapter(server=server)
    stop = at(again, one, 'text')
    assert second.evaluate('count', second.top(other.thread)['id'])['result'] == str(still)
    again.disconnect()
    second.disconnect()
    for program in one, two:
        program.goes_on()


def test_all_wires_at_once(listen, one_of_each, adapter):
    server = listen()
    sessions = [(adapter(server=server), program) for program in one_of_each]
    stops = [at(client, program, 'work') for client, program in sessions]
    for _ in range(3):
        asked = [client.send('next', {'threadId': stop.thread}) for (client, _), stop in zip(sessions, stops)]
        for (client, program), seq in zip(sessions, asked):
            client.body(seq)
            assert client.wait_stopped('step').reason == 'step'
    for (client, program), stop in zip(sessions, stops):
        client.set_breakpoints(program.file, [])
        client.continue_(stop.thread)
        program.goes_on()
        client.disconnect()


def test_restart_and_a_second_attach(listen, debuggee, adapter, pair):
    server, program = listen(), debuggee('loop.py')
    client = adapter(server=server)
    client.attach_refused(program, secret='wrong')
    at(client, program, 'work')
    client.request('restart')
    stands_at(client, program, 'work')
    client.disconnect()
    program.goes_on()


@pytest.mark.parametrize('count', [20])
def test_many(listen, debuggee, adapter, pair, count):
    server = listen()
    programs = [debuggee('loop.py') for _ in range(count)]
    clients = [adapter(server=server) for _ in programs]
    for client, program in zip(clients, programs):
        client.attaching = client.start_attach(program)
    for client, program in zip(clients, programs):
        client.wait_initialized(client.attaching)
        client.set_breakpoints(program.file, [program.line('work')])
        client.request('configurationDone')
    for client, program in zip(clients, programs):
        stands_at(client, program, 'work')
    for client, program in zip(clients, programs):
        client.disconnect()
        program.goes_on()


def test_returns_what_it_took(listen, debuggee, adapter, pair):
    """Memory and descriptors, after many sessions one by one and 200 at a time; with the sanitizers their leak check
    says it."""
    server, program = listen(), debuggee('loop.py')
    for number in range(205 if WHOLE else 15):
        if number == 5:
            before, open_before = memory(server), descriptors(server)
        client = adapter(server=server)
        at(client, program, 'work')
        client.disconnect()
    idle = []
    for _ in range(200):
        idle.append(server.dial())
        idle[-1].sendall(framed(INITIALIZE))
        assert idle[-1].recv(4096).startswith(b'Content-Length: ')
    assert sanitized(server) or (memory(server) - before) / len(idle) < 512
    for one in idle:
        one.close()
    wait_until(lambda: descriptors(server) <= open_before, 'as many descriptors as before')
    if not sanitized(server):
        wait_until(lambda: memory(server) - before < 1024, 'as much memory as before')


def test_last_answer_arrives(listen):
    """Though the editor has said more behind its goodbye: closed over that, the connection would be reset, and on some
    systems the answer lost."""
    server, more = listen(), framed(b'{"seq":3,"type":"request","command":"threads"}')
    dialled = server.dial()
    dialled.sendall(framed(INITIALIZE) + framed(b'{"seq":2,"type":"request","command":"disconnect"}') + more * 5000)
    dialled.shutdown(socket.SHUT_WR)
    assert b'"command":"disconnect"' in hears(dialled, orderly=True)


def test_slow_editor_and_flood(listen, debuggee, adapter, pair):
    """One reads nothing while its program prints without end, one asks without reading the answers: it is asked no
    more. A third is served meanwhile."""
    server = listen()
    before = memory(server)
    slow = server.dial()
    slow.sendall(framed(INITIALIZE))
    slow.settimeout(1)
    asks = framed(b'{"seq":2,"type":"request","command":"%s"}' % (b'x' * 1000)) * 500
    with pytest.raises(socket.timeout):
        for _ in range(200):  # 100 MB
            slow.sendall(asks)
    program, client = debuggee('loop.py'), adapter(server=server)
    stop = at(client, program, 'work')
    for _ in range(10):
        client.continue_(stop.thread)
        stop = stands_at(client, program, 'work')
    client.disconnect()
    assert memory(server) - before < (64 << 10) * (4 if sanitized(server) else 1)
    slow.close()


# ---- the end

def standing(listen, programs, adapter, **how):
    server = listen()
    clients = [adapter(server=server) for _ in programs]
    for client, program in zip(clients, programs):
        client.attach(program, {program.file: [program.line('work')]}, **how)
        stands_at(client, program, 'work')
        client.ended = True
    return server, clients


def test_signal_ends_all_in_order(listen, one_of_each, adapter):
    programs = one_of_each
    server, clients = standing(listen, programs, adapter, dropGuard=False)
    server.signal(signal.SIGTERM)
    assert server.wait() == (0, '')
    for client, program in zip(clients, programs):
        client.wait_exit()
        program.goes_on()
    again = adapter()
    at(again, programs[0], 'work')
    again.disconnect()


@pytest.mark.parametrize('number', ['SIGSEGV', 'SIGABRT'])
def test_crash_detaches_all(listen, one_of_each, adapter, number):
    """By its last words: nothing guards the programs."""
    programs = one_of_each
    server, clients = standing(listen, programs, adapter, dropGuard=False)
    server.signal(getattr(signal, number))
    assert server.wait()[0] == -getattr(signal, number)
    for program in programs:
        program.goes_on()


def test_second_signal_ends_at_once(listen, debuggee, adapter, pair):
    """Programs that are held by the system answer nothing; they find the detach when they are let go."""
    programs = [debuggee('loop.py') for _ in range(3)]
    server, clients = standing(listen, programs, adapter, dropGuard=False)
    for program in programs:
        program.process.send_signal(signal.SIGSTOP)
    server.signal(signal.SIGTERM)
    wait_until(lambda: refuses(server), 'nobody is let in any more')
    server.signal(signal.SIGTERM)
    assert server.wait() == (-signal.SIGTERM, '')
    for program in programs:
        program.process.send_signal(signal.SIGCONT)
        program.goes_on()


def test_editor_killed(listen, debuggee, adapter, pair):
    programs = [debuggee('loop.py') for _ in range(3)]
    server, (first, second, third) = standing(listen, programs, adapter)
    first.process.kill()
    programs[0].goes_on()
    third.process.stdin.write(b'Content-Length: 300\r\n\r\n{"seq": 99, "type"')
    third.close_input()
    programs[2].goes_on()
    second.not_stopped()
    stop = second.threads()[0]['id']
    second.continue_(stop)
    stands_at(second, programs[1], 'work')
    second.disconnect()
    programs[1].goes_on()


# ---- who is kept out

def test_token(listen, debuggee, adapter, pair, tmp_path, monkeypatch):
    file = tmp_path / 'token'
    file.write_text(TOKEN + '\n')
    file.chmod(0o600)
    monkeypatch.setenv('THE_TOKEN', TOKEN)
    by_file, by_name = listen('127.0.0.1:0', '--token-file', str(file)), listen('[::1]:0', '--token-env', 'THE_TOKEN')
    with open('/proc/%d/environ' % by_name.process.pid, 'rb') as environ:
        assert TOKEN.encode() not in environ.read()
    program = debuggee('loop.py')
    for server in by_file, by_name:
        for given, words in (({}, 'only who has its token'), ({'token': TOKEN[:-1]}, 'is not the one'),
                             ({'token': TOKEN + 'x'}, 'is not the one'), ({'token': 7}, '"token"')):
            client = adapter(server=server)
            message = client.attach_refused(program, **given)
            assert words in message and TOKEN[:-1] not in message
            client.wait_exit()  # one guess a connection
        client = adapter(server=server)
        client.initialize()
        assert 'only who has its token' in client.refused('launch', program=program.file, python='/no/such/python')
        client.wait_exit()
        client = adapter(server=server)
        client.attach(program, token=TOKEN)
        client.disconnect()
    program.goes_on()


def test_other_machines_only_with_a_token(listen, monkeypatch):
    monkeypatch.setenv('THE_TOKEN', TOKEN)
    server = listen('0.0.0.0:0', '--token-env', 'THE_TOKEN')
    server.signal(signal.SIGTERM)
    status, complaints = server.wait()
    assert status == 0 and 'not encrypted' in complaints and 'ssh -L' in complaints and TOKEN not in complaints


def refused_start(*arguments):
    done = dap.run(*arguments, timeout=PATIENCE)
    assert (done.returncode, done.stdout) == (1, '')
    return done.stderr


@pytest.mark.parametrize('arguments, words', [
    (('--listen', '0.0.0.0:0'), 'a token is needed'), (('--listen', '[::]:0'), 'a token is needed'),
    (('--listen', 'example.org:4711'), 'give an IP address'), (('--listen', '127.0.0.1:99999'), 'give an IP address'),
    (('--listen', 'unix:'), 'the path is missing'), (('--listen', 'unix:/no/such/place'), 'No such file'),
    (('--listen', 'unix:/tmp/' + 'x' * 200), 'too long'),
    (('--listen', '0', '--token-env', 'NOT_SET_ANYWHERE'), 'not set'),
    (('--listen', '0', '--token-file', '/no/such/file'), 'No such file'),
    (('--listen', '0', '--token-file', '/dev/null'), 'empty'),
    (('--listen', '0', '--token-file', 'OPEN'), 'chmod 600'), (('--listen', '0', '--token-file', 'SHORT'), 'guessed'),
    (('--listen', '0', '--begin-within', 'soon'), 'number of seconds'), (('--token-env', 'X'), 'go with --listen')])
def test_refused_starts(tmp_path, arguments, words):
    for name, text, mode in (('OPEN', TOKEN, 0o644), ('SHORT', 'secret', 0o600)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(mode)
    message = refused_start(*[str(tmp_path / one) if one in ('OPEN', 'SHORT') else one for one in arguments])
    assert words in message and TOKEN not in message


def test_port_in_use(listen):
    server = listen()
    assert 'already in use' in refused_start('--listen', server.address)


BODY = framed(INITIALIZE).decode()
FOREIGN = {
    'GET': b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST with DAP in it': ('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s' % (len(BODY), BODY)).encode(),
    'form': ('POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\na=%s' % BODY).encode(),
    'WebSocket': b'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n',
    'HTTP/2': b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'TLS': b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(32),
    'a header of HTTP behind the right one': b'Content-Length: 5\r\nHost: localhost\r\n\r\n12345',
    'endless header': b'Content-Type: ' + b'x' * 9000,
    'nothing that is text': bytes(range(256)),
}


def test_other_protocols(listen, debuggee, adapter, pair):
    """No answer that a web page could read; and those who debug notice nothing."""
    server, program = listen(), debuggee('loop.py')
    client = adapter(server=server)
    stop = at(client, program, 'work')
    for name, said in FOREIGN.items():
        dialled = server.dial()
        dialled.sendall(said)
        assert hears(dialled) == b'', name
    number = number_in(client, stop)
    client.continue_(stop.thread)
    assert number_in(client, stands_at(client, program, 'work')) == number + 1
    client.disconnect()


def test_who_does_not_begin(listen, adapter, monkeypatch):
    """Is sent away in time, also in the middle of a message, or when it has no token to show."""
    monkeypatch.setenv('THE_TOKEN', TOKEN)
    server, guarded = listen('0', '--begin-within', '1'), listen('0', '--begin-within', '1', '--token-env', 'THE_TOKEN')
    begun, idle, silent, half = adapter(server=server), guarded.dial(), server.dial(), server.dial()
    begun.initialize()
    half.sendall(framed(INITIALIZE)[:-1])
    idle.sendall(framed(INITIALIZE))
    assert hears(silent) == hears(half) == b''
    assert hears(idle).count(b'"command":"initialize"') == 1
    begun.request('disconnect')


def test_many_who_say_nothing(listen, debuggee, adapter, pair):
    """They keep nobody out."""
    server, program = listen(), debuggee('loop.py')
    client = adapter(server=server)
    stop = at(client, program, 'work')
    crowd = [server.dial() for _ in range(1000)]
    client.continue_(stop.thread)
    stands_at(client, program, 'work')
    client.disconnect()
    client = adapter(server=server)
    at(client, program, 'text')
    client.disconnect()
    for one in crowd:
        one.close()


KNOCKS = '''
import socket, sys
print(1, flush=True)
while True:
    socket.create_connection((sys.argv[1], int(sys.argv[2]))).close()
'''


def test_knocking_without_end(listen, debuggee, adapter, pair):
    """Those who debug are served in between."""
    server, program = listen(), debuggee('loop.py')
    client = adapter(server=server)
    stop = at(client, program, 'work')
    crowd = [subprocess.Popen([sys.executable, '-c', KNOCKS, server.host, str(server.port)], stdout=subprocess.PIPE)
             for _ in range(2)]
    try:
        for one in crowd:
            one.stdout.readline()
        for _ in range(10):
            client.continue_(stop.thread)
            stop = stands_at(client, program, 'work')
        assert all(one.poll() is None for one in crowd)
    finally:
        for one in crowd:
            one.kill()
            one.communicate()
    client.disconnect()


ANOTHER = '''
import os, socket, sys
'x'.encode('idna')  # its module lies where another user may not read
os.setgid(65534); os.setuid(65534)
one = socket.socket(socket.AF_UNIX) if sys.argv[1] == 'unix' else socket.create_connection((sys.argv[2], int(sys.argv[3])))
try:
    if sys.argv[1] == 'unix':
        one.connect(sys.argv[2])
    one.sendall(sys.stdin.buffer.read())
    print(repr(one.recv(4096)))
except OSError as error:
    print(type(error).__name__)
'''


@pytest.mark.parametrize('kind', ['tcp', 'tcp6', 'unix'])
def test_another_user(listen, tmp_path, kind):
    if os.getuid():
        pytest.skip('only root can become another user')
    server = listen(address_of(kind, tmp_path))
    if kind == 'unix':
        for directory in [tmp_path] + list(tmp_path.parents)[:3]:
            directory.chmod(directory.stat().st_mode | 0o011)  # pytest's are its own
    where = ['unix', server.path] if kind == 'unix' else ['tcp', server.host, str(server.port)]
    done = subprocess.run([sys.executable, '-c', ANOTHER] + where, input=framed(INITIALIZE), stdout=subprocess.PIPE,
                          timeout=PATIENCE)
    wanted = ['PermissionError'] if kind == 'unix' else ["b''", 'ConnectionResetError']
    assert done.stdout.decode().strip() in wanted
    with server.dial() as own:
        own.sendall(framed(INITIALIZE))
        assert own.recv(4096).startswith(b'Content-Length: ')


# ---- unix sockets

def test_unix_socket_file(listen, tmp_path):
    """Of this user alone; gone at the end; taken over from a server that has crashed, but from no other."""
    path = tmp_path / 'socket'
    server = listen('unix:%s' % path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert 'somebody listens there already' in refused_start('--listen', 'unix:%s' % path)
    server.signal(signal.SIGKILL)
    server.wait()
    assert path.exists()
    listen('unix:%s' % path).end()
    assert not path.exists()
    path.write_text('a text')
    assert 'no socket' in refused_start('--listen', 'unix:%s' % path) and path.read_text() == 'a text'


def test_directory_of_others(tmp_path):
    tmp_path.chmod(0o777)
    assert 'others may write' in refused_start('--listen', 'unix:%s' % (tmp_path / 'socket'))


def test_lines_of_the_log(listen, tmp_path):
    """Each names its session."""
    log = tmp_path / 'log'
    server = listen('0', '--log-file', str(log), '--log-level', 'debug')
    for _ in range(2):
        with server.dial() as dialled:
            dialled.sendall(framed(INITIALIZE))
            dialled.recv(4096)
    server.end()
    said = log.read_text()
    assert 'debug: [1] from editor: request initialize' in said and '[2] from editor' in said
