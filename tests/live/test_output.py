"""What the program prints reaches the editor whole, in order, once."""

import os
import time

import pytest


def test_output(debuggee, adapter, pair):
    program, client = debuggee('output.py'), adapter()
    client.attach(program)
    program.wait_line('END')
    client.wait_output('END\n')
    lines = ['line %d' % number for number in range(300)]
    if pair.wire == 8:
        assert client.output('stderr') == 'two\n'
        out = client.output('stdout').splitlines()
        assert out == ['one', 'three without end'] + lines + ['END']
    else:
        assert client.output().splitlines() == ['one', 'two', 'three without end'] + lines + ['END']
    program.write('')
    client.wait_output('END\n', count=2)
    assert client.output().count('again 1\n') == 1


def test_output_that_is_no_text(debuggee, adapter, pair):
    """By itself ptvsd takes it for the end of the session, and says so to nobody; or fails in the program."""
    program, client = debuggee('raw_output.py'), adapter()
    client.attach(program, {program.file: [program.line('end')]})
    stop = client.wait_stopped('breakpoint')
    client.wait_output('END\n')
    shown = client.output()
    assert 'raw \ufffd\ufffd end\n' in shown or u'raw \xff\xfe end\n' in shown
    assert 'lone' in shown or pair.wire < 7
    assert pair.python.version >= (3,) or 'array\nbuffer\ndisguised\n' in shown
    assert client.evaluate('refused', client.top(stop.thread)['id'])['result'] == '1'
    client.continue_(stop.thread)
    assert program.exit_code() == 0


def test_silent_detach_is_told(debuggee, adapter, pair):
    """Without the guard ptvsd detaches and tells nobody; version 8 can be asked."""
    program, client = debuggee('bytes2.py'), adapter()
    client.attach(program, dropGuard=False)
    program.tell('go')
    client.wait_event('terminated')
    assert 'has ended the session by itself' in client.output('important')
    program.tell('stop')
    assert program.exit_code() == 0


def test_much_output(debuggee, adapter):
    """Long enough for PyPy's compiler to look at what ptvsd and the drop guard do for each line."""
    program, client = debuggee('much.py'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_output('END\n')
    lines = [line for line in client.output().splitlines() if line.startswith('line ')]
    assert lines == ['line %d' % number for number in range(6000)]
    assert program.exit_code() == 0


@pytest.mark.one_pair
def test_slow_editor_is_sent_all_after_the_end(debuggee, adapter):
    """It has not read of the end yet when the time for its disconnect is over."""
    program, client = debuggee('much.py', changed={"'line %d'": "'line %0200d'"}), adapter()
    client.attach(program)

    def receive_slowly():
        time.sleep(0.05)
        return os.read(client.process.stdout.fileno(), 8192)

    client.receive = receive_slowly
    program.tell('go')
    assert program.exit_code() == 0
    client.wait_output('END\n', timeout=60)
    client.wait_event('terminated')


def test_output_still_goes_to_its_terminal(debuggee, adapter):
    program, client = debuggee('output.py'), adapter()
    client.attach(program)
    program.wait_line('END')
    assert [line for line in program.out.lines if line.startswith('line ')] == [
        'line %d' % number for number in range(300)]
    assert program.err.lines == ['two']


def test_output_is_not_doubled_by_another_attach(debuggee, adapter):
    """ptvsd wraps stdout once more at each attach."""
    program = debuggee('loop.py', prints_seen=True)
    for _ in range(3):
        client = adapter()
        client.attach(program, {program.file: [program.line('work')]})
        client.wait_stopped('breakpoint')
        client.disconnect()
    client = adapter()
    client.attach(program)
    program.goes_on()
    client.wait_output('tick', count=8)
    client.disconnect()
    shown = [line for line in client.output().splitlines() if line.startswith('tick')][1:-1]
    assert len(shown) == len(set(shown)) >= 5


def test_stop_comes_after_the_output_before_it(debuggee, adapter):
    program, client = debuggee('output.py'), adapter()
    client.attach(program, {program.file: [program.line('end')]})
    stop = client.wait_stopped('breakpoint')
    names = [event for event in client.events if event['event'] in ('output', 'stopped')]
    before = ''.join(event['body']['output'] for event in names[:[e['event'] for e in names].index('stopped')])
    assert 'END\n' in before
    client.continue_(stop.thread)
    program.write('')
    client.wait_output('again 2')


def test_traceback_of_the_programs_end(debuggee, adapter):
    program, client = debuggee('ends.py', 'raise', prints_seen=True), adapter()
    client.attach(program)
    program.goes_on()  # ptvsd takes the output over only some time after it has let us in
    program.tell('go')
    client.wait_event('terminated')
    assert 'ValueError: the end' in client.output()
