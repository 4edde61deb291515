"""The fixtures of tests/live and tests/relay; their conftest.py says by `kinds` what is started."""

import pytest

import fakes
import over


def pair_of(item, kind):
    pair = item.callspec.params.get('pair') if hasattr(item, 'callspec') else None
    return pair if isinstance(pair, kind) else None  # tests/remote has pairs of its own


def skip_limits(items, kind, why_not):
    """Skips, by name, what `why_not(item, pair)` says cannot work."""
    for item in items:
        pair = pair_of(item, kind)
        why = pair and pair.python.path and why_not(item, pair)
        if why:
            item.add_marker(pytest.mark.skip(reason='%s: %s' % (item.originalname, why)))


def show_what_was_said(item, report):
    for client in getattr(item, 'adapters', []):
        report.sections.append(('messages', '\n'.join(client.transcript)))
        report.sections.append(('adapter stderr', client.complaints.decode('utf-8', 'replace')[-5000:]))
    for one in getattr(item, 'debuggees', []):
        report.sections.append(('program output', '\n'.join(one.out.lines[-100:] + one.err.lines[-100:])))


@pytest.fixture(scope='session')
def pair(request):
    if not request.param.python.path:
        pytest.skip('%s: no such interpreter here' % request.param.python.label)
    return request.param


@pytest.fixture
def debuggee(pair, tmp_path, request, kinds):
    """debuggee('loop.py') starts that program; it ends with the test."""
    started = request.node.debuggees = []

    def start(program, *arguments, **how):
        directory = tmp_path / ('debuggee%d' % len(started) if started else 'debuggee')
        started.append(kinds.program(pair, program, directory, arguments, **how))
        return started[-1]

    yield start
    for one in started:
        one.end()
        over.end(one.port)


@pytest.fixture
def adapter(judge, request, kinds):
    """adapter() starts an adapter, or with `server` begins a session there; at the end of the test it must
    exit cleanly, with every request answered and nothing to complain about. A test that ends one by force says so: `client.ended = True`
    leaves its exit status and its open requests alone."""
    started = request.node.adapters = []

    def start(*arguments, **how):
        started.append(kinds.client(judge, arguments, **how))
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


@pytest.fixture
def started():
    """started(thing) is ended with the test, the last first."""
    things = []

    def start(thing):
        things.append(thing)
        return thing

    yield start
    for thing in reversed(things):
        (thing.close if isinstance(thing, fakes.Server) else thing.end)()


@pytest.fixture
def stop_at(debuggee, adapter):
    """stop_at(program, marker) gives (program, client, thread) stopped there, with no breakpoint left."""
    def start(name, marker):
        program, client = debuggee(name), adapter()
        client.attach(program, {program.file: [program.line(marker)]})
        thread = client.wait_stopped('breakpoint').thread
        client.set_breakpoints(program.file, [])
        return program, client, thread
    return start


@pytest.fixture
def looking(debuggee, adapter):
    """looking(capability=True, …) gives (program, client, thread) where there is something to look at; the
    capabilities are announced."""
    def start(**announced):
        program, client = debuggee('looking.py'), adapter()
        client.initialize(**announced)
        client.attach(program, {program.file: [program.line('stop')]})
        return program, client, client.wait_stopped('breakpoint').thread
    return start
