"""Requests out of order, late, unknown or malformed: each is answered, none does harm."""

import pytest

UNKNOWN = ['noSuchRequest', 'evaluateEverything']
CLAIMED_BY = {
    'setFunctionBreakpoints': 'supportsFunctionBreakpoints', 'setVariable': 'supportsSetVariable',
    'setExpression': 'supportsSetExpression', 'gotoTargets': 'supportsGotoTargetsRequest',
    'goto': 'supportsGotoTargetsRequest', 'stepInTargets': 'supportsStepInTargetsRequest',
    'completions': 'supportsCompletionsRequest', 'modules': 'supportsModulesRequest',
    'restart': 'supportsRestartRequest', 'exceptionInfo': 'supportsExceptionInfoRequest',
    'loadedSources': 'supportsLoadedSourcesRequest', 'cancel': 'supportsCancelRequest',
    'breakpointLocations': 'supportsBreakpointLocationsRequest', 'stepBack': 'supportsStepBack',
    'reverseContinue': 'supportsStepBack', 'restartFrame': 'supportsRestartFrame',
    'terminateThreads': 'supportsTerminateThreadsRequest', 'readMemory': 'supportsReadMemoryRequest',
    'writeMemory': 'supportsWriteMemoryRequest', 'disassemble': 'supportsDisassembleRequest',
    'dataBreakpointInfo': 'supportsDataBreakpoints', 'setDataBreakpoints': 'supportsDataBreakpoints',
    'setInstructionBreakpoints': 'supportsInstructionBreakpoints'}


def test_unknown_requests_are_refused_by_name(adapter):
    client = adapter()
    client.initialize()
    for command in UNKNOWN + [name for name, claim in CLAIMED_BY.items() if not client.capabilities.get(claim)]:
        assert command in client.refused(command)


def test_unknown_requests_while_stopped(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    for command in UNKNOWN:
        assert command in client.refused(command, threadId=stop.thread)
    client.step('next', stop.thread)


@pytest.mark.parametrize('command, arguments', [
    ('stackTrace', {'threadId': 1}), ('scopes', {'frameId': 1}), ('variables', {'variablesReference': 1}),
    ('evaluate', {'expression': '1'}), ('continue', {'threadId': 1}), ('next', {'threadId': 1}),
    ('pause', {'threadId': 1})])
def test_before_attach(adapter, command, arguments):
    client = adapter()
    client.initialize()
    assert client.refused(command, **arguments)


def test_disconnect_without_attach(adapter):
    client = adapter()
    client.initialize()
    client.disconnect()


def test_disconnect_before_initialize(adapter):
    client = adapter()
    client.response(client.send('disconnect'))
    assert client.wait_exit() == 0


def test_end_of_input_without_attach(adapter):
    client = adapter()
    client.close_input()
    assert client.wait_exit() == 0


@pytest.mark.one_pair
def test_arguments_missing(debuggee, adapter):
    """Altogether, where they are optional; else the missing one is named."""
    program, client = debuggee('loop.py'), adapter()
    client.initialize()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    client.body(client.send('configurationDone'))
    client.body(attach)
    client.body(client.send('threads'))
    client.set_breakpoints(program.file, [program.line('work')])
    client.wait_stopped('breakpoint')
    for command, name in (('stackTrace', 'threadId'), ('scopes', 'frameId'), ('variables', 'variablesReference'),
                          ('evaluate', 'expression'), ('next', 'threadId'), ('setBreakpoints', 'source')):
        for arguments in (None, {}, {name: []}):
            answer = client.response(client.send(command, arguments))
            assert not answer['success'] and name in answer['message'], command
    client.body(client.send('disconnect'))
    assert client.wait_exit() == 0


def test_second_attach_in_a_session_is_refused(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    assert client.response(client.send('attach', {'port': program.port}))['success'] is False
    program.goes_on()
    client.set_breakpoints(program.file, [program.line('work')])
    client.wait_stopped('breakpoint')


def test_second_configuration_done(debuggee, adapter):
    """Is answered and resumes nothing."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    client.response(client.send('configurationDone'))
    assert client.place(stop.thread) == ('work', program.line('work'))


def test_late_requests_for_a_stop_that_is_over(debuggee, adapter):
    """Answered at once, by an error or emptily, also in one write with `continue`."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    frame = client.top(stop.thread)['id']
    reference = client.scopes(frame)[0]['variablesReference']
    client.set_breakpoints(program.file, [])
    late = [('stackTrace', {'threadId': stop.thread}), ('scopes', {'frameId': frame}),
            ('variables', {'variablesReference': reference}), ('threads', {}),
            ('evaluate', {'expression': 'number', 'frameId': frame, 'context': 'watch'})]
    numbers = client.send_all([('continue', {'threadId': stop.thread})] + late)
    for number in numbers:
        client.response(number, timeout=5)
    program.goes_on()
    for command, arguments in late:
        client.response(client.send(command, arguments), timeout=5)
    client.pause(stop.thread)
    client.wait_stopped('pause')


def test_old_ids_at_the_next_stop(debuggee, adapter):
    """An id of the stop before never shows the values of this one as if they were its own."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    old = client.top(stop.thread)['id']
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    new = client.top(stop.thread)['id']
    answer = client.response(client.send('scopes', {'frameId': old}))
    assert old == new or not answer['success']


def test_unknown_ids(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    for number in (0, -1, 12345678, 2**31, 2**40):
        assert client.refused('scopes', frameId=number)
        assert client.refused('variables', variablesReference=number)
        assert client.refused('stackTrace', threadId=number)
        assert client.refused('evaluate', expression='1', frameId=number)
        assert client.refused('next', threadId=number)
    assert client.step('next', stop.thread) == ('work', program.line('text'))


@pytest.mark.one_pair
def test_garbage_on_stdin_ends_it_cleanly(debuggee, adapter):
    """What is no message at all ends the session; the program runs on."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')
    client.process.stdin.write(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    client.process.stdin.flush()
    client.close_input()
    client.wait_exit()
    client.ended = True
    program.goes_on()


@pytest.mark.one_pair
def test_message_that_is_no_request(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    for body in (b'[]', b'{}', b'{"seq": 5, "type": "event", "event": "x"}', b'"x"', b'{"seq": "x"}'):
        client.process.stdin.write(b'Content-Length: %d\r\n\r\n%s' % (len(body), body))
    client.process.stdin.flush()
    assert client.threads()
    program.goes_on()
