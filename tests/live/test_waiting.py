"""waitForServer: an attach that waits until the program listens; restart: one that attaches again when the
program comes back."""

import os
import shutil
import signal
import socket

import pytest

import servers

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def port(monkeypatch):
    """Of all programs that this test starts."""
    number = servers.free_port()
    monkeypatch.setattr(servers, 'free_port', lambda: number)
    return number


def start_waiting(client, port, **how):
    attach = client.start_attach(port=port, secret='hush-4711', **how)
    client.wait_event('output', lambda body: 'Waiting until the program' in body['output'])
    return attach


def configure(client, attach, program):
    client.wait_initialized(attach)
    client.set_breakpoints(program.file, [program.line('work')])
    client.request('setExceptionBreakpoints', filters=[])
    client.request('configurationDone')
    client.body(attach)
    return client.wait_stopped('breakpoint')


def test_program_is_started_later(debuggee, adapter, port):
    client = adapter()
    client.initialize(supportsProgressReporting=True)
    attach = start_waiting(client, port, waitForServer=True)
    assert client.wait_event('progressStart')['cancellable'] is True
    program = debuggee('loop.py')
    stop = configure(client, attach, program)
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.wait_event('progressEnd')
    client.disconnect()
    program.goes_on()


@pytest.mark.one_pair
def test_it_waits_no_longer_than_told(pair, adapter, port):
    client = adapter()
    attach = start_waiting(client, port, waitForServer=1)
    answer = client.response(attach)
    assert not answer['success'] and 'refused the connection' in answer['message']


@pytest.mark.one_pair
@pytest.mark.parametrize('by', ['progress', 'request'])
def test_cancelled(debuggee, pair, adapter, port, by):
    client = adapter()
    client.initialize(supportsProgressReporting=True)
    attach = start_waiting(client, port, waitForServer=600)
    progress = client.wait_event('progressStart')['progressId']
    client.request('cancel', **({'progressId': progress} if by == 'progress' else {'requestId': attach}))
    answer = client.response(attach)
    assert not answer['success'] and 'given up' in answer['message']
    client.wait_event('progressEnd', lambda body: body['progressId'] == progress)
    program = debuggee('loop.py')  # and it can be tried again
    client.attach(program)
    client.disconnect()


@pytest.mark.one_pair
def test_cancelled_in_the_middle_of_a_try(pair, adapter, port):
    client = adapter()
    attach = start_waiting(client, port, waitForServer=True)
    with socket.socket() as mute:
        mute.bind(('127.0.0.1', port))
        mute.listen(1)
        peer, _ = mute.accept()
        client.request('cancel', requestId=attach)
        answer = client.response(attach)
        peer.close()
    assert not answer['success'] and 'given up' in answer['message']


@pytest.mark.one_pair
@pytest.mark.parametrize('how', ['disconnect', 'EOF', 'SIGTERM'])
def test_left_while_it_waits(pair, adapter, port, how):
    client = adapter()
    attach = start_waiting(client, port, waitForServer=True)
    if how == 'disconnect':
        client.send('disconnect', {})
    elif how == 'EOF':
        client.ended = True  # nobody is answered any more
        client.close_input()
    else:
        client.signal(getattr(signal, how))
    assert client.wait_exit() == 0
    assert how == 'EOF' or not client.response(attach)['success']


@pytest.mark.one_pair
def test_what_waiting_does_not_mend(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    assert 'secret' in client.attach_refused(program, secret='wrong', waitForServer=True)


@pytest.mark.one_pair
@pytest.mark.parametrize('value', [-1, 'long', 1.5, [], 10 ** 9])
def test_no_number_of_seconds(pair, adapter, value):
    assert 'waitForServer' in adapter().attach_refused(port=1, waitForServer=value)


def start_again(program, directory=None, arguments=(), changed=None):
    """The same file, as a new process on the same port, and in another directory."""
    program.end()
    shutil.rmtree(program.root)
    program.__init__(program.pair, os.path.basename(program.file), directory or os.path.dirname(program.root),
                     arguments, changed=changed)


@pytest.mark.parametrize('how', ['killed', 'ended'])
def test_program_comes_back(debuggee, adapter, port, how):
    """Its breakpoint stops the new process, without the editor's doing anything."""
    program, client = debuggee('loop.py'), adapter()
    attach = client.start_attach(program, restart=True)
    stop = configure(client, attach, program)
    if how == 'killed':
        program.end()
    else:
        program.tell('stop')
        client.continue_(stop.thread)
        assert program.exit_code() == 7
    client.wait_event('output', lambda body: 'Waiting until the program' in body['output'])
    client.wait_event('thread', lambda body: body == {'reason': 'exited', 'threadId': stop.thread})
    start_again(program)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.step('next', stop.thread)
    assert not client.all_events('terminated') and len(client.all_events('initialized')) == 1
    client.disconnect()
    program.goes_on()


def test_program_comes_back_from_another_directory(debuggee, adapter, port, tmp_path):
    """Without a mapping: what the last process had loaded counts no more."""
    program, client = debuggee('loop.py'), adapter()
    local = os.path.join(program.local_copy(tmp_path / 'elsewhere'), 'loop.py')
    (answered,) = client.attach(program, {local: [program.line('work')]}, restart=True)[local]
    client.wait_stopped('breakpoint')
    start_again(program, tmp_path / 'second')
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [answered['id']]
    assert client.top(stop.thread)['source']['path'] == local
    names = [one['path'] for one in client.request('loadedSources')['sources'] if 'loop.py' in one.get('path', '')]
    modules = client.request('modules')
    assert names == [local] and len(modules['modules']) == modules['totalModules']
    assert [one['path'] for one in modules['modules'] if one['name'] == 'loop.py'] == [program.file]
    client.disconnect()
    program.goes_on()


def test_program_comes_back_with_another_text(debuggee, adapter, port, tmp_path):
    """Which it alone has: its breakpoints move as they would have at a first attach, without the editor's doing
    anything, and one stops where the last text had nothing to stop at."""
    program, client = debuggee('sparse.py'), adapter()
    local = str(tmp_path / 'nowhere')
    path = os.path.join(local, 'sparse.py')
    client.attach(program, {path: [program.line('call')]}, localRoot=local, remoteRoot=program.root, restart=True)
    client.wait_stopped('breakpoint')
    comment, end = program.line('call') - 27, program.line('call') + 5
    moved, refused = client.set_breakpoints(path, [comment, {'line': end, 'logMessage': 'slept {count}'}])
    assert moved['line'] == comment + 2 and 'never stops' in refused['message']
    start_again(program, changed={'# a comment': '# a comment\n    # of two lines'})
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [moved['id']]
    assert client.place(stop.thread) == ('work', comment + 3)
    told = {body['breakpoint']['id']: body['breakpoint'] for body in client.all_events('breakpoint')}
    assert [(told[one['id']]['verified'], told[one['id']]['line']) for one in (moved, refused)] == [
        (True, comment + 3), (True, end)]
    assert client.set_breakpoints(path, [comment + 3, {'line': end, 'logMessage': 'slept {count}'}]) == [
        told[moved['id']], told[refused['id']]]
    client.continue_(stop.thread)
    client.continue_(client.wait_stopped('breakpoint').thread)
    client.wait_output('slept ')
    client.disconnect()
    program.goes_on()


def test_edited_while_the_program_is_away(debuggee, adapter, port):
    """What the editor sets meanwhile is answered at once, and holds for the new process."""
    program, client = debuggee('loop.py'), adapter()
    configure(client, client.start_attach(program, restart=True), program)
    root, file, line = program.root, program.file, program.line('text')
    program.end()
    client.wait_event('output', lambda body: 'Waiting until the program' in body['output'])
    (moved,) = client.set_breakpoints(file, [line])
    (function,) = client.request('setFunctionBreakpoints', breakpoints=[{'name': 'work'}])['breakpoints']
    for answered in (moved, function):
        assert not answered['verified'] and 'program is away' in answered['message']
    client.request('setExceptionBreakpoints', filters=['raised'])
    assert 'under way' in client.refused('threads')
    start_again(program)
    assert (program.root, program.file) == (root, file)
    seen = set()
    for _ in range(4):
        stop = client.wait_stopped()
        seen.add((stop.body['hitBreakpointIds'][0], client.top(stop.thread)['line']))
        client.continue_(stop.thread)
    assert seen == {(moved['id'], line), (function['id'], program.line('work'))}
    for answered in (moved, function):
        client.wait_verified(answered)
    client.disconnect()
    program.goes_on()


def test_exceptions_chosen_while_the_program_is_away(debuggee, adapter, port):
    program, client = debuggee('endless.py', 'fails'), adapter()
    client.attach(program, restart=True)
    program.end()
    client.wait_event('output', lambda body: 'Waiting until the program' in body['output'])
    client.request('setExceptionBreakpoints', filters=['raised'])
    start_again(program, arguments=['fails'])
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('fail', program.line('raise'))
    client.disconnect()


def test_function_that_does_not_come_back(debuggee, adapter, port):
    """The editor is told that its breakpoint is set no more."""
    program, client = debuggee('functions.py'), adapter()
    program.tell('define')
    program.wait_line('latest')
    client.wait_initialized(client.start_attach(program, restart=True))
    (answered,) = client.request('setFunctionBreakpoints', breakpoints=[{'name': 'latest'}])['breakpoints']
    client.request('configurationDone')
    client.wait_verified(answered)
    client.wait_stopped('function breakpoint')
    start_again(program)
    told = client.wait_event('breakpoint', lambda body: not body['breakpoint']['verified'])['breakpoint']
    assert told['id'] == answered['id'] and 'has no function latest' in told['message']
    client.disconnect()
    program.goes_on()


@pytest.mark.one_pair
def test_left_while_the_program_is_away(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    configure(client, client.start_attach(program, restart=True), program)
    program.end()
    client.wait_event('output', lambda body: 'Waiting until the program' in body['output'])
    client.disconnect()


@pytest.mark.one_pair
def test_given_up_while_the_program_is_away(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.initialize(supportsProgressReporting=True)
    configure(client, client.start_attach(program, restart=True), program)
    program.end()
    client.request('cancel', progressId=client.wait_event('progressStart')['progressId'])
    client.wait_event('terminated')
    client.disconnect()
