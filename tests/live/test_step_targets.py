"""stepInTargets, and stepping into the call that is meant."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def targets(client, thread, depth=0):
    return client.request('stepInTargets', frameId=client.stack(thread)[depth]['id'])['targets']


def step_into(client, thread, label, nth=0):
    """Where the thread stands then."""
    found = [one for one in targets(client, thread) if one['label'] == label][nth]
    client.request('stepIn', threadId=thread, targetId=found['id'])
    assert client.wait_stopped('step').thread == thread
    return client.place(thread)


def ends_well(program, client, thread):
    client.continue_(thread)
    assert program.wait_line('sum') == 'sum 14 False 3'
    calls = 'one two one one method fixed call two one one method two one two one loop loop'
    assert program.wait_line('called') == 'called Thing ' + calls


def test_targets(stop_at):
    """In the order of the calls; what is no function of the program is left out, and nothing is called for it."""
    program, client, thread = stop_at('targets.py', 'many')
    found = targets(client, thread)
    assert [one['label'] for one in found] == ['one()', 'two()', 'one()', 'thing.method()', 'Thing.fixed()', 'thing()',
                                               'part()']
    assert set(one['line'] for one in found) == {program.line('many')}
    assert len(set(one['id'] for one in found)) == 7
    assert targets(client, thread, depth=1) == []
    ends_well(program, client, thread)


@pytest.mark.parametrize('label, nth, name, marker', [
    ('two()', 0, 'two', 'two'),
    ('one()', 1, 'one', 'one'),
    ('thing.method()', 0, 'method', 'method'),
    ('Thing.fixed()', 0, 'fixed', 'fixed'),
    ('thing()', 0, '__call__', 'call'),
    ('part()', 0, 'two', 'two'),
])
def test_into(stop_at, label, nth, name, marker):
    program, client, thread = stop_at('targets.py', 'many')
    assert step_into(client, thread, label, nth) == (name, program.line(marker))
    assert client.stack(thread)[-2]['name'] == 'everything'
    assert len(client.all_events('stopped')) == 2
    if label == 'two()':
        assert client.top_locals(thread)['value']['value'] == '1'
    ends_well(program, client, thread)


def test_into_a_class(stop_at):
    program, client, thread = stop_at('targets.py', 'make')
    assert step_into(client, thread, 'Thing()') == ('__init__', program.line('init'))
    ends_well(program, client, thread)


def test_call_that_is_not_made(stop_at):
    """Then the step ends behind the statement."""
    program, client, thread = stop_at('targets.py', 'maybe')
    assert step_into(client, thread, 'one()') == ('everything', program.line('long'))
    ends_well(program, client, thread)


def test_statement_of_several_lines(stop_at):
    program, client, thread = stop_at('targets.py', 'long')
    assert [one['line'] - program.line('long') for one in targets(client, thread)] == [2, 1, 0]
    assert step_into(client, thread, 'two()') == ('two', program.line('two'))
    ends_well(program, client, thread)


def test_head_of_a_loop(stop_at):
    program, client, thread = stop_at('targets.py', 'loop')
    assert [one['label'] for one in targets(client, thread)] == ['two()']
    assert step_into(client, thread, 'two()') == ('two', program.line('two'))
    ends_well(program, client, thread)


def test_breakpoint_on_the_way(stop_at):
    """It stops there, and the step is over."""
    program, client, thread = stop_at('targets.py', 'many')
    client.set_breakpoints(program.file, [program.line('method')])
    (found,) = [one for one in targets(client, thread) if one['label'] == 'thing()']
    client.request('stepIn', threadId=thread, targetId=found['id'])
    assert client.wait_stopped('breakpoint').thread == thread
    assert client.place(thread) == ('method', program.line('method'))
    client.set_breakpoints(program.file, [])
    assert client.step('stepIn', thread) == ('method', program.line('method') + 1)
    ends_well(program, client, thread)


def test_old_targets_are_refused(stop_at):
    program, client, thread = stop_at('targets.py', 'many')
    old = targets(client, thread)[0]['id']
    assert 'over' in client.refused('stepInTargets', frameId=987654)
    assert client.step('next', thread) == ('everything', program.line('maybe'))
    assert 'no target' in client.refused('stepIn', threadId=thread, targetId=old)
    assert client.place(thread) == ('everything', program.line('maybe'))
    ends_well(program, client, thread)


def test_step_targets_are_announced(adapter):
    assert adapter().initialize()['supportsStepInTargetsRequest'] is True
