"""Before the session: servers that cannot say who they are, what they speak, or whether they let us in.
Each attach is refused within the patience of an editor, with cause and next step; or it works."""

import re
import time

import pytest

from scripted import BOTH, INT64, WIRES, Binary, Honest, Json, attach_stack, fin, framed, one_by_one, rst, stall, whole
from sessions import at_once, check_sentence


def connected(**body):
    return framed({'type': 'event', 'seq': 0, 'event': 'legacyRemoteConnected', 'body': body})


def answer(command, **fields):
    return framed(dict({'type': 'response', 'seq': 0, 'request_seq': 0, 'success': True, 'command': command,
                        'message': ''}, **fields))


def authenticated(**fields):
    return answer('legacyRemoteDebuggerAuthenticate', **fields)


def attached(**fields):
    return answer('legacyRemoteDebuggerAttach', **fields)


def test_greeting_in_single_bytes(session):
    """A greeting, and all that follows to the attach stop, in one-byte segments: a working session."""
    at_once(WIRES, lambda wire: session(Honest(
        wire, greeting=[one_by_one(wire.greeting())], let_in=[one_by_one(wire.let_in())],
        attach=[one_by_one([wire.attached(), wire.started(), wire.modules_changed()]),
                wire.frames(frames=attach_stack()), wire.loaded()])).works())


def test_all_in_one_segment(session):
    """Answers that come before their questions, all in the greeting's segment, are taken one by one."""
    def play(wire):
        early = [wire.greeting(), wire.let_in(), wire.attached(), wire.started(), wire.module(),
                 wire.modules_changed(), wire.frames(frames=attach_stack()), wire.loaded()]
        session(Honest(wire, greeting=[whole(early)], let_in=[], attach=[])).works()
    at_once(WIRES, play)


STALLS = {
    'silent': dict(greeting=[stall]),
    'seven bytes': dict(greeting=[b'PTVSDBG', stall]),
    'fourteen bytes': dict(greeting=[whole(Binary(6).greeting())[:14], stall]),
    'no verdict on the secret': dict(let_in=[stall]),
    'three bytes of a verdict': dict(let_in=[b'ACP', stall]),
    'no verdict on the attach': dict(attach=[stall]),
    'half of the process': dict(attach=[whole(Binary(6).attached())[:15], stall]),
}
JSON_STALLS = {
    'header only': dict(greeting=[b'Content-Length: 128\r\n\r\n', stall]),
    'half a header': dict(greeting=[b'Content-Le', stall]),
    'half a greeting': dict(greeting=[whole(Json(8).greeting())[:90], stall]),
    'no answer to the secret': dict(let_in=[stall]),
    'half an answer to the attach': dict(attach=[whole(Json(8).attached())[:60], stall]),
}


def stalls(session, check):
    def play(case):
        wire, name, how = case
        started = time.monotonic()
        message = session(Honest(wire, **how)).refused('127.0.0.1')
        assert time.monotonic() - started < 8
        check(name, message)
    cases = [(Binary(6), name, how) for name, how in STALLS.items()]
    cases += [(Json(8), name, how) for name, how in JSON_STALLS.items()]
    at_once(cases, play)


@pytest.mark.slow
def test_greeting_that_stalls(session):
    """Wherever the handshake stops, the attach is refused in about five seconds, with a sentence."""
    stalls(session, lambda name, message: None)


@pytest.mark.slow
def test_stalls_have_their_own_cause(session):
    """A server that spoke and then fell silent is not said to have said nothing."""
    def check(name, message):
        assert (name == 'silent') == ('says nothing' in message), message
    stalls(session, check)


def test_versions_that_do_not_exist(session):
    """The message names the number, and what is supported."""
    def play(case):
        version, greeting = case
        session(Honest(Binary(6), greeting=[greeting, stall])).refused(r'version %d\b' % version, '2.*4.*6.*7.*8')
    versions = (0, 1, 3, 5, 9, 256, -1, 2 ** 62)
    at_once([(version, Binary(version).greeting()) for version in versions] +
            [(version, connected(debuggerName='PTVSDBG', debuggerProtocolVersion=version))
             for version in versions], play)


def test_version_of_the_other_wire(session):
    """A number that exists, but is not spoken like this: the message must not contradict itself."""
    def play(greeting):
        message = session(Honest(Binary(6), greeting=[greeting, stall])).refused()
        assert not re.search('version ([678]),.* no released .*\\b\\1 ', message), message
    at_once([Binary(7).greeting(), Binary(8).greeting(),
             connected(debuggerName='PTVSDBG', debuggerProtocolVersion=6)], play)


def test_version_of_another_type(session):
    """A version that is no whole number is refused, and not given a number that the server never said."""
    def play(version):
        greeting = connected(debuggerName='PTVSDBG', debuggerProtocolVersion=version)
        assert '-1' not in session(Honest(Json(8), greeting=[greeting, stall])).refused()
    at_once(['8', None, 8.5, True, [8], {}, 1e300, '\x1b[31m'], play)


def test_refusal_at_odd_places(session):
    """RJCT as the first word, as the answer to the secret, to the attach, and for the process."""
    cases = [dict(greeting=[b'RJCT', fin]), dict(greeting=[b'RJCT', stall]), dict(let_in=[b'RJCT', fin]),
             dict(let_in=[b'RJCT', stall]), dict(attach=[b'RJCT', rst]), dict(attach=[b'RJCTRJCT', stall])]
    at_once(cases, lambda how: session(Honest(Binary(6), **how)).refused())
    at_once(BOTH, lambda wire: session(Honest(wire, let_in=[wire.refuse(), wire.refuse(), fin])).refused('secret'))


def test_verdicts_that_are_none(session):
    """Anything but ACPT and RJCT: what was said instead is quoted, safely."""
    cases = [dict(let_in=[word, stall]) for word in (b'ACPX', b'\x00\x00\x00\x00', b'\x1b[2J', b'PTVSDBG')]
    cases += [dict(attach=[word, stall]) for word in (b'OKAY', b'\xff\xfe\xfd\xfc', b'\r\n\r\n')]
    at_once(cases, lambda how: session(Honest(Binary(6), **how)).refused('answered'))


def test_process_that_cannot_be(session):
    """An impossible Python version is refused; an odd process id harms nobody."""
    for python in ((-1, 6, 15), (3, INT64 >> 10 << 10, 0), (3, 6, 1000)):
        at_once(BOTH, lambda wire: session(Honest(wire, attach=[wire.attached(python=python), stall])).refused())
    at_once([(wire, pid) for wire in BOTH for pid in (-1, 0, INT64)], lambda case: session(Honest(
        case[0], attach=lambda server, command: [case[0].attached(pid=case[1])] + server.arrival()))
        .orderly())


def test_answers_of_other_types(session):
    """`accepted` must be true or false; no other value lets anybody in, or is taken for a wrong secret."""
    def play(how):
        assert 'secret was not' not in session(Honest(Json(8), **how)).refused('answered')
    bodies = [{'accepted': 'true'}, {'accepted': 1}, {'accepted': None}, {}, None, [], 'accepted', {'accepted': [True]}]
    at_once([dict(let_in=[authenticated(body=body), stall]) for body in bodies] +
            [dict(attach=[attached(body=body), stall]) for body in bodies], play)


def test_answers_to_other_questions(session):
    """A failure, another command, an event, no object, or no JSON in place of the answer."""
    answers = [authenticated(success=False, body={}, message='Traceback (most recent call last):\n  boom'),
               answer('legacySomething', body={'accepted': True}), framed([1, 2]), framed(b'nonsense'), framed(b''),
               framed(b'"text"'), framed({'type': 'event', 'event': 'legacyDetach', 'body': {}}),
               b'HTTP/1.1 400 Bad Request\r\n\r\n', framed(b'\x1b[31m\x00\xff')]
    at_once(answers, lambda said: session(Honest(Json(8), let_in=[said, stall])).orderly())


def test_greetings_that_are_no_greeting(session):
    """Framed, but nothing that ptvsd or a newer debugger would say first."""
    bodies = [b'{}', b'[]', b'null', b'17', b'"PTVSDBG"', b'{"type": "event"}', b'nonsense', b'', b'{"a":' * 5000,
              b'{"type": "request", "command": "initialize", "seq": 1}']
    at_once(bodies, lambda body: session(Honest(Json(8), greeting=[framed(body), stall])).refused())
    at_once([{'debuggerName': 'OTHER', 'debuggerProtocolVersion': 8}, {'debuggerProtocolVersion': 8},
             {'debuggerName': ['PTVSDBG'], 'debuggerProtocolVersion': 8}],
            lambda body: session(Honest(Json(8), greeting=[connected(**body), stall])).refused())


HEADS = [
    b'Content-Length: -1\r\n\r\n{}', b'Content-Length: 1234567890\r\n\r\n', b'Content-Length: ' + b'9' * 20 + b'\r\n\r\n',
    b'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}', b'Content-Length: +2\r\n\r\n{}', b'Content-Length: 0x10\r\n\r\n',
    b'Content-Length: 1 2\r\n\r\n{}', b'Content-Length:\r\n\r\n', b'Content-Length 2\r\n\r\n{}',
    b'Content-Type: text/html\r\n\r\n{}', b'Content-Length: ' + b'1' * 20000, b'Content-Length:' + b' ' * 20000,
    b'Content-Type: a\r\n' * 20, b'Content-Length: 2\n\n{}' + b'x' * 9000, b'Content-Length: 104857600\r\n\r\n{']


def test_headers_of_the_greeting(session):
    """Headers that lie or never end are refused by their first bytes, not waited for."""
    def play(head):
        started = time.monotonic()
        session(Honest(Json(8), greeting=[head, stall])).refused()
        assert time.monotonic() - started < 4
    at_once(HEADS, play)


def test_the_same_greeting_twice(session):
    """The second one answers the secret, which is no answer."""
    at_once(BOTH, lambda wire: session(Honest(wire, greeting=[wire.greeting(), wire.greeting(), stall]))
            .refused('answered the secret'))


NOISE = whole(framed({'type': 'event', 'seq': 1, 'event': 'output', 'body': {'output': 'x' * 60}}))


def test_output_before_the_greeting(session):
    """It is read over: a newer debugger sends it."""
    session(Honest(Json(8), greeting=[NOISE * 3 + whole(Json(8).greeting())])).works()


@pytest.mark.slow
def test_flood_before_the_greeting(session):
    """Without end it is refused, with a cause, in bounded memory."""
    message = session(Honest(Json(8), greeting=[NOISE * (6000000 // len(NOISE)), stall])).refused()
    assert 'says nothing' not in message


def test_garbage_without_end(session):
    """Twenty megabytes of anything: refused at the first bytes, memory stays small."""
    at_once([b'\x00', b'A', b'P', b'\xff', b'{', b'\n'], lambda byte: session(
        Honest(Binary(6), greeting=[byte * 20000000, stall])).refused())


def test_greeting_for_nobody(session):
    """A server that leaves right after greeting, again and again; one editor stays usable."""
    one = session(Honest(Binary(6), greeting=[Binary(6).greeting(), fin]))
    for way in (fin, rst, fin):
        message = one.editor.response(one.attach)['message']
        check_sentence(message)
        one.server.serve = Honest(Binary(6), greeting=[Binary(6).greeting(), way])
        one.attach = one.editor.start_attach(port=one.server.port)
    assert not one.editor.response(one.attach)['success']
    one.honest = one.server.serve = Honest(Binary(6))
    one.attach = one.editor.start_attach(port=one.server.port)
    one.works()
