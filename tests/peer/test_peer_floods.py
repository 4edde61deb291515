"""Too much of everything. The session goes on, memory grows with what is received and stays below 300 MiB,
and afterwards the adapter is idle."""

import json

import pytest

import scripted
from scripted import BOTH, THREAD, Binary, Honest, Json, Once, attach_stack, pause, flat, frame, framed, number, obj, pause, stall, text, whole
from sessions import at_once, sanitized, stopped

SIX, EIGHT = Binary(6), Json(8)


def many(make, count):
    """One block of so many messages, made of a few thousand different ones at most."""
    return b''.join(whole(make(number)) for number in range(count))


def test_a_hundred_thousand_outputs(session):
    """All arrive, in order."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(many(lambda n: wire.output('line %d\n' % n), 100000))
        one.editor.continue_(thread)
        one.pauses(thread)
        assert "bytes of output skipped" not in one.editor.console()
        lines = one.editor.output().split('\n')
        assert lines[:100000] == ['line %d' % n for n in range(100000)]
        one.leave()
    at_once(BOTH, play)


def test_a_hundred_thousand_modules(session):
    """At the attach: it is answered, and a breakpoint in the last one binds."""
    def play(case):
        wire, count = case
        block = many(lambda n: wire.module('/srv/lib/package%d/module%d.py' % (n % 977, n), n), count)
        one = session(Honest(wire, attach=lambda server, command: [wire.attached(), wire.started(), block] + server.arrival()))
        one.editor.response(one.attach, 60)
        one.works(leave=False)
        one.editor.wait_until(lambda: len(one.editor.events) > count, 'all modules', 60)
        one.leave()
    at_once([(SIX, 20000 if sanitized() else 100000), (EIGHT, 10000)], play)  # each is compared with all others


def test_ten_thousand_threads(session):
    """Each has an id; they come, and end again."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(many(lambda n: wire.started(10 ** 9 + n), 10000))
        assert len(one.editor.threads()) == 10001
        one.marked(many(lambda n: wire.ended(10 ** 9 + n), 10000))
        assert len(one.editor.threads()) == 1
        one.editor.continue_(thread)
        one.pauses(thread)
        one.leave()
    at_once(BOTH, play)


def test_threads_that_come_and_go(session):
    """Twenty thousand threads, one after another."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(many(lambda n: [wire.started(10 ** 9 + n), wire.ended(10 ** 9 + n)], 20000))
        assert len(one.editor.threads()) == 1
        one.leave()
    at_once(BOTH, play)


def test_ten_thousand_stops(session):
    """Of one thread and of ten thousand: one continue, and one resume, for all of them."""
    def play(case):
        wire, threads = case
        one, thread = stopped(session, Honest(wire))
        one.marked(many(lambda n: wire.stepped(10 ** 9 + n % threads), 10000))
        resumes = one.honest.count('resume')
        one.editor.continue_(thread)
        one.pauses(thread)
        assert one.honest.count('resume') == resumes + 1
        one.leave()
    at_once([(wire, threads) for wire in BOTH for threads in (1, 10000)], play)


def test_ten_thousand_ghosts(session):
    """Hits of breakpoints that nobody set, while all runs: passed over."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.editor.continue_(thread)
        one.marked([wire.frames(frames=attach_stack()), many(lambda n: wire.hit(1000 + n), 10000)])
        one.pauses(thread)
        one.leave()
    at_once(BOTH, play)


def test_handler_questions(session):
    """Twenty thousand questions of one file, five thousand of different ones: each is answered, in order."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.honest.say(many(lambda n: wire.wants_handlers('/srv/app/none.py'), 20000))
        one.honest.wait_for('handlers', 20000, 60)
        one.honest.say(many(lambda n: wire.wants_handlers('/srv/app/none%d.py' % n), 5000))
        one.honest.wait_for('handlers', 25000, 60)
        files = [command.file for command in one.honest.commands if command.name == 'handlers'][-5000:]
        assert files == ['/srv/app/none%d.py' % n for n in range(5000)]
        assert one.editor.console().count('no local copy') == 1
        one.leave()
    at_once(BOTH, play)


def test_handler_questions_of_a_server_that_does_not_read(session):
    """Forty megabytes of questions, not one answer read: the bridge gives up, or keeps its memory bounded."""
    block = many(lambda n: SIX.wants_handlers('/'), 20000)
    one = session(Honest(SIX, attach=[SIX.attached(), SIX.started(), [block] * 150, pause(30)]))
    one.editor.response(one.attach, 30)
    one.quiet()
    one.check_memory()
    one.ended()


def test_answers_to_no_question(session):
    """Forty thousand results and lists of children that nobody asked for."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(many(lambda n: [wire.result(5000 + n, obj('x' * 50)), wire.children_are(n + 5000, [('a', 'b', obj('1'))])], 20000))
        one.editor.continue_(thread)
        one.pauses(thread)
        one.leave()
    at_once(BOTH, play)


def test_bound_again_and_again(session):
    """Fifty thousand changes of one breakpoint: the editor is told what changed, and the last is true."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        id = one.honest.breakpoints[0]
        one.marked(whole([wire.pending(id), wire.bound(id)]) * 25000)
        assert one.editor.set_breakpoints(scripted.FILE, [scripted.LINE])[0]['verified']
        one.leave()
    at_once(BOTH, play)


def test_stacks_again_and_again(session):
    """Five thousand stacks of one stopped thread: the last one is shown, the others are gone."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked([whole(wire.frames(frames=[frame('f', variables=[('x', obj('y' * 4000))])] * 3)) * 5000, wire.frames()])
        assert one.editor.place(thread) == ('work', scripted.LINE)
        one.leave()
    at_once(BOTH, play)


def deep_stack(wire, count):
    """A message with so many frames, made as bytes."""
    one = frame('f', variables=[])
    if isinstance(wire, Binary):
        head, piece = [whole(wire.frames(frames=frames)) for frames in ([], [one])]
        return head[:-8] + number(count) + piece[len(head):] * count
    body, mark = wire.frames(frames=[one])[1], json.dumps(wire.frame_body(one)).encode('ascii')
    return framed(body.replace(mark, b', '.join([mark] * count)))


def test_hundred_thousand_frames(session):
    """The deepest stack that is believed; one frame more ends the session."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(deep_stack(wire, 100000))
        shown = one.editor.request('stackTrace', threadId=thread, startFrame=99990, levels=50)
        assert len(shown['stackFrames']) == 10 and shown['totalFrames'] == 100000
        one.marked(wire.frames())
        one.leave()
        session(Honest(wire, after_attach=[deep_stack(wire, 100001)])).ended('count|frames')
    at_once(BOTH, play, workers=1)


def test_million_variables(session):
    """In one frame, as binary.h allows: listed in pages."""
    value = whole(flat(text('v'), SIX.object(obj('1'))))
    head = whole(SIX.frames(frames=[frame(arguments=10 ** 6, variables=[])]))[:-8]
    one, thread = stopped(session, Honest(SIX))
    one.marked(head + number(10 ** 6) + value * 10 ** 6)
    one.check_memory()
    one.marked(SIX.frames())
    assert [name for name in one.editor.top_locals(thread)] == ['step', 'player']
    one.leave()
    session(Honest(SIX, after_attach=[head + number(10 ** 6 + 1), stall])).ended('count')


SIXTY = 60 << 20


def test_sixty_megabytes_as_a_local(session):
    """A value of 60 MB is really sent: shown, in less than 300 MiB."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(wire.frames(frames=[frame(variables=[('v', obj('v' * SIXTY, 'str'))])]))
        one.check_memory()
        assert len(one.editor.top_locals(thread)['v']['value']) == SIXTY
        one.check_memory()
        one.marked(wire.frames())
        one.leave()
    at_once(BOTH, play, workers=1)


def test_sixty_megabytes_as_a_result(session):
    """The same as the answer to an evaluation."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: None if command.text != 'huge' else [
            wire.acknowledge(command), wire.result(command.token, obj('v' * SIXTY, 'str'))]))
        assert len(one.editor.evaluate('huge', one.editor.top(thread)['id'])['result']) == SIXTY
        one.check_memory()
        one.leave()
    at_once(BOTH, play, workers=1)


def test_twenty_megabytes_of_numbers(session):
    """Ten million numbers in one message: read, or refused, in bounded memory."""
    body = b'{"type": "event", "event": "legacyModulesChanged", "body": {"x": [' + b'1,' * (10 ** 7) + b'1]}}'
    one = session(Honest(EIGHT, after_attach=[framed(body)]))
    one.tour()
    one.check_memory()
    one.leave()


def test_sixty_megabytes_of_bad_bytes(session):
    """In a text of the binary wire: each becomes a letter of its own."""
    one, thread = stopped(session, Honest(SIX))
    one.marked([flat(b'OUTP', THREAD, b'A', number(10 << 20), b'\xff' * (10 << 20)), SIX.output('\n')])
    one.check_memory()
    one.leave()
