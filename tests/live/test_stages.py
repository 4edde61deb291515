"""The twelve stages at which an attach fails: twelve different sentences, in time, from an attach and from
doctor alike."""

import json
import re
import subprocess
import time

import pytest

import dap
import fakes
import tls_servers
from test_doctor import LIMIT, where
from test_failures import serve  # noqa: F401
from test_list import address
from test_tls import serve_tls, uri  # noqa: F401

pytestmark = pytest.mark.one_pair
PLAIN = ['unknown host', 'refused', 'dropped packets', 'mute server', 'plain to TLS', 'HTTP 403', 'wrong version',
         'wrong secret']  # of test_doctor.py


def examine(stage, place, authority):
    arguments = ['--json'] + ['--attach'] * (stage == 'busy')
    arguments += ['--tls-ca-file', authority] if place.startswith('tcps') else []
    return subprocess.Popen([dap.adapter_path(), 'doctor'] + arguments + [place], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, universal_newlines=True)


def attach(client, place, authority):
    return client.start_attach(uri=place, **({'tlsCaFile': authority} if place.startswith('tcps') else {}))


def test_twelve(debuggee, adapter, serve, serve_tls, shelf):  # noqa: F811
    program, first = debuggee('loop.py'), adapter()
    first.attach(program)
    full = []
    addresses = {}
    for stage in PLAIN:
        addresses[stage], held = where(stage, serve)
        full += [held] if held else []
    addresses['TLS to plain'] = uri(serve(fakes.says(b'SSH-2.0-OpenSSH\r\n')))
    addresses['not trusted'] = uri(serve_tls(tls_servers.PythonServer, 'unknown').port)
    addresses['wrong name'] = uri(serve_tls(tls_servers.PythonServer, 'misnamed').port)
    addresses['busy'] = address(program)
    clients = {stage: adapter() for stage in addresses}
    for client in clients.values():
        client.initialize()
    began = time.monotonic()
    examined = {stage: examine(stage, place, shelf.pem('root')) for stage, place in addresses.items()}
    asked = {stage: attach(client, addresses[stage], shelf.pem('root')) for stage, client in clients.items()}
    sentences = {stage: client.response(asked[stage])['message'] for stage, client in clients.items()}
    told = {stage: json.loads(one.communicate()[0])['steps'][-1]['error'] for stage, one in examined.items()}
    assert time.monotonic() - began < LIMIT + 1
    assert told == sentences
    bare = {re.sub(r'\S*127\.0\.0\.1\S*|\d+', '', sentence) for sentence in sentences.values()}
    assert len(bare) == len(sentences) == 12
    for one in full:
        one.close()
    first.disconnect()
    program.goes_on()
