"""Fixtures of the live suite: `pair` (a ptvsd release on a Python), `debuggee` (starts programs under
it), `adapter` (starts adapters)."""

import os
import sys
import types

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'schema')]
pytest.register_assert_rewrite('fixtures')

import certificates  # noqa: E402
import dap  # noqa: E402
import dapschema  # noqa: E402
import limits  # noqa: E402
import over  # noqa: E402
import packages  # noqa: E402
import servers  # noqa: E402
import via  # noqa: E402
from fixtures import (  # noqa: E402,F401
    adapter, debuggee, looking, pair, show_what_was_said, skip_limits, started, stop_at)


def pytest_configure(config):
    config.addinivalue_line('markers', 'one_pair: what it looks at is the same for all: one pair is enough')
    config.addinivalue_line('markers', 'two_pythons: with each release on 2.7 and one other, unless all are wanted')
    config.addinivalue_line('markers', 'pythons(label, …): it concerns these Pythons only')
    if not os.access(dap.adapter_path(), os.X_OK):
        raise pytest.UsageError('no adapter at %s: build it, or name it in PTVSD_DAP' % dap.adapter_path())
    if not hasattr(config, 'workerinput'):
        packages.debugpy_wheel()  # once, before several test processes want it
        for pair in servers.matrix():
            packages.compile_for(pair.python, packages.ptvsd(pair.release))


def pytest_generate_tests(metafunc):
    if 'pair' in metafunc.fixturenames:
        pairs, pythons = servers.matrix(), metafunc.definition.get_closest_marker('pythons')
        if pythons:
            pairs = [pair for pair in pairs if pair.python.label in pythons.args]
        pairs = [pair for pair in pairs if is_wanted(metafunc.definition, pair)]
        if metafunc.definition.get_closest_marker('one_pair'):
            pairs = [pair for pair in pairs if pair.python.path][:1] or pairs[:1]
        metafunc.parametrize('pair', pairs, ids=str, indirect=True, scope='session')


def is_wanted(item, pair):
    pythons = item.get_closest_marker('pythons')
    return servers.is_wanted(item.originalname, pair,
                             item.get_closest_marker('two_pythons') is not None, pythons.args if pythons else ())


def pytest_collection_modifyitems(config, items):
    skip_limits(items, servers.Pair, lambda item, pair: limits.why_not(item.originalname, pair))


@pytest.fixture(scope='session')
def kinds():
    return types.SimpleNamespace(program=servers.Debuggee, client=dap.Client)


@pytest.fixture(scope='session')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


@pytest.fixture
def proxy():
    """proxy.uri(program, secret): the program behind websockify."""
    through = over.Through('websockify')
    yield through
    through.end()


@pytest.fixture(scope='session')
def shelf(tmp_path_factory):
    """Certificates of every kind."""
    return certificates.shelf(tmp_path_factory.mktemp('certificates'))


def pytest_sessionfinish():
    over.end()
    via.end()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    parameters = item.callspec.params if hasattr(item, 'callspec') else {}
    report.pair = str(parameters['pair']) if 'pair' in parameters else None
    if report.failed:
        show_what_was_said(item, report)
