"""Plays recordings to the live bridge: whole, cut, in one-byte segments."""

import os
import zlib

import editor
import player


# recordings that the bridge cannot be driven through, and why
NOT_DRIVEN = {
    'info': 'the bridge never asks a server for its INFO',
    'process-info': 'the bridge never asks a server for its INFO',
}


STEP = int(os.environ.get('CUT_STEP', '16'))
# All cuts of all recordings are some 300,000 sessions of ten milliseconds: a run plays one in SHARE of them,
# which ones depends on TURN.
SHARE = 1 if 'CUT_STEP' in os.environ else int(os.environ.get('CUT_SHARE', '100'))
TURN = int(os.environ.get('CUT_TURN', '0'))


def scene(name):
    return name.rsplit('.jsonl', 1)[0].split('-', 2)[2]


def driven():
    return [name for name in player.names() if scene(name) not in NOT_DRIVEN]


def scripts(name):
    return [player.Script(one) for one in player.read(name).connections if one.version]


def points(name, side, length):
    """After how many bytes of a side to cut."""
    return [point for point in range(STEP, length, STEP)
            if zlib.crc32(('%s %s %d' % (name, side, point)).encode()) % SHARE == TURN % SHARE]


def replay(name, judge=editor.Trusting, patience=20, played=None, **how):
    """The outcome of one session, its player and its editor."""
    one_player = player.Player(played or scripts(name), **how)
    one_player.name = name
    one = editor.Replay(judge, one_player)
    try:
        return one.outcome(patience), one_player, one
    finally:
        if not one.fine:
            one.server.close()
            one.editor.process.kill()


def cut(name, played, case):
    """Plays one cut. What must come is an orderly end with a sentence (Replay.outcome has looked at it), or a
    session that went on as far as it was to go; never one that hangs."""
    side, point = case
    outcome, _, _ = replay(name, played=played, reset=point // STEP % 2 == 1, **{side: point})
    assert outcome in ('refused', 'ended', 'exited', 'done'), outcome
    return outcome
