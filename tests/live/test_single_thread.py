"""One thread goes on, or steps, while the others stay stopped (singleThread)."""

import time

import pytest


def until(found, what, seconds=20):
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, what


class Three(object):
    """The main thread, which has hit a breakpoint, and two workers, which have stopped with it."""

    def __init__(self, program, client):
        self.program, self.client = program, client
        self.line = program.line('turn')
        client.attach(program, {program.file: [{'line': self.line, 'condition': 'number == 0'}]},
                      pathMappings=[{'localRoot': program.root, 'remoteRoot': program.root}])
        stop = client.wait_stopped('breakpoint')
        self.threads = [stop.thread] + [client.thread_named('worker-%d' % number) for number in (1, 2)]
        until(lambda: not self.moving(stop.thread), 'all stand')
        client.set_breakpoints(program.file, [])

    def turns(self, beside):
        """As the thread `beside`, which is stopped, sees them."""
        return eval(self.client.evaluate('turns', self.client.top(beside)['id'])['result'])

    def moving(self, beside, seconds=0.15):
        """The numbers of those that take turns meanwhile."""
        before = self.turns(beside)
        time.sleep(seconds)
        return [number for number, (old, new) in enumerate(zip(before, self.turns(beside))) if old != new]

    def moves_only(self, number, beside):
        until(lambda: number in self.moving(beside), 'it goes on')
        assert self.moving(beside) == [number]

    def go_alone(self, number, last=False):
        answer = self.client.request('continue', threadId=self.threads[number], singleThread=True)
        assert answer['allThreadsContinued'] is last

    def tell(self, number, what, beside):
        self.client.evaluate('where.update({%d: %r})' % (number, what), self.client.top(beside)['id'])

    def all_go_on(self, ticks=20):
        self.client.continue_(self.threads[0])
        self.program.out.skip()
        counts = [[int(one) for one in self.program.wait_line('tick').split()[1:]] for _ in range(ticks)]
        assert all(last > first for first, last in zip(counts[0], counts[-1]))
        self.client.not_stopped()


@pytest.fixture
def three(debuggee, adapter):
    return Three(debuggee('alone.py'), adapter())


@pytest.mark.parametrize('number', [0, 1, 2])
def test_continue(three, number):
    client, beside = three.client, three.threads[(number + 1) % 3]
    frame, gone = client.top(beside)['id'], client.top(three.threads[number])['id']
    scope = client.scopes(frame)[0]['variablesReference']
    three.go_alone(number)
    three.moves_only(number, beside)
    assert client.request('variables', variablesReference=scope)['variables']
    client.refused('scopes', frameId=gone)
    running = client.response(client.send('stackTrace', {'threadId': three.threads[number]})).get('body', {})
    for frame in running.get('stackFrames', ()):  # where the wire tells it at all
        client.refused('scopes', frameId=frame['id'])
    client.not_stopped()
    three.all_go_on()


def test_breakpoint(three):
    """It stops alone, and is what the user looks at."""
    client, beside = three.client, three.threads[2]
    three.go_alone(1)
    for _ in range(3):
        client.set_breakpoints(three.program.file, [three.line])
        stop = client.wait_stopped('breakpoint')
        assert stop.thread == three.threads[1] and 'preserveFocusHint' not in stop.body
        assert client.place(stop.thread) == ('turn', three.line)
        assert not three.moving(beside)
        three.go_alone(1)
    stop = client.wait_stopped('breakpoint')
    client.set_breakpoints(three.program.file, [])
    three.all_go_on()


def test_steps(three):
    client, beside = three.client, three.threads[0]
    client.set_breakpoints(three.program.file, [three.line])
    three.go_alone(2)
    thread = client.wait_stopped('breakpoint').thread
    before = three.turns(beside)
    client.set_breakpoints(three.program.file, [])

    def step(how):
        client.request(how, threadId=thread, singleThread=True)
        stop = client.wait_stopped('step')
        assert stop.thread == thread and 'preserveFocusHint' not in stop.body
        return client.place(thread)

    assert [step('next') for _ in range(2)] == [('turn', three.line + 1), ('turn', three.line + 2)]
    assert step('stepIn')[0] == 'branch'
    while step('stepIn')[0] != 'passes':
        pass
    assert step('stepOut')[0] == 'branch'
    assert step('stepOut')[0] == 'turn'
    assert [now - old for old, now in zip(before, three.turns(beside))] == [0, 0, 1]
    three.all_go_on()


def test_step_into_a_target(three):
    """The steps on the way there are its own, too."""
    client, beside = three.client, three.threads[0]
    three.tell(2, 'raise', beside)
    client.set_breakpoints(three.program.file, [three.program.line('branch')])
    three.go_alone(2)
    thread = client.wait_stopped('breakpoint').thread
    client.set_breakpoints(three.program.file, [])
    before = three.turns(beside)
    found = client.request('stepInTargets', frameId=client.top(thread)['id'])['targets']
    (leaf,) = [one['id'] for one in found if one['label'] == 'leaf()']
    client.request('stepIn', threadId=thread, targetId=leaf, singleThread=True)
    assert client.wait_stopped('step').thread == thread
    assert client.place(thread)[0] == 'leaf'
    assert three.turns(beside) == before
    three.tell(2, 'go on', beside)
    three.all_go_on()


def test_pause(three):
    client = three.client
    three.go_alone(1)
    three.moves_only(1, three.threads[0])
    client.pause(three.threads[1])
    assert client.wait_stopped('pause').thread == three.threads[1]
    assert not three.moving(three.threads[0])
    three.go_alone(1)
    three.moves_only(1, three.threads[0])
    three.all_go_on()


def test_pause_while_another_goes_on(three):
    """The one that goes on meanwhile is stopped by it, too, although its mark is taken away first."""
    client, beside = three.client, three.threads[0]
    three.tell(1, 'sleep', beside)
    three.go_alone(1)
    until(lambda: 'asleep' in client.evaluate('where', client.top(beside)['id'])['result'], 'it sleeps')
    client.pause(three.threads[1])
    three.go_alone(2)
    client.wait_stopped('pause')
    until(lambda: not three.moving(beside), 'all stand', seconds=5)
    three.all_go_on(ticks=200)  # it may sleep still


def test_exception_that_passes_callers(three):
    """ptvsd stops in each of them; those stops nobody sees, and the others stay as they are."""
    client, beside = three.client, three.threads[0]
    three.tell(1, 'raise', beside)
    client.request('setExceptionBreakpoints', filters=['raised'])
    three.go_alone(1)
    stop = client.wait_stopped('exception')
    assert stop.thread == three.threads[1] and client.place(stop.thread) == ('leaf', three.program.line('raise'))
    client.request('setExceptionBreakpoints', filters=[])
    three.tell(1, 'go on', beside)
    three.go_alone(1)
    three.moves_only(1, beside)
    assert eval(client.evaluate('caught', client.top(beside)['id'])['result']) == [0, 1, 0]
    three.all_go_on()


def test_two_of_three(three):
    """Both, one after the other; and the last one makes it all."""
    client, beside = three.client, three.threads[0]
    three.go_alone(1)
    three.go_alone(2)
    until(lambda: three.moving(beside) == [1, 2], 'both go on')
    client.set_breakpoints(three.program.file, [{'line': three.line, 'condition': 'number == 2'}])
    assert client.wait_stopped('breakpoint').thread == three.threads[2]
    until(lambda: not three.moving(beside), 'both stand')
    client.set_breakpoints(three.program.file, [])
    for number in range(3):
        three.go_alone(number, last=number == 2)
    three.program.wait_line('tick')
    client.refused('next', threadId=three.threads[0], singleThread=True)
    client.pause(three.threads[0])
    client.wait_stopped('pause')
    three.all_go_on()


def test_two_with_stops_that_nobody_sees(three):
    """Hits in another file of the same name: ptvsd stops the other one, too, each time."""
    client, beside = three.client, three.threads[0]
    client.set_breakpoints(three.program.path('two/dialog.py'), [three.program.line('show', 'two/dialog.py')])
    three.tell(1, 'dialog', beside)
    three.go_alone(2)
    three.go_alone(1)
    for _ in range(3):
        until(lambda: three.moving(beside, 0.5) == [1, 2], 'both go on')
    client.not_stopped()
    client.set_breakpoints(three.program.path('two/dialog.py'), [])
    three.all_go_on()


def test_not_stopped(three):
    three.go_alone(1)
    three.moves_only(1, three.threads[0])
    for command in ('continue', 'next'):
        said = three.client.refused(command, threadId=three.threads[1], singleThread=True)
        assert 'worker-1 has not stopped' in said
    assert 'no thread 99' in three.client.refused('continue', threadId=99, singleThread=True)
    three.all_go_on()


def test_all_stand_at_a_stop_right_behind_a_resume(three):
    """ptvsd resumes one after the other, and the first has stopped before the last goes on."""
    client, beside = three.client, three.threads[0]
    for _ in range(30):
        client.step('stepIn', beside)
        until(lambda: not three.moving(beside, 0.03), 'all stand', seconds=2)
    three.all_go_on()


def test_attached_again(three, adapter):
    """Whoever leaves sets all going."""
    three.go_alone(1)
    three.client.disconnect()
    three.program.goes_on()
    client = adapter()
    client.attach(three.program, {three.program.file: [three.line]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    three.program.goes_on()
