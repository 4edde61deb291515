"""A pause that takes long says what it waits for."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def nap(debuggee, adapter, **announced):
    """A program in a long sleep, whose threads have stopped once and so have names."""
    program, client = debuggee('endless.py', 'naps'), adapter()
    client.initialize(**announced)
    client.attach(program, {program.file: [program.line('work')]})
    thread = client.wait_stopped('breakpoint').thread
    client.set_breakpoints(program.file, [])
    client.continue_(thread)
    program.out.skip()
    program.wait_line('napping')
    return program, client, thread


def test_native_code_is_named(debuggee, adapter, pair):
    program, client, thread = nap(debuggee, adapter, supportsProgressReporting=True)
    for _ in range(2):
        client.pause(thread)
        started = client.wait_event('progressStart')
        assert 'native code: MainThread' in started['message']
        assert ('MainThread (in <module>, endless.py line ' in started['message']) == (pair.wire >= 8)
        stop = client.wait_stopped('pause')
        assert client.wait_event('progressEnd')['progressId'] == started['progressId']
        client.continue_(stop.thread)
        program.wait_line('napping')
    first, second = client.all_events('progressStart')
    assert first['progressId'] != second['progressId']
    assert client.console().count('native code: MainThread') == 2
    client.disconnect()


def test_no_progress_unless_it_was_announced(debuggee, adapter):
    program, client, thread = nap(debuggee, adapter)
    client.pause(thread)
    client.wait_stopped('pause')
    assert 'native code: MainThread' in client.console()
    assert client.all_events('progressStart') == client.all_events('progressEnd') == []


def test_progress_ends_with_the_session(debuggee, adapter):
    program, client, thread = nap(debuggee, adapter, supportsProgressReporting=True)
    client.pause(thread)
    client.wait_event('progressStart')
    client.disconnect()
    assert len(client.all_events('progressEnd')) == 1
    assert program.alive
