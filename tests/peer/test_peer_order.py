"""Well-formed messages at the wrong time: answers that never come, come twice or in another order, ids that
nobody knows, stops out of nowhere. On a binary and on a JSON wire; the session goes on, or says why not."""

import time

import pytest

import scripted
from scripted import BOTH, FILE, INT64, OTHER, THREAD, WIRES, Honest, Once, attach_stack, fin, obj, pause, rst, stall, whole
from sessions import at_once, stopped


def replayed(times=2):
    """The honest reaction of this name, so often in a row."""
    def react(name):
        return lambda server, command: [getattr(Honest, 'on_' + name)(server, command)] * times
    return react


# ---- answers that never come ------------------------------------------------------------------------


@pytest.mark.slow
def test_breakpoints_never_answered(session):
    """setBreakpoints is answered in two seconds: not verified, and why."""
    def play(wire):
        one = session(Honest(wire, set_breakpoint=lambda server, command: wire.acknowledge(command)))
        assert one.attached()
        started = time.monotonic()
        (answered,) = one.editor.set_breakpoints('/srv/app/other.py', [3])
        assert not answered['verified'] and 'not answered' in answered['message']
        assert time.monotonic() - started < 4
        one.ask('configurationDone')
        one.pauses(one.editor.threads()[0]['id'])
        one.leave()
    at_once(BOTH, play)


@pytest.mark.slow
def test_locals_never_answered(session):
    """Which names are locals is asked of the program; without an answer all are shown, in three seconds."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: wire.acknowledge(command)))
        started = time.monotonic()
        assert [name for name in one.editor.top_locals(thread)] == ['step', 'player']
        assert time.monotonic() - started < 5
        one.leave()
    at_once(BOTH, play)


@pytest.mark.slow
def test_evaluation_never_answered(session):
    """Other requests are; leaving answers it too, and is done in time."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: wire.acknowledge(command)))
        pending = one.editor.send('evaluate', {'expression': 'hang()', 'frameId': one.editor.top(thread)['id']})
        one.honest.wait_for('execute')
        assert one.ask('threads') and one.ask('stackTrace', threadId=thread)
        one.leave()
        assert not one.editor.responses[pending]['success']
    at_once(BOTH, play)


@pytest.mark.slow
def test_condition_never_answered(session):
    """The attach stop stands on a breakpoint whose condition cannot be learnt: told, or set going; the program
    does not stay where it is unseen."""
    def play(wire):
        one = session(Honest(wire, attach=[wire.attached(), wire.started(), wire.modules_changed(), wire.frames(), wire.loaded()],
                             execute=lambda server, command: wire.acknowledge(command)))
        assert one.attached()
        one.editor.set_breakpoints(FILE, [{'line': scripted.LINE, 'condition': 'step > 3'}])
        one.ask('configurationDone')
        started = time.monotonic()
        while time.monotonic() - started < 7 and not one.honest.count('resume') and not one.editor.all_events('stopped'):
            time.sleep(0.05)
        assert one.honest.count('resume') or one.editor.all_events('stopped'), 'nobody knows that it is stopped'
        one.leave()
    at_once(BOTH, play)


def test_condition_overtaken_by_a_resume(session):
    """The user resumes before it is answered: that thread's breakpoint is no stop any more."""
    def play(wire):
        one = session(Honest(wire, attach=[wire.attached(), wire.started(), wire.modules_changed(), wire.frames(), wire.loaded()],
                             execute=lambda server, command: wire.acknowledge(command)))
        one.honest.hit_told = True
        assert one.attached()
        one.editor.set_breakpoints(FILE, [{'line': scripted.LINE, 'condition': 'step > 3'}])
        one.ask('configurationDone')
        one.honest.wait_for('execute')
        one.honest.say([wire.started(OTHER), wire.frames(OTHER), wire.stepped(OTHER)])
        one.editor.continue_(one.editor.wait_stopped('step').thread)
        one.honest.wait_for('resume')
        one.pauses(one.editor.threads()[0]['id'])
        assert [body['reason'] for body in one.editor.all_events('stopped')] == ['step', 'pause']
        one.leave()
    at_once(BOTH, play)


@pytest.mark.slow
def test_detach_never_answered(session):
    """Running, stopped or before the attach stop: given up after three seconds, exit status 0."""
    def play(case):
        wire, how = case
        one = session(Honest(wire, detach=lambda server, command: [], **how))
        one.works(leave=False) if not how else one.attached()
        started = time.monotonic()
        one.leave()
        assert 2 < time.monotonic() - started
    at_once([(wire, how) for wire in WIRES for how in ({}, {'attach': [wire.attached(), wire.started()]})], play)


def test_attach_stop_never_comes(session):
    """All is in C code: attached all the same, configured, and left."""
    def play(wire):
        one = session(Honest(wire, attach=[wire.attached(), wire.started(), wire.module(), wire.modules_changed()]))
        assert one.attached()
        one.configure()
        assert one.ask('threads')['threads']
        one.leave()
        assert one.honest.count('resume') == 0, 'a resume before the attach stop may cross it'
    at_once(WIRES, play)


def test_nothing_follows_a_resume(session):
    """Neither hit nor pause: the session runs, and is left."""
    def play(wire):
        silent = {name: lambda server, command: wire.acknowledge(command) for name in ('pause', 'step')}
        one, thread = stopped(session, Honest(wire, **silent))
        one.ask('next', threadId=thread)
        one.ask('pause', threadId=thread)
        one.ask('pause', threadId=thread)
        assert one.ask('threads')
        one.leave()
        assert one.honest.faults == []
    at_once(BOTH, play)


def test_modules_without_end(session):
    """A thousand modules in dribs and drabs do not keep the attach from being answered."""
    def play(wire):
        def modules(peer):
            started = time.perf_counter()
            for number in range(1000):
                peer.play(wire.module('/srv/m%d.py' % number, number))
                while time.perf_counter() < started + number * 0.002:
                    time.sleep(0.0002)
        one = session(Honest(wire, attach=[wire.attached(), wire.started(), modules, wire.frames(frames=attach_stack()),
                                          wire.loaded()]))
        started = time.monotonic()
        assert one.attached()
        assert time.monotonic() - started < 1.5
        one.configure()
        one.stops_and_goes()
        one.leave()
    at_once(BOTH, play)


PROGRAM_ANSWERS = {
    'children': lambda wire, token: wire.children_are(token, [('x', 'x', obj('1'))]),
    'no children': lambda wire, token: wire.children_are(token, []),
    'a failure without a text': lambda wire, token: wire.failed(token, None),
    'a long failure': lambda wire, token: wire.failed(token, 'no ' * 100000),
    'no value': lambda wire, token: wire.result(token, obj(None, None)),
    'an empty text': lambda wire, token: wire.result(token, obj("''", 'str')),
    'escape sequences': lambda wire, token: wire.result(token, obj('\x1b[31m' * 1000, 'str')),
    'twice': lambda wire, token: [wire.result(token, obj("'guarded'", 'str'))] * 2,
    'late': lambda wire, token: [pause(1), wire.result(token, obj("'guarded'", 'str'))]}


def test_bridge_programs(session):
    """What the bridge runs in the program for itself is answered by another kind, twice or late: a session
    all the same."""
    at_once([(wire, name) for wire in WIRES for name in PROGRAM_ANSWERS], lambda case: session(Honest(
        case[0], program=lambda server, command: [case[0].acknowledge(command),
                                                  PROGRAM_ANSWERS[case[1]](case[0], command.token)])).works())


@pytest.mark.slow
def test_bridge_programs_never_answered(session):
    """Given up after three seconds: the program is set going, and the breakpoint hits."""
    def play(wire):
        one = session(Honest(wire, program=lambda server, command: wire.acknowledge(command)))
        assert one.attached()
        one.configure()
        assert one.wait_stop(7)
        one.leave()
    at_once(WIRES, play)


def test_new_stop_after_an_unanswered_question(session):
    """A thread that stops at another place has ended its evaluation: it can be asked again."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: wire.acknowledge(command)
                                              if command.text == 'hang()' else None))
        one.editor.send('evaluate', {'expression': 'hang()', 'frameId': one.editor.top(thread)['id']})
        one.honest.wait_for('execute')
        one.editor.continue_(thread)
        one.pauses(thread)
        asked = one.editor.send('evaluate', {'expression': 'step', 'frameId': one.editor.top(thread)['id']})
        assert one.editor.body(asked, 3)['result'] == '42'
        one.leave()
    at_once(BOTH, play)


# ---- answers that come twice, or are others ---------------------------------------------------------


def test_everything_answered_twice(session):
    """Results, children, breakpoints, pauses, the detach: the second one is passed over."""
    twice = {name: replayed()(name) for name in ('set_breakpoint', 'execute', 'children', 'detach', 'hit_count')}
    at_once(WIRES, lambda wire: session(Honest(wire, **twice)).works())


def test_stops_told_twice(session):
    """The attach stop, the hit and the pause come twice: one resume for each all the same."""
    def play(wire):
        one = session(Honest(wire, after_attach=[wire.loaded()], before_resume=Once(lambda server, command: []),
                             pause=lambda server, command: [server.on_pause(command), wire.broke()]))
        one.works()
        assert one.honest.count('resume') == 2
    at_once(WIRES, play)


def test_answers_in_another_order(session):
    """Two threads are asked; the second is answered first. Each answer finds its question."""
    def play(wire):
        waiting = []

        def execute(server, command):
            if not command.text.startswith('q'):
                return None
            waiting.append(command)
            if len(waiting) < 2:
                return wire.acknowledge(command)
            return [wire.acknowledge(command)] + [wire.result(one.token, obj('answer to ' + one.text))
                                                  for one in reversed(waiting)]

        both = [wire.started(OTHER), wire.frames(OTHER, name='Other')]
        one, thread = stopped(session, Honest(wire, execute=execute, before_resume=Once(both)))
        one.marked([wire.frames(OTHER, name='Other'), wire.stepped(OTHER)])
        other = one.editor.thread_named('Other')
        frames = [one.editor.top(which)['id'] for which in (thread, other)]
        asked = [one.editor.send('evaluate', {'expression': 'q%d' % n, 'frameId': frames[n]}) for n in (0, 1)]
        assert [one.editor.body(seq)['result'] for seq in asked] == ['answer to q0', 'answer to q1']
        one.leave()
    at_once(BOTH, play)


def test_children_for_an_evaluation(session):
    """The answer has the right number and is of another kind: the request fails, in words."""
    def play(wire):
        children = [('some child', 'x.y', obj('1')), ('another', 'x.z', obj('2'))]
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: [
            wire.acknowledge(command), wire.children_are(command.token, children)]))
        message = one.editor.evaluate_refused('step', one.editor.top(thread)['id'])
        assert len(message) > 20 and message.isascii(), repr(message)
        one.leave()
    at_once(BOTH, play)


def test_results_for_other_questions(session):
    """A result or a failure where children were asked for: the request fails, in words."""
    def play(case):
        wire, answer = case
        one, thread = stopped(session, Honest(wire, children=lambda server, command: [
            wire.acknowledge(command), answer(command.token)]))
        player = one.editor.top_locals(thread)['player']
        message = one.editor.refused('variables', variablesReference=player['variablesReference'])
        assert len(message) > 20, message
        one.leave()
    at_once([(wire, answer) for wire in BOTH for answer in (
        lambda token, wire=wire: wire.result(token, obj('1')), lambda token, wire=wire: wire.failed(token, 'no'))], play)


def test_answers_to_no_question(session):
    """Tokens that were never given out, or are long since answered."""
    def play(wire):
        tokens = (0, 1, 2, 3, 50, 2 ** 31 - 1, -1, -2 ** 31)
        junk = [[wire.result(token, obj('wrong')), wire.failed(token, 'wrong'), wire.children_are(token, [])] for token in tokens]
        session(Honest(wire, before_resume=[whole(junk)], after_pause=[whole(junk)])).works()
    at_once(WIRES, play)


# ---- ids that nobody knows --------------------------------------------------------------------------


def test_breakpoints_never_set(session):
    """Bound, pending and hit: passed over, the thread is set going."""
    def play(wire):
        junk = [[wire.bound(id), wire.pending(id), wire.frames(), wire.hit(id)] for id in (0, -1, 1, 2 ** 31 - 1, -2 ** 31)]
        one = session(Honest(wire, before_resume=Once([whole(junk)])))
        one.works(leave=False)
        one.leave()
    at_once(WIRES, play)


def test_bound_and_pending_in_turn(session):
    """A breakpoint that cannot make up its mind; the last word counts."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        id = one.honest.breakpoints[0]
        one.marked([whole([[wire.pending(id), wire.bound(id)] * 500])])
        changes = one.editor.all_events('breakpoint')
        assert not changes or changes[-1]['breakpoint']['verified']
        one.leave()
    at_once(BOTH, play)


def test_stops_of_unknown_threads(session):
    """Of every kind, with and without frames before them: each is a stop like any other."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        makes = [wire.stepped, wire.broke, wire.exception, wire.loaded, lambda thread: wire.hit(99, thread)]
        for number, make in enumerate(makes):
            one.marked([wire.frames(5000 + number, name='Late %d' % number), make(thread=5000 + number)])
            one.marked(make(thread=6000 + number))
        for known in one.ask('threads')['threads']:
            one.look_around(known['id'])
        one.editor.continue_(thread)
        one.pauses(thread)
        one.leave()
    at_once(BOTH, play)


def test_threads_that_come_and_go_wrongly(session):
    """Ends of unknown threads, of known ones twice, new ones twice, an end before the beginning."""
    def play(wire):
        junk = [wire.ended(1), wire.ended(1), wire.started(2), wire.started(2), wire.ended(2), wire.ended(2), wire.ended(OTHER),
                wire.started(OTHER), wire.frames(OTHER, attach_stack(), 'T'), wire.ended(OTHER),
                wire.frames(OTHER, attach_stack(), 'T'), wire.ended(INT64 >> 12 << 10)]
        session(Honest(wire, after_attach=junk, before_resume=[whole(junk)])).works()
    at_once(WIRES, play)


def test_the_stopped_thread_ends(session):
    """With a question open, and its frames on show: the requests are answered, the session goes on."""
    def play(wire):
        one, thread = stopped(session, Honest(wire, execute=lambda server, command: wire.acknowledge(command)))
        frame_id = one.editor.top(thread)['id']
        scope = one.editor.scopes(frame_id)[0]
        pending = one.editor.send_all([('evaluate', {'expression': 'x', 'frameId': frame_id}),
                                       ('variables', {'variablesReference': scope['variablesReference']})])
        one.honest.wait_for('execute')
        one.marked([wire.ended(THREAD)])
        assert not one.editor.response(pending[0])['success']
        one.editor.response(pending[1])
        for command, arguments in (('stackTrace', {'threadId': thread}), ('scopes', {'frameId': frame_id}), ('next', {'threadId': thread}),
                                   ('variables', scope), ('continue', {'threadId': thread})):
            one.editor.response(one.editor.send(command, arguments))
        one.marked([wire.started(THREAD), wire.frames()])
        one.leave()
    at_once(WIRES, play)


@pytest.mark.slow
def test_the_stopped_thread_is_told_again(session):
    """NEWT for a thread that is stopped at a breakpoint: it is still stopped, and continue still frees it."""
    def play(wire):
        one, thread = stopped(session, Honest(wire))
        one.marked(wire.started(THREAD))
        resumes = one.honest.count('resume')
        one.editor.continue_(thread)
        one.honest.wait_for('resume', resumes + 1, timeout=3)
        one.leave()
    at_once(BOTH, play)


# ---- ends -------------------------------------------------------------------------------------------


def test_detach_unasked(session):
    """The program exits: while configuring, running, stopped, in an evaluation; then more comes, or an end."""
    def play(case):
        wire, more, how = case
        end = [wire.detached()] + more
        session(Honest(wire, **{how: lambda server, command: end})).tour_to_the_end()
    at_once([(wire, more, how) for wire in BOTH for how in ('set_breakpoint', 'resume', 'execute', 'pause', 'children')
             for more in ([fin], [stall], [[wire.output('late')] * 100, wire.frames(), wire.detached(), rst])], play)


def test_detach_instead_of_modules(session):
    """The program exits while the attach is still under way: the attach is refused, with a next step."""
    at_once(WIRES, lambda wire: session(Honest(wire, attach=[wire.attached(), wire.detached(), fin])).refused())


def test_closed_with_requests_pending(session):
    """FIN and RST while evaluations, children and breakpoints wait: each is answered, then the end is explained."""
    def play(case):
        wire, close = case
        silent = lambda server, command: wire.acknowledge(command)
        one, thread = stopped(session, Honest(wire, execute=silent, children=silent))
        frame_id = one.editor.top(thread)['id']
        pending = one.editor.send_all([('evaluate', {'expression': 'x%d' % n, 'frameId': frame_id}) for n in range(20)])
        one.honest.wait_for('execute')
        one.honest.instead['remove_breakpoint'] = close
        pending += one.editor.send_all([('setBreakpoints', {'source': {'path': FILE}, 'breakpoints': []})])
        for seq in pending:
            one.editor.response(seq)
        one.ended('lost')
    at_once([(wire, close) for wire in WIRES for close in (fin, rst)], play)


def test_closed_while_leaving(session):
    """The detach is answered by FIN, by RST, by half a message, by nonsense: an orderly end all the same."""
    def play(case):
        wire, steps = case
        one = session(Honest(wire, detach=lambda server, command: steps))
        one.works(leave=False)
        one.leave()
    at_once([(wire, steps) for wire in BOTH for steps in ([fin], [rst], [b'DE', fin], [b'Content-Length: 7\r\n\r\n{', rst],
                                                         [b'????????'], [wire.frames(), wire.output('x'), fin])], play)


def test_stops_that_race_with_leaving(session):
    """Hits, output and handler questions behind the detach are read over."""
    def play(wire):
        def detach(server, command):
            junk = [[wire.frames(), wire.hit(server.breakpoints[0]), wire.output('late\n'), wire.wants_handlers(FILE)]] * 50
            return [junk, wire.acknowledge(command), wire.detached(), junk]
        one = session(Honest(wire, detach=detach))
        one.works(leave=False)
        one.leave()
    at_once(WIRES, play)
