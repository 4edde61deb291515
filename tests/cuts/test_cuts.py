"""Every recording of a real server at the live bridge."""

import pytest

import cuts
import player
import sessions

WORKERS = 16
REFUSED = ('reject', 'bad-version', 'busy')


@pytest.mark.parametrize('name', cuts.driven())
def test_whole_and_cut(name, judge):
    """Whole it is lived through to its end; in one-byte segments the editor is told the same; cut after some
    byte of either side it ends in order."""
    played = cuts.scripts(name)
    outcome, one, whole = cuts.replay(name, judge, played=played)
    refused = any(word in name for word in REFUSED)
    assert outcome == ('refused' if refused else 'done')
    assert one.turn == len(one.script.moves), 'the bridge went another way'
    by_bytes = cuts.replay(name, judge, played=played, bytewise=True)
    assert by_bytes[0] == outcome
    assert by_bytes[2].events() == whole.events()
    modules = [one.modules() for one in (whole, by_bytes[2])]
    assert modules[0] == modules[1] or [] in modules
    cases = [('sent_limit', point) for point in cuts.points(name, 'sent', one.sent)]
    cases += [('heard_limit', point) for point in cuts.points(name, 'heard', one.heard)]
    sessions.at_once(cases, lambda case: cuts.cut(name, played, case), WORKERS)


def test_all_recordings_are_played():
    """Those that are not are named, with the reason."""
    left = set(player.names()) - set(cuts.driven())
    assert {cuts.scene(name) for name in left} == set(cuts.NOT_DRIVEN)
    assert len(cuts.driven()) > 100


@pytest.mark.parametrize('name', [name for name in cuts.driven() if 'basic' in name or 'attach-bp' in name][::3])
def test_handshake_cut_after_every_byte(name):
    played = cuts.scripts(name)
    handshake = sum(len(message.data) for message in played[0].handshake)
    cases = [(side, point) for side in ('sent_limit', 'heard_limit') for point in range(0, handshake + 20)]
    sessions.at_once(cases, lambda case: cuts.cut(name, played, case), WORKERS)
