"""The other programs on real servers."""

import pytest

import tools

WORK, FIRST, SECOND = (tools.line_of('work'), tools.line_of('first', 'late.py'),
                       tools.line_of('second', 'late.py'))


def module_of(release):
    return 'ptvsd.debugger' if release >= '3.2' else 'ptvsd.visualstudio_py_debugger'


def lines_in(client, seconds=0.5):
    """How often each line came in that time, from the first whole pass on."""
    found = []
    client.count('nothing', 0)
    deadline = tools.time.monotonic() + seconds
    while tools.time.monotonic() < deadline:
        found.append(client.wait('output')[2])
    text = ''.join(found)
    text = text[text.index('line\n'):text.rindex('line\n')]
    return {word: text.count(word) for word in ('line', 'kept', 'bytes')}


def attach_running(debuggee, remote, *names):
    client = debuggee.attach(options='RedirectOutput')
    said = [client.evaluate(remote(name)) for name in names]
    client.resume()
    return client, said


@pytest.mark.every_wire
def test_output_comes_once(pair, start, remote):
    """After re-attaches without the program it comes several times from ptvsd 2.2.0 on."""
    debuggee = start(pair, 'printing')
    for turn in range(4):
        client, _ = attach_running(debuggee, remote)
        assert debuggee.goes_on()
        if turn == 1:
            debuggee.tell('keep')
            assert debuggee.goes_on()
        if turn == 3:
            wrapped = lines_in(client)
        client.leave()
    assert debuggee.goes_on()
    doubles = pair[0] >= '2.2'
    # A pass is a line, one to the kept stream, and on Python 3 one to the buffer.
    for turn in range(3):
        client, said = attach_running(debuggee, remote, 'unwrap_output')
        assert said == ["'unwrapped %d'" % (8 if doubles and not turn else 0)]
        found = lines_in(client)
        assert abs(found['kept'] - found['line']) <= 1
        client.leave()
        assert debuggee.goes_on()
    assert found['line'] > 5
    assert count_once(debuggee, remote)
    if doubles:
        assert wrapped['line'] > 2 * found['line'] > 0
    client = debuggee.attach()
    client.leave()


def count_once(debuggee, remote):
    """Each pass sends each line once."""
    client, _ = attach_running(debuggee, remote)
    client.count('nothing', 0.1)
    before = debuggee.count()
    found = lines_in(client, 0.6)
    passes = debuggee.count() - before
    client.leave()
    return abs(found['line'] - passes) <= 4 and found['bytes'] in (0, found['line'], found['line'] - 1)


@pytest.mark.every_wire
@pytest.mark.parametrize('with_program', [True, False])
def test_breakpoints_are_forgotten(pair, with_program, start, remote):
    """Two on one line of a module that is not imported yet, and one on the next."""
    debuggee = start(pair, 'importing')
    client = debuggee.attach()
    late = debuggee.file.replace('program.py', 'late.py')
    for number, line in ((71, FIRST), (72, SECOND), (73, SECOND)):
        client.set_breakpoint(number, late, line)
    for number, line in ((71, FIRST), (72, SECOND)):
        client.remove_breakpoint(number, late, line)
        client.remove_breakpoint(number, late, line)
    if with_program:
        client.evaluate('0')  # the removals are through
        # 71 and 72 are on the pending list still.
        assert client.evaluate(remote('forget_breakpoints', "'ids': [71, 72]")) == "'forgot 2'"
        assert client.evaluate(remote('forget_breakpoints', "'ids': [71, 72]")) == "'forgot 0'"
    client.resume()
    debuggee.tell('import')
    hits = [client.wait('hit')[2]]
    client.resume()
    try:
        hits.append(client.wait('hit', timeout=0.5)[2])
    except AssertionError:
        pass
    assert hits == ([73] if with_program else [71, hits[-1]])


@pytest.mark.only(lambda release, python: release < '2.2')
def test_options_of_old_servers(pair, start, remote):
    """They are put back by hand, and by the guard when the client is lost."""
    debuggee = start(pair, 'plain')
    on = remote('debug_options', "'options': {'DEBUG_STDLIB': True, 'BREAK_ON_SYSTEMEXIT_ZERO': True}")
    off = remote('debug_options', "'options': {}")
    ask = ("[getattr(__import__('sys').modules['%s'], n) for n in"
           " ('DEBUG_STDLIB', 'BREAK_ON_SYSTEMEXIT_ZERO')]" % module_of(pair[0]))
    client = debuggee.attach((1, WORK))
    client.evaluate(remote('drop_guard'))
    assert client.evaluate(on) == "'set'"
    assert client.evaluate(ask) == '[True, True]'
    assert client.evaluate(off) == "'restored'"
    assert client.evaluate(ask) == '[False, False]'
    assert client.evaluate(on) == "'set'"
    client.rst()
    assert debuggee.goes_on()
    client = debuggee.attach()
    assert client.evaluate(ask) == '[False, False]'
    client.leave()


@pytest.mark.only(lambda release, python: release < '2.2')
def test_stepping_into_the_library(pair, start, remote):
    debuggee = start(pair, 'plain')
    client = debuggee.attach((1, WORK))
    client.resume()
    client.wait('hit')
    client.evaluate(remote('debug_options', "'options': {'DEBUG_STDLIB': True}"))
    client.evaluate("__import__('colorsys')")
    # The whole of tick() is user code; what matters is that the option is obeyed at once.
    assert client.evaluate("__import__('sys').modules['%s'].should_debug_code("
                           "__import__('colorsys').rgb_to_hsv.__code__)" % module_of(pair[0])) == 'True'
    client.evaluate(remote('debug_options', "'options': {}"))
    assert client.evaluate("__import__('sys').modules['%s'].should_debug_code("
                           "__import__('colorsys').rgb_to_hsv.__code__)" % module_of(pair[0])) == 'False'
    client.leave()


@pytest.mark.only(lambda release, python: release >= '3.2')
def test_programs_while_running(pair, start, remote):
    """On wire 8 in a module's name, on the debugger's own thread."""
    debuggee = start(pair, 'printing')
    for _ in range(3):
        client, _ = attach_running(debuggee, remote)
        assert debuggee.goes_on()
        client.leave()
    client, _ = attach_running(debuggee, remote)
    assert debuggee.goes_on()
    assert client.evaluate(remote('unwrap_output'), module='ptvsd') == "'unwrapped 6'"
    assert client.evaluate(remote('unwrap_output'), module='ptvsd') == "'unwrapped 0'"
    assert client.evaluate(remote('forget_breakpoints', "'ids': []"), module='ptvsd') == "'forgot 0'"
    client.leave()
    assert debuggee.goes_on()
