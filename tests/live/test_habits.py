"""What editors do that DAP does not ask for, told by their clientID (the paging ones: test_paging.py)."""

import pathlib
import time

import pytest

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def test_one_stop_behind_the_other_in_neovim(debuggee, adapter):
    """nvim-dap sets all going when a second thread stops. Each hit is shown, and one resume moves all."""
    program, client = debuggee('threads.py'), adapter()
    client.initialize(clientID='neovim')
    line = program.line('worker')
    client.attach(program, {program.file: [line]})
    seen = []
    while len(seen) < 15:
        stop = client.wait_stopped('breakpoint')
        assert client.place(stop.thread) == ('worker', line) and 'preserveFocusHint' not in stop.body
        values = client.top_locals(stop.thread)
        seen.append((values['number']['value'], values['turn']['value']))
        time.sleep(0.25)  # the others' stops; what crosses a resume is passed by
        client.not_stopped()
        client.continue_(stop.thread)
    program.wait_line('passed 15')
    assert 'has stopped, too (breakpoint)' in client.console()
    assert sorted(seen) == sorted((str(number), str(turn)) for number in range(3) for turn in range(5))


def test_step_beside_a_waiting_stop_in_neovim(debuggee, adapter):
    """The step takes the thread that waits along: no later resume shows where it was."""
    program, client = debuggee('spinners.py'), adapter()
    client.initialize(clientID='neovim')
    line = program.line('spin')  # the condition takes so long that both are in it when the first stops
    client.attach(program, {program.file: [{'line': line, 'condition': '__import__("time").sleep(0.3) or True'}]})
    stop = client.wait_stopped('breakpoint')
    client.wait_until(lambda: 'has stopped, too (breakpoint)' in client.console(), 'the other one')
    client.set_breakpoints(program.file, [])
    assert client.step('next', stop.thread) == ('spin', line + 1)
    client.continue_(stop.thread)
    program.out.skip()
    for _ in range(3):
        program.wait_line('counts')
    client.not_stopped()


def test_restart_while_stopped(stop_at):
    """nvim-dap looks at a thread that has ended until something has continued, and sets all going at the next stop."""
    program, client, thread = stop_at('loop.py', 'work')
    client.request('restart')
    program.goes_on()
    told = [(one['event'], one['body'].get('reason')) for one in client.events
            if one.get('body', {}).get('threadId') == thread]
    assert told[-2:] == [('continued', None), ('thread', 'exited')]


@pytest.mark.one_pair
def test_lazy_in_neovim(looking):
    """It asks for what is lazy as soon as it sees it, which would use a generator up."""
    program, client, thread = looking(clientID='neovim')
    frame = client.top(thread)['id']
    view = client.children(client.locals(frame)['generator'])['Results View']
    assert view['presentationHint'] == {'attributes': ['readOnly', 'hasSideEffects']}
    assert client.evaluate('list(generator)', frame)['result'] == '[1, 2]'


@pytest.mark.one_pair
def test_jump_in_neovim(stop_at):
    """Its goto_() names the file by URI."""
    program, client, thread = stop_at('jumps.py', 'a')
    path = pathlib.Path(program.file)
    for uri in (path.as_uri(), path.as_uri().replace('j', '%6a')):
        (target,) = client.request('gotoTargets', source={'path': uri}, line=program.line('c'))['targets']
        assert target['label'] == 'jumps.py:%d' % program.line('c')
    for wrong in ('file://', 'file:///none/jumps.py', 'file://%zz'):
        assert client.request('gotoTargets', source={'path': wrong}, line=program.line('c'))['targets'] == []
    client.request('goto', threadId=thread, targetId=target['id'])
    assert client.place(client.wait_stopped('goto').thread) == ('walk', program.line('c'))


@pytest.mark.one_pair
def test_helix(debuggee, adapter):
    """It takes the thread of a `thread` event for the one that is looked at, and does not go to a stop; and what it
    ends without a `terminate` stays attached."""
    program, client = debuggee('threads.py'), adapter()
    assert client.initialize(clientID='hx')['supportsTerminateRequest']
    client.attach(program, {program.file: [program.line('worker')]})
    client.wait_stopped('breakpoint')
    assert len(client.threads()) > 1 and not client.all_events('thread')
    client.request('terminate')
    client.wait_event('terminated')
    program.wait_line('passed 15')


@pytest.mark.one_pair
@pytest.mark.parametrize('client_id', ['sublime', 'zed', 'vscode'])
def test_columns_from_zero(looking, client_id):
    """They announce columns from 1, and count those of completions from 0; dap-mode takes VS Code's name."""
    program, client, thread = looking(clientID=client_id)
    (found,) = [one for one in client.request('completions', frameId=client.top(thread)['id'], text='numb',
                                              column=4)['targets'] if one['label'] == 'number']
    assert (found['start'], found['length']) == (0, 4)
