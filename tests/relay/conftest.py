"""Fixtures as in tests/live, with ptvsd 4.x and debugpy for ptvsd."""

import os
import sys
import types

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TESTS, 'live'), os.path.join(TESTS, 'schema')]
pytest.register_assert_rewrite('dap', 'fixtures')

import dapschema  # noqa: E402
import packages  # noqa: E402
import relay_limits  # noqa: E402
import targets  # noqa: E402
from fixtures import (  # noqa: E402,F401
    adapter, debuggee, looking, pair, pair_of, show_what_was_said, skip_limits, stop_at)


def pytest_configure(config):
    for name in ('one_pair', 'two_pythons', 'both_servers', 'pythons'):
        config.addinivalue_line('markers', name + ': see tests/live and tests/relay')
    if not hasattr(config, 'workerinput'):
        for pair in targets.matrix():
            if pair.python.path:
                packages.compile_for(pair.python, targets.package(pair))


def pytest_generate_tests(metafunc):
    if 'pair' in metafunc.fixturenames:
        metafunc.parametrize('pair', targets.matrix(), ids=str, indirect=True, scope='session')


def pytest_collection_modifyitems(config, items):
    pairs = [(item, pair_of(item, targets.Pair)) for item in items]
    dropped = {item for item, pair in pairs if pair and not targets.is_wanted(
        item.originalname, pair, item.get_closest_marker('both_servers') is not None)}
    config.hook.pytest_deselected(items=list(dropped))
    items[:] = [item for item in items if item not in dropped]
    skip_limits(items, targets.Pair, lambda item, pair: relay_limits.why_not(item.name, pair))


@pytest.fixture(scope='session')
def kinds():
    return types.SimpleNamespace(program=targets.Target, client=targets.Client)


@pytest.fixture(scope='session')
def judge():
    return relay_limits.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        show_what_was_said(item, report)
