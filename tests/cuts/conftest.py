"""Recordings of real servers, played to the live bridge: whole, in one-byte segments, and cut."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE] + [os.path.join(TESTS, part) for part in ('walk', 'peer', 'live', 'schema')]
pytest.register_assert_rewrite('sessions')

import dapschema  # noqa: E402
import packages  # noqa: E402
import sessions  # noqa: E402


@pytest.fixture(scope='session')
def judge():
    made = dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))
    return lambda: sessions.Sampling(made)
