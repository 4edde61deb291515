"""allowCodeOnAttach: whether anything is executed in the program that the user has not asked for."""

import pytest

import servers

LOST = 'Nothing is executed in the program by itself'


def executed(log):
    """What ptvsd was asked to execute: the guard, or where a value is asked for by children."""
    return log.read_text().count('to ptvsd: execute') + log.read_text().count('to ptvsd: children')


def a_round(client, program, log, **how):
    """Two stops and what an editor asks at each; the sum of what was executed for that."""
    client.attach(program, {program.file: [program.line('work')]}, logFile=str(log), logLevel='debug', **how)
    client.threads()
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        assert client.place(stop.thread) == ('work', program.line('work'))
        client.continue_(stop.thread)
        client.threads()
    client.wait_stopped('breakpoint')
    return executed(log)


@pytest.mark.parametrize('allowed', [True, False])
def test_nothing_is_executed(debuggee, adapter, tmp_path, allowed):
    """But what the user asks for; and the program can be left, and attached to again."""
    program, client, log = debuggee('loop.py'), adapter(), tmp_path / 'log'
    assert bool(a_round(client, program, log, allowCodeOnAttach=allowed)) == allowed
    assert (LOST in client.console()) != allowed
    stop = client.top(client.standing.copy().pop())
    assert client.evaluate('number * 0 + 7', stop['id'])['result'] == '7'
    scope = client.scopes(stop['id'])[0]['variablesReference']
    assert client.request('setVariable', variablesReference=scope, name='number', value='5')['value'] == '5'
    assert executed(log)
    client.disconnect()
    program.goes_on()
    again = adapter()
    again.attach(program, {program.file: [program.line('work')]})
    again.wait_stopped('breakpoint')
    assert LOST not in again.console()


def test_what_is_lost_is_told(debuggee, adapter, pair):
    program, client = debuggee('options.py'), adapter()
    client.attach(program, {program.file: [program.line('call')]}, allowCodeOnAttach=False, justMyCode=False)
    client.wait_stopped('breakpoint')
    said = client.console()
    assert 'it stays stopped' in said
    assert ('comes once more with each attach' in said) == (pair.wire >= 6)
    assert ('no effect: DebugStdLib.' in said) == (pair.wire < 6)
    assert ('nobody is told' in said) == (pair.wire == 8 and pair.python.is2)
    thread = client.standing.copy().pop()
    client.step('stepIn', thread)
    assert client.top(thread)['source']['name'] == ('options.py' if pair.wire < 6 else 'colorsys.py')


@pytest.mark.pythons('py2.7')
def test_nor_later(debuggee, adapter, tmp_path):
    """Without the guard ptvsd 3.2 is asked every two seconds whether it is still attached."""
    program, log, client = debuggee('loop.py'), tmp_path / 'log', adapter()
    client.attach(program, allowCodeOnAttach=False, logFile=str(log), logLevel='debug')
    program.wait_line('tick')
    assert 'pause it first' in client.refused('stackTrace', threadId=client.threads()[0]['id'])
    for _ in range(150):  # three seconds of the program's
        program.wait_line('tick')
    client.disconnect()
    assert not executed(log)


@pytest.mark.one_pair
def test_what_makes_no_sense(adapter):
    port = servers.free_port()
    assert 'contradict each other' in adapter().attach_refused(port=port, dropGuard=True, allowCodeOnAttach=False)
    assert '"allowCodeOnAttach" must be true or false' in adapter().attach_refused(port=port, allowCodeOnAttach='no')
    assert 'refused the connection' in adapter().attach_refused(port=port, dropGuard=False, allowCodeOnAttach=False)
