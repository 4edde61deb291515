"""The building blocks themselves: an honest scripted server is served as a real one is, on every wire."""

from scripted import Honest, WIRES, in_pieces, one_by_one
from sessions import at_once


def test_honest(session):
    """No misbehaviour at all: if this fails, the other tests mean nothing."""
    at_once(WIRES, lambda wire: session(Honest(wire)).works())
