"""Versions 2, 4 and 6: no length tells where a message ends, so one wrong byte is the end of the session;
but only where it cannot be mended. Each ends with a sentence, or works on."""

import pytest

import scripted
from scripted import (FILE, INT64, LINE, OTHER, THREAD, Binary, Honest, Json, attach_stack, fin, flat, frame, in_pieces, number, obj, one_by_one, rst,
                      stall, text, whole)
from sessions import at_once

WIRES = [Binary(2), Binary(4), Binary(6)]
SIX = Binary(6)


def attach_then(wire, *steps):
    """Honest up to the attach stop, then this."""
    return Honest(wire, after_attach=list(steps))


def ask_then(wire, *steps, **more):
    """Honest until something is evaluated; these steps are the answer."""
    return Honest(wire, execute=lambda server, command: list(steps), **more)


def the_four(wire=SIX):
    """The messages with most fields, each of which may be the last that arrives."""
    return {'THRF': wire.frames(frames=[frame(kind=2, variables=[('step', obj('1', hex_='0x1'))])]),
            'CHLD': wire.children_are(1, [("['lives']", "player['lives']", obj('3', hex_='0x3'))]),
            'EXC2': wire.exception(rich=True),
            'OUTP': wire.output('hello')}


# ---- tags -------------------------------------------------------------------------------------------


def test_unknown_tags(session):
    """A tag that no version has cannot be read over: the session ends, and the message shows it safely."""
    at_once([b'WHAT', b'newt', b'\x00\x00\x00\x00', b'\x1b[2J', b'\xff\xff\xff\xff', b'RJCT', b'ACPT', b'PTVS'],
            lambda tag: session(attach_then(SIX, tag * 3)).ended('127.0.0.1'))


def test_tags_of_another_version(session):
    """What only version 6 sends is unknown to 2 and 4."""
    cases = [(wire, tag) for wire in WIRES[:2] for tag in (b'BKHC', b'EXC2')]
    at_once(cases, lambda case: session(attach_then(case[0], case[1], number(0), number(0))).ended(case[1].decode()))


def test_messages_that_nobody_asked_for(session):
    """SETL, BKHC, LAST, and the results of no question."""
    def play(wire):
        junk = [flat(b'SETL', 1, THREAD, 3), flat(b'SETL', 0, -1, -1), [b'LAST'], wire.result(0, obj('1')),
                wire.result(-1, obj('1')), wire.result(2 ** 31 - 1, obj('1')), wire.failed(77, 'no'),
                wire.children_are(78, [])]
        junk += [flat(b'BKHC', 5, 9), flat(b'BKHC', 0, -1)] if wire.version >= 6 else []
        session(attach_then(wire, junk)).works()
    at_once(WIRES, play)


# ---- lengths and counts -----------------------------------------------------------------------------

LENGTHS = [INT64, -1, -INT64 - 1, 2 ** 40, (64 << 20) + 1, 2 ** 32]


def with_length(wire, length):
    """Messages, each with one text of this length."""
    lying = [b'U', number(length)]
    return {'module': flat(b'MODL', 1, lying), 'thread name': flat(b'THRF', THREAD, lying),
            'frame name': flat(b'THRF', THREAD, text('T'), 1, 1, 9, 5, lying),
            'frame file': flat(b'THRF', THREAD, text('T'), 1, 1, 9, 5, text('f'), lying),
            'variable': flat(b'THRF', THREAD, text('T'), 1, 1, 9, 5, text('f'), text(FILE), 0, 1, 1, lying),
            'value': flat(b'THRF', THREAD, text('T'), 1, 1, 9, 5, text('f'), text(FILE), 0, 1, 1, text('x'), lying),
            'output': flat(b'OUTP', THREAD, text('ok'), b'OUTP', THREAD, text('ok'), b'EXCE', 1, lying),
            'handlers': flat(b'REQH', lying), 'exception': flat(b'EXCP', lying)}


def test_lengths_that_cannot_be(session):
    """Huge and negative lengths end the session before anything is allocated for them."""
    at_once([(wire, message) for wire, lengths in zip(WIRES, (LENGTHS[:2], LENGTHS[2:4], LENGTHS[4:]))
             for length in lengths for message in with_length(wire, length).values()],
            lambda case: session(attach_then(case[0], case[1], case[0].output('x' * 100))).ended('length'))


def test_counts_that_cannot_be(session):
    """Huge and negative counts of frames, variables, children and exception fields."""
    def counted(wire, count):
        yield flat(b'THRF', THREAD, text('T'), count)
        yield flat(b'THRF', THREAD, text('T'), 1, 1, 9, 5, text('f'), text(FILE), 0, 1, count)
        if wire.version < 4:
            yield flat(b'CHLD', 1, count, 0)
            yield flat(b'CHLD', 1, 0, count, 0, 0)
        else:
            yield flat(b'CHLD', 1, count)
        if wire.version == 6:
            yield flat(b'EXC2', THREAD, count)
    at_once([(wire, message) for wire in WIRES for count in (INT64, -1, 2 ** 33) for message in counted(wire, count)],
            lambda case: session(attach_then(case[0], case[1])).ended('count'))


def test_lengths_that_lie(session):
    """Too short: the rest is read as a tag. Too long: the next messages are swallowed, and what follows is
    none. Both are noticed."""
    short = flat(b'MODL', 2, b'U', number(3), FILE.encode())
    long = flat(b'MODL', 2, b'U', number(len(FILE) + 6), FILE.encode())
    at_once([(wire, lie) for wire in WIRES for lie in (short, long)],
            lambda case: session(attach_then(case[0], case[1], case[0].output('after it'), b'????' * 9)).ended())


def test_text_claimed_that_cannot_be(session):
    """More than 64 MiB are refused by the length alone; the server never sends them."""
    session(attach_then(SIX, flat(b'REQH', b'U', 100 << 20), stall)).ended('length')


# ---- texts and kinds --------------------------------------------------------------------------------


def test_prefixes_that_are_none(session):
    """A text that begins with another letter than N, U and A."""
    at_once([whole(message).replace(b'U' + number((-1)), b'X' + number(3) + b'abc')
             for message in with_length(SIX, -1).values()] + [flat(b'EXCP', b'\x00' * 9), flat(b'REQH', b'u')],
            lambda message: session(attach_then(SIX, message)).ended('prefix'))


def test_none_in_every_text(session):
    """N where a text is expected is an empty one."""
    def play(wire):
        nothing = frame(None, FILE, variables=[(None, obj(None, None)), ('x', obj(None, 'int'))])
        junk = [wire.module(None), wire.frames(frames=[nothing], name=None), wire.output(None),
                wire.failed(9, None), wire.children_are(9, [(None, None, obj(None, None))])]
        one = session(Honest(wire, after_attach=junk, resume=scripted.Once(lambda server, command: [
            wire.frames(frames=[nothing]), wire.exception(type=None, message=None)])))
        assert one.attached()
        one.configure()
        assert one.wait_stop()
        one.look_around(1)
        one.leave()
    at_once(WIRES, play)


def test_frame_kinds(session):
    """Kinds 0, 1 and 2 exist."""
    at_once([3, -1, INT64], lambda kind: session(attach_then(SIX, SIX.frames(frames=[frame(kind=kind)]))).ended('kind'))
    at_once([(wire, kind) for wire in WIRES for kind in (0, 2)], lambda case: session(attach_then(
        case[0], case[0].frames(thread=THREAD + 5, frames=[frame(line=LINE + 9, kind=case[1])]))).works())


def test_ids_out_of_range(session):
    """An id of 64 bits is none that the bridge ever gave out."""
    def play(case):
        wire, message = case
        session(attach_then(wire, message)).orderly()
    at_once([(wire, message) for wire in WIRES for message in (
        wire.bound(2 ** 40), wire.pending(-INT64), wire.hit(INT64), wire.result(2 ** 31, obj('1')),
        wire.failed(-2 ** 31 - 1, 'x'), wire.children_are(2 ** 62, []))], play)


def test_thread_ids_at_the_edges(session):
    """Zero, negative and 64-bit thread ids become small ones."""
    def play(wire):
        idents = (0, -1, INT64, -INT64 - 1, 2 ** 31)
        junk = [[wire.started(ident), wire.frames(ident, attach_stack(), 'T%d' % ident)] for ident in idents]
        one = session(attach_then(wire, junk))
        one.works(leave=False)
        assert len({thread['id'] for thread in one.editor.threads()}) == 6
        one.leave()
    at_once(WIRES, play)


# ---- the aborted OUTP -------------------------------------------------------------------------------


def breaks_off_before(session, wires, following):
    """Nothing else is lost, whatever tag follows and however it arrives."""
    def play(case):
        wire, how = case
        broken = flat(b'OUTP', THREAD)
        steps = [how([broken, broken, following(wire), broken, wire.output('written\n'), broken,
                      wire.module('/srv/x.py', 7)])]
        one = session(attach_then(wire, *steps))
        one.works(leave=False)
        one.editor.wait_output('written\n')
        one.leave()
    at_once([(wire, how) for wire in wires for how in (list, one_by_one, in_pieces)], play)


def test_output_that_breaks_off(session):
    """A program that writes no text makes ptvsd stop behind the thread id; the next tag follows."""
    breaks_off_before(session, WIRES, lambda wire: wire.output('a'))
    breaks_off_before(session, [SIX], lambda wire: wire.ended(17))


def test_output_that_breaks_off_before_a_pause(session):
    """The tag that follows begins with A, as a text may: ASBR."""
    breaks_off_before(session, [SIX], lambda wire: [wire.broke(OTHER), wire.ended(OTHER)])


def test_output_that_breaks_off_before_a_new_thread(session):
    """The tag that follows begins with N, as the text None does: NEWT."""
    breaks_off_before(session, [SIX], lambda wire: wire.started(17))


def test_output_with_an_impossible_length(session):
    """The prefix is right, so it did not break off: the cause is the length."""
    session(attach_then(SIX, flat(b'OUTP', THREAD, b'U', INT64))).ended('length')


def test_output_that_breaks_off_at_the_end(session):
    """The tag and the thread, then the connection ends."""
    at_once([(wire, close) for wire in WIRES for close in (fin, rst)],
            lambda case: session(attach_then(case[0], flat(b'OUTP', THREAD), case[1])).ended('lost'))


# ---- truncation -------------------------------------------------------------------------------------


@pytest.mark.parametrize('tag', ['THRF', 'CHLD', 'EXC2', 'OUTP'])
def test_truncated_at_every_field(session, tag):
    """The connection ends behind each field: lost, and said so."""
    message = the_four()[tag]
    at_once([(close, count) for count in range(1, len(message)) for close in ((fin, rst)[count % 2],)],
            lambda case: session(attach_then(SIX, message[:case[1]], case[0])).ended('lost'))


@pytest.mark.parametrize('tag', ['THRF', 'CHLD', 'EXC2', 'OUTP'])
def test_a_field_left_out(session, tag):
    """Each field in turn is missing, and other messages follow: an end with a sentence, or (where it cannot
    be told from a sane message, or only swallows what follows) an orderly session."""
    message = the_four()[tag]
    follow = [SIX.output('after\n'), SIX.module('/srv/x.py', 9), b'\x00' * 4096, b'????']
    at_once(range(1, len(message)), lambda index: session(attach_then(
        SIX, message[:index] + message[index + 1:], follow)).ended())


@pytest.mark.slow
def test_mute_in_mid_message(session):
    """A message breaks off and the server stays, be it in the middle of one of the four or of 60 MB that are
    claimed and never sent: requests are answered, leaving takes three seconds, memory stays small."""
    def play(message):
        one = session(attach_then(SIX, message, stall))
        assert one.attached()
        assert one.ask('threads')['threads']
        one.check_memory(60 << 20)
        one.leave()
    at_once([message[:len(message) // 2] for message in the_four().values()] +
            [message[:1] for message in the_four().values()] +
            [flat(tag, THREAD, b'U', number(60 << 20), b'a few bytes') for tag in (b'OUTP', b'THRF')] +
            [flat(b'THRF', THREAD, text('T'), 100000), flat(b'CHLD', 1, 20000)], play)


def test_messages_in_single_bytes(session):
    """A whole session, every byte from the server in a segment of its own."""
    def play(wire):
        slow = {name: (lambda steps: lambda server, command: [one_by_one(steps(server, command), 0.0001)])(getattr(Honest, 'on_' + name))
                for name in ('set_breakpoint', 'resume', 'pause', 'execute', 'children', 'detach')}
        session(Honest(wire, **slow)).works()
    at_once(WIRES + [Json(8)], play)
