"""exceptionInfo at exception stops, on every wire with a traceback."""

import pytest

import packages

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(debuggee, adapter):
    def start(word, *filters):
        program, client = debuggee('raises.py', word), adapter()
        client.attach(program, exceptions=list(filters))
        thread = client.wait_stopped('exception').thread
        return program, client, thread, client.request('exceptionInfo', threadId=thread)
    return start


def test_raised(stopped):
    program, client, thread, info = stopped('caught', 'raised')
    assert (info['exceptionId'], info['description'], info['breakMode']) == ('ValueError', 'caught one', 'always')
    details = info['details']
    assert (details['message'], details['typeName'], details['fullTypeName']) == (
        'caught one', 'ValueError', 'ValueError')
    lines = details['stackTrace'].splitlines()
    assert lines[0] == 'Traceback (most recent call last):' and lines[-1] == 'ValueError: caught one'
    assert lines[-3:-1] == ['  File "%s", line %d, in boom' % (program.file, program.line('boom')),
                            '    raise ValueError(text)  # line: boom']
    assert [line.split(' in ')[1] for line in lines if line.startswith('  File')] == [
        '<module>', 'caught', 'through', 'boom']


def test_object(stopped, pair):
    """From ptvsd 3.0 on the exception itself can be evaluated."""
    program, client, thread, info = stopped('caught', 'raised')
    name = info['details'].get('evaluateName')
    assert (name is not None) == (pair.release >= '3.0')
    if name:
        result = client.evaluate(name + '.args', client.top(thread)['id'], 'watch')
        assert result['result'].replace("u'", "'") == "('caught one',)"


def test_uncaught(stopped):
    program, client, thread, info = stopped('missing', 'uncaught')
    assert (info['exceptionId'], info['breakMode']) == ('KeyError', 'unhandled')
    assert info['details']['stackTrace'].endswith("KeyError: 'no such key'\n")


def test_both_filters(stopped):
    program, client, thread, info = stopped('caught', 'raised', 'uncaught')
    assert info['breakMode'] == 'always'


def test_type_of_the_program(stopped):
    program, client, thread, info = stopped('special', 'uncaught')
    assert info['exceptionId'] == info['details']['fullTypeName'] == '__main__.Special'
    assert info['details']['typeName'] == 'Special'


def test_refused(stopped, debuggee, adapter):
    program, client, thread, info = stopped('caught', 'raised')
    assert 'not stopped at an exception' in client.refused('exceptionInfo', threadId=98765)
    assert 'threadId' in client.refused('exceptionInfo')
    client.request('setExceptionBreakpoints', filters=[])
    client.request('next', threadId=thread)
    client.wait_stopped('step')
    assert 'not stopped at an exception' in client.refused('exceptionInfo', threadId=thread)


CHAIN = """
class Own(Exception): pass
def deep():
    try:
        {}['key']
    except KeyError:
        raise Own('middle')
try:
    deep()
except Own as error:
    raise ValueError('outer') from error
"""


def test_inner_exceptions(pair, adapter, tmp_path):
    """From the one that stopped it to the first; Python 2 does not know from what one came."""
    client = adapter()
    client.initialize()
    program = tmp_path / 'chain.py'
    program.write_text(CHAIN.replace(' from error', '') if pair.python.is2 else CHAIN)
    seq = client.send('launch', {'program': str(program), 'python': pair.python.path,
                                 'ptvsdPath': packages.ptvsd(pair.release)})
    client.wait_initialized(seq)
    client.request('setExceptionBreakpoints', filters=['uncaught'])
    client.request('configurationDone')
    client.body(seq)
    stop = client.wait_stopped('exception')
    details = client.request('exceptionInfo', threadId=stop.thread)['details']
    found = []
    while 'innerException' in details:
        (details,) = details['innerException']
        found.append((details['fullTypeName'], details['typeName'], details['message']))
        assert details['stackTrace'].count('in deep') == 1
    assert found == ([] if pair.python.is2 else [('__main__.Own', 'Own', 'middle'), ('KeyError', 'KeyError', "'key'")])
    client.disconnect()
