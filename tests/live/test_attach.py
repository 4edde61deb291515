"""Getting in: addresses, secrets, the first stop, and what the editor is told on the way."""

import time

import pytest

import dap


def test_first_stop(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    answered = client.attach(program, {program.file: [program.line('work')]})
    (breakpoint,) = answered[program.file]
    assert breakpoint['line'] == program.line('work')
    client.wait_verified(breakpoint)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [breakpoint['id']]
    top = client.top(stop.thread)
    assert (top['name'], top['line']) == ('work', program.line('work'))
    assert top['source']['path'] == program.file and top['source']['name'] == 'loop.py'
    assert client.stack(stop.thread)[1]['line'] == program.line('call')
    assert client.thread_named('MainThread') == stop.thread
    client.disconnect()
    program.goes_on()


def test_process_and_thread_events(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    process = client.wait_event('process')
    assert process['startMethod'] == 'attach' and 'systemProcessId' not in process  # Eclipse would kill it
    assert 'hush-4711' not in process['name']
    started = client.wait_event('thread', lambda body: body['reason'] == 'started')
    assert started['threadId'] in [thread['id'] for thread in client.threads()]
    client.wait_event('module', lambda body: body['module'].get('path') == program.file)
    program.goes_on()
    client.not_stopped()


def test_attach_stop_is_not_shown(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    client.not_stopped()


def test_early_breakpoint(debuggee, adapter):
    """The line after wait_for_attach stops, when the breakpoint came before configurationDone."""
    program, client = debuggee('early.py'), adapter()
    client.initialize()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    client.set_breakpoints(program.file, [program.line('first')])
    client.request('configurationDone')
    client.body(attach)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('<module>', program.line('first'))
    assert program.out.lines == ['READY']
    client.continue_(stop.thread)
    program.wait_line('passed')


def test_held_until_configuration_done(debuggee, adapter):
    program, client = debuggee('early.py'), adapter()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    time.sleep(0.5)
    assert program.out.lines == ['READY']
    client.request('configurationDone')
    program.wait_line('passed')
    client.body(attach)


@pytest.mark.parametrize('name', ['early.py', 'loop.py'])
def test_stop_on_entry(debuggee, adapter, name):
    """In the program's own code, before another line of it has run; not after a restart."""
    program, client = debuggee(name), adapter()
    client.attach(program, stopOnEntry=True)
    stop = client.wait_stopped('entry')
    if name == 'early.py':
        assert program.out.lines == ['READY']
        assert client.place(stop.thread) == ('<module>', program.line('first'))
        client.continue_(stop.thread)
        program.wait_line('passed')
        return
    client.continue_(stop.thread)
    program.goes_on()
    client.request('restart')
    program.goes_on()
    client.not_stopped()


@pytest.mark.parametrize('condition', ['False', 'False  # not yet'])
def test_untrue_condition_on_entry(debuggee, adapter, condition):
    """The breakpoint of the very line does not hit: the entry stays one."""
    program, client = debuggee('early.py'), adapter()
    line = program.line('first')
    client.attach(program, {program.file: [{'line': line, 'condition': condition}]}, stopOnEntry=True)
    stop = client.wait_stopped('entry')
    assert client.place(stop.thread) == ('<module>', line)
    client.continue_(stop.thread)
    program.wait_line('passed')


def test_entry_with_threads(debuggee, adapter):
    """One that stands in the program's own code comes before one that waits in a library."""
    program, client = debuggee('waiters.py'), adapter()
    client.attach(program, stopOnEntry=True)
    stop = client.wait_stopped('entry')
    assert client.place(stop.thread)[0] in ('work', '<module>')
    client.continue_(stop.thread)
    program.goes_on()


def test_breakpoint_on_entry(debuggee, adapter):
    """It is the breakpoint that is told, once, and the step behind it is a step."""
    program, client = debuggee('early.py'), adapter()
    client.attach(program, {program.file: [program.line('first')]}, stopOnEntry=True)
    thread = client.wait_stopped('breakpoint').thread
    assert client.step('next', thread) == ('<module>', program.line('first') + 1)
    client.continue_(thread)
    program.wait_line('passed')


def test_all_requests_in_one_write(debuggee, adapter):
    """VS Code asks for threads right behind configurationDone; nothing may be lost."""
    program, client = debuggee('early.py'), adapter()
    client.initialize()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    source = {'path': program.file, 'name': 'early.py'}
    numbers = client.send_all([
        ('setBreakpoints', {'source': source, 'breakpoints': [{'line': program.line('first')}]}),
        ('setExceptionBreakpoints', {'filters': []}),
        ('configurationDone', None),
        ('threads', None)])
    for number in numbers + [attach]:
        client.body(number)
    client.wait_stopped('breakpoint')


def test_first_request_with_seq_0(debuggee, adapter):
    """nvim-dap counts from 0."""
    program, client = debuggee('early.py'), adapter()
    initialize = client.send('initialize', {'clientID': 'neovim', 'adapterID': 'x'}, seq=0)
    client.capabilities = client.body(initialize)
    client.attach(program)
    program.wait_line('passed')


@pytest.mark.one_pair
def test_ways_to_say_where(debuggee, adapter):
    for how in ({'uri': 'tcp://hush-4711@127.0.0.1:%d'},
                {'uri': 'hush-4711@127.0.0.1:%d'},
                {'uri': 'tcp://localhost:%d', 'secret': 'hush-4711'},
                {'connect': {'host': '127.0.0.1', 'port': '%d'}, 'secret': 'hush-4711'},
                {'host': '127.0.0.1', 'port': '%d', 'secret': 'hush-4711'}):
        program, client = debuggee('early.py'), adapter()
        where = {name: value % program.port if isinstance(value, str) and '%d' in value else value
                 for name, value in how.items()}
        if 'connect' in where:
            where['connect'] = {'host': '127.0.0.1', 'port': program.port}
        client.attach(**where)
        program.wait_line('passed')
        client.disconnect()
        program.end()


def test_program_without_secret(debuggee, adapter):
    for secret in ({}, {'secret': 'any'}):
        program, client = debuggee('nosecret.py'), adapter()
        client.attach(port=program.port, **secret)
        client.set_breakpoints(program.file, [program.line('count')])
        client.wait_stopped('breakpoint')
        client.disconnect()


def test_wrong_secret_then_right_one(debuggee, adapter):
    program, client = debuggee('early.py'), adapter()
    message = client.attach_refused(program, secret='wrong-guess-17')
    assert 'secret' in message
    assert 'wrong-guess-17' not in message
    client.attach(program)
    program.wait_line('passed')
    assert not any('wrong-guess-17' in line for line in client.transcript if ' < ' in line)


def test_second_debugger(debuggee, adapter):
    program, first, second = debuggee('loop.py'), adapter(), adapter()
    first.attach(program, {program.file: [program.line('work')]})
    stop = first.wait_stopped('breakpoint')
    assert 'already being debugged' in second.attach_refused(program)
    assert first.place(stop.thread) == ('work', program.line('work'))
    first.disconnect()
    second.attach(program)
    program.goes_on()


def test_program_breaks_by_itself(debuggee, adapter):
    program, client = debuggee('breaks.py'), adapter()
    client.attach(program)
    program.goes_on()  # ptvsd's own attach would overtake the program's wish
    program.tell('break')
    program.wait_line('attached True')
    stop = client.wait_stopped('pause')
    assert client.top(stop.thread)['source']['path'] == program.file
    client.continue_(stop.thread)
    program.wait_line('on')
    program.wait_line('attached True')
    client.disconnect()
    program.wait_line('attached False')


def guess_until_stopped(program, client):
    """ptvsd sees the program's lines only some time after it has accepted, which nothing tells."""
    for guesses in range(1, 6):
        program.write('0')
        try:
            return guesses, client.wait_stopped('breakpoint', timeout=2)
        except AssertionError:
            program.wait_line('Your guess is too low.')
    raise AssertionError('the breakpoint never hit')


def test_guessing_game(debuggee, adapter):
    program, client = debuggee('game.py'), adapter()
    program.write('Ada')
    program.wait_line('Well, Ada')
    client.attach(program, {program.file: [program.line('compare')]})
    guesses, stop = guess_until_stopped(program, client)
    values = client.top_locals(stop.thread)
    assert values['guess']['value'] == '0' and values['guess']['type'] == 'int'
    assert values['guesses_made']['value'] == str(guesses)
    assert 'Ada' in values['name']['value'] and values['name']['type'] == 'str'
    secret_number = values['number']['value']
    client.disconnect()
    program.write(secret_number)
    program.wait_line('Good job, Ada!')
    assert program.exit_code() == 0


def test_stack_of_wait_for_attach_is_not_needed(debuggee, adapter):
    """Requests about the attach stop, which no editor was told of, are answered."""
    program, client = debuggee('early.py'), adapter()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    for thread in client.threads():
        client.response(client.send('stackTrace', {'threadId': thread['id']}))
    client.request('configurationDone')
    client.body(attach)
    program.wait_line('passed')


@pytest.mark.one_pair
def test_capabilities_in_zed(adapter):
    """It would let one thread go on, and leave the others, at each continue and step."""
    name = 'supportsSingleThreadExecutionRequests'
    assert adapter().initialize()[name] and name not in adapter().initialize(clientID='zed')


def test_capabilities_are_honest(adapter):
    client = adapter()
    said = client.initialize()
    assert said['supportsConfigurationDoneRequest'] and said['supportsConditionalBreakpoints']
    assert not said.get('supportsTerminateRequest') and not said.get('supportTerminateDebuggee')
    assert [one['filter'] for one in said['exceptionBreakpointFilters']] == ['raised', 'uncaught']
    assert isinstance(client, dap.Client)


def test_attach_that_wait_for_attach_has_missed(debuggee, adapter):
    """A race of ptvsd's own, made certain: the guard frees who waits on."""
    program, client = debuggee('missed.py'), adapter()
    client.attach(program)
    program.wait_line('attached')
    program.tell('done')
    client.wait_event('terminated')
