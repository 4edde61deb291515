"""Restart of an attached session: detach and attach again, in the same session of the editor."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def stop_in_work(client, program):
    client.attach(program, {program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')


def works_again(client, program):
    """The breakpoint that was set before the restart hits, and nothing of the old session is left."""
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('work'))
    assert client.step('next', stop.thread) == ('work', program.line('text'))
    value = client.top_locals(stop.thread)['doubled']['value']
    assert client.evaluate('doubled', client.top(stop.thread)['id'])['result'] == value
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    program.goes_on()
    client.not_stopped()


def test_while_stopped(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    assert client.initialize()['supportsRestartRequest'] is True
    stop = stop_in_work(client, program)
    client.request('restart')
    client.wait_event('thread', lambda body: body == {'reason': 'exited', 'threadId': stop.thread})
    works_again(client, program)
    assert len(client.all_events('initialized')) == len(client.all_events('process')) == 1
    client.disconnect()
    program.goes_on()


def test_while_running(debuggee, adapter):
    """A condition is kept as well."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [{'line': program.line('text'), 'condition': 'number < 0'}]})
    program.goes_on()
    client.request('restart', arguments={})
    program.goes_on()
    client.not_stopped()
    client.set_breakpoints(program.file, [program.line('work')])
    works_again(client, program)


def test_edited_in_the_same_write(debuggee, adapter):
    """The breakpoint is set while the program is left: it is kept for the attach."""
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    line = program.line('text')
    restart, edit = client.send_all([('restart', {}), ('setBreakpoints', {
        'source': {'path': program.file}, 'breakpoints': [{'line': line}]})])
    (answered,) = client.body(edit)['breakpoints']
    assert not answered['verified'] and 'program is away' in answered['message']
    client.body(restart)
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        assert stop.body['hitBreakpointIds'] == [answered['id']]
        assert client.place(stop.thread) == ('work', line)
        client.continue_(stop.thread)
    client.wait_verified(answered)
    client.disconnect()
    program.goes_on()


def test_five_times(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    for _ in range(5):
        client.request('restart')
        client.wait_stopped('breakpoint')
    client.continue_(client.threads()[0]['id'])
    works_again(client, program)


def test_exceptions_are_kept(debuggee, adapter):
    program, client = debuggee('endless.py', 'fails'), adapter()
    client.attach(program, exceptions=['raised'])
    client.wait_stopped('exception')
    client.request('restart')
    stop = client.wait_stopped('exception')
    assert client.place(stop.thread) == ('fail', program.line('raise'))
    client.disconnect()


def test_with_another_configuration(debuggee, adapter):
    """As VS Code sends it, read anew; a faulty one changes nothing."""
    program, client = debuggee('loop.py'), adapter()
    stop = stop_in_work(client, program)
    assert 'port' in client.refused('restart', arguments={'host': '127.0.0.1', 'port': 'much'})
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.request('restart', arguments=dict(client.ATTACH, host='127.0.0.1', port=program.port, secret='hush-4711'))
    works_again(client, program)


def test_the_program_has_gone(debuggee, adapter):
    """Or lets nobody in: the answer says why, and the session ends."""
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    wrong = dict(client.ATTACH, host='127.0.0.1', port=program.port, secret='wrong')
    message = client.refused('restart', arguments=wrong)
    assert 'secret' in message
    client.wait_event('terminated')
    assert message in client.console()
    client.disconnect()
    program.goes_on()


def test_disconnect_right_behind_it(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.send_all([('restart', {}), ('disconnect', {})])
    assert client.wait_exit() == 0
    program.goes_on()
    again = adapter()
    stop_in_work(again, program)


def test_before_configuration_done_it_is_refused(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.wait_initialized(client.start_attach(program))
    assert 'configurationDone' in client.refused('restart')
