"""A thread that stands inside an import. On Python 2 it has the one lock for all imports as long as it stands there,
and whoever looks up a codec by name for the first time waits for it: so nothing in the program may do that, least of
all the thread that reads ptvsd's commands, since the resume would never be read.
"""

import time

import dap


def rested(client, thread):
    """Its innermost frame: it stops a moment after the one that the pause is told of."""
    deadline = time.monotonic() + dap.PATIENCE
    while True:
        try:
            frame = client.stack(thread)[0]['id']
            assert client.evaluate('len(parts)', frame)['result'] == '2'
            return frame
        except (dap.Refused, IndexError):
            assert time.monotonic() < deadline, client.threads()
            time.sleep(0.02)


def look_around(client):
    for name in ('beside', 'MainThread'):
        client.pause(client.thread_named(name))
        stop = client.wait_stopped('pause')
        frame = rested(client, client.thread_named('beside'))
        parts = client.children(client.locals(frame)['parts'])
        assert [one['value'] for name, one in parts.items() if name[:1] == '['] == ['[1, 2]', "'text'"]
        assert client.evaluate("parts['b']", frame, 'clipboard')['result'] == "'text'"
        names = client.request('completions', frameId=frame, text='par', column=4)['targets']
        assert 'parts' in [one['label'] for one in names]
        client.continue_(stop.thread)


def tell_beside(program, client):
    """Conditions and log points are evaluated in the program: none of its threads may wait."""
    line = program.line('beside')
    client.set_breakpoints(program.file, [{'line': line, 'logMessage': 'turn {turns}', 'hitCondition': '%2'}])
    client.wait_output('turn ')
    client.set_breakpoints(program.file, [{'line': line, 'condition': 'turns and parts'}])
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)


def test_import_begun_after_the_attach(debuggee, adapter):
    """No breakpoint is set: nothing has been read that is text when the thread stands in the import."""
    program, client = debuggee('importing.py'), adapter()
    client.attach(program)
    program.tell('import')
    program.wait_line('importing')
    look_around(client)
    tell_beside(program, client)
    client.disconnect()
    program.tell('done')
    program.wait_line('imported 42')


def test_import_begun_before_the_attach(debuggee, adapter):
    """The attach stop falls into the import, or beside it."""
    program, client = debuggee('importing.py'), adapter()
    program.tell('import')
    program.wait_line('importing')
    client.attach(program, {program.file: [program.line('beside')]})
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    look_around(client)
    tell_beside(program, client)
    client.disconnect()
    program.tell('done')
    program.wait_line('imported 42')
