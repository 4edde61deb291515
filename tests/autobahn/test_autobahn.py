"""The Autobahn test suite judges both roles of our WebSocket: as a client the codec alone (echo_client.c), as a server
the proxy's check, which sends messages back. Extensions, which we do not offer, are left out (12, 13).

It runs on Python 2.7 only, in an environment of its own, where PTVSD_DAP_AUTOBAHN names its program:

    python3 -m venv e3 && e3/bin/pip install 'virtualenv<20.22' && e3/bin/virtualenv -p python2.7 e2
    e2/bin/pip install autobahntestsuite
    PTVSD_DAP_AUTOBAHN=e2/bin/wstest python3 -m pytest tests/autobahn

PTVSD_DAP_AUTOBAHN_CASES="1.* 2.*": these cases alone."""

import json
import os
import subprocess

import pytest

import dap
import over
import servers
import web

WSTEST = os.environ.get('PTVSD_DAP_AUTOBAHN')
CASES = os.environ.get('PTVSD_DAP_AUTOBAHN_CASES', '*').split()
AGENT = 'ptvsd-dap'
GOOD = ('OK', 'INFORMATIONAL', 'NON-STRICT')
CLIENT = os.path.join(os.path.dirname(os.path.abspath(dap.adapter_path())), 'tests', 'autobahn', 'autobahn_echo_client')
pytestmark = pytest.mark.skipif(not WSTEST, reason='PTVSD_DAP_AUTOBAHN does not name the Autobahn test suite')


def start(directory, mode, **specification):
    """wstest at work. Its report goes to `directory`."""
    specification.update({'outdir': str(directory), 'cases': CASES, 'exclude-cases': ['12.*', '13.*']})
    (directory / 'specification').write_text(json.dumps(specification))
    return subprocess.Popen([WSTEST, '-m', mode, '-u', '0', '-s', str(directory / 'specification')],
                            stdout=open(str(directory / 'said'), 'w'), stderr=subprocess.STDOUT,
                            stdin=subprocess.DEVNULL, cwd=str(directory))


def check(directory, least):
    results = json.loads((directory / 'index.json').read_text())[AGENT]
    bad = {case: (found['behavior'], found['behaviorClose']) for case, found in results.items()
           if found['behavior'] not in GOOD or found['behaviorClose'] not in GOOD}
    assert not bad
    assert len(results) >= least


def test_server(tmp_path):
    proxy = over.Proxy(servers.free_port())
    try:
        url = 'ws://127.0.0.1:%d%s?probe' % (proxy.port, proxy.path)
        assert start(tmp_path, 'fuzzingclient', servers=[{'agent': AGENT, 'url': url}]).wait(1800) == 0
        check(tmp_path, 240 if CASES == ['*'] else 1)
    finally:
        proxy.end()


def test_client(tmp_path):
    port = servers.free_port()
    server = start(tmp_path, 'fuzzingserver', url='ws://127.0.0.1:%d' % port)
    try:
        over.wait_for_port(port, server)
        counter = web.WebSocket(port, '/getCaseCount', host='127.0.0.1:%d' % port)
        count = int(counter.receive()[1])
        counter.end()
        for case in range(1, count + 1):
            subprocess.run([CLIENT, str(port), '/runCase?case=%d&agent=%s' % (case, AGENT)], timeout=300)
        subprocess.run([CLIENT, str(port), '/updateReports?agent=' + AGENT], check=True, timeout=60)
        check(tmp_path, 240 if CASES == ['*'] else 1)
    finally:
        server.terminate()
        server.wait()
