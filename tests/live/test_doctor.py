"""`ptvsd-dap doctor ADDRESS` walks the way step by step, and says of the first that fails what an attach says."""

import json
import os
import subprocess
import time

import pytest

import dap
import fakes
import servers
from test_failures import serve  # noqa: F401
from test_list import address
from test_secrets import run
from test_websocket import at_work, proxy  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all
LIMIT = 5  # seconds, of an attach and of doctor
WAY = ['name', 'route', 'port', 'greeting', 'version', 'secret', 'python']
OVER_WEBSOCKET = WAY[:3] + ['websocket'] + WAY[3:]


def examine(*arguments):
    done = run('doctor', '--json', *arguments)
    assert done.stderr == '', done.stderr
    told = json.loads(done.stdout)
    assert told['ok'] == (done.returncode == 0) == all(step['ok'] for step in told['steps'])
    assert all(step['microseconds'] >= 0 for step in told['steps'])
    return told


def names(told):
    return [step['step'] for step in told['steps']]


def detail(told, name):
    return next(step['detail'] for step in told['steps'] if step['step'] == name)


def test_all_is_well(debuggee, adapter, pair):
    program = debuggee('loop.py')
    for _ in range(5):
        told = examine(address(program))
        assert told['ok'] and names(told) == WAY
        assert str(program.process.pid) in detail(told, 'python')
        assert pair.release[:3] in detail(told, 'version') and str(pair.wire) in detail(told, 'version')
    shown = run('doctor', address(program)).stdout
    assert [line.split()[:2] for line in shown.splitlines()] == [['\u2713', name] for name in WAY]
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    assert examine(address(program))['ok']  # also while it is debugged
    client.disconnect()
    program.goes_on()


def test_through_a_websocket(debuggee, adapter, pair, proxy):  # noqa: F811
    program = debuggee('loop.py', prints_seen=True)
    told = examine(proxy.uri(program))
    assert told['ok'] and names(told) == OVER_WEBSOCKET
    told = examine(proxy.uri(program, 'wrong'))
    assert names(told) == OVER_WEBSOCKET[:-1] and 'secret' in told['steps'][-1]['error']
    at_work(adapter(), program, proxy)


@pytest.mark.one_pair
def test_no_secret_is_needed(debuggee, pair):
    program = debuggee('nosecret.py')
    assert 'none is needed' in detail(examine('127.0.0.1:%d' % program.port), 'secret')


# ---- what can fail

STAGES = {  # the step at which doctor sees it, what listens there, words of the sentence
    'unknown host': ('name', None, 'Cannot find a host'),
    'refused': ('port', None, 'refused the connection'),
    'dropped packets': ('port', fakes.Full, 'did not answer in time'),
    'mute server': ('greeting', fakes.says(), 'says nothing'),
    'plain to TLS': ('greeting', fakes.says(b'\x15\x03\x01\x00\x02\x02\x28'), 'answers with TLS'),
    'no ptvsd': ('greeting', fakes.says(b'SSH-2.0-OpenSSH\r\n'), 'no Python debug server'),
    'HTTP 403': ('websocket', fakes.answers_http('HTTP/1.1 403 Site Disabled'), '403 Site Disabled'),
    'wrong version': ('version', fakes.says(b'PTVSDBG' + fakes.number(5)), 'protocol version 5'),
    'stalled': ('secret', fakes.says(b'PTVSDBG' + fakes.number(6)), 'did not answer the secret'),
    'wrong secret': ('secret', fakes.refuses_secret, 'secret was not accepted'),
}


def where(stage, serve):  # noqa: F811
    """The address, and what is to be closed in the end."""
    if stage == 'unknown host':
        return 'tcp://hidden-word@no-such-host.invalid', None
    listens = STAGES[stage][1]
    full = fakes.Full() if listens is fakes.Full else None
    port = full.port if full else serve(listens) if listens else servers.free_port()
    return '%s://hidden-word@127.0.0.1:%d' % ('ws' if 'HTTP' in stage else 'tcp', port), full


@pytest.mark.parametrize('stage', STAGES)
def test_stage(adapter, serve, stage):  # noqa: F811
    """The same sentence from an attach and from doctor, each within the time limit and a second."""
    step, _, words = STAGES[stage]
    uri, full = where(stage, serve)
    client = adapter()
    client.initialize()
    began = time.monotonic()
    with subprocess.Popen([dap.adapter_path(), 'doctor', '--json', uri], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, universal_newlines=True) as doctor:
        message = client.attach_refused(uri=uri)
        told = json.loads(doctor.stdout.read())
    assert time.monotonic() - began < LIMIT + 1
    assert message == told['steps'][-1]['error']
    assert names(told)[-1] == step and [one['ok'] for one in told['steps'][:-1]] == [True] * (len(told['steps']) - 1)
    assert words in message and 'hidden-word' not in json.dumps(told)
    others = [other for other in STAGES if other != stage and STAGES[other][2] in message]
    assert others == []
    if full:
        full.close()


def test_what_is_printed(serve):  # noqa: F811
    port = serve(fakes.says(b'SSH-2.0-\x1b[31m\n'))
    done = run('doctor', '127.0.0.1:%d' % port)
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and done.stderr == '' and '\x1b' not in done.stdout
    assert [line.split()[:2] for line in lines[:4]] == [
        ['\u2713', 'name'], ['\u2713', 'route'], ['\u2713', 'port'], ['\u2717', 'greeting']]
    assert len(lines) == 5 and lines[4].startswith('  tcp://127.0.0.1:%d is no Python debug server' % port)
