#!/usr/bin/env python3
"""A random walk: an editor that sends valid requests in any state, to real servers, through a proxy whose
recording is judged (wreckers.py).

    python3 tests/walk/walk.py --adapter build/ptvsd-dap --sequences 5000 --seed 1 [--only 3.0.0-py2.7]

Sequence N of seed S is the sequence of seed S+N; a failing one is replayed with --seed S+N --sequences 1
and its whole transcript told."""

import argparse
import concurrent.futures
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TESTS, part) for part in ('walk', 'peer', 'live', 'schema')]

import dap  # noqa: E402
import dapschema  # noqa: E402
import packages  # noqa: E402
import recording_proxy  # noqa: E402
import servers  # noqa: E402
import sessions  # noqa: E402
import wreckers  # noqa: E402

RELEASES, PYTHONS = ('2.0.0', '2.1.0', '3.0.0', '3.1.0', '3.2.1'), ('2.7', '3.6')
PATIENCE = 30
PROGRAM, PART = 'wander.py', 'wander_part.py'
PROGRAMS = os.path.join(HERE, 'programs')
FRESH = 40  # sequences for one process: ptvsd's module lists grow with each attach
EXPRESSIONS = ('number', 'count', 'number * 2', 'made', '[1, [2, 3]]', "'text' * 300", 'list(range(300))', '1 / 0',
               'no_such_name', 'raise ValueError("asked for")', 'x = 5', 'import os', 'threading.enumerate()',
               'print("said")', '(', "__import__('time').sleep(0.05)", "__import__('time').sleep(0.4)",
               "__import__('sys').exit(3)", 'globals()')
CONDITIONS = (None, None, None, 'number % 7 == 0', 'number > 3', 'False', '1 / 0', 'no_such_name', '(')
UNKNOWN = ('frobnicate', 'restartFrame', 'readMemory', 'setVariable', 'source', 'completions', 'goto')


def pairs(only=None):
    found = [servers.Pair(release, servers.find_python(python)) for release in RELEASES for python in PYTHONS]
    return [pair for pair in found if pair.python.path and (not only or str(pair) == only)]


class Program(object):
    """The debuggee and the proxy in front of it."""

    def __init__(self, pair, directory):
        self.debuggee = servers.Debuggee(pair, PROGRAM, directory, programs=PROGRAMS)
        self.proxy = recording_proxy.Proxy(self.debuggee.port)

    def end(self):
        self.proxy.close()
        self.debuggee.end()


class Sequence(object):
    """One walk: some requests, now and then a new session, and the proof that all is well at the end."""

    def __init__(self, seed, program, judge):
        self.random, self.program, self.judge = random.Random(seed), program, sessions.Sampling(judge)
        self.client, self.clients = None, []
        self.actions = ([self.set_breakpoints] * 4 + [self.set_exceptions] * 2 + [self.go_on] * 6 + [self.step] * 7 +
                        [self.pause] * 3 + [self.ask_stack] * 5 + [self.ask_scopes] * 3 + [self.ask_variables] * 4 +
                        [self.evaluate] * 6 + [self.look] * 4 + [self.ask_threads] * 2 + [self.odd] * 2 +
                        [self.jump] * 3 + [self.restart_frame] * 3 + [self.step_into_target] * 3 + [self.restart] + [self.ask_more] * 10)

    # ---- sessions

    def start(self):
        client = self.client = dap.Client(self.judge, command=sessions.command())
        self.clients.append(client)
        self.threads, self.frames, self.references, self.targets, self.locations = [1], [1], [1], [1], [1]
        self.seen_events, self.handled, self.stopped = 0, set(), None
        attach = client.start_attach(host='127.0.0.1', port=self.program.proxy.port, secret=servers.SECRET)
        if self.random.random() < 0.2:  # requests of an editor that does not wait
            self.act(self.random.randrange(1, 4))
        client.wait_initialized(attach)
        self.act(self.random.randrange(0, 5))
        if self.random.random() < 0.95:
            client.send('configurationDone', {})

    def leave(self):
        client = self.client
        client.send('disconnect', self.random.choice(({}, {'restart': False}, {'terminateDebuggee': False})))
        client.wait_until(lambda: len(client.responses) == len(client.requests), 'all answers', PATIENCE)
        client.end()
        faults = client.faults + client.unanswered()
        assert not faults, faults

    def run(self, length):
        self.start()
        for _ in range(length):
            if self.random.random() < 0.03:
                self.leave()
                self.start()
            self.act()
        self.leave()

    def prove(self):
        """The program goes on, can be attached, stops at a breakpoint, and goes on after the detach."""
        self.program.debuggee.goes_on()
        client = dap.Client(self.judge, command=sessions.command())
        self.clients.append(client)
        debuggee = self.program.debuggee
        client.attach(None, {debuggee.file: [debuggee.line('work')]}, host='127.0.0.1',
                      port=self.program.proxy.port, secret=servers.SECRET)
        stop = client.wait_stopped('breakpoint')
        assert client.place(stop.thread) == ('work', debuggee.line('work')), client.place(stop.thread)
        client.disconnect()
        client.end()
        assert not client.faults + client.unanswered(), client.faults + client.unanswered()
        debuggee.goes_on()

    def close(self):
        for client in self.clients:
            if client.process.poll() is None:
                client.process.terminate()
                client.end()

    # ---- what was learnt from answers; nothing is ever forgotten, so that late requests come too

    def learn(self):
        client = self.client
        with client.changed:
            events, self.seen_events = client.events[self.seen_events:], len(client.events)
            answers = [client.responses[seq] for seq in client.responses if seq not in self.handled]
            self.handled.update(client.responses)
        for event in events:
            body = event.get('body', {})
            if event['event'] == 'stopped':
                self.stopped = body.get('threadId')
            elif event['event'] in ('continued', 'terminated'):
                self.stopped = None
            elif event['event'] == 'thread':
                self.threads.append(body['threadId'])
        for answer in answers:
            body = answer.get('body') or {}
            if answer['success'] and answer['command'] in ('continue', 'next', 'stepIn', 'stepOut'):
                self.stopped = None
            self.frames += [frame['id'] for frame in body.get('stackFrames', ())]
            self.references += [one['variablesReference'] for one in body.get('scopes', ())]
            self.targets += [one['id'] for one in body.get('targets', ()) if 'id' in one]
            self.references += [one['variablesReference'] for one in body.get('variables', ())
                                if one['variablesReference']]
            self.locations += [one['valueLocationReference'] for one in body.get('variables', ())
                               if 'valueLocationReference' in one]

    def act(self, times=1):
        for _ in range(times):
            self.learn()
            self.check_alive()
            self.random.choice(self.actions)()
            self.wait_somehow()

    def check_alive(self):
        assert not self.client.all_events('terminated'), 'the session has ended: %s' % self.client.console()

    def wait_somehow(self):
        """Editors wait for answers, mostly; a stop often comes in between."""
        chance = self.random.random()
        self.learn()
        if self.stopped is None and chance < 0.6:
            self.wait_stop(self.random.choice((0.02, 0.1, 0.3)))
        elif chance < 0.75:
            time.sleep(self.random.choice((0, 0.001, 0.005, 0.02)))
            if chance > 0.4:
                self.wait_answers(self.random.choice((0.05, 1)))

    def wait_answers(self, timeout):
        client = self.client
        with client.changed:
            client.changed.wait_for(lambda: len(client.responses) == len(client.requests), timeout)

    def wait_stop(self, timeout):
        with self.client.changed:
            self.client.changed.wait_for(lambda: any(event['event'] == 'stopped' for event
                                                     in self.client.events[self.seen_events:]), timeout)

    # ---- requests

    def late(self, known):
        """Of those ids mostly one of the last, at times any, or one that never was."""
        chance = self.random.random()
        if chance < 0.8:
            return self.random.choice(known[-8:])
        return self.random.choice(known) if chance < 0.95 else self.random.choice((0, 7777, 2 ** 31 - 1))

    def thread(self):
        if self.stopped is not None and self.random.random() < 0.8:
            return self.stopped
        return self.late(self.threads)

    def look(self):
        """What an editor asks at a stop."""
        client = self.client
        if self.stopped is None:
            self.wait_stop(0.3)
            self.learn()
        client.send_all([('threads', None), ('stackTrace', {'threadId': self.thread()})])
        self.wait_answers(1)
        self.learn()
        client.send_all([('scopes', {'frameId': frame}) for frame in self.frames[-2:]])
        self.wait_answers(1)
        self.learn()
        client.send_all([('variables', {'variablesReference': one}) for one in self.references[-4:]])

    def set_breakpoints(self):
        debuggee = self.program.debuggee
        name = self.random.choice((PROGRAM, PROGRAM, PART, PART, 'nowhere.py'))
        marks = {PROGRAM: ('work', 'return', 'side', 'call', 'uncaught'), PART: ('double', 'raise', 'caught', 'safe')}
        lines = [debuggee.line(mark, name) for mark in marks.get(name, ())] + [1, 2, 12]
        chosen = self.random.sample(lines, self.random.choice((0, 1, 1, 2, 3)))
        wanted = []
        for line in chosen:
            wanted.append({'line': line})
            condition = self.random.choice(CONDITIONS)
            if condition is not None:
                wanted[-1]['condition'] = condition
            if self.random.random() < 0.1:
                wanted[-1]['hitCondition'] = self.random.choice(('3', '>= 2', '% 2'))
        self.client.send('setBreakpoints', {'source': {'path': debuggee.path(name), 'name': name},
                                            'breakpoints': wanted})

    def set_exceptions(self):
        known = [one['filter'] for one in self.client.capabilities.get('exceptionBreakpointFilters', ())]
        filters = [name for name in known if self.random.random() < 0.4]
        self.client.send('setExceptionBreakpoints', {'filters': filters})

    def some_thread(self):
        """Which the others stay behind, now and then."""
        alone = {'singleThread': True} if self.random.random() < 0.2 else {}
        return dict({'threadId': self.thread()}, **alone)

    def go_on(self):
        self.client.send('continue', self.some_thread())

    def step(self):
        self.client.send(self.random.choice(('next', 'stepIn', 'stepOut')), self.some_thread())

    def pause(self):
        self.client.send('pause', {'threadId': self.thread()})

    def jump(self):
        """To the first line of a function: from there all is done once more."""
        name, mark = self.random.choice(((PROGRAM, 'work'), (PART, 'double')))
        source = {'path': self.program.debuggee.path(name), 'name': name}
        self.client.send('gotoTargets', {'source': source, 'line': self.program.debuggee.line(mark, name)})
        self.wait_answers(0.5)
        self.learn()
        self.client.send('goto', {'threadId': self.thread(), 'targetId': self.late(self.targets)})

    def step_into_target(self):
        self.client.send('stepInTargets', {'frameId': self.late(self.frames)})
        self.wait_answers(0.5)
        self.learn()
        self.client.send('stepIn', dict(self.some_thread(), targetId=self.late(self.targets)))

    def restart_frame(self):
        self.client.send('restartFrame', {'frameId': self.late(self.frames)})

    def restart(self):
        if self.random.random() < 0.5:
            self.client.send('restart', self.random.choice((None, {})))

    def ask_threads(self):
        self.client.send('threads')

    def ask_stack(self):
        part = self.random.choice(({}, {}, {'startFrame': 0, 'levels': 1}, {'startFrame': 1, 'levels': 20}))
        self.client.send('stackTrace', dict(part, threadId=self.thread()))

    def ask_scopes(self):
        self.client.send('scopes', {'frameId': self.late(self.frames)})

    def ask_variables(self):
        self.client.send('variables', {'variablesReference': self.late(self.references)})

    def evaluate(self):
        where = {} if self.random.random() < 0.1 else {'frameId': self.late(self.frames)}
        for _ in range(self.random.choice((1, 1, 1, 3))):
            self.client.send('evaluate', dict(where, expression=self.random.choice(EXPRESSIONS),
                                              context=self.random.choice(('repl', 'watch', 'hover'))))

    def ask_more(self):
        """The requests of which there are many kinds and little to vary."""
        frame, thread, reference = self.late(self.frames), self.thread(), self.late(self.references)
        where = {'path': self.program.debuggee.path(PART), 'name': PART}
        functions = self.random.choice(([], [], [{'name': 'work'}], [{'name': 'wander_part.double', 'condition': 'False'},
                                                                      {'name': 'no.such'}]))
        client = self.client
        kinds = [
            ('setVariable', {'variablesReference': reference, 'name': 'number', 'value': 'number'}),
            ('setVariable', {'variablesReference': reference, 'name': 'new', 'value': '[1, 2]'}),
            ('setVariable', {'variablesReference': reference, 'name': '[0]', 'value': '1 / 0'}),
            ('setExpression', {'frameId': frame, 'expression': 'number', 'value': 'number + 0'}),
            ('completions', {'frameId': frame, 'text': 'threading.', 'column': 11}),
            ('completions', {'text': 'nu', 'column': 3}),
            ('exceptionInfo', {'threadId': thread}),
            ('locations', {'locationReference': self.late(self.locations)}),
            ('source', {'sourceReference': self.random.choice((1, 2, 3)), 'source': where}),
            ('source', {'sourceReference': 0, 'source': where}),
            ('modules', {'startModule': 0, 'moduleCount': 10}),
            ('loadedSources', {}),
            ('breakpointLocations', {'source': where, 'line': 1, 'endLine': 20}),
            ('setFunctionBreakpoints', {'breakpoints': functions}),
            ('variables', {'variablesReference': reference, 'filter': 'indexed', 'start': 3, 'count': 5}),
            ('evaluate', {'frameId': frame, 'expression': 'list(range(3000))', 'context': 'clipboard'}),
            ('evaluate', {'frameId': frame, 'expression': 'number', 'context': 'hover', 'line': 3}),
            ('setExceptionBreakpoints', {'filters': [], 'filterOptions': [
                {'filterId': 'raised', 'condition': 'ValueError'}, {'filterId': 'uncaught'}]}),
            ('cancel', {'requestId': self.last_but_attach()})]
        client.send_all(self.random.sample(kinds, self.random.choice((1, 1, 2, 3))))

    def last_but_attach(self):
        """An attach that is cancelled in time is over, and the session with it."""
        return max((seq for seq, command in self.client.requests.items() if command not in ('attach', 'restart')),
                   default=1)

    def odd(self):
        chance = self.random.random()
        if chance < 0.6:
            self.client.send(self.random.choice(UNKNOWN), {})
        elif chance < 0.8:
            self.client.send('configurationDone', {})
        else:
            self.client.send('attach', dict(self.client.ATTACH, port=self.program.proxy.port))


def play(seed, program, judge, length=None, always_tell=False):
    """The faults of one sequence, and its transcript."""
    sequence, faults = Sequence(seed, program, judge), []
    try:
        sequence.run(length or sequence.random.randrange(15, 31))
        sequence.prove()
    except Exception as error:
        faults.append('%s: %s' % (type(error).__name__, error))
        if not isinstance(error, AssertionError):
            faults.append(traceback.format_exc())
    stood = servers.stacks(program.debuggee.process.pid) if faults else ''
    sequence.close()
    conversations = program.proxy.take()
    for conversation in conversations:
        faults += wreckers.judge(conversation)
    return faults, transcript(sequence, conversations, program) + stood if faults or always_tell else ''


def transcript(sequence, conversations, program):
    parts = []
    for client in sequence.clients:
        parts += ['---- editor'] + client.transcript + [client.complaints.decode('utf-8', 'replace')[-3000:]]
    for conversation in conversations:
        parts += ['---- wire %s' % conversation.version]
        parts += [repr(one) for one in conversation.messages if one.name != 'module']
    return '\n'.join(parts + ['---- program'] + program.debuggee.out.lines[-5:] + program.debuggee.err.lines[-30:])


def play_all(pair, seeds, judge, tell=lambda seed, faults, told: None, always_tell=False):
    """The seeds that failed. A program is used for many sequences, and after a failure no more."""
    failed, program, used = [], None, 0
    directory = tempfile.mkdtemp()
    try:
        for seed in seeds:
            if program is None:
                program = Program(pair, os.path.join(directory, str(seed)))
            faults, told = play(seed, program, judge, always_tell=always_tell)
            used += 1
            tell(seed, faults, told)
            if faults:
                failed.append((seed, faults, told))
            if faults or used >= FRESH:
                program.end()
                program, used = None, 0
    finally:
        if program:
            program.end()
        shutil.rmtree(directory, ignore_errors=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--adapter', default=dap.adapter_path())
    parser.add_argument('--sequences', type=int, default=200)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--only', help='one pair, such as 3.0.0-py2.7')
    parser.add_argument('--jobs', type=int, default=4)
    parser.add_argument('--transcripts', default='walk-failures', help='a directory for what failed')
    given = parser.parse_args()
    os.environ['PTVSD_DAP'] = os.path.abspath(given.adapter)
    judge = dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))
    chosen, done, failures = pairs(), [0], []
    if given.only:
        chosen = [pair for pair in chosen if str(pair).replace('py', '') == given.only.replace('py', '')]
    work = {pair: [] for pair in chosen}
    for seed in range(given.seed, given.seed + given.sequences):
        work[chosen[seed % len(chosen)]].append(seed)

    def tell(pair):
        def one(seed, faults, told):
            done[0] += 1
            if faults:
                failures.append(seed)
                os.makedirs(given.transcripts, exist_ok=True)
                with open(os.path.join(given.transcripts, '%s-%d.txt' % (pair, seed)), 'w') as file:
                    file.write('\n'.join(faults) + '\n' + told + '\n')
                print('seed %d on %s (replay: --only %s --seed %d --sequences 1): %s' % (
                    seed, pair, pair, seed, '; '.join(faults)[:600]), flush=True)
            if given.sequences == 1:
                print(told)
            elif done[0] % 100 == 0:
                print('%d of %d, %d failed' % (done[0], given.sequences, len(failures)), flush=True)
        return one

    # slices, so that all jobs have work to the end
    slices = [(pair, seeds[at:at + FRESH]) for pair, seeds in work.items() for at in range(0, len(seeds), FRESH)]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        played = [pool.submit(play_all, pair, seeds, judge, tell(pair), given.sequences == 1) for pair, seeds in slices]
        for one in played:
            one.result()
    print('%d sequences, %d failed%s' % (done[0], len(failures), ': %r' % sorted(failures) if failures else ''))
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
