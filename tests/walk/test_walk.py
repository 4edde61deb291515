"""Twenty random walks on each wire, Python 2.7 and 3.6; walk.py does as many as wanted."""

import os

import pytest

import walk

SEED = int(os.environ.get('WALK_SEED', '1'))
SEQUENCES = int(os.environ.get('WALK_SEQUENCES', '20'))


@pytest.mark.parametrize('pair', walk.pairs(), ids=str)
def test_walk(pair, judge):
    failed = walk.play_all(pair, range(SEED, SEED + SEQUENCES), judge)
    for seed, faults, told in failed:
        print('==== seed %d\n%s' % (seed, told[-20000:]))
    assert not failed, '\n'.join('replay: walk.py --only %s --seed %d --sequences 1: %s' % (
        pair, seed, '; '.join(faults)[:1500]) for seed, faults, _ in failed)
