"""Breakpoints: conditions, changes while the program runs, modules that come late, files alike."""

import shutil
import subprocess

import packages
import pytest


def test_condition(debuggee, adapter):
    program, client = debuggee('conditions.py'), adapter()
    line = program.line('add')
    client.attach(program, {program.file: [{'line': line, 'condition': 'number in (3, 7)'}]})
    seen = []
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        seen.append(client.top_locals(stop.thread)['number']['value'])
        client.continue_(stop.thread)
    program.wait_line('total 45')
    assert seen == ['3', '7']
    client.not_stopped()


def test_module_without_calls_shows_its_stack(debuggee, adapter):
    """ptvsd by itself thinks that the thread is in enable_attach still, and shows nothing. The first stop may
    be the attach stop's very line."""
    program, client = debuggee('quiet.py'), adapter()
    client.attach(program, {program.file: [program.line('beat')]})
    for _ in range(3):
        stop = client.wait_stopped('breakpoint')
        frames = client.stack(stop.thread)
        assert [(frame['name'], frame['line']) for frame in frames] == [('<module>', program.line('beat'))]
        beats = client.evaluate('beats', frames[0]['id'])['result']
        client.continue_(stop.thread)
        assert client.wait_stopped('breakpoint').thread == stop.thread
        assert int(client.top_locals(stop.thread)['beats']['value']) == int(beats) + 1
        client.continue_(stop.thread)


@pytest.mark.pythons('py2.7')
def test_compiled_ptvsd_shows_no_frame_of_its_own(pair, debuggee, adapter, tmp_path):
    """As after each second start of a program on Python 2. (A hit before the drop guard is in shows one all the same.)"""
    package = shutil.copytree(packages.ptvsd(pair.release), str(tmp_path / 'compiled'))
    subprocess.run([pair.python.path, '-m', 'compileall', '-q', package], check=True)
    program, client = debuggee('quiet.py', settings={'PYTHONPATH': package}), adapter()
    client.attach(program)
    client.pause(client.first_thread())
    stop = client.wait_stopped('pause')
    client.set_breakpoints(program.file, [program.line('beat')])
    client.continue_(stop.thread)
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        assert [frame['name'] for frame in client.stack(stop.thread)] == ['<module>']
        client.continue_(stop.thread)


def test_condition_that_raises_stops(debuggee, adapter):
    program, client = debuggee('conditions.py'), adapter()
    client.attach(program, {program.file: [{'line': program.line('add'), 'condition': 'no_such_name > 1'}]})
    stop = client.wait_stopped('breakpoint')
    assert client.top_locals(stop.thread)['number']['value'] == '0'


def test_condition_is_changed_taken_away_and_added(debuggee, adapter):
    program, client = debuggee('conditions.py'), adapter()
    line = program.line('add')

    def number_at_next_stop():
        stop = client.wait_stopped('breakpoint')
        return stop.thread, client.top_locals(stop.thread)['number']['value']

    client.attach(program, {program.file: [{'line': line, 'condition': 'number == 2'}]})
    thread, number = number_at_next_stop()
    assert number == '2'
    client.set_breakpoints(program.file, [{'line': line, 'condition': 'number == 5'}])
    client.continue_(thread)
    thread, number = number_at_next_stop()
    assert number == '5'
    client.set_breakpoints(program.file, [line])
    client.continue_(thread)
    thread, number = number_at_next_stop()
    assert number == '6'
    client.set_breakpoints(program.file, [{'line': line, 'condition': 'number == 8'}])
    client.continue_(thread)
    thread, number = number_at_next_stop()
    assert number == '8'
    client.set_breakpoints(program.file, [])
    client.continue_(thread)
    program.wait_line('total 45')
    client.not_stopped()


def test_unchanged_breakpoints_keep_their_ids(debuggee, adapter):
    program, client = debuggee('conditions.py'), adapter()
    add, half = program.line('add'), program.line('half')
    first = client.attach(program, {program.file: [add]})[program.file]
    stop = client.wait_stopped('breakpoint')
    both = client.set_breakpoints(program.file, [half, add])
    assert both[1]['id'] == first[0]['id'] != both[0]['id']
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [both[0]['id']]
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [both[1]['id']]


def test_set_and_removed_while_running(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    for _ in range(3):
        (answered,) = client.set_breakpoints(program.file, [program.line('text')])
        client.wait_verified(answered)
        stop = client.wait_stopped('breakpoint')
        assert client.place(stop.thread) == ('work', program.line('text'))
        client.set_breakpoints(program.file, [])
        client.continue_(stop.thread)
        program.goes_on()
    client.not_stopped()


def test_condition_added_while_running(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [{'line': program.line('work'), 'condition': 'False'}]})
    program.goes_on()
    client.set_breakpoints(program.file, [{'line': program.line('work'), 'condition': 'number % 5 == 3'}])
    for _ in range(2):
        stop = client.wait_stopped('breakpoint')
        assert int(client.top_locals(stop.thread)['number']['value']) % 5 == 3
        client.continue_(stop.thread)


def test_two_breakpoints_in_one_file(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    lines = [program.line('work'), program.line('return')]
    answered = client.attach(program, {program.file: lines})[program.file]
    assert len({one['id'] for one in answered}) == 2
    for turn in range(4):
        stop = client.wait_stopped('breakpoint')
        assert client.top(stop.thread)['line'] == lines[turn % 2]
        assert stop.body['hitBreakpointIds'] == [answered[turn % 2]['id']]
        client.continue_(stop.thread)


def test_module_imported_later(debuggee, adapter):
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    (pending,) = client.attach(program, {module: [program.line('triple', 'late_module.py')]})[module]
    assert not pending['verified'] and pending['message']
    program.tell('import')
    bound = client.wait_event('breakpoint', lambda body: body['breakpoint'].get('id') == pending['id'])
    assert bound['reason'] == 'changed' and bound['breakpoint']['verified']
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [pending['id']]
    top = client.top(stop.thread)
    assert (top['name'], top['source']['path']) == ('triple', module)
    client.continue_(stop.thread)
    stop = client.wait_stopped('breakpoint')
    assert client.top_locals(stop.thread)['number']['value'] == '6'
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.wait_event('terminated')


def test_module_level_line_of_a_later_import(debuggee, adapter):
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    client.attach(program, {module: [program.line('module', 'late_module.py')]})
    program.tell('import')
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('<module>', program.line('module', 'late_module.py'))


def test_removed_before_its_module_came(debuggee, adapter):
    """ptvsd brings such breakpoints back when the module is imported: nobody may see that."""
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    client.attach(program, {module: [program.line('triple', 'late_module.py'),
                                     program.line('return', 'late_module.py')]})
    kept = client.set_breakpoints(module, [program.line('return', 'late_module.py')])
    program.tell('import')
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('triple', program.line('return', 'late_module.py'))
    assert stop.body['hitBreakpointIds'] == [kept[0]['id']]
    client.set_breakpoints(module, [])
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.not_stopped()


def test_log_point_removed_before_its_module_came(debuggee, adapter):
    """It never hits, so nobody would notice that ptvsd has brought it back."""
    program, client = debuggee('functions.py'), adapter()
    module = program.path('late_module.py')
    client.attach(program, {module: [{'line': program.line('triple', 'late_module.py'), 'logMessage': 'seen {number}'}]})
    client.set_breakpoints(module, [])
    program.tell('import')
    program.wait_line('late ')
    for _ in range(3):
        program.goes_on()
    before = client.output().count('seen ')
    for _ in range(3):
        program.goes_on()
    assert client.output().count('seen ') == before
    client.not_stopped()


def test_removed_and_set_again_before_its_module_came(debuggee, adapter):
    """Both stand on the line when it is imported, and ptvsd names one of them: it is the other's hit."""
    program, client = debuggee('late.py'), adapter()
    module, line = program.path('late_module.py'), program.line('module', 'late_module.py')
    client.attach(program, {module: [line]})
    client.set_breakpoints(module, [])
    (kept,) = client.set_breakpoints(module, [line])
    program.tell('import')
    stop = client.wait_stopped('breakpoint')
    assert stop.body.get('hitBreakpointIds', [kept['id']]) == [kept['id']]  # ptvsd 4.x tells none
    assert client.place(stop.thread) == ('<module>', line)
    client.set_breakpoints(module, [])
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.not_stopped()


RELATIVE = {'import shapes': "sys.path.insert(0, '.')\nimport shapes"}


@pytest.mark.parametrize('when', ['bound', 'pending'])
def test_edited_where_its_module_has_a_relative_name(debuggee, adapter, when):
    """Up to 2.1.0 it stands in ptvsd's table under that name, too, when its module has come; an edit finds one of the two."""
    program, client = debuggee('functions.py', changed=RELATIVE), adapter()
    module, line = program.path('late_module.py'), program.line('triple', 'late_module.py')
    (pending,) = client.attach(program, {module: [{'line': line, 'condition': 'number % 10 == 1'}]})[module]
    if when == 'bound':
        program.tell('import')
        client.wait_verified(pending)
        stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(module, [{'line': line, 'condition': 'number % 10 == 5'}])
    if when == 'bound':
        client.continue_(stop.thread)
    else:
        program.tell('import')
    for _ in range(4):
        stop = client.wait_stopped('breakpoint')
        assert int(client.top_locals(stop.thread)['number']['value']) % 10 == 5
        client.continue_(stop.thread)
    client.set_breakpoints(module, [])
    program.goes_on()
    client.not_stopped()


def test_edited_log_point_where_its_module_has_a_relative_name(debuggee, adapter):
    program, client = debuggee('functions.py', changed=RELATIVE), adapter()
    module, line = program.path('late_module.py'), program.line('triple', 'late_module.py')
    client.attach(program, {module: [{'line': line, 'logMessage': 'first {number}'}]})
    program.tell('import')
    client.wait_output('first ', 3)
    client.set_breakpoints(module, [{'line': line, 'logMessage': 'second {number}'}])
    client.wait_output('second ', 5)
    behind = client.output().partition('second ')[2]
    assert 'first ' not in behind
    numbers = [int(row.split()[1]) for row in behind.splitlines() if row.startswith('second ')]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_pending_of_an_earlier_session(debuggee, adapter):
    """Pending breakpoints survive a detach in ptvsd; the next session must not stop at them."""
    program, client = debuggee('late.py'), adapter()
    client.attach(program, {program.path('late_module.py'): [program.line('triple', 'late_module.py')]})
    client.disconnect()
    again = adapter()
    again.attach(program)
    program.tell('import')
    program.wait_line('later 18')
    again.not_stopped()


def test_file_that_is_never_loaded_says_why(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    path = program.path('late_module.py')
    (pending,) = client.attach(program, {path: [3]})[path]
    assert not pending['verified']
    assert 'late_module.py' in pending['message']


@pytest.mark.parametrize('wanted, other', [('one', 'two'), ('two', 'one')])
def test_same_name_in_two_directories(debuggee, adapter, wanted, other):
    program, client = debuggee('dialogs.py'), adapter()
    path = program.path(wanted + '/dialog.py')
    line = program.line('show', wanted + '/dialog.py')
    program.goes_on()
    (answered,) = client.attach(program, {path: [line]})[path]
    client.wait_verified(answered)
    for _ in range(3):
        stop = client.wait_stopped('breakpoint')
        assert client.top(stop.thread)['source']['path'] == path
        assert client.top_locals(stop.thread)['where']['value'].strip('\'"') == wanted
        client.continue_(stop.thread)
    client.set_breakpoints(path, [])


def test_same_name_set_before_both_are_loaded(debuggee, adapter):
    """Unbound, ptvsd goes by the name alone: the hit in the other file is passed over."""
    program, client = debuggee('dialogs.py'), adapter()
    path, line = program.path('two/dialog.py'), program.line('show', 'two/dialog.py')
    client.attach(program, {path: [line]})
    for _ in range(3):
        stop = client.wait_stopped('breakpoint')
        assert client.top(stop.thread)['source']['path'] == path
        client.continue_(stop.thread)


def test_breakpoints_in_both_of_the_same_name(debuggee, adapter):
    program, client = debuggee('dialogs.py'), adapter()
    program.goes_on()
    paths = [program.path('one/dialog.py'), program.path('two/dialog.py')]
    answered = client.attach(program, {path: [program.line('show', path)] for path in paths})
    seen = []
    for _ in range(4):
        stop = client.wait_stopped('breakpoint')
        seen.append(client.top(stop.thread)['source']['path'])
        assert stop.body['hitBreakpointIds'] == [answered[seen[-1]][0]['id']]
        client.continue_(stop.thread)
    assert seen[:2] == seen[2:] and set(seen) == set(paths)


def test_setting_for_a_file_without_any(debuggee, adapter):
    """dap-mode sends an empty list for every open file."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.path('steps.py'): []})
    assert client.set_breakpoints('/no/such/file.py', []) == []
    program.goes_on()


def test_breakpoint_where_a_step_ends(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work'), program.line('text')]})
    stop = client.wait_stopped('breakpoint')
    client.request('next', threadId=stop.thread)
    stop = client.wait_stopped()
    assert stop.reason in ('step', 'breakpoint')
    assert client.place(stop.thread) == ('work', program.line('text'))
    assert client.step('next', stop.thread) == ('work', program.line('return'))
    client.not_stopped()
