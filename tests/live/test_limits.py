"""How long the program is waited for: evalTimeout, detachTimeout."""

import pytest

import fakes
import servers
from test_failures import serve  # noqa: F401

SLOW = "__import__('time').sleep(2)"


@pytest.fixture
def stopped(debuggee, adapter):
    """(client, the innermost frame, the reference of its locals), where evaluating may take a second"""
    program, client = debuggee('looking.py'), adapter()
    client.attach(program, {program.file: [program.line('stop')]}, evalTimeout=1)
    frame = client.top(client.wait_stopped('breakpoint').thread)['id']
    return client, frame, client.scopes(frame)[0]['variablesReference']


# ---- evalTimeout

@pytest.mark.one_pair
@pytest.mark.parametrize('ask', [
    lambda client, frame, scope: client.evaluate_refused(SLOW, frame),
    lambda client, frame, scope: client.refused('setVariable', variablesReference=scope, name='number', value=SLOW),
    lambda client, frame, scope: client.refused('setExpression', expression='number', value=SLOW, frameId=frame)],
    ids=['evaluate', 'setVariable', 'setExpression'])
def test_evaluation_takes_too_long(stopped, ask):
    message = ask(*stopped)
    assert 'has not answered in time' in message and '"evalTimeout"' in message


@pytest.mark.one_pair
def test_other_failures_do_not_speak_of_it(stopped):
    client, frame, _ = stopped
    asked = client.send('evaluate', {'expression': SLOW, 'frameId': frame})
    client.request('cancel', requestId=asked)
    assert client.response(asked)['message'] == 'cancelled'


@pytest.mark.one_pair
def test_the_clipboard_has_a_minute(stopped):
    client, frame, _ = stopped
    assert client.evaluate(SLOW, frame, 'clipboard')['result'] == 'None'


# ---- detachTimeout

def never_confirms(peer):
    fakes.let_in(peer)
    while peer.recv(4096):
        pass


def test_a_detach_that_is_not_confirmed(adapter, serve):  # noqa: F811
    """Of two detaches the later one, which waits less, is the first to be over."""
    port = serve(never_confirms)
    patient, hasty = adapter(), adapter()
    for client, seconds in ((patient, 6), (hasty, 1)):
        client.wait_initialized(client.start_attach(port=port, secret='x', detachTimeout=seconds))
    first = patient.send('disconnect', {})
    hasty.disconnect()
    assert first not in patient.responses
    patient.response(first)


# ---- what makes no sense

@pytest.mark.parametrize('given, words', [
    ({'evalTimeout': 0}, '"evalTimeout" must be a number of seconds, 1 to 3600'),
    ({'evalTimeout': 'long'}, '"evalTimeout" must be a number of seconds, 1 to 3600'),
    ({'detachTimeout': 61}, '"detachTimeout" must be a number of seconds, 1 to 60'),
    ({'detachTimeout': 1.5}, '"detachTimeout" must be a number of seconds, 1 to 60')])
def test_refused(adapter, given, words):
    assert words in adapter().attach_refused(port=servers.free_port(), **given)
