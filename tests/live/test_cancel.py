"""cancel: what waits is not done, what has begun is not awaited."""

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def stopped(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    thread = client.wait_stopped('breakpoint').thread
    return program, client, thread, client.top(thread)['id']


def evaluate(client, frame, expression):
    return client.send('evaluate', {'expression': expression, 'frameId': frame, 'context': 'repl'})


def test_cancel(debuggee, adapter):
    program, client, thread, frame = stopped(debuggee, adapter)
    begun = evaluate(client, frame, "print('begun')\n__import__('time').sleep(0.5)\nglobals().update(begun=1)")
    program.wait_line('begun')
    waiting = evaluate(client, frame, 'globals().update(waiting=1)')
    for seq in (waiting, begun):
        client.request('cancel', requestId=seq)
        answer = client.response(seq)
        assert (answer['success'], answer['message']) == (False, 'cancelled')
    assert client.evaluate("globals().get('begun'), globals().get('waiting')", frame)['result'] == '(1, None)'
    client.set_breakpoints(program.file, [])
    client.continue_(thread)
    program.goes_on()


def test_nothing_to_cancel(debuggee, adapter):
    program, client, thread, frame = stopped(debuggee, adapter)
    client.request('cancel', requestId=1)  # answered long ago
    client.request('cancel', requestId=100000)
    client.request('cancel', progressId='none')
    client.request('cancel')
    assert client.evaluate('1 + 1', frame)['result'] == '2'
    assert 'requestId' in client.refused('cancel', requestId='one')
