"""What can be looked at while the program runs: on version 8, which executes on a thread of its own."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def run(debuggee, adapter):
    program, client = debuggee('spinners.py'), adapter()
    program.wait_line('counts')
    client.attach(program)
    program.out.skip()
    program.wait_line('counts')
    return program, client


def test_evaluate_in_the_main_module(debuggee, adapter, pair):
    program, client = run(debuggee, adapter)
    if pair.wire < 8:
        assert 'Pause it' in client.evaluate_refused('len(counts)')
        return
    assert client.evaluate('len(counts)')['result'] == '3'
    assert client.evaluate('extra = counts[:0]')['result'] == ''
    answer = client.evaluate('extra')
    assert (answer['result'], answer['type'], answer['variablesReference']) == ('[]', 'list', 0)
    assert 'no_such_name' in client.evaluate_refused('no_such_name')
    program.out.skip()
    program.wait_line('counts')
    client.not_stopped()


def test_hover_and_watch_wait_for_a_stop(debuggee, adapter):
    """A mistake would be printed by the program each time."""
    program, client = run(debuggee, adapter)
    for context in ('hover', 'watch'):
        assert 'Pause it' in client.evaluate_refused('len(counts)', context=context)


def test_names_of_threads(debuggee, adapter, pair):
    """Of one, too, that never stops; elsewhere a name comes with the first stop."""
    program, client = debuggee('endless.py', 'stuck'), adapter()
    client.attach(program)
    names = {thread['name'] for thread in client.threads()}
    assert ('stuck' in names) == (pair.wire >= 8), names
    if pair.wire >= 8:
        assert names == {'MainThread', 'stuck'}
    client.pause(client.threads()[0]['id'])
    stop = client.wait_stopped('pause')
    assert {thread['id']: thread['name'] for thread in client.threads()}[stop.thread] == 'MainThread'
    client.disconnect()


def test_stacks(debuggee, adapter, pair):
    """They are over at once, so their frames cannot be asked for more."""
    program, client = run(debuggee, adapter)
    threads = {thread['name']: thread['id'] for thread in client.threads()}
    if pair.wire < 8:
        assert 'pause it' in client.refused('stackTrace', threadId=client.threads()[0]['id'])
        return
    frames = {name: client.stack(threads[name]) for name in ('MainThread', 'spinner-1', 'spinner-2')}
    assert frames['MainThread'][-1]['name'] == '<module>'
    assert frames['MainThread'][-1]['source']['path'] == program.file
    for name in ('spinner-1', 'spinner-2'):
        (spin,) = [frame for frame in frames[name] if frame['name'] == 'spin']
        assert program.line('spin') - 1 <= spin['line'] <= program.line('spin') + 1
        assert client.refused('scopes', frameId=spin['id'])
        assert client.evaluate_refused('number', spin['id'])
    everything = [frame['id'] for stack in frames.values() for frame in stack]
    assert len(set(everything)) == len(everything)
    part = client.request('stackTrace', threadId=threads['spinner-1'], startFrame=1, levels=1)
    assert len(part['stackFrames']) == 1 and part['totalFrames'] >= 3
    client.pause(threads['MainThread'])
    stop = client.wait_stopped('pause')
    assert client.refused('scopes', frameId=spin['id'])
    assert client.scopes(client.top(stop.thread)['id'])
