"""Fixtures as in tests/live, with ptvsd 4.x and debugpy for ptvsd."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TESTS, 'live'), os.path.join(TESTS, 'schema')]
pytest.register_assert_rewrite('dap')

import dapschema  # noqa: E402
import packages  # noqa: E402
import relay_limits  # noqa: E402
import targets  # noqa: E402


def pytest_configure(config):
    for name in ('one_pair', 'two_pythons', 'both_servers'):
        config.addinivalue_line('markers', name + ': see tests/live and tests/relay')
    if not hasattr(config, 'workerinput'):
        for pair in targets.matrix():
            if pair.python.path:
                targets.package(pair)


def pytest_generate_tests(metafunc):
    if 'pair' in metafunc.fixturenames:
        metafunc.parametrize('pair', targets.matrix(), ids=str, indirect=True, scope='session')


def pair_of(item):
    pair = item.callspec.params.get('pair') if hasattr(item, 'callspec') else None
    return pair if isinstance(pair, targets.Pair) else None


def pytest_collection_modifyitems(config, items):
    mine = [item for item in items if pair_of(item)]
    dropped = {item for item in mine if not targets.is_wanted(
        item.originalname, pair_of(item), item.get_closest_marker('both_servers') is not None)}
    config.hook.pytest_deselected(items=list(dropped))
    items[:] = [item for item in items if item not in dropped]
    for item in mine:
        why = relay_limits.why_not(item.name, pair_of(item)) if pair_of(item).python.path else None
        if why:
            item.add_marker(pytest.mark.skip(reason='%s: %s' % (item.originalname, why)))


@pytest.fixture(scope='session')
def pair(request):
    if not request.param.python.path:
        pytest.skip('%s: no such interpreter here' % request.param.python.label)
    return request.param


@pytest.fixture(scope='session')
def judge():
    return relay_limits.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


@pytest.fixture
def debuggee(pair, tmp_path, request):
    """debuggee('loop.py') starts that program; it ends with the test."""
    started = request.node.debuggees = []

    def start(program, *arguments, **how):
        directory = tmp_path / ('debuggee%d' % len(started) if started else 'debuggee')
        started.append(targets.Target(pair, program, directory, arguments, **how))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture
def adapter(judge, request):
    started = request.node.adapters = []

    def start(*arguments):
        started.append(targets.Client(judge, arguments))
        started[-1].ended = False
        return started[-1]

    yield start
    for client in started:
        client.end()
    for client in started:
        faults = [fault for fault in client.faults if not (client.ended and fault.startswith('exit status'))]
        assert faults == []
        assert client.ended or client.unanswered() == []
    started.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if not report.failed:
        return
    for client in getattr(item, 'adapters', []):
        report.sections.append(('messages', '\n'.join(client.transcript)))
        report.sections.append(('adapter stderr', client.complaints.decode('utf-8', 'replace')[-5000:]))
    for one in getattr(item, 'debuggees', []):
        report.sections.append(('program output', '\n'.join(one.out.lines[-100:] + one.err.lines[-100:])))
