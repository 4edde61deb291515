"""Fixtures of the live suite: `pair` (a ptvsd release on a Python), `debuggee` (starts programs under
it), `adapter` (starts adapters)."""

import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'schema')]

import certificates  # noqa: E402
import dap  # noqa: E402
import dapschema  # noqa: E402
import limits  # noqa: E402
import over  # noqa: E402
import packages  # noqa: E402
import servers  # noqa: E402
import via  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line('markers', 'one_pair: what it looks at is the same for all: one pair is enough')
    config.addinivalue_line('markers', 'two_pythons: with each release on 2.7 and one other, unless all are wanted')
    config.addinivalue_line('markers', 'pythons(label, …): it concerns these Pythons only')
    if not os.access(dap.adapter_path(), os.X_OK):
        raise pytest.UsageError('no adapter at %s: build it, or name it in PTVSD_DAP' % dap.adapter_path())
    if not hasattr(config, 'workerinput'):
        packages.debugpy_wheel()  # once, before several test processes want it
        for pair in servers.matrix():
            packages.ptvsd(pair.release)


def pytest_generate_tests(metafunc):
    if 'pair' in metafunc.fixturenames:
        pairs, pythons = servers.matrix(), metafunc.definition.get_closest_marker('pythons')
        if pythons:
            pairs = [pair for pair in pairs if pair.python.label in pythons.args]
        if metafunc.definition.get_closest_marker('one_pair'):
            pairs = [pair for pair in pairs if pair.python.path][:1] or pairs[:1]
        metafunc.parametrize('pair', pairs, ids=str, indirect=True, scope='session')


def pair_of(item):
    pair = item.callspec.params.get('pair') if hasattr(item, 'callspec') else None
    return pair if isinstance(pair, servers.Pair) else None  # tests/remote has pairs of its own


def is_wanted(item):
    pythons = item.get_closest_marker('pythons')
    return servers.is_wanted(item.name.rpartition('[')[0], pair_of(item),
                             item.get_closest_marker('two_pythons') is not None, pythons.args if pythons else ())


def pytest_collection_modifyitems(config, items):
    dropped = [item for item in items if pair_of(item) and not is_wanted(item)]
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in set(dropped)]
    for item in items:
        pair = pair_of(item)
        why = pair and pair.python.path and limits.why_not(item.originalname, pair)
        if why:
            item.add_marker(pytest.mark.skip(reason='%s: %s' % (item.originalname, why)))


@pytest.fixture(scope='session')
def pair(request):
    if not request.param.python.path:
        pytest.skip('%s: no such interpreter here' % request.param.python.label)
    return request.param


@pytest.fixture(scope='session')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


@pytest.fixture
def debuggee(pair, tmp_path, request):
    """debuggee('loop.py') starts that program; it ends with the test."""
    started = request.node.debuggees = []

    def start(program, *arguments, **how):
        directory = tmp_path / ('debuggee%d' % len(started) if started else 'debuggee')
        started.append(servers.Debuggee(pair, program, directory, arguments, **how))
        return started[-1]

    yield start
    for one in started:
        one.end()
        over.end(one.port)


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


@pytest.fixture
def adapter(judge, request):
    """adapter() starts an adapter, or with `server` begins a session there; at the end of the test it must exit cleanly, with every request
    answered and nothing to complain about. A test that ends one by force says so: `client.ended = True`
    leaves its exit status and its open requests alone."""
    started = request.node.adapters = []

    def start(*arguments, server=None):
        started.append(dap.Client(judge, arguments, server=server or (None if arguments else via.shared())))
        started[-1].ended = False
        return started[-1]

    yield start
    for client in started:
        client.end()
    for client in started:
        faults = [fault for fault in client.faults if not (client.ended and fault.startswith('exit status'))]
        assert faults == []
        assert client.ended or client.unanswered() == []
    started.clear()  # or thousands of transcripts are kept


def pytest_sessionfinish():
    over.end()
    via.end()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    parameters = item.callspec.params if hasattr(item, 'callspec') else {}
    report.pair = str(parameters['pair']) if 'pair' in parameters else None
    if not report.failed:
        return
    for client in getattr(item, 'adapters', []):
        report.sections.append(('messages', '\n'.join(client.transcript)))
        report.sections.append(('adapter stderr', client.complaints.decode('utf-8', 'replace')[-5000:]))
    for one in getattr(item, 'debuggees', []):
        report.sections.append(('program output', '\n'.join(one.out.lines[-100:] + one.err.lines[-100:])))
