"""Breakpoints whose ids, modules and answers come at times that a real server cannot be made to keep."""

import queue
import time

import pytest

import scripted
from scripted import BOTH, FILE, WIRES, Honest, Once, obj
from sessions import at_once

OTHER = '/srv/app/other.py'


def set_removed_and_set(session, wire, instead=None, **more):
    """(session, the breakpoint that stands): the server reports the hit under the id that was removed."""
    one = session(Honest(wire, **(instead or {})))
    assert one.attached()
    one.editor.set_breakpoints(FILE, [scripted.LINE])
    one.editor.set_breakpoints(FILE, [])
    (kept,) = one.editor.set_breakpoints(FILE, [dict(more, line=scripted.LINE)])
    one.ask('configurationDone')
    return one, kept


def test_hit_of_a_removed_one_where_another_stands(session):
    """ptvsd names the last of those that match: it is the hit of the one that is left."""
    def play(wire):
        one, kept = set_removed_and_set(session, wire)
        assert one.editor.wait_stopped('breakpoint').body['hitBreakpointIds'] == [kept['id']]
        one.leave()
    at_once(WIRES, play)


def test_hit_of_a_removed_one_where_another_has_a_condition(session):
    """It is asked; with the whole line, as it may end in a comment."""
    def play(case):
        wire, value, hits = case
        execute = lambda server, command: [wire.acknowledge(command), wire.result(command.token, obj(value))]
        one, kept = set_removed_and_set(session, wire, {'execute': execute}, condition='step > 1  # many')
        if hits:
            assert one.editor.wait_stopped('breakpoint').body['hitBreakpointIds'] == [kept['id']]
        else:
            one.honest.wait_for('resume', 2)
            one.editor.not_stopped()
        (asked,) = [command.text for command in one.honest.commands if command.name == 'execute']
        assert eval(asked, {'step': 3}) == 1 and eval(asked, {'step': 1}) == 0
        one.leave()
    at_once([(wire, value, hits) for wire in WIRES for value, hits in (('1', True), ('0', False))], play)


@pytest.mark.parametrize('more', [{'hitCondition': '3'}, {'logMessage': 'here'}, {'condition': 'changed(step)'}])
def test_hit_of_a_removed_one_where_another_counts_or_logs(session, more):
    """ptvsd has counted this pass, written the line, or kept the value: it is passed over."""
    def play(wire):
        one, kept = set_removed_and_set(session, wire, **more)
        one.honest.wait_for('resume', 2)
        one.editor.not_stopped()
        assert not one.honest.counts['execute']
        one.leave()
    at_once(BOTH, play)


def test_edited_just_before_its_module_came(session):
    """ptvsd may have judged the hit by what it was before: it is asked."""
    def play(case):
        wire, value, hits = case
        pending = lambda server, command: [wire.acknowledge(command), wire.pending(command.id),
                                           server.breakpoints.append(command.id) or []]
        execute = lambda server, command: [wire.acknowledge(command), wire.result(command.token, obj(value))]
        one = session(Honest(wire, set_breakpoint=pending, execute=execute, before_resume=Once(
            lambda server, command: wire.bound(server.breakpoints[-1]))))
        assert one.attached()
        for condition in ('step > 9', 'step > 1'):
            one.editor.set_breakpoints(FILE, [{'line': scripted.LINE, 'condition': condition}])
        one.ask('configurationDone')
        if hits:
            one.editor.wait_stopped('breakpoint')
        else:
            one.honest.wait_for('resume', 2)
            one.editor.not_stopped()
        (asked,) = [command.text for command in one.honest.commands if command.name == 'execute']
        assert eval(asked, {'step': 3}) == 1 and eval(asked, {'step': 1}) == 0
        one.leave()
    at_once([(wire, value, hits) for wire in WIRES for value, hits in (('1', True), ('0', False))], play)


def test_removed_one_is_bound_later(session):
    """A pending one that was removed comes back with its module: it is removed once more."""
    def play(wire):
        pending = lambda server, command: [wire.acknowledge(command), wire.pending(command.id)]
        one = session(Honest(wire, set_breakpoint=pending))
        assert one.attached()
        path = '/srv/app/late.py'
        one.editor.set_breakpoints(path, [{'line': 2, 'logMessage': 'here'}])
        one.editor.set_breakpoints(path, [])
        one.honest.wait_for('remove_breakpoint', 2)
        (sent,) = [command for command in one.honest.commands if command.name == 'set_breakpoint']
        one.honest.say([wire.module('/srv/app/late.py', 2), wire.bound(sent.id)])
        one.honest.wait_for('remove_breakpoint', 3)
        if isinstance(wire, scripted.Json):
            removed = [command for command in one.honest.commands if command.name == 'remove_breakpoint']
            assert {(command.id, command.line) for command in removed} == {(sent.id, 2)}
        one.ask('configurationDone')
        one.leave()
    at_once(WIRES, play)


@pytest.mark.slow
def test_lines_known_behind_the_answer(session):
    """Where Python can stop is learnt when setBreakpoints has been answered: the editor is told of what that moves
    or takes off, here in another order."""
    asked = []

    def program(server, command):
        if FILE not in command.text:
            return None
        asked.append(command)
        return [server.wire.acknowledge(command)]

    wire = scripted.Json(8)
    one = session(Honest(wire, program=program))
    assert one.attached()
    moves, stays, goes = one.editor.set_breakpoints(FILE, [5, 9, 20])
    assert [told['line'] for told in (moves, stays, goes)] == [5, 9, 20]
    assert not one.editor.all_events('breakpoint')
    one.honest.say(wire.result(asked[0].token, obj(repr('yes\n1\t22\t3 9 12\n'), 'str')))

    def told(answered, verified):
        return one.editor.wait_event('breakpoint', lambda body: body['breakpoint']['id'] == answered['id'] and
                                     body['breakpoint']['verified'] == verified)
    assert told(moves, True)['breakpoint']['line'] == 9
    refused = told(goes, False)
    assert refused['reason'] == 'changed' and 'never stops on line 20' in refused['breakpoint']['message']
    assert all(body['breakpoint']['id'] != stays['id'] for body in one.editor.all_events('breakpoint'))
    one.ask('configurationDone')
    one.leave()


def test_lines_are_asked_one_file_after_the_other_while_the_program_is_set_going(session):
    """Version 8 answers also while the program runs: what had to wait at the attach stop is asked then."""
    asked = queue.Queue()

    def program(server, command):
        if FILE not in command.text and OTHER not in command.text:
            return None
        asked.put(command.token)
        return [server.wire.acknowledge(command)]

    wire = scripted.Json(8)
    attach = lambda server, command: [wire.attached(), wire.module(OTHER, 2)] + server.arrival()
    one = session(Honest(wire, program=program, attach=attach))
    assert one.attached()
    one.honest.hit_told = True
    late = [one.editor.send('setBreakpoints', {'source': {'path': path}, 'breakpoints': [{'line': 5}]})
            for path in (FILE, OTHER)]
    one.ask('configurationDone')
    one.honest.wait_for('resume')
    for _ in late:
        one.honest.say([wire.result(asked.get(timeout=15), obj(repr('yes\n1\t22\t3 9 12\n'), 'str'))])
    for request in late:
        (answered,) = one.editor.body(request)['breakpoints']
        assert answered['line'] == 9
    one.leave()


def test_lines_are_asked_anew_after_a_restart(session):
    """The program may have another text by then."""
    tables = ['yes\n1\t22\t3 9\n', 'yes\n1\t22\t4 10 12\n']

    def program(server, command):
        if FILE not in command.text:
            return None
        return [server.wire.acknowledge(command), server.wire.result(command.token, obj(repr(tables.pop(0)), 'str'))]

    def lines():
        body = one.ask('breakpointLocations', source={'path': FILE}, line=1, endLine=22)
        return [place['line'] for place in body['breakpoints']]
    one = session(Honest(scripted.Json(8), program=program))
    assert one.attached()
    one.ask('configurationDone')
    assert lines() == lines() == [3, 9]
    assert one.ask('restart') is not None
    assert lines() == [4, 10, 12]
    one.leave()


def test_lines_are_asked_anew_where_no_thread_comes_to_the_attach_stop(session):
    """As one inside native code: version 8 need not wait for it."""
    def program(server, command):
        if FILE not in command.text:
            return None
        table = obj(repr('yes\n1\t22\t%d\n' % (9 + server.count('detach'))), 'str')
        return [server.wire.acknowledge(command), server.wire.result(command.token, table)]

    wire = scripted.Json(8)
    one = session(Honest(wire, program=program))
    one.honest.hit_told = True
    assert one.attached()
    (answered,) = one.editor.set_breakpoints(FILE, [5])
    assert answered['line'] == 9
    one.ask('configurationDone')
    one.honest.instead['attach'] = [wire.attached(), wire.started(), wire.module(), wire.modules_changed()]
    assert one.ask('restart') is not None
    one.editor.wait_event('breakpoint', lambda body: body['breakpoint']['line'] == 10)
    one.leave()


def test_set_while_the_next_attach_settles(session):
    """ptvsd, which says when in version 8, is not ready for a command yet: it is kept, and sent once."""
    wire = scripted.Json(8)
    one = session(Honest(wire))
    honest, editor = one.honest, one.editor
    honest.hit_told = True
    assert one.attached()
    one.ask('configurationDone')
    editor.set_breakpoints(FILE, [3])
    honest.instead['attach'] = [wire.attached(), wire.module('/srv/app/first.py', 5), wire.output('settles')]
    restart = editor.send('restart', {})
    editor.wait_event('output', lambda body: 'settles' in body['output'])
    before, told = len(honest.breakpoints), len(honest.commands)
    (kept,) = editor.set_breakpoints(FILE, [scripted.LINE])
    assert not kept['verified'] and 'is away' in kept['message']
    assert one.ask('setExceptionBreakpoints', filters=['raised']) is not None
    time.sleep(0.3)
    assert len(honest.breakpoints) == before
    assert not [command for command in honest.commands[told:] if command.name != 'other']
    honest.say(honest.arrival())
    editor.body(restart)
    editor.wait_verified(kept)
    assert len(honest.breakpoints) == before + 1
    one.leave()
