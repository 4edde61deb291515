"""The program's own end while a debugger is attached."""

import socket
import time

import pytest


@pytest.mark.parametrize('how, status', [('normal', 0), ('exit', 3), ('os', 4), ('raise', 1)])
def test_program_ends(debuggee, adapter, how, status):
    program, client = debuggee('ends.py', how), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_event('terminated')
    assert program.exit_code() == status
    client.not_stopped()
    client.disconnect()


def test_killed(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    program.process.kill()
    client.wait_event('terminated')
    assert 'was lost' in client.output('important')
    client.disconnect()


@pytest.mark.one_pair
def test_what_is_important_in_eclipse(debuggee, adapter):
    """It shows no output of that category."""
    program, client = debuggee('loop.py'), adapter()
    client.initialize(clientID='lsp4e.debug')
    client.attach(program)
    program.process.kill()
    client.wait_event('terminated')
    assert 'was lost' in client.output('console') and not client.output('important')
    client.disconnect()


def test_killed_while_stopped(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    program.process.kill()
    client.wait_event('terminated')
    client.response(client.send('stackTrace', {'threadId': stop.thread}))
    client.response(client.send('continue', {'threadId': stop.thread}))
    client.disconnect()


def test_adapter_exits_by_itself_after_terminated(debuggee, adapter):
    """Vim's client does nothing on `terminated`: it waits for the adapter to go."""
    program, client = debuggee('ends.py', 'normal'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_event('terminated')
    assert client.wait_exit() == 0


def test_terminated_comes_once_and_last(debuggee, adapter):
    program, client = debuggee('ends.py', 'exit'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_event('terminated')
    time.sleep(0.3)
    client.disconnect()
    assert len(client.all_events('terminated')) == 1
    names = [event['event'] for event in client.events]
    assert names[-1] == 'terminated' or set(names[names.index('terminated') + 1:]) <= {'exited'}


def test_requests_after_terminated(debuggee, adapter):
    """dape sends `terminate` by itself after the end: success without effect."""
    program, client = debuggee('ends.py', 'normal'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_event('terminated')
    assert client.response(client.send('terminate', {}))['success']
    client.response(client.send('threads'))
    client.disconnect()


def test_step_off_the_end(debuggee, adapter):
    """A step that never completes because the program ends gives `terminated`, not silence."""
    program, client = debuggee('early.py'), adapter()
    client.attach(program, {program.file: [program.line('first')]})
    stop = client.wait_stopped('breakpoint')
    for _ in range(4):
        client.request('next', threadId=stop.thread)
        ended = client.wait_until(lambda: client.find_event('stopped', bool) or
                                  client.find_event('terminated', lambda body: True), 'a stop or the end')
        if ended['event'] == 'terminated':
            break
    assert ended['event'] == 'terminated'
    assert program.exit_code() == 0
    client.disconnect()


def test_strangers_at_the_exit(debuggee, adapter):
    """The thread that accepts is not the one that rests: a port check leaves the port alive."""
    program, client = debuggee('lingers.py'), adapter()
    client.attach(program)
    program.tell('end')
    program.wait_line('lingering')
    for _ in range(2):
        socket.create_connection(('127.0.0.1', program.port)).close()
    with socket.create_connection(('127.0.0.1', program.port), timeout=10) as last:
        assert last.recv(1)
    program.tell('done')
    program.wait_line('done')


def test_stop_at_the_exit(debuggee, adapter):
    """In a handler that runs between the guard's own and ptvsd's: commands are still read."""
    program, client = debuggee('lingers.py'), adapter()
    client.attach(program, {program.file: [program.line('leave')]})
    program.tell('end')
    stop = client.wait_stopped('breakpoint')
    assert client.evaluate('count', client.top(stop.thread)['id'])['result'] == '3'
    client.continue_(stop.thread)
    program.wait_line('count 3')
    program.wait_line('lingering')
    program.tell('done')
    program.wait_line('done')
