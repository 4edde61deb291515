"""Steps end exactly where sys.settrace says they must (see expected.py)."""

import random

import expected

KINDS = {'into': 'stepIn', 'over': 'next', 'out': 'stepOut'}


def stop_at_start(debuggee, adapter, marker='start', program='steps.py'):
    """A program stopped on the marked line, and its recorded double stopped there as well."""
    program, client = debuggee(program), adapter()
    line = program.line(marker)
    walk = expected.Walk(expected.record(program), line)
    client.attach(program, {program.file: [line]})
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == walk.place
    client.set_breakpoints(program.file, [])
    return program, client, stop.thread, walk


def follow(client, thread, walk, kinds):
    """Steps both the same way and compares every stop, until back at module level."""
    got, want = [], []
    for kind in kinds:
        want.append(getattr(walk, kind)())
        got.append(client.step(KINDS[kind], thread))
        if got != want or walk.function == '<module>':
            break
    assert got == want
    return want


def test_step_into_everything(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter)
    places = follow(client, thread, walk, ['into'] * 200)
    assert len(places) > 60 and places[-1] == ('<module>', program.line('call'))
    assert {'leaf', 'branch', 'count_to', 'guarded', '__init__', 'double', '<lambda>'} <= {
        name for name, _ in places}
    client.continue_(thread)
    program.wait_line('done')


def test_step_over_everything(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter)
    places = follow(client, thread, walk, ['over'] * 100)
    assert places[-1] == ('<module>', program.line('call'))
    client.continue_(thread)
    program.wait_line('done')
    client.not_stopped()


def test_step_out_at_once(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter)
    assert follow(client, thread, walk, ['out']) == [('<module>', program.line('call'))]
    client.continue_(thread)
    program.wait_line('done')


def test_step_out_of_every_depth(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter, marker='leaf')
    follow(client, thread, walk, ['out', 'into', 'into', 'out', 'over', 'into', 'out', 'out'])


def any_kind(chance, walk, count):
    """Kinds of steps by chance; out only where it does not end the walk."""
    for _ in range(count):
        yield chance.choice(['into', 'into', 'into', 'over'] + (['out'] if walk.function != 'main' else []))


def test_steps_of_all_kinds_mixed(debuggee, adapter):
    for seed in range(2):
        program, client, thread, walk = stop_at_start(debuggee, adapter)
        places = follow(client, thread, walk, any_kind(random.Random(seed), walk, 60))
        assert len(places) > 20
        client.disconnect()


def test_step_over_stays_in_its_frame_of_a_recursion(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter, 'recur', 'recursion.py')
    assert client.top_locals(thread)['number']['value'] == '5'
    assert follow(client, thread, walk, ['over']) == [('factorial', program.line('multiply'))]
    assert client.top_locals(thread)['smaller']['value'] == '24'
    assert len([one for one in client.stack(thread) if one['name'] == 'factorial']) == 1


def test_into_and_out_of_a_recursion(debuggee, adapter):
    program, client, thread, walk = stop_at_start(debuggee, adapter, 'recur', 'recursion.py')
    follow(client, thread, walk, ['into', 'over', 'into', 'over', 'over', 'out', 'over', 'over', 'over'])
    client.continue_(thread)
    program.wait_line('factorial 120')


def test_recursion_has_a_frame_for_each_call(debuggee, adapter):
    program, client = debuggee('recursion.py'), adapter()
    client.attach(program, {program.file: [program.line('bottom')]})
    stop = client.wait_stopped('breakpoint')
    frames = client.stack(stop.thread)
    calls = [one for one in frames if one['name'] == 'factorial']
    assert [client.locals(one['id'])['number']['value'] for one in calls] == ['1', '2', '3', '4', '5']
    assert len({one['id'] for one in frames}) == len(frames)


def test_step_with_granularity(debuggee, adapter):
    """nvim-dap and vimspector send it though nobody announced it."""
    program, client, thread, walk = stop_at_start(debuggee, adapter)
    client.request('next', threadId=thread, granularity='statement')
    client.wait_stopped('step')
    assert client.place(thread) == walk.over()


def test_continue_after_an_interrupted_step(debuggee, adapter):
    """A step that a breakpoint interrupted is forgotten by continue."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('call')]})
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(program.file, [program.line('text')])
    client.request('next', threadId=stop.thread)
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    program.goes_on()
    client.not_stopped()


def test_into_a_function_and_out(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('call')]})
    stop = client.wait_stopped('breakpoint')
    assert client.step('stepIn', stop.thread) == ('work', program.line('work'))
    assert client.step('next', stop.thread) == ('work', program.line('text'))
    assert client.step('stepOut', stop.thread) == ('<module>', program.line('call'))
