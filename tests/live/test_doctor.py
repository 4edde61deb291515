"""`ptvsd-dap doctor ADDRESS` walks the way step by step, and says of the first that fails what an attach says."""

import json
import os
import subprocess
import time

import pytest

import dap
import fakes
import servers
import over_tls
from dap import run
from http_proxy import HttpProxy
from over import at_work
from test_failures import serve  # noqa: F401
from test_list import address

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


def test_through_a_websocket(debuggee, adapter, pair, proxy):
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


@pytest.mark.one_pair
def test_dap_server(serve, pair):  # noqa: F811
    """ptvsd 4 and debugpy take no secret, and tell nothing of their Python."""
    greeting = (b'{"type": "event", "seq": 0, "event": "output", "body": {"category": "telemetry", "output": "ptvsd", '
                b'"data": {"version": "4.3.2"}}}')
    told = examine('127.0.0.1:%d' % serve(fakes.says(fakes.framed(greeting))))
    assert told['ok'] and names(told) == WAY[:5] and detail(told, 'version') == '4.3.2'


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
    assert doctor.returncode == 1 and told['ok'] is False
    assert time.monotonic() - began < LIMIT + 1
    assert message == told['steps'][-1]['error']
    assert names(told)[-1] == step and [one['ok'] for one in told['steps'][:-1]] == [True] * (len(told['steps']) - 1)
    assert words in message and 'hidden-word' not in json.dumps(told)
    others = [other for other in STAGES if other != stage and STAGES[other][2] in message]
    assert others == []
    if full:
        full.close()


def test_server_that_does_not_tell_its_python(serve):  # noqa: F811
    told = examine('tcp://hidden-word@127.0.0.1:%d' % serve(fakes.hides_its_python))
    assert names(told) == WAY and 'instead of telling about its process' in told['steps'][-1]['error']


def test_what_is_printed(serve):  # noqa: F811
    port = serve(fakes.says(b'SSH-2.0-\x1b[31m\n'))
    done = run('doctor', '127.0.0.1:%d' % port)
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and done.stderr == '' and '\x1b' not in done.stdout
    assert [line.split()[:2] for line in lines[:4]] == [
        ['\u2713', 'name'], ['\u2713', 'route'], ['\u2713', 'port'], ['\u2717', 'greeting']]
    assert len(lines) == 5 and lines[4].startswith('  tcp://127.0.0.1:%d is no Python debug server' % port)


def test_proxy(debuggee, adapter, started, pair):
    """Its name and route are what can be looked at from here; the rest of the way is behind it."""
    program, proxy = debuggee('loop.py'), started(HttpProxy())
    told = examine('--proxy', 'http://127.0.0.1:%d' % proxy.port, 'tcp://hush-4711@program.test:%d' % program.port)
    assert told['ok'] and names(told) == WAY
    assert detail(told, 'name') == 'the proxy 127.0.0.1 is 127.0.0.1'
    assert detail(told, 'port') == '%d is reached through the proxy' % program.port
    for unknown, step in (('no-such-host.invalid', 'name'), ('127.0.0.1:%d' % servers.free_port(), 'port')):
        how = {'uri': 'tcp://program.test:1', 'proxy': 'http://' + unknown}
        told = examine('--proxy', how['proxy'], how['uri'])
        assert names(told)[-1] == step and told['steps'][-1]['error'] == adapter().attach_refused(**how)
        assert 'through the HTTP proxy' in told['steps'][-1]['error']


# ---- with an attach

ATTACHED = WAY + ['attach', 'clock']


@pytest.mark.one_pair
def test_every_step(debuggee, started, pair):
    """Through TLS and a web server, and attached: what there is to look at."""
    program = debuggee('loop.py')
    front = started(over_tls.Wss(program.port))
    told = examine('--attach', '--file', program.file, '--tls-ca-file', front.more['tlsCaFile'], front.uri('hush-4711@'))
    assert told['ok'] and names(told) == ['name', 'route', 'port', 'tls', 'certificate', 'websocket', 'greeting',
                                          'version', 'secret', 'python', 'attach', 'clock', 'source']
    assert all(step['detail'] for step in told['steps'])
    program.goes_on()


def test_program_ends_meanwhile(debuggee, pair):
    program = debuggee('loop.py', changed={'ptvsd.enable': 'time.time = lambda: os._exit(3)\n\nptvsd.enable'})
    told = examine('--attach', '--file', program.file, address(program))
    assert names(told) == ATTACHED + ['source'] and 'has ended by itself' in told['steps'][-1]['error']


def test_attach(debuggee, adapter, pair):
    program = debuggee('loop.py')
    for what, line in ((program.file, 2), ('%s:%d' % (program.file, program.line('text')), program.line('text'))):
        told = examine('--attach', '--file', what, address(program))
        assert told['ok'] and names(told) == ATTACHED + ['source']
        assert detail(told, 'clock') == 'the same as here'
        assert 'stops at line %d' % line in detail(told, 'source')
        program.goes_on()
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


def test_a_file_that_the_program_does_not_have(debuggee, pair, tmp_path):
    program = debuggee('loop.py')
    (tmp_path / 'other.py').write_text('x = 1\n')
    told = examine('--attach', '--file', str(tmp_path / 'other.py'), address(program))
    assert not told['ok'] and names(told) == ATTACHED + ['source'] and 'other.py' in told['steps'][-1]['error']
    program.goes_on()


def test_mapped_file(debuggee, pair, tmp_path):
    """Two local files have this name; the roots say which is meant, as in an attach request."""
    program = debuggee('loop.py')
    program.local_copy(tmp_path / 'here')
    told = examine('--attach', '--file', str(tmp_path / 'here' / 'loop.py'), '--local-root', str(tmp_path / 'here'),
                   '--remote-root', program.root, address(program))
    assert told['ok'] and 'stops at line' in detail(told, 'source')
    told = examine('--attach', '--local-root', str(tmp_path / 'here'), address(program))
    assert names(told)[-1] == 'attach' and '"remoteRoot" is missing' in told['steps'][-1]['error']


def test_busy(debuggee, adapter, pair):
    """The twelfth stage: the same sentence as an attach's, and the session that goes on is not disturbed."""
    program, client, second = debuggee('loop.py'), adapter(), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    began = time.monotonic()
    told = examine('--attach', address(program))
    assert time.monotonic() - began < LIMIT + 1
    assert names(told) == WAY + ['attach']
    assert told['steps'][-1]['error'] == second.attach_refused(uri=address(program)) and 'already' in told['steps'][-1]['error']
    assert client.evaluate('1 + 1', client.top(stop.thread)['id'])['result'] == '2'
    client.disconnect()
    program.goes_on()


def test_clock_that_is_late(debuggee, pair):
    late = 'clock = time.time\ntime.time = lambda: clock() - 3600\n\nptvsd.enable'
    program = debuggee('loop.py', changed={'ptvsd.enable': late})
    told = examine('--attach', address(program))
    assert detail(told, 'clock') in ['%d seconds behind the clock here' % n for n in (3599, 3600, 3601)]
    program.goes_on()


@pytest.mark.one_pair
def test_doctor_goes(debuggee, adapter, pair, tmp_path):
    """Interrupted, or killed, in the middle of an attach: the program goes on and can be attached to; and what it
    starts for the attach shows the secret nowhere."""
    program = debuggee('waiting.py')  # for a line of input, so that no pause comes
    for force in (False, True):
        with subprocess.Popen([dap.adapter_path(), 'doctor', '--attach', address(program)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, universal_newlines=True, start_new_session=True) as doctor:
            for line in iter(doctor.stdout.readline, ''):
                if line.split()[1] == 'attach':
                    break
            with open('/proc/%d/task/%d/children' % (doctor.pid, doctor.pid)) as file:
                (child,) = file.read().split()
            for name in ('cmdline',) if os.getuid() else ('cmdline', 'environ'):  # only root can see the other
                with open('/proc/%s/%s' % (child, name), 'rb') as file:
                    assert servers.SECRET.encode() not in file.read()
            doctor.send_signal(9) if force else os.killpg(doctor.pid, 2)
    client = adapter()
    client.attach(program)
    program.write('')
    program.write('')
    client.wait_event('terminated')
    assert program.exit_code() == 0


@pytest.mark.one_pair
def test_program_that_comes_to_no_line(debuggee, pair):
    told = examine('--attach', address(debuggee('waiting.py')))
    assert told['ok'] and 'not known' in detail(told, 'clock')


@pytest.mark.parametrize('arguments, words', [
    ((), 'takes one ADDRESS'), (('a', 'b'), 'takes one ADDRESS'), (('--file', 'x', 'a'), '--file needs --attach'),
    (('--file',), 'needs a value'), (('tcp://x:0',), 'port')])
def test_bad_arguments(arguments, words):
    done = run('doctor', *arguments)
    assert done.returncode == 1 and done.stdout == '' and words in done.stderr
