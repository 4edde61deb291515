"""Jumping to another line (gotoTargets, goto, restartFrame)."""

import pytest

import dap

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


def targets(client, program, line):
    source = {'path': program.file, 'name': 'jumps.py'}
    return client.request('gotoTargets', source=source, line=line)['targets']


def jump(client, program, thread, line):
    """Where the thread stands afterwards."""
    (target,) = targets(client, program, line)
    assert target['line'] == line
    client.request('goto', threadId=thread, targetId=target['id'])
    stop = client.wait_stopped('goto')
    assert stop.thread == thread
    return client.place(thread)


def jump_refused(client, program, thread, line):
    (target,) = targets(client, program, line)
    message = client.refused('goto', threadId=thread, targetId=target['id'])
    client.not_stopped()
    return message


def test_jump_forward(stop_at):
    program, client, thread = stop_at('jumps.py', 'a')
    assert jump(client, program, thread, program.line('c')) == ('walk', program.line('c'))
    assert client.top_locals(thread)['seen']['value'] == '[]'
    assert client.step('next', thread) == ('walk', program.line('call'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed c leaf 1 2 d'


def test_jump_back(stop_at):
    """A step behind it ends on the next line, though that is where the thread had stopped before."""
    program, client, thread = stop_at('jumps.py', 'a')
    assert client.step('next', thread) == ('walk', program.line('b'))
    assert jump(client, program, thread, program.line('a')) == ('walk', program.line('a'))
    assert client.step('next', thread) == ('walk', program.line('b'))
    assert jump(client, program, thread, program.line('a')) == ('walk', program.line('a'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a a a b c leaf 1 2 d'
    client.not_stopped()


def test_jump_to_a_breakpoint_and_over_one(stop_at):
    program, client, thread = stop_at('jumps.py', 'a')
    client.set_breakpoints(program.file, [program.line('b'), program.line('d')])
    jump(client, program, thread, program.line('c'))
    client.continue_(thread)
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('walk', program.line('d'))
    jump(client, program, thread, program.line('b'))
    client.set_breakpoints(program.file, [])
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed c leaf 1 2 b c leaf 1 2 d'


def test_jump_to_a_line_without_code(stop_at):
    """Goes on to the next line with code."""
    program, client, thread = stop_at('jumps.py', 'a')
    assert jump(client, program, thread, program.line('c') - 1) == ('walk', program.line('c'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed c leaf 1 2 d'


def test_jumps_that_python_refuses(stop_at):
    """Into a loop, and behind the function; the reason is Python's, and nothing has changed."""
    program, client, thread = stop_at('jumps.py', 'a')
    assert 'into' in jump_refused(client, program, thread, program.line('loop'))
    assert 'after the current code block' in jump_refused(client, program, thread, program.line('main'))
    assert client.place(thread) == ('walk', program.line('a'))
    assert client.step('next', thread) == ('walk', program.line('b'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a b c leaf 1 2 d'


def test_no_jump_right_after_a_return(stop_at):
    """There an old Python would jump and crash later."""
    program, client, thread = stop_at('jumps.py', 'leaf')
    assert client.step('stepOut', thread) == ('walk', program.line('call'))
    assert 'step once' in jump_refused(client, program, thread, program.line('a'))
    assert client.step('next', thread)[0] == 'walk'
    jump(client, program, thread, program.line('d'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a b c leaf d'


def test_jump_at_an_exception_is_refused(debuggee, adapter):
    program, client = debuggee('raises.py', 'handled'), adapter()
    client.attach(program, exceptions=['raised'])
    stop = client.wait_stopped('exception')
    top = client.top(stop.thread)
    found = client.request('gotoTargets', source=top['source'], line=top['line'])['targets']
    assert 'step once' in client.refused('goto', threadId=stop.thread, targetId=found[0]['id'])
    client.request('setExceptionBreakpoints', filters=[])
    client.continue_(stop.thread)
    program.wait_line('done')


@pytest.mark.parametrize('marker, to, why', [('part', 'out', 'inside a statement'), ('except', 'out', 'is caught'),
                                             ('wide', 'part', 'lies inside'), ('wide', 'except', 'catches')])
def test_jump_only_between_statements(stop_at, marker, to, why):
    """Python lets a frame leave values on its stack, or take some that are not there: sooner or later the program
    crashes."""
    program, client, thread = stop_at('jumps.py', marker)
    assert why in jump_refused(client, program, thread, program.line(to))
    client.continue_(thread)
    assert program.wait_line('wide') == 'wide wide 1 end caught'


def test_jump_without_the_text(stop_at):
    """What is not known to be safe is refused."""
    program, client, thread = stop_at('jumps.py', 'a')
    with open(program.file) as same:
        text = same.read()
    with open(program.file, 'a') as changed:
        changed.write('\n# more\n')
    assert jump(client, program, thread, program.line('b')) == ('walk', program.line('b'))
    with open(program.file, 'w') as changed:
        changed.write(text.replace("seen.append('d')", "seen.append('other')"))
    assert 'it has changed' in jump_refused(client, program, thread, program.line('c'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed b c leaf 1 2 d'


def test_no_targets(stop_at):
    """In another file, and in front of the function; while it runs the request is refused."""
    program, client, thread = stop_at('jumps.py', 'a')
    assert targets(client, program, program.line('leaf')) == []
    other = {'path': program.path('loop.py')}
    assert client.request('gotoTargets', source=other, line=20)['targets'] == []
    assert client.request('gotoTargets', source={}, line=20)['targets'] == []
    assert 'no goto target 77' in client.refused('goto', threadId=thread, targetId=77)
    (target,) = targets(client, program, program.line('c'))
    assert client.refused('goto', threadId=987654, targetId=target['id'])
    assert client.step('stepOut', thread) == ('<module>', program.line('main'))
    assert client.refused('goto', threadId=thread, targetId=target['id'])
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a b c leaf 1 2 d'


# ---- restartFrame

def test_restart_frame(stop_at):
    """The locals stay; a breakpoint on the way is met again, and a step goes on from there."""
    program, client, thread = stop_at('jumps.py', 'c')
    top, main = client.stack(thread)
    assert top['canRestart'] and not main['canRestart']
    client.request('restartFrame', frameId=top['id'])
    assert client.wait_stopped('restart').thread == thread
    assert client.place(thread) == ('walk', program.line('first'))
    assert client.top_locals(thread)['seen']['value'] == "['a', 'b']"
    assert client.step('next', thread) == ('walk', program.line('a'))
    assert client.top_locals(thread)['seen']['value'] == '[]'
    client.set_breakpoints(program.file, [program.line('c')])
    client.continue_(thread)
    assert client.place(client.wait_stopped('breakpoint').thread) == ('walk', program.line('c'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a b c leaf 1 2 d'


def test_restart_frame_that_is_not_the_innermost(stop_at):
    program, client, thread = stop_at('jumps.py', 'leaf')
    outer = client.stack(thread)[1]
    assert 'innermost' in client.refused('restartFrame', frameId=outer['id'])
    assert 'over' in client.refused('restartFrame', frameId=987654)
    assert 'frameId' in client.refused('restartFrame')
    assert client.place(thread) == ('leaf', program.line('leaf'))
    client.continue_(thread)
    assert program.wait_line('passed') == 'passed a b c leaf 1 2 d'
    client.not_stopped()


def test_restart_frame_in_a_loop_with_a_closure(stop_at):
    """What the function does before its first line is not done twice: it would wrap the cell once more."""
    program, client, thread = stop_at('jumps.py', 'closed')
    client.request('restartFrame', frameId=client.top(thread)['id'])
    client.wait_stopped('restart')
    assert client.place(thread) == ('closure', program.line('cell'))
    client.continue_(thread)
    assert program.wait_line('closed') == 'closed 3'


def test_restart_frame_of_a_generator_is_refused(stop_at):
    program, client, thread = stop_at('jumps.py', 'yielding')
    message = client.refused('restartFrame', frameId=client.top(thread)['id'])
    assert 'generator' in message
    client.continue_(thread)
    assert program.wait_line('closed') == 'closed 3'


def test_goto_is_announced(debuggee, adapter):
    client = adapter()
    capabilities = client.initialize()
    assert capabilities['supportsGotoTargetsRequest'] is True
    assert capabilities['supportsRestartFrame'] is True
    try:
        client.request('gotoTargets', source={'path': '/x.py'}, line=1)
    except dap.Refused:
        return
    assert False, 'gotoTargets before attach'
