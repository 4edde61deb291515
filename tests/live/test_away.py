"""A public address, and name servers: in a network of their own (away.py)."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from http_proxy import HttpProxy
from test_failures import refused_attach

HERE = os.path.dirname(os.path.abspath(__file__))
pytestmark = pytest.mark.one_pair


@pytest.fixture
def away(tmp_path):
    """away(case) gives what came of it."""
    network = ['unshare', '--map-root-user', '--net']
    if not shutil.which('unshare') or subprocess.run(network + ['true'], stderr=subprocess.DEVNULL).returncode:
        pytest.skip('no network of its own can be made here (unshare --map-root-user --net)')

    def run(case):
        settings = dict(os.environ, RES_OPTIONS='timeout:30 attempts:5')  # beyond every patience
        settings.pop('PTVSD_DAP_OVER', None)
        done = subprocess.run(network + [sys.executable, os.path.join(HERE, 'away.py'), case, str(tmp_path)],
                              env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


def test_secret_in_clear_text(pair, away):
    told = away('clear_text')
    assert len(told['public']) == 1, told
    assert 'goes to 203.0.113.7 in clear text' in told['public'][0] and 'Use tcps://' in told['public'][0]
    assert told['private'] == []
    assert told['list'][1].count('in clear text') == told['doctor'][0].count('in clear text') == 1
    assert 'clear text' not in told['without'][1]


def test_name_server_that_says_nothing(pair, away):
    told = away('mute_name_server')
    assert told['faults'] == []
    sentence = 'Cannot find a host named "nowhere.example" (no name server answers)'
    assert [''.join(told[who]).count(sentence) for who in ('attach', 'doctor', 'list')] == [1, 1, 6], told


def test_no_route(pair, away):
    told = away('no_route')
    sentence = 'There is no route to tcp://198.51.100.9:5678 (network is unreachable). Check the address'
    assert [''.join(told[who]).count(sentence) for who in ('doctor', 'list')] == [1, 1], told
    assert told['doctor'][0].splitlines()[1].startswith('\u2717 route')


def test_name_beyond_ascii(pair, away):
    told = away('known_name')
    assert told['notes'] == []
    assert 'xn--bcher-kva.EXAMPLE is 127.0.0.1' in told['doctor'][0]


def test_name_beyond_ascii_on_the_way(debuggee, adapter, started):
    """So it is sent to an HTTP proxy and looked for in a certificate."""
    import over_tls
    program, client, proxy = debuggee('loop.py'), adapter(), started(HttpProxy())
    front = started(over_tls.Tcps(program.port))
    where = front.uri('hush-4711@').replace('127.0.0.1', 'bücher.example')
    message = refused_attach(client, uri=where, proxy='http://127.0.0.1:%d' % proxy.port, **front.more)
    assert 'not to xn--bcher-kva.example' in message
    assert proxy.heads[0].startswith('CONNECT xn--bcher-kva.example:')
    assert 'longer than 63' in refused_attach(client, uri='tcp://%s.example' % ('ü' * 60))
    assert 'longer than 63' in refused_attach(client, host='ü' * 60)
