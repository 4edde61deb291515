"""The connection ends after every so manieth byte of a whole session, by FIN and by RST, or the server falls
silent there: always an orderly end with a sentence."""

import pytest

from scripted import BOTH, WIRES, Honest, Peer, fin, rst, stall
from sessions import at_once

CUTS = 30


class ShortPeer(Peer):
    """Sends so many bytes and no more."""

    left, close = None, None
    sent = 0

    def send(self, data):
        self.sent += len(data)
        if self.left is None:
            return super().send(data)
        data, self.left = data[:self.left], self.left - len(data)
        super().send(data)
        if self.left <= 0:
            self.close(self)


class Short(Honest):
    def __init__(self, wire, left=None, close=None):
        super().__init__(wire)
        self.left, self.close = left, close

    def peer_at(self, connection):
        peer = ShortPeer(connection)
        peer.left, peer.close = self.left, self.close and (lambda peer: self.close(peer))
        return peer


def length_of_a_session(session, wire):
    """How many bytes the server says in a tour."""
    whole = Short(wire)
    one = session(whole)
    one.tour()
    length = whole.peer.sent
    one.leave()
    return length


@pytest.mark.parametrize('close', [fin, rst], ids=['FIN', 'RST'])
@pytest.mark.parametrize('wire', BOTH, ids=str)
def test_cut_everywhere(session, wire, close):
    """Refused, ended, or (behind the last question) working to the end."""
    length = length_of_a_session(session, wire)
    assert length > 1000
    step = length // CUTS | 1  # odd, so that fields are cut at different places
    at_once([*range(0, 40, 3), *range(40, length + step, step)],
            lambda left: session(Short(wire, left, close)).orderly())


def test_cut_on_every_wire(session):
    """The others, more coarsely."""
    def play(case):
        wire, left = case
        session(Short(wire, left, (fin, rst)[left % 2])).orderly()
    cases = [(wire, left) for wire in WIRES if wire not in BOTH
             for left in range(3, length_of_a_session(session, wire), 211 if wire.version < 7 else 857)]
    at_once(cases, play)


@pytest.mark.slow
def test_silence_everywhere(session):
    """The server stays, but says nothing more: what is asked of the program waits, all else is answered, and
    leaving takes three seconds."""
    def play(case):
        wire, left = case
        one = session(Short(wire, left, stall))
        assert one.attached()
        assert one.ask('threads') is not None
        one.leave()
    at_once([(wire, whole) for wire in BOTH for part in (0.35, 0.5, 0.65, 0.8)
             for whole in [int(length_of_a_session(session, wire) * part)]], play)
