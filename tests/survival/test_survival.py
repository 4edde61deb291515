"""Sixty of the trials of survival.py: each state on each release once, and the ways and Pythons by
turns. The whole bench is 1,000 and more."""

import pytest

import links
import subject
import survival

STATES = [state for state in survival.STATES if state not in survival.APART]
TRIALS = 60


def chosen():
    """Each state on each release, then from the start again; the next way each time, and both Pythons."""
    for number in range(TRIALS):
        turn, state = divmod(number, len(STATES))
        release = (turn + state * (turn // len(subject.RELEASES))) % len(subject.RELEASES)
        way = (turn + state + turn // len(subject.RELEASES)) % len(survival.WAYS)
        yield survival.Cell(subject.RELEASES[release], subject.PYTHONS[(turn + state // 4) % 2], STATES[state],
                            survival.WAYS[way])


def test_they_are_spread():
    """So that what follows is what it says."""
    cells = list(chosen())
    assert len(set(cells)) == TRIALS
    assert len({(cell.release, cell.state) for cell in cells}) == len(STATES) * len(subject.RELEASES)
    for part in ('way', 'python', 'release'):
        values = [getattr(cell, part) for cell in cells]
        assert max(map(values.count, values)) - min(map(values.count, values)) <= 9


@pytest.mark.parametrize('cell', list(chosen()), ids=lambda cell: '-'.join(cell).replace(' ', '_'))
def test_survives(cell, cable):
    if not subject.servers.find_python(cell.python).path:
        pytest.skip('no Python %s here' % cell.python)
    if cell.way == 'dark' and isinstance(cable, str):
        pytest.skip(cable)
    result = survival.run(cell, 'ci', subject.dap.adapter_path(), cable)
    if result.outcome == 'apart':
        pytest.skip(result.kind)
    assert result.outcome == 'survived', '%s: %s' % (result.outcome, result.why)


@pytest.mark.parametrize('seconds', [0, -5, 7201, 1.5, 'soon'])
def test_seconds_that_make_no_sense(seconds, tmp_path):
    client = subject.Adapter(subject.dap.adapter_path(), str(tmp_path), links.Direct(1))
    try:
        assert '"dropGuardSeconds" must be' in client.attach_refused(dropGuardSeconds=seconds)
    finally:
        assert client.finish() == []
