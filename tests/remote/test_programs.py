"""The other programs on real servers."""

import time

import pytest

import tools

WORK = tools.line_of('work')


def attach_running(debuggee, remote, *names):
    client = debuggee.attach(options='RedirectOutput')
    said = [client.evaluate(remote(name)) for name in names]
    client.resume()
    assert debuggee.goes_on()
    return client, said


def output(client):
    """What the program prints in a while, from the beginning of one pass to that of another."""
    text, deadline = '', time.monotonic() + 0.3
    while time.monotonic() < deadline:
        text += client.wait('output')[2]
    return text[text.index('bytes\nline\n') + 6:text.rindex('bytes\nline\n') + 6]


def test_output_comes_once(pair, start, remote):
    """Each re-attach without the program has it come once more from ptvsd 2.2.0 on."""
    debuggee = start(pair, 'printing')
    doubles = pair[0] >= '2.2'
    for turn in range(4):
        client, _ = attach_running(debuggee, remote)
        if turn == 1:
            debuggee.tell('keep')  # the program keeps its sys.stdout of now, and writes to it
            assert debuggee.goes_on()
        if turn == 3:
            assert output(client).startswith('line\nline\n' if doubles else 'line\nkept\n')
        client.leave()
    for turn in range(3):
        client, said = attach_running(debuggee, remote, 'unwrap_output')
        assert said == ["'unwrapped %d'" % (8 if doubles and not turn else 0)]
        text = output(client)
        assert text == 'line\nkept\nbytes\n' * (len(text) // 16) != ''
        client.leave()


@pytest.mark.only(lambda release, python: release < '2.2')
def test_options_of_old_servers(pair, start, remote):
    """They are put back by hand, and by the guard when the client is lost."""
    debuggee = start(pair, 'plain')
    on = remote('debug_options', "'options': {'DEBUG_STDLIB': True, 'BREAK_ON_SYSTEMEXIT_ZERO': True}")
    off = remote('debug_options', "'options': {}")
    ask = ("[getattr(__import__('sys').modules['%s'], n) for n in"
           " ('DEBUG_STDLIB', 'BREAK_ON_SYSTEMEXIT_ZERO')]" % tools.debugger_module(pair[0]))
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
def test_library_code_is_debugged_on_demand(pair, start, remote):
    debuggee = start(pair, 'plain')
    client = debuggee.attach((1, WORK))
    client.resume()
    client.wait('hit')
    client.evaluate(remote('debug_options', "'options': {'DEBUG_STDLIB': True}"))
    ask = ("__import__('sys').modules['%s'].should_debug_code("
           "__import__('colorsys').rgb_to_hsv.__code__)" % tools.debugger_module(pair[0]))
    assert client.evaluate(ask) == 'True'
    client.evaluate(remote('debug_options', "'options': {}"))
    assert client.evaluate(ask) == 'False'
    client.leave()


@pytest.mark.only(lambda release, python: release >= '3.2')
def test_programs_while_running(pair, start, remote):
    """On wire 8 in a module's name, on the debugger's own thread."""
    debuggee = start(pair, 'printing')
    for _ in range(3):
        client, _ = attach_running(debuggee, remote)
        client.leave()
    client, _ = attach_running(debuggee, remote)
    assert client.evaluate(remote('unwrap_output'), module='ptvsd') == "'unwrapped 6'"
    assert client.evaluate(remote('unwrap_output'), module='ptvsd') == "'unwrapped 0'"
    client.leave()
    assert debuggee.goes_on()
