"""Hit counts: of ptvsd where the wire has them, else counted in the condition; both must be alike."""

import time

import pytest

import dap

pytestmark = pytest.mark.two_pythons  # what ptvsd does here is the same on all


@pytest.fixture
def counted(debuggee, adapter):
    """counted({...}) attaches with this breakpoint on the counted line; gives (program, client)."""
    def start(breakpoint, marker='pass'):
        program, client = debuggee('counts.py'), adapter()
        answered = client.attach(program, {program.file: [dict(breakpoint, line=program.line(marker))]})
        client.wait_verified(answered[program.file][0])
        return program, client
    return start


def run(program, client, count):
    """The values of `number` at the stops of a loop of so many passes."""
    program.write('loop %d' % count)
    return [number for (number,) in stops(program, client, 'loop', 'number')]


def stops(program, client, what, name):
    """For each time that the program stands still until it is done: the local's value in each thread
    that is said to be stopped."""
    seen = []
    while True:
        body = next_stop_or_done(program, client, 'done ' + what)
        if body is None:
            return seen
        together = []
        while body:
            together.append(int(client.top_locals(body['threadId'])[name]['value']))
            body = take_stop(client)
        answer = client.response(client.send('continue', {'threadId': 0}))
        with client.changed:  # threads that stopped until the answer go on with the others
            late = [index for index, event in enumerate(client.events) if index not in client.taken and
                    event['event'] == 'stopped' and event['seq'] < answer['seq']]
            client.taken.update(late)
        seen.append(together + [None] * len(late))


def edit(program, client, *breakpoints):
    """Returns when ptvsd knows: it answers only to a new breakpoint, which is set behind the others,
    on a line that is never passed again."""
    edit.line = 5 - edit.line
    wanted = [dict(one, line=program.line('pass')) for one in breakpoints]
    *answered, new = client.set_breakpoints(program.file, wanted + [edit.line])
    client.wait_verified(new)
    return answered


edit.line = 2  # and 3: imports


def take_stop(client):
    with client.changed:
        event = client.find_event('stopped', lambda body: True)
    if event:
        assert event['body']['reason'] == 'breakpoint'
    return event and event['body']


def next_stop_or_done(program, client, line):
    """The next stop, or None when the program has printed the line and there was none."""
    deadline = time.monotonic() + dap.PATIENCE
    while time.monotonic() < deadline:
        with program.out.changed:
            done = line in program.out.lines[program.out.seen:]
        body = take_stop(client)
        if body:
            return body
        if done:
            program.wait_line(line)
            return None
        time.sleep(0.01)
    raise AssertionError('neither a stop nor %r' % line)


CASES = (('5', [4]), ('==5', [4]), ('>5', [5, 6, 7]), (' >= 5 ', [4, 5, 6, 7]), ('%3', [2, 5]),
         ('<3', [0, 1]), ('<=3', [0, 1, 2]), ('1', [0]), ('>0', list(range(8))), ('9', []))


@pytest.mark.parametrize('hits, numbers', CASES, ids=[hits.strip() for hits, _ in CASES])
def test_hit_condition(counted, hits, numbers):
    program, client = counted({'hitCondition': hits})
    assert run(program, client, 8) == numbers
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
    program.write('recursion 9')
    assert stops(program, client, 'recursion', 'depth') == [[6], [2]]
    program.write('recursion 4')
    assert stops(program, client, 'recursion', 'depth') == [[2]]


@pytest.mark.parametrize('hits, count', [('%100', 3), ('<=3', 3), ('301', 0)])
def test_three_threads_on_one_line(counted, hits, count):
    """A stop stops all: what other threads hit meanwhile comes with it or right after. ptvsd counts without
    a lock, and a hit that crosses a resume is over before anybody knows of it: one may be missing."""
    program, client = counted({'hitCondition': hits}, 'worker')
    program.write('threads')
    assert max(count - 1, 0) <= sum(map(len, stops(program, client, 'threads', 'turn'))) <= count


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


@pytest.mark.parametrize('hits, numbers', [('%2', [2, 6]), ('<3', [0, 2])])
def test_changed_with_a_count(counted, hits, numbers):
    program, client = counted({'condition': ' changed( even ) ', 'hitCondition': hits})
    assert run(program, client, 8) == numbers


def test_changed_is_edited_into_a_condition_and_back(counted):
    program, client = counted({'condition': 'changed(even)'})
    assert run(program, client, 5) == [0, 2, 4]
    edit(program, client, {'condition': 'even == 2'})
    assert run(program, client, 5) == [2, 3]
    edit(program, client, {'condition': "changed('()'.count(')') + even)"})
    assert run(program, client, 5) == [0, 2, 4]


def wait_for_ptvsd(program, client):
    """Until it has bound something that was set behind: what was sent before is then in effect."""
    (behind,) = client.set_breakpoints(program.file, [3])
    client.wait_verified(behind)
    client.set_breakpoints(program.file, [])


@pytest.mark.parametrize('edited', [{'hitCondition': '2'}, {'condition': 'number == 6'},
                                    {'condition': 'number > 4', 'hitCondition': '%2'}])
def test_edited_before_its_module_is_imported(debuggee, adapter, edited):
    """Versions 2 and 4 bind it as it was at first, for a moment."""
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    line = program.line('triple', 'late_module.py')
    (pending,) = client.attach(program, {module: [line]})[module]
    client.set_breakpoints(module, [dict(edited, line=line)])
    wait_for_ptvsd(program, client)
    program.tell('import')
    stop = client.wait_stopped('breakpoint')
    assert stop.body['hitBreakpointIds'] == [pending['id']]
    assert client.top_locals(stop.thread)['number']['value'] == '6'
    client.continue_(stop.thread)
    program.wait_line('later 18')
    client.not_stopped()


def test_edited_to_a_log_point_before_its_module_is_imported(debuggee, adapter):
    program, client = debuggee('late.py'), adapter()
    module = program.path('late_module.py')
    line = program.line('triple', 'late_module.py')
    client.attach(program, {module: [line]})
    client.set_breakpoints(module, [{'line': line, 'logMessage': 'number {number}'}])
    wait_for_ptvsd(program, client)
    program.tell('import')
    program.wait_line('later 18')
    client.wait_event('terminated')
    client.not_stopped()
    assert client.output().count('number 5\n') == client.output().count('number 6\n') == 1


ANY = 'any(number == one for one in (2, 5)) and (lambda: total >= 0)()'


@pytest.mark.parametrize('how,seen', [
    ({'condition': ANY}, [2, 5]), ({'condition': ANY, 'hitCondition': '==2'}, [5]),
    ({'condition': ANY, 'hitCondition': '<2'}, [2]), ({'condition': 'changed(sum(number // 3 for _ in (1,)))'}, [0, 3, 6])])
def test_functions_in_a_condition_see_the_locals(counted, how, seen):
    """A name that they know nothing of would be an error, which counts as a hit at each pass."""
    program, client = counted(how)
    assert run(program, client, 8) == seen
