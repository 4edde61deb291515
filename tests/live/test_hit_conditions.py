"""Hit counts: of ptvsd where the wire has them, else counted in the condition; both must be alike."""

import pytest


@pytest.fixture
def counted(debuggee, adapter):
    """counted({...}) attaches with this breakpoint on the counted line; gives (program, client)."""
    def start(breakpoint, marker='pass'):
        program, client = debuggee('counts.py'), adapter()
        answered = client.attach(program, {program.file: [dict(breakpoint, line=program.line(marker))]})
        client.wait_verified(answered[program.file][0])
        return program, client
    return start


def stops_until(program, client, done, name='number'):
    """The values of the local at each stop until the program says that it is done."""
    seen = []
    while True:
        stop = next_stop_or_line(program, client, done)
        if stop is None:
            return seen
        seen.append(int(client.top_locals(stop.thread)[name]['value']))
        client.continue_(stop.thread)


def edit(program, client, *breakpoints):
    """Returns when ptvsd knows: it answers only to a new breakpoint, which is set behind the others,
    on a line that is never passed again."""
    edit.line += 1
    wanted = [dict(one, line=program.line('pass')) for one in breakpoints]
    *answered, new = client.set_breakpoints(program.file, wanted + [edit.line])
    client.wait_verified(new)
    return answered


edit.line = 0


def next_stop_or_line(program, client, line):
    """The next stop, or None when the program has printed the line before one."""
    start = program.out.seen

    def found():
        event = client.find_event('stopped', lambda body: True)
        if event:
            return event['body']
        if any(text.startswith(line) for text in program.out.lines[start:]):
            return 'done'
    for _ in range(150):
        try:
            body = client.wait_until(found, 'a stop or %r' % line, timeout=0.1)
            break
        except AssertionError:
            if client.over:
                raise
    else:
        raise AssertionError('neither a stop nor %r' % line)
    if body == 'done':
        program.wait_line(line)
        return None
    assert body['reason'] == 'breakpoint'
    return client_stop(body)


def client_stop(body):
    import dap
    return dap.Stop(body['threadId'], body['reason'], body)


def run(program, client, count, what='loop'):
    program.write('%s %d' % (what, count))
    return stops_until(program, client, 'done ' + what, {'recursion': 'depth', 'threads': 'turn'}.get(what, 'number'))


CASES = (('5', [4]), ('==5', [4]), ('>5', [5, 6, 7]), (' >= 5 ', [4, 5, 6, 7]), ('%3', [2, 5]),
         ('<3', [0, 1]), ('<=3', [0, 1, 2]), ('1', [0]), ('>0', list(range(8))), ('9', []))


@pytest.mark.parametrize('hits, stops', CASES, ids=[hits.strip() for hits, _ in CASES])
def test_hit_condition(counted, hits, stops):
    program, client = counted({'hitCondition': hits})
    assert run(program, client, 8) == stops
    client.not_stopped()


def test_with_a_condition_true_passes_count(counted):
    program, client = counted({'condition': 'number % 2', 'hitCondition': '%2'})
    assert run(program, client, 12) == [3, 7, 11]


def test_below_with_a_condition(counted):
    program, client = counted({'condition': 'number % 2', 'hitCondition': '<3'})
    assert run(program, client, 12) == [1, 3]


@pytest.mark.parametrize('hits', ['==2', '<2'])
def test_failing_condition_counts_as_true(counted, hits):
    program, client = counted({'condition': 'no_such > 1', 'hitCondition': hits})
    assert run(program, client, 5) == ([1] if hits == '==2' else [0])


def test_recursion(counted):
    program, client = counted({'hitCondition': '%4'}, 'down')
    assert run(program, client, 9, 'recursion') == [6, 2]
    assert run(program, client, 4, 'recursion') == [2]


@pytest.mark.parametrize('hits, stops', [('==250', 1), ('%100', 3), ('<=3', 3), ('301', 0)])
def test_three_threads_on_one_line(counted, hits, stops):
    """A stop stops all: what other threads hit meanwhile comes with it or right after."""
    program, client = counted({'hitCondition': hits}, 'worker')
    assert len(run(program, client, 0, 'threads')) == stops


BAD = ('abc', '0', '%0', '==0', '<1', '<=0', '-1', '5 6', '=5', '%', '99999999999', '2147483648', '1.5')


def test_bad_hit_conditions_say_what_is_allowed(debuggee, adapter):
    program, client = debuggee('counts.py'), adapter()
    wanted = [{'line': 1, 'hitCondition': text} for text in BAD]
    wanted.append({'line': program.line('pass'), 'hitCondition': '3'})
    answered = client.attach(program, {program.file: wanted})[program.file]
    for one in answered[:-1]:
        assert not one['verified'] and '>=5' in one['message'] and '%5' in one['message']
    client.wait_verified(answered[-1])
    assert run(program, client, 8) == [2]
    (mended,) = client.set_breakpoints(program.file, [{'line': program.line('pass'), 'hitCondition': '5'}])
    assert mended['verified']


def test_edited_in_place_the_count_goes_on(counted):
    program, client = counted({'hitCondition': '3'})
    assert run(program, client, 4) == [2]
    first = edit(program, client, {'hitCondition': '6'})
    assert run(program, client, 4) == [1]
    assert edit(program, client, {'hitCondition': '<12'})[0]['id'] == first[0]['id']
    assert run(program, client, 4) == [0, 1, 2]
    edit(program, client, {'hitCondition': '>=15'})
    assert run(program, client, 4) == [2, 3]
    edit(program, client, {'hitCondition': '18', 'condition': 'number > 1'})
    assert run(program, client, 4) == [3]
    edit(program, client, {'condition': 'number == 1'})
    assert run(program, client, 4) == [1]


def test_removed_and_set_again_the_count_is_new(counted):
    program, client = counted({'hitCondition': '3'})
    assert run(program, client, 4) == [2]
    edit(program, client)
    assert run(program, client, 4) == []
    edit(program, client, {'hitCondition': '3'})
    assert run(program, client, 4) == [2]


def test_attached_again_the_count_is_new(counted, adapter):
    program, client = counted({'hitCondition': '<3'})
    assert run(program, client, 4) == [0, 1]
    client.disconnect()
    program.write('loop 4')
    program.wait_line('done loop')
    again = adapter()
    answered = again.attach(program, {program.file: [{'line': program.line('pass'), 'hitCondition': '<3'}]})
    again.wait_verified(answered[program.file][0])
    assert run(program, again, 4) == [0, 1]


def test_changed(counted):
    program, client = counted({'condition': 'changed(even // 4)'})
    assert run(program, client, 10) == [0, 4, 8]


@pytest.mark.parametrize('hits, stops', [('%2', [2, 6]), ('<3', [0, 2])])
def test_changed_with_a_count(counted, hits, stops):
    program, client = counted({'condition': ' changed( even ) ', 'hitCondition': hits})
    assert run(program, client, 8) == stops


def test_changed_is_edited_into_a_condition_and_back(counted):
    program, client = counted({'condition': 'changed(even)'})
    assert run(program, client, 5) == [0, 2, 4]
    edit(program, client, {'condition': 'even == 2'})
    assert run(program, client, 5) == [2, 3]
    edit(program, client, {'condition': "changed('()'.count(')') + even)"})
    assert run(program, client, 5) == [0, 2, 4]


def test_module_imported_later(debuggee, adapter):
    """Counted from the first pass, whatever path ptvsd had it under before; edited while it waits."""
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    line = program.line('triple', 'late_module.py')
    (pending,) = client.attach(program, {module: [line]})[module]
    client.set_breakpoints(module, [{'line': line, 'hitCondition': '2'}])
    program.tell('import')
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [pending['id']]
    assert client.top_locals(stop.thread)['number']['value'] == '6'
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.not_stopped()
