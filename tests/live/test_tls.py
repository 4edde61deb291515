"""tcps:// and wss://: whom the adapter believes, what it says of whom it does not, and old versions. The matrix
is protocol version × fault of the certificate × permission, 288 cases with Python's ssl, a part of it with openssl."""

import base64
import hashlib
import json
import shutil
import signal
import socket
import threading

import pytest
from cryptography.hazmat.primitives import serialization

import certificates
import fakes
import tls_servers
from dap import run
from test_failures import refused_attach, serve  # noqa: F401

SECRET = 'hidden-word'
WORDS = {'self-signed': 'it is self-signed', 'issuer': 'who issued it', 'name': 'Its name does not match',
         'expired': 'expired on', 'early': 'is not yet valid', 'unfit': 'not fit for a server'}
TRUST = {'self-signed', 'issuer', 'expired', 'early', 'unfit'}
PERMISSIONS = {
    'nothing': ({}, set()), 'modern': ({'tlsMinVersion': '1.2'}, set()),
    'untrusted': ({'tlsAllowUntrusted': True}, TRUST), 'name': ({'tlsAllowNameMismatch': True}, {'name'}),
    'both': ({'tlsAllowUntrusted': True, 'tlsAllowNameMismatch': True}, TRUST | {'name'}),
    'itself': ({}, {'self-signed', 'issuer'}),  # it is named in tlsCaFile
    'pin': ({}, TRUST | {'name'}), 'wrong pin': ({}, set())}


@pytest.fixture
def serve_tls(shelf):
    """serve_tls(kind, leaf, version, …) starts a server of tls_servers."""
    started = []

    def start(kind, *how):
        if kind is tls_servers.OpensslServer and not shutil.which('openssl'):
            pytest.skip('no openssl command here')
        started.append(kind(shelf, *how))
        return started[-1]

    yield start
    for one in started:
        one.close()


def uri(port, scheme='tcps', host='127.0.0.1'):
    return '%s://%s@%s:%d' % (scheme, SECRET, host, port)


def permitted(shelf, leaf, permission):
    asked = dict(PERMISSIONS[permission][0], tlsCaFile=shelf.pem('root'))
    if permission == 'itself':
        asked['tlsCaFile'] = shelf.pem(leaf)
    if permission == 'pin':
        asked = {'tlsPin': shelf.print(leaf)}
    if permission == 'wrong pin':
        asked = {'tlsPin': shelf.print('root'), 'tlsAllowUntrusted': True, 'tlsAllowNameMismatch': True}
    return asked


def has_words(text, faults):
    for fault, words in WORDS.items():
        assert (words in text) == (fault in faults), (fault, text)


def got_through(server, message):
    return any(mark in message for mark in server.marks)


def judge_refusal(shelf, leaf, permission, message, faults):
    if permission == 'wrong pin':
        assert 'not the one of "tlsPin"' in message and 'tlsAllow' not in message
    else:
        has_words(message, faults)  # all of them, also where one alone is not permitted
        assert ('"tlsAllowUntrusted": true' in message) == bool(faults & TRUST)
        assert ('"tlsAllowNameMismatch": true' in message) == ('name' in faults)
    assert shelf.print(leaf) in message


def judge_notes(notes, faults, version):
    warned = [note['output'] for note in notes if note['category'] == 'important']
    assert len(warned) == (1 if faults else 0)
    if warned:
        assert 'encrypted but not authenticated' in warned[0]
        has_words(warned[0], faults)
    old = [note['output'] for note in notes if note['category'] == 'console' and 'tlsMinVersion' in note['output']]
    assert len(old) == (1 if version < '1.2' else 0)
    assert len(notes) == len(warned) + len(old)
    if old:
        assert ('the certificate was checked' in old[0]) == (not faults)


def attempt(client, server, shelf, leaf, version, permission):
    before = len(client.all_events('output'))
    faults = set(certificates.LEAVES[leaf][1].split())
    left = faults - PERMISSIONS[permission][1]
    message = refused_attach(client, uri=uri(server.port), **permitted(shelf, leaf, permission))
    notes = client.all_events('output')[before:]
    assert SECRET not in message
    if permission == 'modern' and version < '1.2':
        assert 'below "tlsMinVersion"' in message
    elif left or permission == 'wrong pin':
        judge_refusal(shelf, leaf, permission, message, left if permission == 'itself' else faults)
    else:
        assert got_through(server, message), message
        judge_notes(notes, set() if permission in ('pin', 'itself') else faults, version)
        return
    assert notes == [] and not got_through(server, message)


def go_through(adapter, server, shelf, leaf, version):
    client = adapter()
    for permission in PERMISSIONS:
        try:
            attempt(client, server, shelf, leaf, version, permission)
        except AssertionError as error:
            raise AssertionError('with permission %r: %s' % (permission, error))
        secret_may_go = 'not authenticated' in client.console() or certificates.LEAVES[leaf][1] == ''
        assert secret_may_go or permission in ('pin', 'itself', 'wrong pin') or SECRET.encode() not in server.heard


@pytest.mark.parametrize('version', tls_servers.VERSIONS)
@pytest.mark.parametrize('leaf', certificates.LEAVES)
def test_matrix(adapter, shelf, serve_tls, leaf, version):
    go_through(adapter, serve_tls(tls_servers.PythonServer, leaf, version), shelf, leaf, version)


@pytest.mark.parametrize('leaf, version', [
    ('good', '1.0'), ('good', '1.1'), ('good', '1.2'), ('good', '1.3'), ('alone', '1.0'), ('misnamed', '1.2'),
    ('wreck', '1.0'), ('wreck', '1.3')])
def test_matrix_with_openssl(adapter, shelf, serve_tls, leaf, version):
    go_through(adapter, serve_tls(tls_servers.OpensslServer, leaf, version), shelf, leaf, version)


# ---- names

@pytest.mark.parametrize('host, how, fits', [
    ('localhost', dict(alternatives=['localhost']), True),
    ('localhost', dict(common='localhost'), True),
    ('localhost', dict(common='LOCALHOST'), True),
    ('localhost', dict(common='localhost', alternatives=['elsewhere.example']), False),
    ('localhost', dict(alternatives=['*.example']), False),
    ('127.0.0.1', dict(common='elsewhere.example', alternatives=['127.0.0.1']), True),
    ('127.0.0.1', dict(common='127.0.0.1'), True),
    ('127.0.0.1', dict(common='127.0.0.2'), False),
    ('127.0.0.1', dict(common='127.0.0.1', alternatives=['10.1.2.3']), False),
    ('127.0.0.1', dict(common='localhost'), False)])
def test_names(adapter, shelf, serve_tls, host, how, fits):
    shelf.make('tried', **how)
    server = serve_tls(tls_servers.PythonServer, 'tried')
    message = refused_attach(adapter(), uri=uri(server.port, host=host), tlsCaFile=shelf.pem('root'))
    assert got_through(server, message) == fits, message
    assert ('Its name does not match' in message) == (not fits)
    assert server.names[0] == (None if host == '127.0.0.1' else 'localhost')


@pytest.mark.parametrize('name, fits', [('the.one.example', True), ('the.one.example.', True), ('any.two.example', True), ('10.1.2.3', True),
                                        ('two.example', False), ('10.1.2.4', False)])
def test_server_name(adapter, shelf, serve_tls, name, fits):
    shelf.make('tried', alternatives=['the.one.example', '*.two.example', '10.1.2.3'])
    server = serve_tls(tls_servers.PythonServer, 'tried')
    message = refused_attach(adapter(), uri=uri(server.port), tlsCaFile=shelf.pem('root'), tlsServerName=name)
    assert got_through(server, message) == fits
    if not fits:
        assert 'made out to "the.one.example", "*.two.example", "10.1.2.3", not to %s' % name in message
    assert server.names[0] == (None if name.startswith('10.') else name.rstrip('.'))


def test_names_of_a_stranger_are_harmless(adapter, shelf, serve_tls):
    shelf.make('tried', common='x\x1b[31m"\n' + 'long' * 12, sign_by=None)
    server = serve_tls(tls_servers.PythonServer, 'tried')
    message = refused_attach(adapter(), uri=uri(server.port))
    assert 'x?[31m??long' in message and '\n' not in message


# ---- trust and pins

def spellings(shelf):
    colons, plain = shelf.print('alone'), shelf.print('alone').replace(':', '')
    key = shelf.made['alone'].public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    url = digest.replace('+', '-').replace('/', '_').rstrip('=')
    return [colons, plain, plain.lower(), colons.replace(':', ' '), 'sha256 Fingerprint=' + colons,
            'SHA256 Fingerprint=' + colons, 'sha256:' + plain.lower(), 'SHA-256: ' + colons, digest, url,
            'sha256//' + digest, 'SHA256:' + digest.rstrip('='), 'pin-sha256="%s"' % digest,
            hashlib.sha256(key).hexdigest()]


def test_pins(adapter, shelf, serve_tls):
    server, client = serve_tls(tls_servers.PythonServer, 'alone'), adapter()
    for pin in spellings(shelf):
        message = refused_attach(client, uri=uri(server.port), tlsPin=pin)
        assert got_through(server, message), (pin, message)
    sha1 = 'AB:' * 19 + 'AB'
    for pin in (shelf.print('alone')[:-1], shelf.print('alone') + ':00', 'sha256//', 'no pin', sha1):
        message = refused_attach(client, uri=uri(server.port), tlsPin=pin)
        assert '"tlsPin" is no SHA-256 fingerprint' in message, pin
        assert ('SHA-1' in message) == (pin == sha1)
    assert client.console() == ''


@pytest.mark.parametrize('begin', [b'\xfc', b'\xff\xf0'], ids=['one', 'two'])
def test_pins_that_begin_with_slashes(adapter, shelf, serve_tls, begin):
    """Those of base64 are no signs between a name and it."""
    server, client = serve_tls(tls_servers.PythonServer, 'alone'), adapter()
    digest = base64.b64encode(begin + b'\0' * (32 - len(begin))).decode()
    assert digest[len(begin) - 1] == '/' and digest[len(begin)] != '/'
    for pin in (digest, 'sha256//' + digest, 'sha256/' + digest, 'SHA256:' + digest, 'pin-sha256="%s"' % digest):
        assert 'not the one of "tlsPin"' in refused_attach(client, uri=uri(server.port), tlsPin=pin), pin


def test_list_of_pins(adapter, shelf, serve_tls):
    server, client = serve_tls(tls_servers.PythonServer, 'wreck'), adapter()
    fits, other = shelf.print('wreck'), shelf.print('root')
    assert got_through(server, refused_attach(client, uri=uri(server.port), tlsPin=[other, fits]))
    assert 'not the one of "tlsPin"' in refused_attach(client, uri=uri(server.port), tlsPin=[other, other])
    for wrong in ([], [1], [fits] * 17, [fits, 'AA'], {}, 1):
        assert '"tlsPin"' in refused_attach(client, uri=uri(server.port), tlsPin=wrong), wrong
    assert 'is not encrypted' in refused_attach(client, uri='tcp://127.0.0.1:1', tlsPin=[fits])
    told = run('list', '--tls-pin', other, '--tls-pin', fits, uri(server.port))
    assert got_through(server, told.stdout + told.stderr), told


def test_trusted_files(adapter, shelf, serve_tls, tmp_path):
    """PEM with anything else in it, several certificates in one, DER."""
    server, client = serve_tls(tls_servers.PythonServer, 'good'), adapter()
    pem, key = open(shelf.pem('root')).read(), open(shelf.private('alone')).read()
    other = open(shelf.pem('alone')).read()
    locked = key.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,%s\n\n' % ('0' * 32), 1)
    for name, text in (('a', key + pem), ('b', other + pem), ('c', 'some words\n' + pem + key),
                       ('d', pem.replace('\n', '\r\n')), ('e', locked + pem)):
        path = tmp_path / name
        path.write_text(text, newline='')
        assert got_through(server, refused_attach(client, uri=uri(server.port), tlsCaFile=str(path))), name
    assert got_through(server, refused_attach(client, uri=uri(server.port), tlsCaFile=shelf.path('root.der')))
    assert 'who issued it' in refused_attach(client, uri=uri(server.port), tlsCaFile=shelf.path('alone.der'))


@pytest.mark.parametrize('content, words', [(None, 'No such file'), ('', 'holds no certificate'), ('key', 'holds no'),
                                            ('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'holds no'),
                                            ('directory', 'no ordinary file')])
def test_trusted_file_that_is_none(adapter, shelf, tmp_path, content, words):
    path = tmp_path / 'file'
    if content == 'directory':
        path.mkdir()
    elif content is not None:
        path.write_text(open(shelf.private('alone')).read() if content == 'key' else content)
    message = refused_attach(adapter(), uri=uri(1), tlsCaFile=str(path))
    assert words in message and str(path) in message and SECRET not in message


def test_what_the_system_trusts(adapter, shelf, serve_tls, monkeypatch, tmp_path):
    server = serve_tls(tls_servers.PythonServer, 'good')
    assert 'who issued it' in refused_attach(adapter(), uri=uri(server.port))
    monkeypatch.setenv('SSL_CERT_FILE', shelf.pem('root'))
    assert got_through(server, refused_attach(adapter(), uri=uri(server.port)))
    monkeypatch.setenv('SSL_CERT_FILE', str(tmp_path / 'none'))
    assert 'who issued it' in refused_attach(adapter(), uri=uri(server.port))
    if not shutil.which('openssl'):
        pytest.skip('no openssl command here, which names the files of a directory')
    shutil.copy(shelf.pem('root'), str(tmp_path / ('%08x.0' % shelf.name_hash('root'))))
    monkeypatch.setenv('SSL_CERT_DIR', str(tmp_path))
    assert got_through(server, refused_attach(adapter(), uri=uri(server.port)))


# ---- what programs are told of it

def failure_of(client, **how):
    """The variables of the error that a failed attach carries."""
    answer = client.response(client.start_attach(**how))
    assert not answer['success']
    return answer['body']['error'].get('variables')


def test_an_editor_can_ask_for_a_pin(adapter, shelf, serve_tls):
    """Also where the server's own words look like ours."""
    shelf.make('tried', common='Its SHA-256 fingerprint is AB:CD:EF:' + '00:' * 9, sign_by=None)
    for leaf in ('alone', 'wreck', 'tried'):
        server, client = serve_tls(tls_servers.PythonServer, leaf), adapter()
        told = failure_of(client, uri=uri(server.port))
        assert told == {'failure': 'certificate', 'fingerprint': shelf.print(leaf)}
        assert failure_of(client, uri=uri(server.port), tlsPin=shelf.print('root')) == told
        assert failure_of(client, uri=uri(server.port), tlsPin=told['fingerprint']) == {'failure': 'wrong-secret'}


def test_list_tells_the_same(shelf, serve_tls):
    server = serve_tls(tls_servers.PythonServer, 'alone')
    (told,) = json.loads(run('list', '--json', uri(server.port)).stdout)
    assert (told['failure'], told['fingerprint']) == ('certificate', shelf.print('alone'))
    assert told['fingerprint'] in told['error']
    (told,) = json.loads(run('list', '--json', '--tls-pin', told['fingerprint'], uri(server.port)).stdout)
    assert told['failure'] == 'wrong-secret' and 'fingerprint' not in told


# ---- attributes that make no sense

@pytest.mark.parametrize('how, words', [
    ({'uri': 'tcp://127.0.0.1:1', 'tlsPin': 'AA'}, '"tlsPin" is given, but tcp:// is not encrypted'),
    ({'host': '127.0.0.1', 'tlsCaFile': 'x'}, '"tlsCaFile" is given, but tcp:// is not encrypted'),
    ({'uri': 'ws://127.0.0.1:1', 'tlsServerName': 'x'}, 'Give "uri" with wss://'),
    ({'uri': 'tcps://127.0.0.1:1', 'tlsMinVersion': '1.4'}, '"tlsMinVersion" must be'),
    ({'uri': 'tcps://127.0.0.1:1', 'tlsMinVersion': 1.2}, '"tlsMinVersion"'),
    ({'uri': 'wss://127.0.0.1:1', 'tlsMinVersion': 'TLSv1.1'}, 'for tcps:// only'),
    ({'uri': 'tcps://127.0.0.1:1', 'tlsAllowUntrusted': 'yes'}, '"tlsAllowUntrusted"')])
def test_attributes_that_make_no_sense(adapter, how, words):
    assert words in refused_attach(adapter(), **how)


# ---- peers that are no good TLS servers

@pytest.mark.parametrize('scheme, first, words', [
    ('tcps', b'PTVSDBG' + fakes.number(6), ('without TLS ("PTVSDBG', 'no certfile', 'use tcp://')),
    ('tcps', b'Content-Length: 128\r\n\r\n{', ('without TLS ("Content-Length: 128")', 'use tcp://')),
    ('tcps', b'SSH-2.0-OpenSSH\r\n', ('SSH-2.0-OpenSSH', 'check the port')),
    ('wss', b'HTTP/1.1 400 Bad Request\r\n\r\n', ('without TLS ("HTTP/1.1 400 Bad Request")', 'Use ws://')),
    ('tcps', b'\x15\x03\x01\x00\x02\x02\x28', ('handshake', 'OPENSSL_CONF')),
    ('tcps', b'\x16\x03\x01\x00\x05\x02\xff\xff\xff\xff', ('handshake',)),
    ('wss', b'\x15\x03\x01\x00\x02\x02\x46', ('no TLS version that is new enough',)),
    ('wss', b'\x15\x03\x01\x00\x02\x02\x28', ('The TLS handshake with the web server',))])
@pytest.mark.parametrize('closes', [False, True], ids=['waits', 'closes'])
def test_no_good_server(adapter, serve, scheme, first, words, closes):  # noqa: F811
    port = serve(fakes.says_and_closes(first) if closes else fakes.says(first))
    message = refused_attach(adapter(), uri=uri(port, scheme))
    assert all(word in message for word in words), message
    assert '%s://127.0.0.1:%d' % (scheme, port) in message


def test_server_that_closes_at_once(adapter, serve):  # noqa: F811
    message = refused_attach(adapter(), uri=uri(serve(fakes.says_and_closes(b''))))
    assert 'handshake' in message and 'the connection' in message


@pytest.mark.parametrize('first, words', [(b'', 'does not answer the TLS handshake'), (b'\x16\x03', 'half-way')])
def test_server_that_says_nothing(adapter, serve, first, words):  # noqa: F811
    assert words in refused_attach(adapter(), uri=uri(serve(fakes.says(first))))


@pytest.mark.parametrize('permission, through', [('nothing', False), ('untrusted', False), ('name', False),
                                                 ('both', True)])
def test_no_certificate(adapter, shelf, serve_tls, permission, through):
    server = serve_tls(tls_servers.OpensslServer, None, '1.2', '-nocert', '-cipher', 'aNULL:@SECLEVEL=0')
    client = adapter()
    message = refused_attach(client, uri=uri(server.port), **PERMISSIONS[permission][0])
    assert got_through(server, message) == through
    assert 'shows none at all' in (client.console() if through else message)
    assert 'shows none at all' in refused_attach(client, uri=uri(server.port), tlsPin=shelf.print('good'))


def test_what_is_too_old(adapter, shelf, serve_tls):
    for scheme, least, words in (('wss', None, 'new enough'), ('tcps', '1.1', 'below "tlsMinVersion"'),
                                 ('tcps', '1.3', 'below "tlsMinVersion"')):
        server = serve_tls(tls_servers.PythonServer, 'good', '1.2' if least == '1.3' else '1.0')
        how = {'tlsMinVersion': least} if least else {}
        message = refused_attach(adapter(), uri=uri(server.port, scheme), tlsCaFile=shelf.pem('root'), **how)
        assert words in message and server.heard == b''


def test_server_ends_the_session(adapter, shelf, serve):  # noqa: F811
    """With a close_notify, as is proper, or garbage instead of a record."""
    def end_of(end):
        def serve_once(peer):
            channel = tls_servers.context(shelf, 'good').wrap_socket(peer, server_side=True)
            if end == 'notify':
                channel.unwrap()
            else:
                socket.socket(fileno=channel.detach()).sendall(b'\x17\x03\x03\x00\x20' + b'x' * 32)
        return serve_once
    message = refused_attach(adapter(), uri=uri(serve(end_of('notify'))), tlsCaFile=shelf.pem('root'))
    assert 'without a word' in message
    message = refused_attach(adapter(), uri=uri(serve(end_of('garbage'))), tlsCaFile=shelf.pem('root'))
    assert 'failed: TLS: ' in message


def records(data):
    """Of a TLS stream, their types; what is left over is none."""
    types = []
    while len(data) >= 5 and 20 <= data[0] <= 23 and data[1] == 3:
        types.append(data[0])
        data = data[5 + int.from_bytes(data[3:5], 'big'):]
    return types, data


def test_crash_writes_nothing_plain(adapter, shelf, serve):  # noqa: F811
    """The detach of adapter/last_words.c would be no record."""
    heard, over = [], threading.Event()

    def attached(peer):
        channel = tls_servers.context(shelf, 'good').wrap_socket(peer, server_side=True)
        fakes.let_in(channel)
        raw = socket.socket(fileno=channel.detach())
        try:
            while True:
                heard.append(raw.recv(4096))
        except OSError:
            raw.close()
            over.set()

    client = adapter()
    client.attach(uri=uri(serve(attached)), tlsCaFile=shelf.pem('root'))
    client.ended = True
    client.signal(signal.SIGSEGV)
    client.wait_exit()
    assert over.wait(10), 'no reset'
    types, rest = records(b''.join(heard))
    assert set(types) == {23} and rest == b''
