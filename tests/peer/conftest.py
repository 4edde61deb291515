"""Scripted servers that misbehave, and editors at them: see scripted.py and sessions.py.

Most of a test's time is waiting, so the tests of this directory run ahead of pytest, a few side by side in
threads, and those marked `slow` (they wait for seconds) all from the beginning. Not so under xdist, which
does that itself, and with --pdb."""

import concurrent.futures
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TESTS, 'live'), os.path.join(TESTS, 'schema')]
pytest.register_assert_rewrite('dap', 'sessions')

import dapschema  # noqa: E402
import packages  # noqa: E402
import sessions  # noqa: E402

SIDE_BY_SIDE = 3


def pytest_configure(config):
    config.addinivalue_line('markers', 'slow: it waits for seconds; runs in the background from the beginning')


@pytest.fixture(scope='session')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


class Ahead(object):
    """Plays the tests that will come; `result` waits for one of them."""

    def __init__(self, judge, items):
        self.judge, self.stopping = judge, False
        self.few, self.many = [concurrent.futures.ThreadPoolExecutor(workers) for workers in (SIDE_BY_SIDE, 32)]
        self.played = {}
        for item in sorted(items, key=lambda item: not item.get_closest_marker('slow')):
            pool = self.many if item.get_closest_marker('slow') else self.few
            self.played[item.nodeid] = pool.submit(self.play, item)

    def play(self, item):
        if self.stopping:
            return
        parameters = item.callspec.params if hasattr(item, 'callspec') else {}
        start = sessions.Starter(self.judge)
        item.sessions = start.sessions
        try:
            item.obj(start, **parameters)
        finally:
            start.close()

    def result(self, item):
        if item.nodeid in self.played:
            self.played[item.nodeid].result()
        else:
            self.play(item)

    def stop(self):
        self.stopping = True
        for pool in (self.few, self.many):
            pool.shutdown()


@pytest.fixture(scope='session')
def ahead(judge, request):
    one_by_one = hasattr(request.config, 'workerinput') or request.config.option.usepdb
    items = [item for item in request.session.items if 'session' in getattr(item, 'fixturenames', ())
             and os.path.dirname(str(item.fspath)) == HERE]
    playing = Ahead(judge, [] if one_by_one else items)
    yield playing
    playing.stop()


@pytest.fixture
def session(ahead):
    """session(serve) starts a scripted server and an editor that attaches to it; see sessions.Session."""
    return ahead


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    ahead = pyfuncitem.funcargs.get('session')
    if not isinstance(ahead, Ahead):
        return None
    ahead.result(pyfuncitem)
    return True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if not report.failed:
        return
    broken = [one for one in getattr(item, 'sessions', []) if not one.fine]
    for one in broken[:3]:
        report.sections.append(('messages', '\n'.join(one.editor.transcript[-200:])))
        report.sections.append(('adapter stderr', one.editor.complaints.decode('utf-8', 'replace')[-5000:]))
        if one.honest:
            report.sections.append(('server', '\n'.join(one.honest.faults)))
