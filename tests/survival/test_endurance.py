"""Rounds of attach and detach on one process: few, or with ENDURANCE=full as many as endurance.py has."""

import os

import pytest

import endurance
import subject


@pytest.mark.parametrize('release', list(endurance.ROUNDS))
def test_nothing_grows(release):
    if not subject.servers.find_python(endurance.PYTHON).path:
        pytest.skip('no Python %s here' % endurance.PYTHON)
    rounds = endurance.ROUNDS if os.environ.get('ENDURANCE') == 'full' else endurance.QUICK_ROUNDS
    print(endurance.run(subject.dap.adapter_path(), release, rounds[release]))
