"""Real editors, headless, with the configurations of docs/editors, on real servers."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE] + [os.path.join(TESTS, part) for part in ('live', 'schema')]

import packages  # noqa: E402
import servers  # noqa: E402
import workplace  # noqa: E402

RELEASES = ('3.0.0', '3.2.1')  # a binary and a JSON wire, unless all are wanted


def pairs():
    """To an editor the Python makes no difference: with each release the oldest that is here."""
    if 'PTVSD_DAP_WHOLE' in os.environ or 'PTVSD_DAP_RELEASES' in os.environ:
        releases = sorted({pair.release for pair in servers.matrix()})
    else:
        releases = RELEASES
    found = [[pair for pair in servers.matrix() if pair.release == one and pair.python.path] for one in releases]
    return [those[0] for those in found if those]


def pytest_configure(config):
    config.addinivalue_line('markers', 'debuggee(file, mark): the program that is debugged, and its line')
    if not hasattr(config, 'workerinput'):
        for pair in pairs():
            packages.ptvsd(pair.release)


def pytest_generate_tests(metafunc):
    if 'server' in metafunc.fixturenames:
        metafunc.parametrize('server', pairs(), ids=str, scope='session')


def wanted(request):
    """The program and its marked line."""
    mark = request.node.get_closest_marker('debuggee')
    return mark.args if mark else ('loop.py', 'work')


@pytest.fixture
def program(server, tmp_path, request):
    """A program of tests/live under ptvsd, in a folder of its own; loop.py must go on running after the test."""
    one = servers.Debuggee(server, wanted(request)[0], tmp_path / 'debuggee', prints_seen=True)
    yield one
    one.end()


@pytest.fixture
def place(program, tmp_path, request):
    """A home, a PATH with ptvsd-dap on it, and a copy of the program's files: the person's side."""
    one = workplace.Workplace(program, tmp_path, wanted(request)[1])
    yield one
    one.end()
