"""Plays recordings to the live bridge: whole, cut, in one-byte segments."""

import editor
import player


# recordings that the bridge cannot be driven through, and why
NOT_DRIVEN = {
    'info': 'the bridge never asks a server for its INFO',
    'process-info': 'the bridge never asks a server for its INFO',
}


def scene(name):
    return name.rsplit('.jsonl', 1)[0].split('-', 2)[2]


def scripts(name):
    return [player.Script(one) for one in player.read(name).connections if one.version]


def replay(name, judge=editor.Trusting, patience=20, number=0, **how):
    """The outcome of one session, its player and its editor."""
    one_player = player.Player(scripts(name)[number:], **how)
    one_player.name = name
    one = editor.Replay(judge, one_player)
    try:
        return one.outcome(patience), one_player, one
    finally:
        if not one.fine:
            one.server.close()
            one.editor.process.kill()
