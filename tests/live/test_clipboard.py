"""evaluate in context "clipboard": the whole value."""

import ast

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def stopped(debuggee, adapter):
    program, client = debuggee('looking.py'), adapter()
    client.attach(program, {program.file: [program.line('stop')]})
    return client, client.top(client.wait_stopped('breakpoint').thread)['id']


def test_whole_repr(stopped):
    client, frame = stopped
    assert client.capabilities['supportsClipboardContext']
    assert client.evaluate('"ab" * 100000', frame, 'clipboard')['result'] == repr('ab' * 100000)
    assert client.evaluate('table', frame, 'clipboard')['result'].count(':') == 10 ** 4
    result = client.evaluate('[text, pair]', frame, 'clipboard')
    assert result['result'].replace("u'", "'") == "['plain', (1, 2)]" and result['variablesReference'] == 0


def test_all_characters(stopped, pair):
    """As they come from repr(), with whatever the wires make of them."""
    client, frame = stopped
    text = 'a\\b\'"\n\t\r\x00\x1b\xe9\u0101\u2713\U0001f600' + '\u2713' * 70000 + '\U0001f600' * 30001
    for expression in (repr(text) if pair.python.version[0] > 2 else 'u' + ascii(text),
                       'u"%s"' % ''.join('\\U%08x' % ord(one) for one in text[:20])):
        result = client.evaluate(expression, frame, 'clipboard')['result']
        if pair.python.version[0] > 2:
            assert result == repr(ast.literal_eval(expression))
        else:
            assert ast.literal_eval(result) == ast.literal_eval(expression)


def test_bytes_and_broken_characters(stopped, pair):
    """Python 2's ptvsd detaches when it is to send such bytes."""
    client, frame = stopped
    assert client.evaluate('b"\\xff\\xfe" * 3', frame, 'clipboard')['result'].lstrip('b') == repr(b'\xff\xfe' * 3)[1:]
    own = 'type("Own", (object,), {"__repr__": lambda self: %s})()'
    if pair.python.is2:
        assert client.evaluate(own % '"caf\\xc3\\xa9 \\xe9"', frame, 'clipboard')['result'] in ('caf\xc3\xa9 \xe9', 'caf\xe9 \xe9')
    else:
        assert client.evaluate(own % '"\\ud800 a\\tb\\nc"', frame, 'clipboard')['result'] == '\ufffd a\tb\nc'
    assert client.evaluate('number', frame)['result'] == '42'


def test_ten_megabytes(stopped):
    client, frame = stopped
    result = client.evaluate('"0123456789" * 1000000', frame, 'clipboard')['result']
    assert len(result) == 10000002 and result == repr('0123456789' * 1000000)


def test_ten_megabytes_while_signals_arrive(stopped):
    """A signal ends a send() in its middle: who does not send the rest has broken the connection."""
    client, frame = stopped
    client.evaluate('import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\n'
                    'signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)', frame, 'repl')
    result = client.evaluate('"0123456789" * 1000000', frame, 'clipboard')['result']
    assert result == repr('0123456789' * 1000000)
    client.evaluate('signal.setitimer(signal.ITIMER_REAL, 0)', frame, 'repl')


def test_failures(stopped):
    client, frame = stopped
    assert 'no_such_name' in client.evaluate_refused('no_such_name', frame, 'clipboard')
    assert 'division' in client.evaluate_refused('1 // 0', frame, 'clipboard')
    assert client.evaluate_refused('1 +', frame, 'clipboard')
    assert 'characters' in client.evaluate_refused('"a" * 40000000', frame, 'clipboard')
    assert client.evaluate('number', frame, 'clipboard')['result'] == '42'
