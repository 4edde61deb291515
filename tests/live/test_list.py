"""`ptvsd-dap list ADDRESS...` tells who listens there and harms nobody."""

import getpass
import json
import os

import pytest

import fakes
import servers
from dap import run
from over import at_work
from test_failures import serve  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all
TIMES = 200 if 'PTVSD_DAP_WHOLE' in os.environ else 100  # with each release on two Pythons


def address(program, secret=servers.SECRET):
    return 'tcp://%s@127.0.0.1:%d' % (secret, program.port)


def listed(*addresses):
    done = run('list', '--json', *addresses)
    assert done.stderr == '', done.stderr
    return json.loads(done.stdout), done.returncode


def check(told, program):
    pair = program.pair
    assert told['pid'] == program.process.pid
    assert os.path.samefile(told['executable'], pair.python.path)
    assert told['user'] == getpass.getuser()
    assert '%d.%d.' % pair.python.version in told['python'] and 'Linux' in told['python']
    assert told['protocol'] == pair.wire and pair.release[:3] in told['ptvsd']


def test_list(debuggee, pair):
    program = debuggee('loop.py')
    (told,), status = listed(address(program))
    assert status == 0 and told['address'] == 'tcp://127.0.0.1:%d' % program.port
    check(told, program)
    done = run('list', address(program))
    titles, row = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, '') and titles.startswith('ADDRESS ')
    for word in (told['address'], str(told['pid']), told['user'], told['python'], told['executable'],
                 '%s (protocol %d)' % (told['ptvsd'], pair.wire)):
        assert word in row
        assert titles[row.index(word)] != ' ' and titles[:row.index(word)].endswith((' ', ''))
    program.goes_on()


def test_wrong_secret(debuggee, pair):
    program = debuggee('loop.py')
    done = run('list', address(program, 'hidden-word'))
    assert done.returncode == 1 and done.stdout == '' and 'secret was not accepted' in done.stderr
    assert 'hidden-word' not in done.stderr
    (told,), _ = listed(address(program))
    check(told, program)


def test_asked_again_and_again(debuggee, adapter, pair):
    """And an ordinary attach works then, in a program that went on all the time."""
    program = debuggee('loop.py')
    for turn in range(TIMES):
        done = run('list', address(program, 'wrong' if turn % 10 == 9 else servers.SECRET))
        assert done.returncode == (turn % 10 == 9), done.stderr
    program.goes_on()
    spent = program.cpu_seconds()
    program.goes_on()
    assert program.cpu_seconds() - spent < 0.5  # ptvsd's orphaned threads burn a core
    client = adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


def test_while_it_is_debugged(debuggee, adapter, pair):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    for _ in range(3):
        (told,), _ = listed(address(program))
        check(told, program)
    assert client.evaluate('1 + 1', client.top(stop.thread)['id'])['result'] == '2'
    client.continue_(stop.thread)
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()


def test_through_a_websocket(debuggee, adapter, pair, proxy):
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(3):
        (told,), status = listed(proxy.uri(program))
        assert status == 0 and told['address'].startswith('ws://')
        check(told, program)
        assert run('list', proxy.uri(program, 'wrong')).returncode == 1
    at_work(adapter(), program, proxy)


# ---- several

@pytest.mark.one_pair
def test_many_at_once(debuggee, serve, pair):  # noqa: F811
    """In the order asked; who does not answer says why and holds nobody up."""
    programs = [debuggee('loop.py') for _ in range(3)]
    silent = serve(fakes.says())
    asked = [address(one) for one in programs] + ['127.0.0.1:%d' % silent, '127.0.0.1:%d' % servers.free_port()]
    told, status = listed(*(asked + asked[:1] * 2))
    assert status == 1 and len(told) == 7
    for one, program in zip(told[:3] + told[5:], programs + programs[:1] * 2):
        check(one, program)
    assert 'says nothing' in told[3]['error'] and 'refused' in told[4]['error']
    done = run('list', *(asked[:3] + asked[4:]))
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 4 and len(done.stderr.splitlines()) == 1


def test_more_than_are_asked_at_a_time():
    told, status = listed(*['127.0.0.1:%d' % servers.free_port()] * 300)
    assert status == 1 and len(told) == 300 and all('refused' in one['error'] for one in told)


def test_bad_address_among_good_ones():
    done = run('list', '127.0.0.1:1', 'tcp://hidden-word@')
    assert done.returncode == 1 and done.stdout == '' and 'no host' in done.stderr
    assert 'hidden-word' not in done.stderr and 'refused' not in done.stderr


def tells(*texts):
    """A ptvsd of wire 4 that says this of itself."""
    def speak(peer):
        peer.sendall(b'PTVSDBG' + fakes.number(4))
        fakes.receive(peer, 15)
        fakes.read_text(peer)
        peer.sendall(b'ACPT')
        assert fakes.receive(peer, 4) == b'INFO'
        peer.sendall(fakes.number(7) + b''.join(texts))
    return speak


def text(value):
    return b'A' + fakes.number(len(value)) + value


def test_dap_server(serve):  # noqa: F811
    """ptvsd 4 and debugpy say their release, and no more."""
    port = serve(fakes.says(fakes.framed(b'{"type": "event", "seq": 0, "event": "output", "body": {"category": '
                                         b'"telemetry", "output": "ptvsd", "data": {"version": "4.3.2"}}}')))
    where = '127.0.0.1:%d' % port
    assert listed(where) == ([{'address': 'tcp://' + where, 'ptvsd': '4.3.2', 'protocol': 'DAP'}], 0)
    assert '4.3.2 (DAP)' in run('list', where).stdout


def test_what_a_terminal_would_obey(serve):  # noqa: F811
    port = serve(tells(text(b'/a\x1b[31m'), b'N', text(b'gr\xfc\nn')))
    done = run('list', '127.0.0.1:%d' % port)
    assert done.returncode == 0 and '\x1b' not in done.stdout and 'gr\u00fc n' in done.stdout, done.stdout
    assert len(done.stdout.splitlines()) == 2
    assert listed('127.0.0.1:%d' % port)[0][0]['user'] == ''


@pytest.mark.parametrize('texts, words', [
    ((text(b'/a'),), 'no name'), ((text(b'/a'), b'X'), 'prefix'), ((), 'instead of telling'),
    ((b'A' + fakes.number(1 << 40),), 'greeting')], ids=['no-user', 'prefix', 'nothing', 'huge'])
def test_information_that_breaks_off(serve, texts, words):  # noqa: F811
    def speak(peer):
        tells(*texts)(peer)
        peer.close()
    done = run('list', '127.0.0.1:%d' % serve(speak))
    assert done.returncode == 1 and words in done.stderr, done.stderr
