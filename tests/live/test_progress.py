"""What takes longer than half a second is shown to an editor that asked for it, until it is answered or cancelled."""

import pytest

import fakes
from test_failures import serve  # noqa: F401

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all

SLOW = """
class Slow(object):
    def __repr__(self):
        __import__('time').sleep(0.8)
        return 'slow'
globals().update(slow=[Slow()])
"""


def stopped(debuggee, adapter, **announced):
    program, client = debuggee('loop.py'), adapter()
    client.initialize(**dict({'supportsProgressReporting': True}, **announced))
    client.attach(program, {program.file: [program.line('work')]})
    thread = client.wait_stopped('breakpoint').thread
    return client, client.top(thread)['id']


def shown(client, seq, title):
    """The progress beside a request; it is over before the answer is there."""
    started = client.wait_event('progressStart', lambda body: body.get('requestId') == seq)
    assert started['title'] == title and started['cancellable'] is True
    answer = client.response(seq)
    assert client.pending('progressEnd')[-1]['progressId'] == started['progressId']
    return answer


def nap(client, frame, seconds):
    return client.send('evaluate', {'expression': "__import__('time').sleep(%s)" % seconds, 'frameId': frame,
                                    'context': 'repl'})


def test_beside_requests(debuggee, adapter):
    client, frame = stopped(debuggee, adapter)
    assert shown(client, nap(client, frame, 0.8), 'Evaluating')['success']
    client.evaluate(SLOW, frame)
    reference = client.evaluate('slow', frame, 'watch')['variablesReference']
    seq = client.send('variables', {'variablesReference': reference})
    assert [one['value'] for one in shown(client, seq, 'Reading values')['body']['variables']] == ['slow']
    naps = [nap(client, frame, 0.6) for _ in range(2)]  # the second begins when the first has ended
    for seq in naps:
        assert shown(client, seq, 'Evaluating')['success']
    assert len(client.all_events('progressStart')) == len(client.all_events('progressEnd'))


def test_cancelled(debuggee, adapter):
    client, frame = stopped(debuggee, adapter)
    seq = nap(client, frame, 3)
    progress = client.wait_event('progressStart')['progressId']
    client.request('cancel', progressId=progress)
    assert client.response(seq)['message'] == 'cancelled'
    client.wait_event('progressEnd', lambda body: body['progressId'] == progress)


def test_not_unless_it_was_announced(debuggee, adapter):
    client, frame = stopped(debuggee, adapter, supportsProgressReporting=False)
    assert client.response(nap(client, frame, 0.8))['success']
    assert client.all_events('progressStart') == client.all_events('progressEnd') == []


@pytest.mark.one_pair
def test_attach(pair, adapter, serve):  # noqa: F811
    """To a server that says nothing; the next attach can be cancelled as well."""
    port = serve(fakes.says())
    client = adapter()
    client.initialize(supportsProgressReporting=True)
    for _ in range(2):
        seq = client.start_attach(host='127.0.0.1', port=port, secret='hush-4711')
        started = client.wait_event('progressStart')
        assert started['title'] == 'Attaching' and 'greeting' in started['message'] and started['cancellable']
        assert str(port) in started['message'] and 'hush-4711' not in started['message']
        client.request('cancel', progressId=started['progressId'])
        assert client.response(seq)['message'] == 'cancelled'
        client.wait_event('progressEnd', lambda body: body['progressId'] == started['progressId'])
