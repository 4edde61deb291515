"""The client itself: it must notice what it is there to notice. The adapters here are few lines of
Python that answer one request each, rightly or wrongly."""

import sys

import pytest

import canary
import dap

ADAPTER = '''
import json, sys
stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
def send(message, header=b"Content-Length: %d\\r\\n\\r\\n", ascii=True):
    body = json.dumps(message, ensure_ascii=ascii).encode("utf-8")
    stdout.write(header % len(body) + body)
    stdout.flush()
def answer(seq=1, request_seq=1, command="threads", success=True, **more):
    return dict(dict(type="response", seq=seq, request_seq=request_seq, command=command, success=success), **more)
GOOD = dict(threads=[dict(id=1, name="one")])
stdin.readline(); stdin.readline(); stdin.read(1)
ACT
while stdin.read(1): pass
'''

FAULTS = {
    'not ASCII': 'send(answer(body=dict(threads=[dict(id=1, name="\\u00e4")])), ascii=False)',
    'lower case header': 'send(answer(body=GOOD), header=b"content-length: %d\\r\\n\\r\\n")',
    'no blank in the header': 'send(answer(body=GOOD), header=b"Content-Length:%d\\r\\n\\r\\n")',
    'second header': 'send(answer(body=GOOD), header=b"Content-Length: %d\\r\\nContent-Type: x\\r\\n\\r\\n")',
    'words between messages': 'stdout.write(b"hello\\n"); send(answer(body=GOOD))',
    'two answers': 'send(answer(body=GOOD)); send(answer(seq=2, body=GOOD))',
    'seq twice': 'send(dict(type="event", seq=1, event="initialized")); send(answer(body=GOOD))',
    'wrong command': 'send(answer(command="pause"))',
    'never asked': 'send(answer(request_seq=7, body=GOOD))',
    'against the schema': 'send(answer(body=dict(threads=[dict(id="1", name="one")])))',
    'null body': 'send(answer(body=None))',
    'half a message': 'stdout.write(b"Content-Length: 50\\r\\n\\r\\n{}"); stdout.flush(); stdout.close(); sys.exit(0)',
    'exit status': 'send(answer(body=GOOD)); sys.exit(1)',
    'the secret': 'send(answer(body=dict(threads=[dict(id=1, name="%s")])))' % canary.SECRET,
    'the secret among its errors': 'sys.stderr.write("%s"); send(answer(body=GOOD))' % canary.SECRET,
    'sanitizer report': 'sys.stderr.write("AddressSanitizer: bad"); send(answer(body=GOOD))',
}


def talk(judge, act):
    client = dap.Client(judge, command=[sys.executable, '-c', ADAPTER.replace('ACT', act)])
    client.send('threads', {})
    client.end()
    return client


def test_a_good_adapter_passes(judge):
    client = talk(judge, 'send(answer(body=GOOD))')
    assert client.faults == [] and client.unanswered() == []


@pytest.mark.parametrize('name', sorted(FAULTS))
def test_faults_are_noticed(judge, name):
    assert talk(judge, FAULTS[name]).faults


def test_no_answer_is_noticed(judge):
    assert talk(judge, 'pass').unanswered() == ['threads (1) was never answered']


def test_waiting_ends_when_the_adapter_goes(judge):
    client = dap.Client(judge, command=[sys.executable, '-c', 'pass'])
    with pytest.raises(AssertionError, match='has gone'):
        client.wait_event('stopped')
    client.end()
