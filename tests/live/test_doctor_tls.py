"""`ptvsd-dap doctor` and `list` over TLS: the same sentences as an attach's, and the same permissions."""

import json

import pytest

import fakes
import tls_servers
from dap import run
from test_doctor import examine, names
from test_failures import serve  # noqa: F401
from test_tls import serve_tls, uri  # noqa: F401

WAY = ['name', 'route', 'port', 'tls', 'certificate', 'greeting', 'version', 'secret']


@pytest.mark.parametrize('scheme', ['tcps', 'wss'])
def test_tls_to_plain(adapter, serve, scheme):  # noqa: F811
    where = uri(serve(fakes.says(b'SSH-2.0-OpenSSH\r\n')), scheme)
    told = examine(where)
    assert names(told) == WAY[:4] and told['steps'][-1]['error'] == adapter().attach_refused(uri=where)
    assert 'without TLS' in told['steps'][-1]['error']


@pytest.mark.parametrize('leaf', ['alone', 'unknown', 'misnamed', 'expired', 'early', 'wreck'])
def test_certificate(adapter, serve_tls, shelf, leaf):  # noqa: F811
    """Not trusted, wrong name, expired, not yet valid, or all at once."""
    where = uri(serve_tls(tls_servers.PythonServer, leaf).port)
    told = examine('--tls-ca-file', shelf.pem('root'), where)
    assert names(told) == WAY[:5]
    assert told['steps'][-1]['error'] == adapter().attach_refused(uri=where, tlsCaFile=shelf.pem('root'))


@pytest.mark.parametrize('arguments', [
    ['--tls-ca-file', 'ROOT'], ['--tls-pin', 'PRINT'], ['--tls-allow-untrusted', '--tls-allow-name-mismatch'],
    ['--tls-ca-file', 'ROOT', '--tls-server-name', '127.0.0.1', '--tls-min-version=1.2']])
def test_permissions(serve_tls, shelf, arguments):  # noqa: F811
    """Such a server takes no secret, so that is where it ends."""
    port = serve_tls(tls_servers.PythonServer, 'good').port
    arguments = [{'ROOT': shelf.pem('root'), 'PRINT': shelf.print('good')}.get(word, word) for word in arguments]
    told = examine(*(arguments + [uri(port)]))
    assert names(told) == WAY and 'not accepted' in told['steps'][-1]['error']
    done = run('list', '--json', *(arguments + [uri(port)]))
    assert json.loads(done.stdout)[0]['error'] == told['steps'][-1]['error']
    if '--tls-allow-untrusted' in arguments:
        note = told['steps'][4]['detail']
        assert 'authenticated' in note and note in run('list', *(arguments + [uri(port)])).stderr
