"""Stops at the wrong time, of threads that nobody knows, and stacks without a stop. On a binary and on a JSON wire: what
stands is told or set going, and the session goes on."""

import time

import scripted
from scripted import BOTH, FILE, OTHER, THREAD, WIRES, Honest, Once, attach_stack, frame, stack
from sessions import at_once, stopped


def test_frames_that_another_thread_has_taken(session):
    """Before this one stood, when that was about to stop, too; they come behind its own."""
    def play(wire):
        def pause(server, command):
            own, taken, broke = [frame(line=27)], [frame(line=22)], server.stop(wire.broke())[1]
            return [wire.acknowledge(command), wire.frames(frames=own), wire.frames(frames=taken, name=None), broke]
        one, thread = stopped(session, Honest(wire, pause=pause))
        one.editor.continue_(thread)
        one.editor.pause(thread)
        assert one.editor.top(one.editor.wait_stopped('pause').thread)['line'] == 27
        one.leave()
    at_once(BOTH, play)


def test_pause_asked_for_again(session):
    """ptvsd is told once: two threads that answer one pause each would wait for each other. After a resume it is
    told anew."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, pause=lambda server, command: wire.acknowledge(command)))
        for count in (1, 2):
            one.editor.continue_(thread)
            for _ in range(3):
                one.editor.pause(thread)
            one.ask('threads')
            one.honest.wait_for('pause', count)
            one.honest.say(one.honest.stop(wire.broke()))
            one.editor.wait_stopped('pause')
            assert one.honest.counts['pause'] == count
        one.leave()
    at_once(BOTH, play)


def at_entry(session, wire, **instead):
    """stopOnEntry, where ptvsd names a thread that has nothing of the program's own on its stack."""
    library = [frame('wait', '/usr/lib/python3.6/threading.py', 295, [], 0, first=263, last=300)]
    one = session(Honest(wire, attach=[wire.attached(), wire.started(), wire.started(OTHER), wire.modules_changed(),
                                       wire.frames(frames=library), wire.loaded()], **instead), stopOnEntry=True)
    assert one.attached()
    one.ask('configurationDone')
    return one


def test_entry_of_a_thread_that_comes_later(session):
    """It stops by itself, and says nothing but its stack."""
    def play(wire):
        one = at_entry(session, wire)
        one.honest.say(wire.frames(OTHER, name='Other'))
        assert one.editor.wait_stopped('entry').thread == one.editor.thread_named('Other')
        assert not one.honest.counts['pause'] + one.honest.counts['step'] + one.honest.counts['resume']
        one.leave()
    at_once(BOTH, play)


def test_entry_of_a_thread_that_is_held_up(session):
    """It stops only when all have been set going once more."""
    def play(wire):
        one = at_entry(session, wire, pause=lambda server, command: [
            wire.acknowledge(command), wire.frames(OTHER, name='Other'), wire.broke(OTHER)])
        assert one.editor.wait_stopped('entry').thread == one.editor.thread_named('Other')
        assert (one.honest.counts['resume'], one.honest.counts['pause'], one.honest.counts['step']) == (1, 1, 0)
        one.leave()
    at_once(BOTH, play)


def test_stop_while_another_stop(session):
    """More threads and the same one again stop while the editor looks at a stop: all are told, one continue
    sends one resume."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked([[wire.started(OTHER + n), wire.frames(OTHER + n, name='Worker %d' % n),
                     wire.hit(one.honest.breakpoints[0], OTHER + n)] for n in range(3)] +
                   [[wire.frames(), wire.hit(one.honest.breakpoints[0])]] * 3 + [wire.frames(), wire.stepped()])
        assert len({body['threadId'] for body in one.editor.all_events('stopped')}) == 4
        resumes = one.honest.count('resume')
        one.editor.continue_(thread)
        one.pauses(thread)
        assert one.honest.count('resume') == resumes + 1
        one.leave()
        assert one.honest.faults == []
    at_once(WIRES, play)


def test_frames_without_a_stop(session):
    """Of the running thread, with its own name and without, and of unknown threads; empty and long."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.editor.continue_(thread)
        for frames in (stack(), [], [frame()] * 200):
            one.marked([wire.frames(frames=frames, name=None), wire.frames(OTHER, frames=frames), wire.frames(-5, frames=frames, name=None)])
        assert not one.editor.response(one.editor.send('stackTrace', {'threadId': thread}))['success']
        one.pauses(thread)
        one.leave()
    at_once(WIRES, play)


def stands(server, command):
    """A thread that stands tells of its stack with each answer."""
    wire = server.wire
    return [wire.acknowledge(command), wire.frames(command.thread, name='Worker %d' % command.thread),
            wire.result(command.token, server.value(command.text))]


def beside(session, wire, **instead):
    """Attached to two threads, of which one has not told of a stop: so what comes behind the resume is doubtful."""
    one = session(Honest(wire, attach=[wire.attached(), wire.started(), wire.started(OTHER), wire.modules_changed(),
                                       wire.frames(frames=attach_stack()), wire.loaded()], execute=stands, **instead))
    assert one.attached()
    one.editor.set_breakpoints(FILE, [scripted.LINE])
    one.ask('configurationDone')
    return one


def test_hit_in_a_thread_that_was_never_told_of(session):
    """It began while ptvsd attached: its stack is the first that is heard of it. Its hit comes behind the resume, or
    later."""
    def play(wire):
        def hits(server, thread):
            server.stopped.add(thread)
            return [wire.frames(thread, name='Worker %d' % thread), wire.hit(server.breakpoints[0], thread)]
        def resume(server, command):
            server.resumed(command)
            return [wire.acknowledge(command)] + hits(server, OTHER + 1)
        one = beside(session, wire, resume=Once(resume))
        for number in (OTHER + 1, OTHER + 2):
            thread = one.editor.wait_stopped('breakpoint').thread
            assert thread == one.editor.thread_named('Worker %d' % number)
            assert [body['reason'] for body in one.editor.all_events('thread') if body['threadId'] == thread] == ['started']
            assert one.look_around(thread) == ['step', 'player']
            if number == OTHER + 1:
                one.honest.hit_told = True
                one.editor.continue_(thread)
                time.sleep(0.15)  # else it may have crossed the resume
                one.honest.say(hits(one.honest, OTHER + 2))
        one.leave()
        assert one.honest.faults == []
    at_once(WIRES, play)


def test_thread_that_stands_silently_behind_a_resume(session):
    """It is asked whether it does, once, and set going."""
    def play(wire):
        def resume(server, command):
            server.stopped = {OTHER}
            return [wire.acknowledge(command), wire.frames(OTHER, name='Worker')]
        one = beside(session, wire, resume=Once(resume))
        one.honest.wait_for('resume', 2)
        assert one.honest.count('execute') == 1
        one.leave()
        assert one.honest.faults == []
    at_once(WIRES, play)


def test_stops_nobody_asked_for(session):
    """Steps and exceptions while all runs: a stop each, and each can be continued from."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        for message, reason in ((wire.stepped(), 'step'), (wire.broke(), 'pause'), (wire.exception(), 'exception'),
                                (wire.exception(type='KeyError', rich=True) if wire.version >= 6 else wire.stepped(), None)):
            one.editor.continue_(thread)
            time.sleep(0.15)  # else it may have crossed the resume
            one.honest.stopped.add(THREAD)
            one.honest.say([wire.frames(), message])
            assert one.editor.wait_stopped(reason).thread == thread
            assert one.look_around(thread) == ['step', 'player']
        one.leave()
        assert one.honest.faults == []
    at_once(WIRES, play)


def test_attach_stop_at_odd_times(session):
    """LOAD in the middle of the session, of known and unknown threads, beside a stop and while all runs."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked([wire.loaded(), wire.loaded(OTHER), wire.loaded(-1)])
        one.editor.continue_(thread)
        time.sleep(0.15)
        one.honest.stopped.add(THREAD)
        one.marked([wire.frames(frames=attach_stack()), wire.loaded()])
        one.honest.wait_for('resume', 3)
        one.pauses(thread)
        one.leave()
    at_once(WIRES, play)


def test_a_stop_without_frames(session):
    """An empty stack, or none at all: a stop of which nothing is known."""
    def play(wire):
        quiet = lambda server, command: [wire.acknowledge(command), wire.frames(frames=[]), server.stop(wire.stepped())[1:]]
        one, thread = stopped(session, Honest(wire, step=quiet))
        one.ask('next', threadId=thread)
        assert one.wait_stop() == thread
        assert one.ask('stackTrace', threadId=thread)['stackFrames'] == []
        assert one.ask('evaluate', expression='x') is None
        one.editor.continue_(thread)
        one.pauses(thread)
        one.leave()
    at_once(WIRES, play)


def test_stack_that_grows_during_a_stop(session):
    """An evaluation brings a longer stack: every frame has an id of its own, and its own variables."""
    def play(wire):
        long = [frame('deep %d' % n) for n in range(8)]
        one, thread = stopped(session, Honest(wire))
        one.marked([wire.started(OTHER), wire.frames(OTHER, name='Other'), wire.stepped(OTHER)])
        other = one.editor.thread_named('Other')
        one.editor.stack(thread), one.editor.stack(other)
        one.marked(wire.frames(frames=long))
        ids = [shown['id'] for which in (thread, other) for shown in one.editor.stack(which)]
        assert len(ids) == len(set(ids)) == 10, ids
        for id in ids:
            assert one.ask('scopes', frameId=id), 'frame %d has no scopes' % id
        one.leave()
    at_once(BOTH, play)
