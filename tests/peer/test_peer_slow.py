"""An evaluation that takes its time, and what comes meanwhile. On a binary and on a JSON wire."""

import time

from scripted import BOTH, OTHER, Honest, attach_stack, obj
from sessions import at_once, stopped


def slowly(asked):
    """Keeps the evaluation of `slow()`, whose token goes into the list."""
    def execute(server, command):
        if command.text != 'slow()':
            return None
        asked.append(command.token)
        return server.wire.acknowledge(command)
    return execute


def asks_slowly(one, thread, asked):
    pending = one.editor.send('evaluate', {'expression': 'slow()', 'frameId': one.editor.top(thread)['id']})
    while not asked:
        time.sleep(0.01)
    return pending


def test_passed_hit_while_a_step_waits(session):
    """The step is wanted, but an evaluation keeps it; another thread's stop comes, which nobody is to see. All go on with
    the step, not without."""
    def play(wire):
        asked = []
        one, thread = stopped(session, Honest(wire, execute=slowly(asked)))
        pending = asks_slowly(one, thread, asked)
        resumes = one.honest.count('resume')
        one.editor.send('next', {'threadId': thread})
        one.ask('threads')
        assert not one.honest.count('step')
        one.marked([wire.started(OTHER), wire.frames(OTHER, attach_stack(), name='Other'), wire.hit(99, OTHER)])
        one.honest.say(wire.result(asked[0], obj('42')))
        assert one.editor.body(pending)['result'] == '42'
        one.honest.wait_for('step')
        assert one.editor.wait_stopped('step').thread == thread
        assert one.honest.count('resume') == resumes
        one.leave()
    at_once(BOTH, play)


def test_result_behind_a_resume(session):
    """It is shown, and cannot be opened: that would be looked for in the next stop's frame."""
    def play(wire):
        asked = []
        one, thread = stopped(session, Honest(wire, execute=slowly(asked)))
        pending = asks_slowly(one, thread, asked)
        resumes = one.honest.count('resume')
        one.editor.continue_(thread)
        one.honest.wait_for('resume', resumes + 1)
        one.honest.say(wire.result(asked[0], obj('[1]', 'list', length=1, flags=1)))
        body = one.editor.body(pending)
        assert (body['result'], body['variablesReference']) == ('[1]', 0)
        one.leave()
    at_once(BOTH, play)
