"""An attach that names several addresses takes the one that answers, or tells what there is."""

import pytest

import fakes
import servers
from test_failures import serve  # noqa: F401
from test_list import address

pytestmark = pytest.mark.one_pair


def nobody():
    return '127.0.0.1:%d' % servers.free_port()


def at_work(client, program, **how):
    client.attach(breakpoints={program.file: [program.line('work')]}, **how)
    stop = client.wait_stopped('breakpoint')
    pid = client.evaluate("__import__('os').getpid()", client.top(stop.thread)['id'])['result']
    assert pid == str(program.process.pid)
    client.disconnect()
    program.goes_on()


@pytest.mark.parametrize('name', ['uri', 'qualifier'])
def test_one_answers(debuggee, adapter, pair, serve, name):  # noqa: F811
    program = debuggee('loop.py')
    for _ in range(2):
        at_work(adapter(), program, **{name: [nobody(), address(program),
                                              '127.0.0.1:%d' % serve(fakes.says(b'SSH-2.0-x\r\n'))]})


def test_several_answer(debuggee, adapter, pair):
    """All are told; "processId" chooses. A refusal leaves the adapter ready for the next attach."""
    programs, client = [debuggee('loop.py') for _ in range(2)], adapter()
    named = [address(one) for one in programs] + [nobody()]
    message = client.attach_refused(uri=named)
    for one in programs:
        assert 'tcp://127.0.0.1:%d is process %d of ' % (one.port, one.process.pid) in message
    assert '"processId"' in message and 'refused' not in message and servers.SECRET + '@' not in message
    assert 'process 1.' in client.attach_refused(uri=named, processId=1)
    at_work(client, programs[1], uri=named, processId=programs[1].process.pid)
    for one in programs:
        one.goes_on()


def test_one_secret_for_all(debuggee, adapter, pair):
    programs = [debuggee('loop.py') for _ in range(2)]
    named = ['127.0.0.1:%d' % one.port for one in programs]
    at_work(adapter(), programs[0], uri=named, secret=servers.SECRET, processId=programs[0].process.pid)
    message = adapter().attach_refused(uri=named, secret='hidden-word')
    assert 'None of the 2' in message and message.count('not accepted') == 2 and 'hidden-word' not in message


def test_none_answers(adapter, serve):  # noqa: F811
    silent = serve(fakes.says())
    message = adapter().attach_refused(uri=[nobody(), '127.0.0.1:%d' % silent])
    assert 'None of the 2' in message and 'refused the connection' in message and 'says nothing' in message


@pytest.mark.parametrize('how, words', [
    ({'uri': []}, '1 to 64'), ({'uri': ['127.0.0.1'] * 65}, '1 to 64'), ({'uri': ['127.0.0.1', 5]}, '"uri" must be'),
    ({'uri': ['127.0.0.1', 'x:0']}, 'port'), ({'uri': ['127.0.0.1'], 'host': 'x'}, 'contradict'),
    ({'uri': ['127.0.0.1'], 'processId': 'x'}, '"processId"'),
    ({'uri': ['hidden-word@127.0.0.1'], 'secret': 'other-word'}, 'contradict')])
def test_refused(adapter, how, words):
    message = adapter().attach_refused(**how)
    assert words in message and '-word' not in message


@pytest.mark.parametrize('end', ['disconnect', 'input'])
def test_left_meanwhile(debuggee, adapter, pair, serve, end):  # noqa: F811
    """The editor gives up while a silent one is still waited for; nobody is harmed."""
    program, client = debuggee('loop.py'), adapter()
    attach = client.start_attach(uri=[address(program), '127.0.0.1:%d' % serve(fakes.says())])
    if end == 'disconnect':
        client.response(client.send('disconnect', {}))
        assert 'given up' in client.response(attach)['message']
    else:
        client.close_input()
        client.ended = True
    assert client.wait_exit(timeout=4) == 0  # less than the time limit
    at_work(adapter(), program, uri=address(program))


def test_through_a_websocket(debuggee, adapter, pair, proxy):
    program = debuggee('loop.py', prints_seen=True)
    at_work(adapter(), program, uri=[nobody(), proxy.uri(program)])
    for _ in range(3):  # abandoned at any moment
        client = adapter()
        client.initialize()
        client.send('attach', {'uri': [nobody(), proxy.uri(program)]})
        client.ended = True
        client.close_input()
        client.wait_exit()
    at_work(adapter(), program, uri=proxy.uri(program))


def test_restart(debuggee, adapter, pair):
    """VS Code sends the configuration along: it means the program that was chosen."""
    program, client = debuggee('loop.py'), adapter()
    named = [nobody(), address(program)]
    client.attach(uri=named, breakpoints={program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.request('restart', arguments=dict(client.ATTACH, uri=named))
    client.wait_stopped('breakpoint')
    client.disconnect()
    program.goes_on()
