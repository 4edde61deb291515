"""Threads and pauses."""

import time

import pytest


def gather(client, first, settled=0.25):
    """The stop and those of other threads that come with it, each within so many seconds of the one before."""
    stops, taken = [first], 0
    while taken < len(stops):
        taken = len(stops)
        time.sleep(settled)
        while client.pending('stopped'):
            stops.append(client.wait_stopped())
    return stops


def test_three_threads_hit_one_line(debuggee, adapter):
    """Each passes the line five times: 15 hits, however they fall together; one resume for all."""
    program, client = debuggee('threads.py'), adapter()
    client.attach(program, {program.file: [program.line('worker')]})
    seen, settled = [], 1 if program.pair.python.pypy else 0.25  # where a thread's turn can come 0.3 s later
    while len(seen) < 15:
        stops = gather(client, client.wait_stopped('breakpoint'), settled)
        assert len({stop.thread for stop in stops}) == len(stops)
        for stop in stops:
            assert client.place(stop.thread) == ('worker', program.line('worker'))
            values = client.top_locals(stop.thread)
            seen.append((values['number']['value'], values['turn']['value']))
        client.continue_(stops[-1].thread)
    program.wait_line('passed 15')
    assert sorted(seen) == sorted((str(n), str(turn)) for n in range(3) for turn in range(5))


def test_threads_come_and_go(debuggee, adapter):
    program, client = debuggee('threads.py'), adapter()
    client.attach(program, {program.file: [program.line('worker')]})
    stop = client.wait_stopped('breakpoint')
    names = {thread['name'] for thread in client.threads()}
    assert any(name.startswith('worker-') for name in names), names
    gather(client, stop)
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    program.wait_line('passed 15')
    client.wait_event('terminated')
    started = [one['threadId'] for one in client.all_events('thread') if one['reason'] == 'started']
    exited = [one['threadId'] for one in client.all_events('thread') if one['reason'] == 'exited']
    assert len(started) == len(set(started)) == 4
    assert set(exited) <= set(started) and stop.thread in exited


def test_all_threads_can_be_looked_at(debuggee, adapter):
    """At a stop the others stop too, silently: their stacks and values can be read."""
    program, client = debuggee('spinners.py'), adapter()
    program.wait_line('counts')
    client.attach(program, {program.file: [program.line('main')]})
    stop = client.wait_stopped('breakpoint')
    assert stop.body['allThreadsStopped']
    stop = gather(client, stop)[-1]
    threads = {thread['name']: thread['id'] for thread in client.threads()}
    assert {'MainThread', 'spinner-1', 'spinner-2'} <= set(threads)
    for number in (1, 2):
        frames = client.stack(threads['spinner-%d' % number])
        (own,) = [one for one in frames if one['name'] == 'spin']
        assert client.locals(own['id'])['number']['value'] == str(number)


def test_one_continue_resumes_all(debuggee, adapter):
    program, client = debuggee('spinners.py'), adapter()
    client.attach(program, {program.file: [program.line('spin')]})
    for _ in range(3):
        stops = gather(client, client.wait_stopped('breakpoint'))
        client.continue_(stops[0].thread)
    stops = gather(client, client.wait_stopped('breakpoint'))
    client.set_breakpoints(program.file, [])
    answer = client.continue_(stops[0].thread)
    assert answer.get('allThreadsContinued', True)
    program.out.skip()
    counts = [[int(one) for one in program.wait_line('counts').split()[1:]] for _ in range(10)]
    assert all(last > first for first, last in zip(counts[0], counts[-1]))
    client.not_stopped()


def test_step_in_one_thread_among_many(debuggee, adapter):
    program, client = debuggee('spinners.py'), adapter()
    line = program.line('spin')
    client.attach(program, {program.file: [{'line': line, 'condition': 'number == 2'}]})
    stop = client.wait_stopped('breakpoint')
    gather(client, stop)
    client.set_breakpoints(program.file, [])
    assert client.step('next', stop.thread) == ('spin', line + 1)
    assert client.thread_named('spinner-2') == stop.thread
    assert client.top_locals(stop.thread)['number']['value'] == '2'
    client.continue_(stop.thread)
    program.out.skip()
    program.wait_line('counts')


def test_step_sets_all_threads_going(debuggee, adapter):
    """VS Code goes on showing the others as paused."""
    program, client = debuggee('spinners.py'), adapter()
    line = program.line('main')
    client.attach(program, {program.file: [line]})
    stop = client.wait_stopped('breakpoint')
    assert client.step('next', stop.thread)[1] == line + 1
    assert client.step('stepIn', stop.thread)[1] == line + 2
    assert client.all_events('continued') == [{'threadId': stop.thread, 'allThreadsContinued': True}] * 2
    told = [one['event'] for one in client.events if one['event'] in ('continued', 'stopped')]
    assert told == ['stopped', 'continued', 'stopped', 'continued', 'stopped']


def test_step_of_the_only_thread_tells_nothing_more(stop_at):
    program, client, thread = stop_at('loop.py', 'work')
    client.step('next', thread)
    assert not client.all_events('continued')


def test_pause_in_a_busy_loop(debuggee, adapter):
    program, client = debuggee('busy.py'), adapter()
    program.wait_line('spinning')
    client.attach(program)
    thread = client.first_thread()
    for _ in range(3):
        client.pause(thread)
        stop = client.wait_stopped('pause')
        assert client.top(stop.thread)['name'] == 'spin'
        turns = int(client.top_locals(stop.thread)['turns']['value'])
        assert client.evaluate('turns + 1', client.top(stop.thread)['id'])['result'] == str(turns + 1)
        client.continue_(stop.thread)
    client.disconnect()
    program.tell('stop')
    program.wait_line('stopped')


def test_pause_where_ptvsd_has_lost_count(debuggee, adapter):
    """PyPy leads it astray; the frame that runs is shown, and stepped in."""
    program, client = debuggee('miscounted.py'), adapter()
    if not program.pair.python.pypy:
        pytest.skip('it happens on PyPy alone')
    program.wait_line('spinning')
    client.attach(program)
    thread = client.first_thread()
    client.pause(thread)
    client.continue_(client.wait_stopped('pause').thread)  # maybe the attach stop, before which there is no drop guard
    client.pause(thread)
    stop = client.wait_stopped('pause')
    assert [frame['name'] for frame in client.stack(stop.thread)] == ['spin', '<module>']
    assert client.top_locals(stop.thread)['turns']['type'] == 'int'
    assert client.step('next', stop.thread)[0] == 'spin'


def test_pause_in_sleep(debuggee, adapter):
    """Stops as soon as the thread runs Python again."""
    program, client = debuggee('sleeper.py'), adapter()
    client.attach(program)
    program.wait_line('dozing')
    thread = client.first_thread()
    for _ in range(2):
        client.pause(thread)
        stop = client.wait_stopped('pause')
        assert client.top(stop.thread)['name'] == 'doze'
        client.continue_(stop.thread)
    client.disconnect()
    program.tell('stop')
    program.wait_line('stopped')


def test_pause_before_any_thread_was_seen(debuggee, adapter):
    """The attach stop itself may still be outstanding."""
    program, client = debuggee('sleeper.py'), adapter()
    client.attach(program)
    client.pause(client.first_thread())
    stop = client.wait_stopped('pause')
    client.continue_(stop.thread)
    program.tell('stop')
    program.wait_line('stopped')
    client.wait_event('terminated')
    client.not_stopped()


def test_pause_while_stopped(debuggee, adapter):
    """Does no harm: the thread stays where it is and one continue is enough."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    client.response(client.send('pause', {'threadId': stop.thread}))
    assert client.place(stop.thread) == ('work', program.line('work'))
    client.set_breakpoints(program.file, [])
    client.continue_(stop.thread)
    program.goes_on()


def test_continue_twice(debuggee, adapter):
    """The second resume, which would wreck ptvsd, is not passed on."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    for _ in range(5):
        stop = client.wait_stopped('breakpoint')
        numbers = client.send_all([('continue', {'threadId': stop.thread})] * 3)
        assert client.response(numbers[0])['success']
        for number in numbers[1:]:
            client.response(number)
    client.set_breakpoints(program.file, [])
    gather(client, stop)
    client.send('continue', {'threadId': stop.thread})
    program.goes_on()
    client.disconnect()
    program.goes_on()


def test_step_of_a_running_thread_is_refused(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    thread = client.first_thread()
    for command in ('next', 'stepIn', 'stepOut'):
        assert client.refused(command, threadId=thread)
    assert client.refused('next', threadId=987654)
    program.goes_on()
    client.set_breakpoints(program.file, [program.line('work')])
    client.wait_stopped('breakpoint')
