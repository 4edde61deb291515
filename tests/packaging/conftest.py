"""What is given to others: the source as a tarball, what is installed of it, the extension's .vsix, and the binary that
packaging/build.sh makes, in bare systems. Some of it is tests/editors'."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE] + [os.path.join(TESTS, part) for part in ('live', 'schema', 'editors')]

import certificates  # noqa: E402
import dapschema  # noqa: E402
import packages  # noqa: E402
import servers  # noqa: E402


def pytest_configure(config):
    for name in ('one_pair', 'two_pythons', 'pythons(label, …)'):
        config.addinivalue_line('markers', name + ': see tests/live')
    if not hasattr(config, 'workerinput'):
        packages.debugpy_wheel()
        for pair in servers.matrix():
            packages.ptvsd(pair.release)


@pytest.fixture(scope='session')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


@pytest.fixture(scope='session')
def shelf(tmp_path_factory):
    """Certificates of every kind."""
    return certificates.shelf(tmp_path_factory.mktemp('certificates'))
