"""Random walks of an editor over real servers, and the judge of what goes over the wire."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE] + [os.path.join(TESTS, part) for part in ('peer', 'live', 'schema')]

import dapschema  # noqa: E402
import packages  # noqa: E402


@pytest.fixture(scope='session')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))
