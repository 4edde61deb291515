"""Many sessions with one program, one after the other: does anything grow?

    python3 tests/survival/endurance.py --adapter build/ptvsd-dap [--rounds N]

Without --rounds: 1,000 on ptvsd 3.2.1, 200 on 2.0.0 and on 3.0.0.
"""

import argparse
import collections
import os
import re
import sys
import time

import links
import subject

import servers  # of the live suite, found by subject

ROUNDS = collections.OrderedDict([('3.2.1', 1000), ('2.0.0', 200), ('3.0.0', 200)])
QUICK_ROUNDS = {'3.2.1': 50, '2.0.0': 20, '3.0.0': 20}
PYTHON = '3.6'
GROWTH_LIMIT = 1024  # KiB
STOP_EVERY = 10  # rounds
LINES = 3
# ptvsd leaves the sockets of detached sessions to Python's collector of cycles. It runs before each count.
# Gives the number of modules in ptvsd's list.
COLLECT = ("(__import__('gc').collect(), [len(module.MODULES) for name, module in"
           " sorted(__import__('sys').modules.items()) if hasattr(module, 'THREADS_LOCK')"
           " and hasattr(module, 'MODULES')][0])[1]")

Figures = collections.namedtuple('Figures', 'rounds seconds rss rss_stopped threads files modules load lines')


def status(pid, name):
    """A figure in KiB, or a count, of /proc/PID/status."""
    with open('/proc/%d/status' % pid) as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name + ':'))


def files(pid):
    return len(os.listdir('/proc/%d/fd' % pid))


def ticks(text):
    """The numbers of the lines that the program printed."""
    return [int(number) for number in re.findall(r'tick (\d+)', text)]


def check_each_once(numbers, where):
    """None is missing and none comes twice."""
    assert numbers, '%s: no output' % where
    expected = list(range(numbers[0], numbers[0] + len(numbers)))
    assert numbers == expected, '%s: %s' % (where, numbers[:50])


def session(path, debuggee, stop_and=None):
    """One attach and detach. The bridge's memory at its end, in KiB, the lines that it told, and the value
    of the expression.

    A bridge serves one session and exits with it, so that what could grow with the rounds is what the
    last of them needs, beside what one of the first needed."""
    client, value = subject.Adapter(path, debuggee.root, links.Direct(debuggee.port)), None
    try:
        client.attach(None, {debuggee.file: [debuggee.line('return')]} if stop_and else {})
        if stop_and:
            stop = client.wait_stopped('breakpoint')
            assert client.place(stop.thread) == ('work', debuggee.line('return'))
            value = client.evaluate(stop_and, client.top(stop.thread)['id'])['result']
            client.set_breakpoints(debuggee.file, [])
            client.continue_(stop.thread)
        client.wait_until(lambda: len(ticks(client.output())) >= LINES, 'output')
        client.wait_guarded()
        rss = status(client.process.pid, 'VmRSS')
        client.disconnect()
    finally:
        faults = client.finish()
        os.remove(client.log)
    assert not faults, faults
    told = ticks(client.output())
    check_each_once(told, 'a session')
    return rss, len(told), value


def run(path, release, rounds):
    """So many rounds; the figures, pairs of before and after. Raises AssertionError on what must not be."""
    debuggee = subject.Debuggee(servers.Pair(release, servers.find_python(PYTHON)), prints_seen=True)
    try:
        return run_rounds(path, debuggee, rounds)
    finally:
        debuggee.end()


def first_and_last(figures):
    """The largest of the first few, and of the last few."""
    few = min(5, len(figures) // 2)
    return max(figures[:few]), max(figures[-few:])


def run_rounds(path, debuggee, rounds):
    pid, lines, start = debuggee.process.pid, 0, time.monotonic()
    memory = {True: [], False: []}  # of the rounds with a stop, and without: a stop needs more
    modules = int(session(path, debuggee, COLLECT)[2])  # what the first leaves behind for good is not growth
    time.sleep(2.5)  # the guard's own helper threads end after two seconds
    threads, open_files, load = status(pid, 'Threads'), files(pid), debuggee.load(1)
    for number in range(2, rounds + 1):
        stops = number % STOP_EVERY == 0
        rss, told, _ = session(path, debuggee, '1 + 1' if stops else None)
        memory[stops].append(rss)
        lines += told
    modules = modules, int(session(path, debuggee, COLLECT)[2])
    debuggee.all_go_on(5)
    time.sleep(2.5)
    after = debuggee.load_returns(load)
    figures = Figures(rounds, time.monotonic() - start, first_and_last(memory[False]), first_and_last(memory[True]),
                      (threads, status(pid, 'Threads')), (open_files, files(pid)), modules, (load, after), lines)
    debuggee.ends_well()
    check_each_once(ticks('\n'.join(debuggee.out.lines)), "the program's own output")
    for first, last in figures.rss, figures.rss_stopped:
        assert last - first < GROWTH_LIMIT, figures
    assert figures.threads[1] <= threads, figures
    assert figures.files[1] <= open_files + 1, figures
    assert figures.modules[1] <= 2 * modules[0] + 20, figures
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--adapter', default=subject.dap.adapter_path())
    parser.add_argument('--rounds', type=int)
    parser.add_argument('--release', choices=list(ROUNDS), action='append')
    options = parser.parse_args()
    failed = 0
    for release in options.release or ROUNDS:
        try:
            found = run(os.path.abspath(options.adapter), release, options.rounds or ROUNDS[release])
        except AssertionError as error:
            failed += 1
            print('%s: FAILED: %s' % (release, error), flush=True)
            continue
        print('%s: %d rounds in %.0f s; bridge %d KiB, then %d, after a stop %d, then %d; threads of the program %d, '
              "then %d; files %d, then %d; modules in ptvsd's list %d, then %d; CPU %.1f %%, then %.1f %%; "
              '%d output lines, each once' % (
                  (release, found.rounds, found.seconds) + found.rss + found.rss_stopped + found.threads +
                  found.files + found.modules + (100 * found.load[0], 100 * found.load[1], found.lines)), flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
