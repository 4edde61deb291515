"""The judge must let right messages pass and must refuse each of these wrong ones."""

import pytest

import dapschema
import packages


@pytest.fixture(scope='module')
def judge():
    return dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))


def stopped(**body):
    return {'seq': 1, 'type': 'event', 'event': 'stopped', 'body': dict({'reason': 'step'}, **body)}


def answer(command, body=None, **fields):
    message = {'seq': 1, 'type': 'response', 'request_seq': 0, 'success': True, 'command': command}
    if body is not None:
        message['body'] = body
    return dict(message, **fields)


VARIABLE = {'name': 'x', 'value': '1', 'variablesReference': 0}

RIGHT = {
    'stopped': stopped(threadId=1, allThreadsStopped=True, hitBreakpointIds=[7]),
    'initialized': {'seq': 2, 'type': 'event', 'event': 'initialized'},
    'no body': answer('configurationDone'),
    'variables': answer('variables', {'variables': [VARIABLE]}),
    'location': answer('locations', {'source': {'path': 'a.py'}, 'line': 1}),
    'location of a value': answer('variables', {'variables': [dict(VARIABLE, valueLocationReference=7)]}),
    'capabilities': answer('initialize', {'supportsConfigurationDoneRequest': True}),
    'failure': answer('evaluate', success=False, message='no'),
    'failure with body': answer('wish', {'error': {'id': 0, 'format': 'no'}}, success=False, message='no'),
}

WRONG = {
    'unknown event': {'seq': 1, 'type': 'event', 'event': 'halted', 'body': {}},
    'unknown field of a body': stopped(hitBreakpointsIds=[7]),
    'unknown field of a message': answer('next', extra=1),
    'unknown field of a variable': answer('variables', {'variables': [dict(VARIABLE, kind='int')]}),
    'misspelt capability': answer('initialize', {'supportsTerminateDebuggee': True}),
    'missing field': {'seq': 1, 'type': 'event', 'event': 'stopped', 'body': {'threadId': 1}},
    'missing body': answer('threads'),
    'wrong type': stopped(threadId='1'),
    'null body': dict(answer('next'), body=None),
    'null inside': answer('evaluate', {'result': 'x', 'type': None, 'variablesReference': 0}),
    'large thread id': stopped(threadId=2**31),
    'thread id 0': stopped(threadId=0),
    'large reference': answer('variables', {'variables': [dict(VARIABLE, variablesReference=2**31)]}),
    'location without a line': answer('locations', {'source': {'path': 'a.py'}}),
    'unknown field of a location': answer('locations', {'source': {'path': 'a.py'}, 'line': 1, 'text': ''}),
    'location reference 0': answer('evaluate', {'result': 'x', 'variablesReference': 0, 'valueLocationReference': 0}),
    'unknown success': answer('wish'),
    'silent failure': answer('next', success=False),
    'half a pair': answer('evaluate', {'result': '\ud800', 'variablesReference': 0}),
    'seq missing': {'type': 'event', 'event': 'initialized'},
    'request of the client': {'seq': 1, 'type': 'request', 'command': 'next', 'arguments': {'threadId': 1}},
    'no message at all': {'seq': 1, 'type': 'note'},
}


@pytest.mark.parametrize('name', sorted(RIGHT))
def test_right_messages_pass(judge, name):
    assert judge.faults(RIGHT[name]) == []


@pytest.mark.parametrize('name', sorted(WRONG))
def test_wrong_messages_are_refused(judge, name):
    assert judge.faults(WRONG[name])
