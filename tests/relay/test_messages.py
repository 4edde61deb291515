"""What passes through the relay and what does not, with a target that says and keeps anything."""

import json
import signal

import pytest

import fake_target

BIG = 123456789012345678901234567890


@pytest.fixture
def target():
    made = []

    def start(*arguments, **how):
        made.append(fake_target.Target(*arguments, **how))
        return made[-1]

    yield start
    for one in made:
        one.close()


def attached(adapter, target, **how):
    client = adapter()
    attach = client.start_attach(port=target.port, **how)
    client.wait_initialized(attach)
    client.request('setExceptionBreakpoints', filters=[])
    client.request('configurationDone')
    client.body(attach)
    return client


@pytest.mark.parametrize('kind', ['debugpy', 'ptvsd'])
def test_unknown_messages_and_big_numbers(adapter, target, kind):
    server = target(kind)
    client = attached(adapter, server)
    client.judge = type('Lenient', (), {'faults': lambda self, message: []})()
    body = {'address': BIG, 'small': -1.5e-300, 'null': None, 'later': [{}, [], '\x1b[0m \u20ac \U0001f600 \\u20ac']}
    server.say_text(json.dumps({'type': 'event', 'event': 'novel', 'seq': 99, 'extra': {'a': BIG}, 'body': body},
                               ensure_ascii=False))
    assert client.wait_event('novel') == body
    assert client.events[-1]['extra'] == {'a': BIG}
    number = client.send('novelRequest', {'value': BIG, 'text': '\u20ac'})
    request = server.heard('novelRequest')
    assert (request['seq'], request['arguments']) == (number, {'value': BIG, 'text': '\u20ac'})
    server.answer(request, {'value': BIG})
    assert client.body(number) == {'value': BIG}


def test_null_body_is_left_out(adapter, target):
    server = target()
    client = attached(adapter, server)
    server.say_text('{"seq": 50, "type": "event", "event": "invalidated", "body": null}')
    client.wait_event('invalidated')
    assert 'body' not in client.events[-1]
    client.faults.clear()  # the schema wants one


def test_order_of_output(adapter, target):
    server = target()
    client = attached(adapter, server)
    for number in range(300):
        server.event('output', {'category': 'stdout', 'output': '%d\n' % number})
    server.event('stopped', {'reason': 'pause', 'threadId': 1})
    client.wait_stopped('pause')
    assert client.output('stdout').split() == [str(number) for number in range(300)]


def test_request_of_the_target(adapter, target):
    server = target()
    client = attached(adapter, server)
    server.say({'seq': 4711, 'type': 'request', 'command': 'runInTerminal',
                'arguments': {'args': ['x'], 'cwd': '/'}})
    client.wait_until(lambda: any('"runInTerminal"' in line for line in client.transcript), 'the request')
    request = json.loads(next(line for line in client.transcript if '"runInTerminal"' in line).split(' < ')[1])
    body = json.dumps({'seq': 77, 'type': 'response', 'request_seq': request['seq'], 'success': True,
                       'command': 'runInTerminal', 'body': {'processId': BIG}}).encode()
    client.process.stdin.write(b'Content-Length: %d\r\n\r\n%s' % (len(body), body))
    client.process.stdin.flush()
    answer = server.responses.get(timeout=15)
    assert (answer['request_seq'], answer['body']) == (4711, {'processId': BIG})


def test_arguments_of_the_attach(adapter, target):
    """Ours are not sent on, and the secret never."""
    server = target('ptvsd')
    mappings = [{'localRoot': 'c:\\work', 'remoteRoot': '/srv'}]
    client = attached(adapter, server, secret='hidden-word', dropGuard=False, justMyCode=False, subProcessId=12,
                      pathMappings=mappings, unknown={'big': BIG}, listen={'port': 5}, processId=7,
                      exceptionHandling={'ignore': ['KeyError']}, redirectOutput=False)
    sent = server.attach['arguments']
    assert sent['pathMappings'] == mappings and sent['unknown'] == {'big': BIG} and sent['subProcessId'] == 12
    assert not {'host', 'port', 'secret', 'dropGuard', 'listen', 'processId', 'exceptionHandling'} & set(sent)
    assert sorted(sent['debugOptions']) == ['DebugStdLib', 'WindowsClient']
    assert '"exceptionHandling" does nothing here' in client.console()
    assert b'hidden-word' not in server.bytes
    assert 'was not sent' in client.console() and 'hidden-word' not in '\n'.join(client.transcript[3:])


@pytest.mark.parametrize('kind', ['debugpy', 'ptvsd'])
@pytest.mark.parametrize('given', [
    {'localRoot': 'c:\\work', 'remoteRoot': '/srv/\u20ac'},
    {'pathMappings': None, 'localRoot': 'c:\\work', 'remoteRoot': '/srv/\u20ac'},
    {'pathMappings': {'localRoot': 'c:\\work', 'remoteRoot': '/srv/\u20ac'}}], ids=['roots', 'null', 'one'])
def test_path_mappings_in_short(adapter, target, kind, given):
    """The targets know no pair but in a list."""
    server = target(kind)
    attached(adapter, server, **given)
    sent = server.attach['arguments']
    assert sent['pathMappings'] == [{'localRoot': 'c:\\work', 'remoteRoot': '/srv/\u20ac'}]
    assert not {'localRoot', 'remoteRoot'} & set(sent)
    assert kind == 'debugpy' or 'WindowsClient' in sent['debugOptions']


def test_no_path_mappings(adapter, target):
    server = target()
    attached(adapter, server)
    assert 'pathMappings' not in server.attach['arguments']


def test_arguments_for_debugpy_are_as_given(adapter, target):
    server = target()
    client = adapter()
    client.initialize()
    attach = client.send('attach', {'port': server.port})
    client.wait_initialized(attach)
    assert server.attach['arguments'] == {'request': 'attach'}
    client.request('configurationDone')
    client.body(attach)


def test_initialized_waits_for_a_ptvsd(adapter, target):
    """It says so at once, but lets nobody configure it before it has answered the attach request."""
    server = target('ptvsd', silent=('attach',))
    client = adapter()
    attach = client.start_attach(port=server.port)
    request = server.heard('attach')
    server.event('output', {'category': 'stdout', 'output': 'between\n'})
    client.wait_output('between\n')
    assert not client.pending('initialized')
    server.answer(request)
    client.wait_initialized(attach)
    client.body(attach)


def test_initialize_is_sent_on(adapter, target):
    server = target()
    client = adapter()
    client.initialize(clientID='editor', locale='xx', supportsStartDebuggingRequest=True)
    attach = client.start_attach(port=server.port)
    client.wait_initialized(attach)
    heard = server.heard('initialize')['arguments']
    assert (heard['clientID'], heard['locale'], heard['supportsStartDebuggingRequest']) == ('editor', 'xx', True)
    client.request('configurationDone')
    client.body(attach)


def test_capabilities(adapter, target):
    server = target(capabilities={
        'supportsConfigurationDoneRequest': True, 'supportsSteppingGranularity': True,
        'supportsTerminateRequest': True, 'supportsTerminateDebuggee': True, 'supportTerminateDebuggee': True,
        'exceptionBreakpointFilters': [{'filter': 'odd', 'label': 'Odd ones'}]})
    client = attached(adapter, server)
    shown = client.wait_event('capabilities')['capabilities']
    assert shown['supportsSteppingGranularity'] is True and shown['supportsRestartRequest'] is False
    assert shown['exceptionBreakpointFilters'] == [{'filter': 'odd', 'label': 'Odd ones'}]
    assert 'supportsConfigurationDoneRequest' not in shown
    assert not [name for name in shown if 'erminate' in name]


def test_what_it_lacks_is_not_asked(adapter, target):
    """debugpy would never answer, and nothing behind it either."""
    server = target()
    client = attached(adapter, server)
    for command in ('cancel', 'loadedSources', 'breakpointLocations', 'restart'):
        assert 'debugpy 1.8.22' in client.refused(command)
    assert client.request('setFunctionBreakpoints', breakpoints=[]) == {'breakpoints': []}
    assert 'debugpy' in client.refused('setFunctionBreakpoints', breakpoints=[{'name': 'f'}])
    client.disconnect()
    while not server.requests.empty():
        assert server.requests.get()['command'] in (
            'initialize', 'attach', 'setExceptionBreakpoints', 'configurationDone', 'disconnect')


def test_a_thread_that_has_gone_on_is_not_asked(adapter, target):
    server = target()
    client = attached(adapter, server)
    server.event('stopped', {'reason': 'pause', 'threadId': 1})
    client.wait_stopped()
    client.request('continue', threadId=1)
    assert 'running' in client.refused('variables', variablesReference=5)
    assert 'running' in client.refused('evaluate', expression='x', frameId=5)
    server.event('stopped', {'reason': 'pause', 'threadId': 1})
    client.wait_stopped()
    number = client.send('variables', {'variablesReference': 5})
    server.answer(server.heard('variables'), {'variables': []})
    assert client.body(number) == {'variables': []}


@pytest.mark.parametrize('allowed', [False, True])
def test_the_program_is_ended_only_where_allowed(adapter, target, allowed):
    server = target()
    client = attached(adapter, server, allowTerminate=allowed)
    client.disconnect(terminateDebuggee=True)
    assert server.heard('disconnect')['arguments']['terminateDebuggee'] is allowed
    assert ('not ended' in client.console()) is not allowed


@pytest.mark.parametrize('can, allowed, said', [(True, False, 'not ended'), (False, True, 'does not know how')])
def test_terminate_only_leaves(adapter, target, can, allowed, said):
    server = target(capabilities={'supportsTerminateRequest': can})
    client = attached(adapter, server, allowTerminate=allowed)
    client.request('terminate')
    client.wait_event('terminated')
    assert server.heard('disconnect')['arguments']['terminateDebuggee'] is False
    assert said in client.console()


@pytest.mark.parametrize('can', [False, True])
def test_helix(adapter, target, can):
    """It takes the thread of a `thread` event for the one that is looked at, and leaves by `terminate` alone."""
    server = target(capabilities={'supportsTerminateRequest': can})
    client = adapter()
    client.initialize(clientID='hx')
    attach = client.start_attach(port=server.port)
    client.wait_initialized(attach)
    client.request('configurationDone')
    client.body(attach)
    server.event('thread', {'reason': 'started', 'threadId': 1})
    server.event('stopped', {'reason': 'pause', 'threadId': 1})
    client.wait_stopped()
    client.request('terminate')
    client.wait_event('terminated')
    assert server.heard('disconnect')['arguments']['terminateDebuggee'] is False
    assert not client.all_events('thread')
    assert not any('supportsTerminateRequest' in one['capabilities'] for one in client.all_events('capabilities'))


def test_terminate_where_allowed_is_passed_on(adapter, target):
    server = target(capabilities={'supportsTerminateRequest': True})
    client = attached(adapter, server, allowTerminate=True)
    number = client.send('terminate', {})
    server.answer(server.heard('terminate'))
    client.body(number)
    server.event('terminated')
    client.wait_event('terminated')


@pytest.mark.parametrize('how', ['EOF', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV', 'SIGABRT'])
def test_goodbye_on_every_way_out(adapter, target, how):
    server = target()
    client = attached(adapter, server)
    client.ended = True
    if how == 'EOF':
        client.close_input()
    else:
        client.signal(getattr(signal, how))
    assert server.heard('disconnect')['arguments']['terminateDebuggee'] is False
    client.wait_exit()


def test_a_target_that_never_answers_the_goodbye(adapter, target):
    server = target(silent=('disconnect',))
    client = attached(adapter, server)
    client.disconnect()


def test_a_target_that_never_answers_initialize(adapter, target):
    server = target(silent=('initialize',))
    assert 'did not answer "initialize"' in adapter().attach_refused(port=server.port)


def test_cancelled_while_it_initializes(adapter, target):
    server, client = target(silent=('initialize',)), adapter()
    attach = client.start_attach(port=server.port)
    asked = server.heard('initialize')
    client.request('cancel', requestId=attach)
    assert client.response(attach)['message'] == 'cancelled'
    server.answer(asked)
    assert server.ended.wait(10) and server.requests.empty()  # no attach that nobody wants
    client.disconnect()


def test_an_attach_answered_behind_the_goodbye(adapter, target):
    """It was given up: nothing of it reaches the editor, and the goodbye counts."""
    server, client = target('ptvsd', silent=('attach', 'disconnect')), adapter()
    attach = client.start_attach(port=server.port)
    asked = server.heard('attach')
    leaving = client.send('disconnect', {})
    goodbye = server.heard('disconnect')
    server.answer(asked)
    server.answer(goodbye)
    assert client.response(leaving)['success'] and not client.response(attach)['success']
    client.ended = True
    client.wait_exit()
    assert not client.all_events('initialized')


def test_a_target_that_refuses(adapter, target):
    class Refuses(fake_target.Target):
        def on_attach(self, request):
            self.seq += 1
            self.say({'seq': self.seq, 'type': 'response', 'request_seq': request['seq'], 'success': False,
                      'command': 'attach', 'message': 'Server[pid=1] is already being debugged.'})

    server = Refuses()
    try:
        message = adapter().attach_refused(port=server.port)
        assert 'debugpy 1.8.22 says: Server[pid=1] is already being debugged.' in message
    finally:
        server.close()


def test_connection_lost(adapter, target):
    server = target()
    client = attached(adapter, server)
    server.server.close()
    client.wait_event('terminated')


def test_program_ends(adapter, target):
    """Whatever the target says of it, it is told once."""
    server = target()
    client = attached(adapter, server)
    server.event('exited', {'exitCode': 3})
    server.event('terminated', {'restart': False})
    assert client.wait_event('exited') == {'exitCode': 3}
    client.wait_event('terminated')
    client.disconnect()
    assert len(client.all_events('terminated')) == 1


@pytest.mark.parametrize('by', ['debugpyAttach', 'startDebugging'])
def test_child_session_goes_our_way(adapter, target, by):
    server = target()
    client = attached(adapter, server, allowTerminate=True, httpWake=True, token='of our --listen')
    given = {'name': 'Subprocess 5', 'type': 'ptvsd', 'request': 'attach', 'subProcessId': 5, 'unknown': BIG,
             'connect': {'host': '10.9.8.7', 'port': 1}}
    if by == 'debugpyAttach':
        server.event('debugpyAttach', given)
        said = client.wait_event('debugpyAttach')
    else:
        server.say({'seq': 9, 'type': 'request', 'command': 'startDebugging',
                    'arguments': {'request': 'attach', 'configuration': given}})
        client.wait_until(lambda: any('"startDebugging"' in line for line in client.transcript), 'the request')
        line = next(line for line in client.transcript if '"startDebugging"' in line)
        said = json.loads(line.split(' < ')[1])['arguments']['configuration']
    assert said == {'name': 'Subprocess 5', 'type': 'ptvsd', 'request': 'attach', 'subProcessId': 5, 'unknown': BIG,
                    'port': server.port, 'allowTerminate': True, 'httpWake': True, 'token': 'of our --listen'}
    assert 'token' not in server.attach['arguments']


@pytest.mark.parametrize('how', ['attach', 'launch'])
def test_process_id(adapter, target, how):
    """That of an attached program is not told: Eclipse would kill it, or its namesake on this machine."""
    server = target()
    client = attached(adapter, server)
    told = {'name': 'app, "systemProcessId"', 'systemProcessId': 4711, 'startMethod': how, 'pointerSize': BIG}
    server.event('process', told)
    shown = client.wait_event('process')
    if how == 'attach':
        del told['systemProcessId']
    assert shown == told
    client.faults.clear()  # the schema bears no such number


def test_output_before_the_greeting(adapter, target):
    """A ptvsd 4.x that was attached to before may print first."""
    class Talks(fake_target.Target):
        def serve(self, peer):
            self.peer = peer
            self.event('process', {'name': 'of the last session'})
            self.event('output', {'category': 'stdout', 'output': 'early\n'})
            super().serve(peer)

    server = Talks('ptvsd')
    try:
        client = attached(adapter, server)
        client.wait_output('early\n')
        assert not client.all_events('telemetry') and 'telemetry' not in '\n'.join(client.transcript)
    finally:
        server.close()
