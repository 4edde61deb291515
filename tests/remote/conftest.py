"""By default a core that takes less than a minute. With --all-pairs every scenario on every release
of ptvsd and every Python found; --rounds N repeats each drop so often in the same process."""

import itertools
import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import tools  # noqa: E402

# Every wire, every release, each Python that differs: the core takes a pair a test from here, in turn.
CORE = (('3.0.0', '2.7'), ('3.2.1', '3.11'), ('2.0.0', '3.6'), ('3.1.0', '3.6'), ('2.1.0', '3.11'),
        ('3.2.0', '2.7'), ('2.2.0', '2.7'), ('3.2.1', 'pypy3'))
turn = itertools.count()


def pytest_addoption(parser):
    parser.addoption('--all-pairs', action='store_true', help='every release on every Python')
    parser.addoption('--rounds', type=int, default=0, help='repetitions of each drop')


def pytest_configure(config):
    config.addinivalue_line('markers', 'every_wire: in the core, too, on more than one pair')
    config.addinivalue_line('markers', 'only(function): for pairs (release, python) that satisfy it')


def pytest_generate_tests(metafunc):
    if 'pair' not in metafunc.fixturenames:
        return
    whole = metafunc.config.getoption('all_pairs')
    pairs = [(release, python) for release in tools.RELEASES for python in tools.PYTHONS]
    pairs = pairs if whole else list(CORE)
    only = metafunc.definition.get_closest_marker('only')
    if only:
        pairs = [pair for pair in pairs if only.args[0](*pair)]
    if not whole and not metafunc.definition.get_closest_marker('every_wire'):
        pairs = [pairs[next(turn) % len(pairs)]]
    metafunc.parametrize('pair', pairs, ids=['-'.join(pair) for pair in pairs])


@pytest.fixture(scope='session')
def dump(tmp_path_factory):
    """dump(word, ...) gives what the C code makes of it."""
    tool = tools.dump_tool(str(tmp_path_factory.mktemp('dump')))

    def run(*words, **how):
        return subprocess.run([tool] + list(words), stdout=subprocess.PIPE, check=True,
                              **how).stdout.decode('ascii')
    return run


@pytest.fixture(scope='session')
def remote(dump):
    """remote('drop_guard', "'dead_after': 3") gives the expression."""
    return lambda name, *arguments: dump(str(tools.PROGRAMS.index(name)), *arguments)


@pytest.fixture
def start(request, tmp_path):
    """start(pair, kind) runs program.py; it must not have written a traceback that is not expected."""
    started = []

    def begin(pair, kind, *words):
        if not tools.interpreter(pair[1]):
            pytest.skip('no such interpreter here: ' + pair[1])
        place = tmp_path / str(len(started))
        place.mkdir()
        started.append(tools.Debuggee(pair[0], pair[1], place, kind, *words))
        return started[-1]

    yield begin
    for debuggee in started:
        debuggee.end()


@pytest.fixture
def rounds(request):
    """How often a test repeats its drop, given what it does in the core."""
    return lambda few: request.config.getoption('rounds') or few
