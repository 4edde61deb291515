"""Does the program survive the loss of its debugger? Each trial starts a program under a real ptvsd,
attaches the real adapter, brings it into a state, breaks the link in one way, and looks whether the
program goes on, costs what it cost before, and can be attached to and stopped again.

    python3 tests/survival/survival.py --adapter build/ptvsd-dap [--trials N] [--seed S] [--jobs J]
"""

import argparse
import collections
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
import traceback

import links
import subject

import servers  # of the live suite, found by subject

WAYS = ('kill', 'fin', 'rst', 'dark')
AT_ONCE = 3.0  # a second is promised; the rest is for a loaded machine, and what it took is reported
DEAD_AFTER = 3  # seconds of silence, dropGuardSeconds
DEAD_LIMIT = 2 * DEAD_AFTER + 4  # the guard asks for 2 at most; and the turn of its probes
EVALUATION = 0.6
RESUMES = (b'resa', b'"legacyResumeAll"')

Cell = collections.namedtuple('Cell', 'release python state way')
Result = collections.namedtuple('Result', 'cell seed outcome kind why seconds')


class Apart(Exception):
    """The trial could not have been survived, by the wire's nature: one of the reasons, and what came of it."""


FIRST = 'first attach, cut before the drop guard was in: until it is executed, ptvsd is as it was'
NO_FRAME = ("the attach stop was inside ptvsd's own output code, where older wires cannot execute anything: the guard"
            ' comes at the first stop of the user, and nothing was cut')


class Trial(object):
    def __init__(self, cell, seed, adapter, cable):
        self.cell, self.path, self.cable = cell, adapter, cable
        self.random = random.Random('%s %s' % (seed, cell))
        pair = servers.Pair(cell.release, servers.find_python(cell.python))
        workers = 4 if cell.state in FOUR or self.random.random() < 0.4 else 1
        self.debuggee = subject.Debuggee(pair, workers, self.prints_seen())
        self.limit = DEAD_LIMIT if cell.way == 'dark' else AT_ONCE
        self.took, self.late, self.cut_at, self.adapters = None, 0, None, []
        self.link = self.make_link()

    def prints_seen(self):
        """3.2.1 can hang a Python 2.7 program that prints at each attach, by itself: docs/decisions.md."""
        hangs = (self.cell.release, self.cell.python) == ('3.2.1', '2.7')
        return not hangs and self.random.random() < 0.5

    def make_link(self):
        if self.cell.way == 'dark':
            return links.Dark(self.debuggee.port, self.cable)
        return (links.Direct if self.cell.way == 'kill' else links.Relay)(self.debuggee.port)

    def adapter(self, link):
        self.adapters.append(subject.Adapter(self.path, self.debuggee.root, link))
        return self.adapters[-1]

    # ---- the parts of a trial

    def run(self):
        self.debuggee.all_go_on(5)
        before = self.debuggee.load(0.4)
        if self.cell.state == 'during attach' or self.random.random() < 0.2:
            self.session_before()
        self.client = self.adapter(self.link)
        try:
            STATES[self.cell.state](self)
        except subject.Unguarded:
            self.judge_unguarded()
        self.goes_on()
        self.debuggee.load_returns(before)
        self.attach_again()
        self.debuggee.ends_well()

    def judge_unguarded(self):
        """Only where the program prints, and the adapter never had a frame to execute the guard in."""
        if self.debuggee.prints_seen and not self.client.guard_was_tried() and self.debuggee.pair.wire < 8:
            self.debuggee.all_go_on(5)
            raise Apart(NO_FRAME, 'not cut')
        raise AssertionError('the drop guard does not get in')

    def session_before(self):
        client = self.adapter(links.Direct(self.debuggee.port))
        client.attach(dropGuardSeconds=DEAD_AFTER)
        try:
            client.wait_guarded()
        except subject.Unguarded:
            self.client = client
            self.judge_unguarded()
        client.disconnect()
        self.debuggee.all_go_on(5)

    def attach(self, lines=(), **how):
        answered = self.client.attach(None, {self.debuggee.file: [self.debuggee.line(one) for one in lines]},
                                      dropGuardSeconds=DEAD_AFTER, **how)
        return answered

    def stop_at(self, line):
        self.attach([line])
        stop = self.client.wait_stopped('breakpoint')
        self.client.wait_guarded()
        return stop

    def cut(self):
        way = self.cell.way
        if way == 'kill':
            self.client.signal(signal.SIGKILL)
        elif way == 'dark':
            self.cable.cut()
        else:
            self.link.cut(way)
        self.was_cut()

    def was_cut(self):
        self.cut_at = time.monotonic()
        self.guard_at_cut = self.client.guarded()
        if self.cell.way == 'dark':
            self.cable.wait_cut()
            self.client.signal(signal.SIGKILL)  # its host is gone, as far as the program can tell

    def goes_on(self):
        self.took = max(0, self.debuggee.all_go_on(self.limit + self.late) - self.late)

    def attach_again(self):
        """Accepted within the limit, and a breakpoint hits."""
        deadline, why = self.cut_at + self.limit + self.late, None
        while True:
            client = self.adapter(links.Direct(self.debuggee.port))
            try:
                client.attach(None, {self.debuggee.file: [self.debuggee.line('return')]})
                break
            except AssertionError as error:
                why = str(error)
                if time.monotonic() > deadline:
                    raise AssertionError('no new attach: %s%s' % (why, self.debuggee.last_words()))
                time.sleep(0.05)
        stop = client.wait_stopped('breakpoint')
        assert client.place(stop.thread) == ('work', self.debuggee.line('return'))
        client.disconnect()
        self.debuggee.all_go_on(5)

    def judge_adapters(self):
        """An adapter that was not killed ends in order."""
        faults = []
        for adapter in self.adapters:
            killed = adapter.process.poll() in (-signal.SIGKILL, -signal.SIGTERM) or adapter.stopped
            faults += [fault for fault in adapter.finish() if not killed]
        assert not faults, 'the adapter: %s' % '; '.join(faults)

    def close(self):
        for adapter in self.adapters:
            if adapter.process.poll() is None:
                adapter.signal(signal.SIGKILL)
            adapter.finish()
        self.link.close()
        self.debuggee.end()

    # ---- states

    def running(self):
        self.attach()
        self.client.wait_guarded()
        self.debuggee.all_go_on(5)
        self.cut()

    def stopped(self):
        self.stop_at('work')
        self.debuggee.stands()
        self.cut()

    def at_exception(self):
        self.attach(exceptions=['raised'])
        self.client.wait_guarded()
        self.debuggee.tell('raise')
        self.client.wait_stopped('exception')
        self.debuggee.stands()
        self.cut()

    def with_questions(self):
        """The adapter is halted, so that it cannot answer what the threads ask when they raise."""
        self.attach(exceptions=['uncaught'])
        self.client.wait_guarded()
        self.debuggee.all_go_on(5)
        self.client.stopped = True
        self.client.signal(signal.SIGSTOP)
        self.debuggee.tell('raise')
        self.debuggee.stands()
        self.cut()

    def in_evaluation(self):
        stop = self.stop_at('work')
        frame = self.client.top(stop.thread)['id']
        self.client.send('evaluate', {'expression': "__import__('time').sleep(%s)" % EVALUATION,
                                      'frameId': frame, 'context': 'repl'})
        time.sleep(0.1)
        self.late = EVALUATION
        self.cut()

    def behind_resume(self):
        stop = self.stop_at('work')
        self.debuggee.stands()
        resume = ('continue', {'threadId': stop.thread})
        if self.cell.way in ('fin', 'rst'):
            self.link.cut_behind(RESUMES, self.cell.way)
            self.client.send(*resume)
            assert self.link.was_cut.wait(5), 'no resume was sent'
            return self.was_cut()
        self.client.response(self.client.send(*resume))
        time.sleep(self.random.choice((0, 0, 0.0003, 0.0006)))
        self.cut()

    def during_attach(self):
        self.client.initialize()
        helper = threading.Thread(target=self.attach_quietly, daemon=True)
        helper.start()
        time.sleep(self.random.uniform(0, 0.035))
        self.cut()
        helper.join(20)

    def attach_quietly(self):
        try:
            self.attach(['work'])
        except (AssertionError, OSError, ValueError):
            pass  # that it breaks off is what is tried

    def during_first_attach(self):
        try:
            self.during_attach()
            if not self.guard_at_cut:
                self.debuggee.all_go_on(self.limit)
                self.attach_again()
        except AssertionError as error:
            if self.guard_at_cut:
                raise
            raise Apart(FIRST, 'lost: ' + str(error).split('\n')[0])
        if not self.guard_at_cut:
            raise Apart(FIRST, 'went on all the same')

    def during_detach(self):
        if self.random.random() < 0.7:
            self.stop_at('work')
            self.debuggee.stands()
        else:
            self.running_until_now()
        self.client.send('disconnect', {})
        time.sleep(self.random.choice((0, 0.0005, 0.001, 0.002, 0.005)))
        self.cut()

    def running_until_now(self):
        self.attach()
        self.client.wait_guarded()
        self.debuggee.all_go_on(5)


STATES = collections.OrderedDict([
    ('running', Trial.running),
    ('at a breakpoint', Trial.stopped),
    ('four threads stopped', Trial.stopped),
    ('at an exception', Trial.at_exception),
    ('handler questions', Trial.with_questions),
    ('in an evaluation', Trial.in_evaluation),
    ('behind a resume', Trial.behind_resume),
    ('during attach', Trial.during_attach),
    ('during detach', Trial.during_detach),
    ('first attach', Trial.during_first_attach)])
FOUR = ('four threads stopped', 'handler questions', 'during detach')  # always in four threads, the others by turns
APART = ('first attach',)  # the states of which trials can be apart by their nature


def run(cell, seed, adapter, cable):
    """One trial, from start to end: a Result."""
    if cell.way == 'dark' and not cable:
        return Result(cell, seed, 'skipped', None, 'no network namespace', None)
    trial, outcome, kind, why = None, 'survived', None, ''
    try:
        trial = Trial(cell, seed, adapter, cable)
        trial.run()
        trial.judge_adapters()
    except Apart as apart:
        outcome, (kind, why) = 'apart', apart.args
    except Exception as error:
        cut = trial and trial.cut_at
        outcome = 'failed' if cut else 'not begun'
        why = '%s\n%s' % (error if isinstance(error, AssertionError) else traceback.format_exc(),
                          '\n'.join(one.tail() for one in trial.adapters[-2:]) if trial else '')
    if trial:
        trial.close()
    return Result(cell, seed, outcome, kind, why, trial and trial.took)


# ---- the bench

def cells():
    return [Cell(release, python, state, way) for release in subject.RELEASES for python in subject.PYTHONS
            for state in STATES for way in WAYS]


def plan(trials, seed, wanted):
    """Each of these cells equally often, in an order of its own in each round."""
    shuffle, planned = random.Random(seed), []
    while len(planned) < trials:
        shuffle.shuffle(wanted)
        planned += wanted
    return planned[:trials]


def work(index, adapter, tasks, results, dark):
    cable = links.Cable(10 + index) if dark else None
    try:
        for cell, seed in iter(tasks.get, None):
            results.put(run(cell, seed, adapter, cable))
    finally:
        if cable:
            cable.close()


def results_of(planned, seed, adapter, jobs, dark):
    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    for number, cell in enumerate(planned):
        tasks.put((cell, seed if '/' in seed else '%s/%d' % (seed, number)))
    workers = [multiprocessing.Process(target=work, args=(index, adapter, tasks, results, dark))
               for index in range(jobs)]
    for worker in workers:
        tasks.put(None)
        worker.start()
    for _ in planned:
        yield results.get()
    for worker in workers:
        worker.join()


def table(results, ways):
    """Survived of those that count, by release, state and way."""
    lines = ['%-7s %-22s' % ('ptvsd', 'state') + ''.join('%10s' % way for way in ways)]
    for release in subject.RELEASES:
        for state in STATES:
            row = '%-7s %-22s' % (release, state)
            if not any(one.cell.release == release and one.cell.state == state for one in results):
                continue
            for way in ways:
                here = [one for one in results if one.cell.release == release and one.cell.state == state and
                        one.cell.way == way]
                counted = [one for one in here if one.outcome in ('survived', 'failed')]
                survived = [one for one in counted if one.outcome == 'survived']
                apart = [one for one in here if one.outcome == 'apart']
                row += '%10s' % (('%d/%d' % (len(survived), len(counted)) if counted or not apart else '') +
                                 ('(%d)' % len(apart) if apart else ''))
            lines.append(row)
    return '\n'.join(lines)


def slowest(results):
    lines = []
    for name, ways in (('kill, fin, rst', ('kill', 'fin', 'rst')), ('dark', ('dark',))):
        took = sorted(one.seconds for one in results if one.outcome == 'survived' and one.seconds is not None and
                      one.cell.way in ways)
        if took:
            lines.append('went on after (%s): median %.2f s, 99 of 100 %.2f s, longest %.2f s' % (
                name, took[len(took) // 2], took[len(took) * 99 // 100], took[-1]))
    return '\n'.join(lines)


def report(results, ways, no_namespace):
    count = collections.Counter(one.outcome for one in results)
    for one in results:
        if one.outcome in ('failed', 'not begun'):
            print('\n== %s: %s, seed %s\n%s' % (one.outcome.upper(), ' '.join(one.cell), one.seed, one.why))
    print('\n' + table(results, ways))
    print('n/m: survived of those that count; (n): apart\n\n' + slowest(results))
    for kind in (FIRST, NO_FRAME):
        here = [one for one in results if one.kind == kind]
        print('apart, %d: %s' % (len(here), kind))
        for (cell, why), times in sorted(collections.Counter((one.cell, one.why) for one in here).items()):
            print('    %s, %s: %s%s' % (cell.release, cell.python, cell.state + ', ' + cell.way + ': ' + why,
                                      ' (%d times)' % times if times > 1 else ''))
    if no_namespace:
        print('skipped, dark: ' + no_namespace)
    print('survived %d of %d; apart %d; could not be brought into their state %d; skipped %d' % (
        count['survived'], count['survived'] + count['failed'], count['apart'], count['not begun'],
        count['skipped']))
    return not count['failed'] and not count['not begun']


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--adapter', default=subject.dap.adapter_path())
    parser.add_argument('--trials', type=int, default=1200)
    parser.add_argument('--seed', default='1', help='"1/23" repeats one trial, of the cell that is given besides')
    parser.add_argument('--jobs', type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument('--only', default='', help='words that a cell must have: "3.2.1 2.7 dark"')
    parser.add_argument('--way', choices=WAYS, action='append')
    parser.add_argument('--state', choices=list(STATES), action='append')
    return parser.parse_args()


def chosen(cell, options):
    return (all(word in ' '.join(cell).split() for word in options.only.split()) and
            (not options.way or cell.way in options.way) and (not options.state or cell.state in options.state))


def main():
    options = arguments()
    for release in subject.RELEASES:
        servers.packages.ptvsd(release)
    no_namespace = links.why_no_namespace()
    wanted = [cell for cell in cells() if chosen(cell, options)]
    planned = plan(options.trials, options.seed, wanted)
    results, start = [], time.monotonic()
    for result in results_of(planned, options.seed, os.path.abspath(options.adapter), options.jobs,
                             not no_namespace):
        results.append(result)
        if result.outcome in ('failed', 'not begun'):
            print('%s: %s, seed %s: %s' % (result.outcome, ' '.join(result.cell), result.seed,
                                           result.why.split('\n')[0]), flush=True)
        if len(results) % 50 == 0:
            print('%d trials, %.0f s' % (len(results), time.monotonic() - start), flush=True)
    return 0 if report(results, WAYS, no_namespace) else 1


if __name__ == '__main__':
    sys.exit(main())
