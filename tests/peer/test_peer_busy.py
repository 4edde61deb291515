"""ptvsd works on one question at a time for each thread: what is asked meanwhile it does not keep, but refuses."""

from scripted import BOTH, Honest, obj
from sessions import at_once, stopped

BUSY = '<error: previous evaluation has not completed>'


def test_always_busy(session):
    """Each evaluation is answered by "busy": asked again, but not in a hurry; leaving answers it."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: [
            wire.acknowledge(command), wire.failed(command.token, BUSY)]))
        pending = one.editor.send('evaluate', {'expression': 'x', 'frameId': one.editor.top(thread)['id']})
        one.honest.wait_for('execute', 5)
        one.leave()
        assert not one.editor.responses[pending]['success']
    at_once(BOTH, play)


def test_busy_once(session):
    """What is asked after that waits its turn."""
    def play(wire):
        asked = []

        def execute(server, command):
            asked.append(command.text)
            answer = wire.failed(command.token, BUSY) if len(asked) == 1 else wire.result(command.token, obj(command.text))
            return [wire.acknowledge(command), answer]

        one, thread = stopped(session, Honest(wire, execute=execute))
        frame = one.editor.top(thread)['id']
        naps = [one.editor.send('evaluate', {'expression': text, 'frameId': frame}) for text in ('1', '2')]
        assert [one.editor.response(seq)['body']['result'] for seq in naps] == ['1', '2']
        assert asked == ['1', '1', '2']
        one.leave()
    at_once(BOTH, play)
