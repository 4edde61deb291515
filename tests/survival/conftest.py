"""The path to this folder and to the live suite, and the cable that a test process cuts."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'live')]

import links  # noqa: E402
import subject  # noqa: E402


def pytest_configure(config):
    if not hasattr(config, 'workerinput'):  # once, before several test processes want it
        for release in subject.RELEASES:
            subject.servers.packages.ptvsd(release)


@pytest.fixture(scope='session')
def cable():
    """A network namespace, or why there is none."""
    why = links.why_no_namespace()
    if why:
        yield why
        return
    laid = links.Cable(os.getpid() % 250)
    yield laid
    laid.close()
