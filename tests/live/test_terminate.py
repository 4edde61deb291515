"""Ending the program, which the configuration must allow: politely, then by force."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def attach(debuggee, adapter, how, markers=(), **more):
    program, client = debuggee('endless.py', how), adapter()
    client.attach(program, {program.file: [program.line(marker) for marker in markers]},
                  allowTerminate=True, **more)
    return program, client


def ended(program, client, status):
    client.wait_event('terminated')
    assert program.exit_code() == status
    client.not_stopped()
    assert not [line for line in client.console().splitlines() if 'lost' in line]
    assert client.response(client.send('terminate', {}))['success']
    client.disconnect()


def test_capabilities_say_that_it_is_allowed(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'sleepy')
    told = client.wait_event('capabilities')['capabilities']
    assert told == {'supportsTerminateRequest': True, 'supportTerminateDebuggee': True}
    assert not client.capabilities.get('supportsTerminateRequest')
    assert not client.capabilities.get('supportTerminateDebuggee')
    client.disconnect()
    assert program.alive


def test_capabilities_say_nothing_unless_it_is_allowed(debuggee, adapter):
    program, client = debuggee('endless.py', 'sleepy'), adapter()
    assert 'allowTerminate' in client.attach_refused(program, allowTerminate='yes')
    client.attach(program, allowTerminate=False)
    client.threads()
    assert client.all_events('capabilities') == []
    client.disconnect()
    assert program.alive


@pytest.mark.parametrize('how', ['sleepy', 'busy'])
def test_while_running(debuggee, adapter, how):
    program, client = attach(debuggee, adapter, how)
    client.first_thread()
    client.request('terminate')
    program.wait_line('interrupted')
    ended(program, client, 5)


def test_while_stopped(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'sleepy', ['work'])
    client.wait_stopped('breakpoint')
    client.request('terminate')
    assert client.wait_event('continued')['allThreadsContinued']
    program.wait_line('interrupted')
    ended(program, client, 5)


def test_while_another_thread_is_stopped(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'other', ['other'])
    client.wait_stopped('breakpoint')
    client.set_breakpoints(program.file, [])
    client.request('terminate')
    program.wait_line('interrupted')
    ended(program, client, 5)


def test_before_configuration_done(debuggee, adapter):
    program, client = debuggee('endless.py', 'sleepy'), adapter()
    client.wait_initialized(client.start_attach(program, allowTerminate=True))
    client.request('terminate')
    program.wait_line('interrupted')
    ended(program, client, 5)


def test_program_has_a_handler_of_its_own(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'handler')
    client.first_thread()
    client.request('terminate')
    program.wait_line('handled 2')
    ended(program, client, 6)


def test_second_time_by_force(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'ignore')
    client.first_thread()
    client.request('terminate')
    program.wait_line('interrupted')
    client.request('terminate')
    ended(program, client, 1)


def test_in_native_code(debuggee, adapter):
    """It is said what is waited for; the interrupt comes when Python does."""
    program, client = attach(debuggee, adapter, 'naps', ['work'])
    thread = client.wait_stopped('breakpoint').thread
    client.set_breakpoints(program.file, [])
    client.continue_(thread)
    program.out.skip()
    program.wait_line('napping')
    client.request('terminate')
    client.wait_until(lambda: 'native code' in client.console(), 'a remark')
    program.wait_line('interrupted')
    ended(program, client, 5)


def test_disconnect_gives_up(debuggee, adapter, pair):
    """Inside native code: what is said does not promise an end that nobody waits for."""
    program, client = attach(debuggee, adapter, 'sleeps')
    program.wait_line('sleeping')
    client.disconnect(terminateDebuggee=True)
    if pair.wire == 8:  # which can be told to end while the program runs
        assert program.exit_code() == 1
        return
    assert 'could not be ended within 3 s' in client.console() and 'runs on' in client.console()
    assert 'then the program is ended' not in client.console() and 'once more' not in client.console()
    assert program.alive


@pytest.mark.parametrize('state', ['running', 'stopped'])
def test_disconnect_ends_it(debuggee, adapter, state):
    program, client = attach(debuggee, adapter, 'ignore', ['work'] if state == 'stopped' else [])
    if state == 'stopped':
        client.wait_stopped('breakpoint')
    else:
        client.first_thread()
    client.disconnect(terminateDebuggee=True)
    assert program.exit_code() == 1


def test_disconnect_does_not_end_it_by_itself(debuggee, adapter):
    program, client = attach(debuggee, adapter, 'sleepy', ['work'])
    client.wait_stopped('breakpoint')
    client.disconnect(terminateDebuggee=False)
    again = adapter()
    again.attach(program, {program.file: [program.line('work')]})
    again.wait_stopped('breakpoint')
