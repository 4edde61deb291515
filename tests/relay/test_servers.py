"""Whole sessions by relay, on real ptvsd 4.x and debugpy."""

import os
import signal

import pytest

import over
import servers
import targets
import web
from dap import run
from test_waiting import start_again

pytestmark = pytest.mark.both_servers
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS, SLOW = os.path.join(HERE, 'programs'), os.path.join(HERE, 'slow')


def stop_in_work(client, program):
    client.attach(program, {program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')


def test_session(debuggee, adapter):
    """Twice, since what the first leaves behind must not be in the way of the second."""
    program = debuggee('loop.py')
    for _ in range(2):
        client = adapter()
        stop = stop_in_work(client, program)
        assert client.place(stop.thread) == ('work', program.line('work'))
        frame = client.top(stop.thread)['id']
        number = int(client.top_locals(stop.thread)['number']['value'])
        assert client.evaluate('number + %d' % 2 ** 70, frame)['result'].rstrip('L') == str(number + 2 ** 70)
        client.request('next', threadId=stop.thread)
        client.wait_stopped('step')
        assert client.place(stop.thread) == ('work', program.line('text'))
        client.set_breakpoints(program.file, [])
        client.continue_(stop.thread)
        program.goes_on()
        client.pause(stop.thread)
        client.wait_stopped('pause')
        client.continue_(stop.thread)
        client.wait_output('tick')
        client.disconnect()
        program.goes_on()
    program.tell('stop')
    assert program.exit_code() == 7


def test_exception(debuggee, adapter):
    program, client = debuggee('endless.py', 'fails'), adapter()
    client.attach(program, exceptions=['raised'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('fail', program.line('raise'))
    assert client.request('exceptionInfo', threadId=stop.thread)['exceptionId']
    client.disconnect()


@pytest.mark.parametrize('how', ['EOF', 'SIGTERM', 'SIGSEGV'])
def test_editor_gone(debuggee, adapter, how):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.ended = True
    if how == 'EOF':
        client.close_input()
    else:
        client.signal(getattr(signal, how))
    client.wait_exit()
    program.goes_on()
    again = adapter()
    stop_in_work(again, program)
    again.disconnect()
    program.goes_on()


def test_killed(debuggee, adapter, pair):
    """debugpy heals itself; a ptvsd 4.x stays suspended until we come again, and say so."""
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.ended = True
    client.signal(signal.SIGKILL)
    client.wait_exit()
    if pair.release == 'debugpy':
        program.goes_on()  # who comes before that may find its adapter dead-locked
    again = adapter()
    again.attach(program)
    program.wait_line('tick')
    again.set_breakpoints(program.file, [])
    if pair.release != 'debugpy':
        again.wait_event('output', lambda body: 'had left the program suspended' in body['output'])
    again.disconnect()
    program.goes_on()


def test_gone_during_the_attach(debuggee, adapter):
    program = debuggee('loop.py')
    for command in ('initialize', 'attach'):
        client = adapter()
        client.initialize()
        client.send('attach', {'port': program.port, 'name': 'x'})
        if command == 'attach':
            client.wait_event('initialized')
        client.ended = True
        client.close_input()
        client.wait_exit()
    again = adapter()
    stop_in_work(again, program)
    again.disconnect()


def list_it(program, adapter):
    assert program.pair.release.replace('debugpy', '1.8.') in run('list', 'tcp://127.0.0.1:%d' % program.port).stdout


def examine_it(program, adapter):
    assert run('doctor', 'tcp://127.0.0.1:%d' % program.port).returncode == 0


def release_it(program, adapter):
    assert 'speaks the Debug Adapter Protocol' in run('release', 'tcp://127.0.0.1:%d' % program.port).stderr


def see_the_page(program, adapter):
    proxy = over.Proxy(program.port)
    try:
        assert 'Debug Adapter Protocol' in web.get(proxy.port)
    finally:
        proxy.end()


def give_up(program, adapter):
    client = adapter()
    client.initialize()
    client.send_all([('attach', {'port': program.port}), ('disconnect', {})])
    client.ended = True
    client.wait_exit()


@pytest.mark.parametrize('leave', [list_it, examine_it, release_it, see_the_page, give_up])
def test_left_before_an_attach(debuggee, adapter, leave):
    """A debugpy that is left within its greeting lets nobody attach any more; a ptvsd 4.x prints a traceback."""
    program = debuggee('loop.py')
    for _ in range(3):
        leave(program, adapter)
    client = adapter()
    stop_in_work(client, program)
    client.disconnect()
    program.goes_on()
    program.end()
    assert not [line for line in program.err.lines if 'Error' in line], program.err.lines


def test_left_while_it_prints(debuggee, adapter):
    """Behind one session a ptvsd 4.x sends output to whoever connects, without end. (A session in which it prints, and
    behind others, may hang in its setBreakpoints, on 2.7: so none follows.)"""
    program, before = debuggee('loop.py', prints_seen=True), adapter()
    before.attach(program)
    before.disconnect()
    program.goes_on()
    list_it(program, adapter)
    program.goes_on()


def test_chosen_among_several(debuggee, adapter, pair):
    """The attach comes behind the question who it is, not beside it, and a next session behind the one before: until
    debugpy has put away whoever has left, the next to connect ends its listening. (On Python 2.7 a ptvsd 4.3.2 that has
    something to tell while it is left answers nobody any more, so it is asked something, and shows no output.)"""
    program = debuggee('loop.py', settings={'PYTHONPATH': os.pathsep.join([SLOW] + targets.places(pair))})
    addresses = ['tcp://127.0.0.1:%d' % port for port in (servers.free_port(), program.port)]
    for _ in range(5):
        client = adapter()
        client.attach(uri=addresses, redirectOutput=False)
        client.threads()
        client.disconnect()
    client = adapter()
    stop_in_work(client, program)
    client.disconnect()
    program.goes_on()


def test_program_ends(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.tell('stop')
    client.wait_event('terminated')
    client.disconnect()
    assert program.exit_code() == 7


def test_requests_that_would_freeze_it(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop = stop_in_work(client, program)
    frame = client.top(stop.thread)['id']
    scope = client.scopes(frame)[0]['variablesReference']
    client.set_breakpoints(program.file, [])
    client.send_all([('continue', {'threadId': stop.thread}), ('variables', {'variablesReference': scope})])
    for command in ('cancel', 'loadedSources'):
        client.refused(command)
    client.refused('noSuchRequest')
    assert client.threads()
    client.disconnect()
    program.goes_on()


def test_second_debugger(debuggee, adapter, pair):
    program, first = debuggee('loop.py'), adapter()
    stop_in_work(first, program)
    message = adapter().attach_refused(program)
    if pair.release == 'debugpy':
        assert 'already being debugged' in message
    else:
        assert 'keeps a second debugger waiting' in message
    assert first.threads()
    first.disconnect()
    program.goes_on()


def test_end_of_the_program_where_allowed(debuggee, adapter, pair):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, allowTerminate=True)
    client.disconnect(terminateDebuggee=True)
    if pair.release == 'debugpy':
        assert program.exit_code() != 7
    else:
        program.goes_on()  # a ptvsd 4.x that was attached to obeys nobody


def test_child_process(debuggee, adapter, pair):
    if pair.release != 'debugpy':
        pytest.skip('ptvsd 4.x lets a child listen by itself')
    program, client = debuggee('forks.py', programs=PROGRAMS), adapter()
    client.attach(program, {program.file: [program.line('child')]}, subProcess=True)
    program.write('go')
    child_configuration = client.wait_event('debugpyAttach')
    assert child_configuration['port'] == program.port and 'connect' not in child_configuration
    child = adapter()
    child.initialize()
    attach = child.send('attach', child_configuration)
    child.wait_initialized(attach)
    child.set_breakpoints(program.file, [program.line('child')])
    child.request('configurationDone')
    child.body(attach)
    stop = child.wait_stopped('breakpoint')
    assert child.place(stop.thread) == ('work', program.line('child'))
    child.set_breakpoints(program.file, [])
    child.continue_(stop.thread)
    child.wait_event('terminated')
    child.disconnect()
    program.wait_line('child made 42')
    client.disconnect()


def test_program_comes_back(debuggee, adapter, monkeypatch):
    """Its breakpoint stops the new process, without the editor's doing anything."""
    port = servers.free_port()
    monkeypatch.setattr(servers, 'free_port', lambda: port)
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]}, restart=True)
    stop = client.wait_stopped('breakpoint')
    start_again(program)
    client.wait_event('continued')  # nvim-dap would go on looking at a thread that has ended
    client.wait_event('thread', lambda body: body == {'reason': 'exited', 'threadId': stop.thread})
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))
    assert not client.all_events('terminated') and len(client.all_events('initialized')) == 1
    client.disconnect()
    program.goes_on()


def test_through_a_websocket(debuggee, adapter, websocket):
    program, client = debuggee('loop.py'), adapter()
    uri = websocket.uri(program, '')
    attach = client.start_attach(uri=uri, name='x')
    client.wait_initialized(attach)
    client.set_breakpoints(program.file, [program.line('work')])
    client.request('configurationDone')
    client.body(attach)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.disconnect()
    program.goes_on()


@pytest.fixture(scope='session')
def websocket():
    one = over.Through('websockify')
    yield one
    one.end()
