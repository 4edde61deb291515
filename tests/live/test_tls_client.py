"""tlsClientCert and tlsClientKey: servers that ask for a certificate of ours."""

import pytest
from cryptography.hazmat.primitives import serialization

import certificates
import over_tls
import tls_servers
from test_doctor import examine
from test_failures import refused_attach
from test_tls import got_through, serve_tls, uri  # noqa: F401

VERSIONS = ['1.2', '1.3']


@pytest.fixture(scope='session')
def ours(shelf):
    """`mine` is of the authority that is asked for, `theirs` of none that is known."""
    shelf.make('mine', 'somebody')
    shelf.make('theirs', 'somebody', sign_by=None)
    shelf.make('old', 'somebody', valid=certificates.PAST)
    shelf.keys['other'] = shelf.key(2048)
    shelf.make('other', 'somebody', key='other')
    shelf.write('locked.key', shelf.keys['leaf'].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b'open sesame')))
    return shelf


def shown(shelf, name):
    return {'tlsClientCert': shelf.pem(name), 'tlsClientKey': shelf.private(name)}


@pytest.mark.one_pair
def test_session(debuggee, adapter, ours):
    """A real program behind a server that asks; certificate and key are in one file."""
    program, client = debuggee('loop.py'), adapter()
    front = over_tls.Tcps(program.port, ours.pem('root'))
    try:
        client.attach(uri=front.uri('hush-4711@'), breakpoints={program.file: [program.line('work')]},
                      tlsClientCert=ours.path('mine.both'), **front.more)
        client.wait_stopped('breakpoint')
        client.disconnect()
        told = examine('--attach', '--tls-ca-file', front.more['tlsCaFile'], '--tls-client-cert', ours.pem('mine'),
                       '--tls-client-key', ours.private('mine'), front.uri('hush-4711@'))
        assert told['ok'], told
    finally:
        front.end()


@pytest.mark.parametrize('version', VERSIONS)
@pytest.mark.parametrize('scheme', ['tcps', 'wss'])
@pytest.mark.parametrize('name, words', [
    (None, ('asks for a client certificate, and none was given', '"tlsClientCert"')),
    ('theirs', ('does not accept the certificate of "tlsClientCert"', 'alert unknown ca')),
    ('old', ('does not accept the certificate of "tlsClientCert"', 'expired'))])
def test_refused(adapter, serve_tls, ours, version, scheme, name, words):  # noqa: F811
    server = serve_tls(tls_servers.PythonServer, 'good', version, ours.pem('root'))
    how = shown(ours, name) if name else {}
    message = refused_attach(adapter(), uri=uri(server.port, scheme), tlsCaFile=ours.pem('root'), **how)
    assert all(word in message for word in words), message
    assert server.heard == b''


@pytest.mark.parametrize('version', VERSIONS)
def test_accepted(adapter, serve_tls, ours, version):  # noqa: F811
    server = serve_tls(tls_servers.PythonServer, 'good', version, ours.pem('root'))
    message = refused_attach(adapter(), uri=uri(server.port), tlsCaFile=ours.pem('root'), **shown(ours, 'mine'))
    assert got_through(server, message), message


def test_not_asked_for(adapter, serve_tls, ours):  # noqa: F811
    """Nobody is shown it who does not ask; and where it is asked for and refused, so does the doctor say."""
    server = serve_tls(tls_servers.PythonServer, 'good')
    message = refused_attach(adapter(), uri=uri(server.port), tlsCaFile=ours.pem('root'), **shown(ours, 'theirs'))
    assert got_through(server, message), message
    server = serve_tls(tls_servers.PythonServer, 'good', '1.2', ours.pem('root'))
    told = examine('--tls-ca-file', ours.pem('root'), uri(server.port))
    assert told['steps'][-1]['step'] == 'tls' and 'none was given' in told['steps'][-1]['error']


@pytest.mark.parametrize('how, words', [
    ({'tlsClientCert': 'missing.pem'}, ('"tlsClientCert"', 'missing.pem, cannot be read: No such file')),
    ({'tlsClientCert': 'mine.key'}, ('mine.key, holds no certificate as PEM',)),
    ({'tlsClientCert': 'mine.pem'}, ('mine.pem holds no private key', '"tlsClientKey"')),
    ({'tlsClientCert': 'mine.pem', 'tlsClientKey': 'missing.key'}, ('"tlsClientKey"', 'cannot be read: No such')),
    ({'tlsClientCert': 'mine.pem', 'tlsClientKey': 'mine.pem'}, ('holds no private key',)),
    ({'tlsClientCert': 'mine.pem', 'tlsClientKey': 'other.key'}, ('other.key is not the one of the certificate',)),
    ({'tlsClientCert': 'mine.pem', 'tlsClientKey': 'locked.key'}, ('encrypted with a password', 'openssl pkey')),
    ({'tlsClientKey': 'mine.key'}, ('is given without "tlsClientCert"',))])
def test_files_that_are_no_good(adapter, ours, how, words):
    how = {name: ours.path(file) for name, file in how.items()}
    message = refused_attach(adapter(), uri='tcps://127.0.0.1:1', **how)
    assert all(word in message for word in words), message
    assert 'is not encrypted' in refused_attach(adapter(), uri='tcp://127.0.0.1:1', **how)
