"""A program prints, which ptvsd sends, when a signal comes. The handler may print, too, or raise an exception: what
ptvsd itself makes of that is a program that waits for itself for ever, or that never gets the exception."""

import re
import signal
import threading
import time

import pytest

ESTABLISHED = '01'  # in the kernel's table


class Kicks(object):
    def __init__(self, program, number):
        self.program, self.number, self.over = program, number, False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.over:
            self.program.process.send_signal(self.number)
            time.sleep(0.003)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over = True
        self.thread.join()


@pytest.fixture
def printing(debuggee, adapter):
    """The program, which prints, and its client; the drop guard is in."""
    def start(*words):
        program, client = debuggee('signals.py'), adapter()
        client.attach(program)
        for word in words + ('go',):
            program.tell(word)
        client.wait_output('a line\n')
        return program, client
    return start


def shown(client):
    """All that was printed, and how often the handler was called and the program caught what it raised."""
    client.wait_output(' caught', timeout=60)
    told = re.search(r'(\d+) handled, (\d+) caught', client.output())
    return client.output(), int(told.group(1)), int(told.group(2))


def test_handler_that_prints(printing):
    program, client = printing()
    with Kicks(program, signal.SIGUSR1):
        output, handled, _ = shown(client)
    assert handled >= 200 and len(re.findall(r'handled \d', output)) == handled
    assert program.exit_code() == 0


def test_handler_that_raises(printing):
    """Each exception is the program's, and leaves no half message behind: the session goes on. (What is raised inside a
    destructor is ignored by Python itself.)"""
    program, client = printing()
    with Kicks(program, signal.SIGUSR2):
        _, handled, caught = shown(client)
    assert handled == 200 and caught >= 195
    assert program.exit_code() == 0


def unsent(port):
    """Bytes that the program's side of the connection has not got rid of."""
    with open('/proc/net/tcp') as table:
        rows = [row.split() for row in table]
    here = [row for row in rows if row[1].endswith(':%04X' % port) and row[3] == ESTABLISHED]
    return sum(int(row[4].partition(':')[0], 16) for row in here)


@pytest.mark.two_pythons
def test_handler_that_prints_while_half_is_sent(printing):
    """What it prints comes behind that."""
    program, client = printing('much')
    client.process.send_signal(signal.SIGSTOP)
    try:
        program.tell('now')
        while unsent(program.port) < 1 << 20:
            time.sleep(0.01)
        for _ in range(20):
            program.process.send_signal(signal.SIGUSR1)
            time.sleep(0.003)
    finally:
        client.process.send_signal(signal.SIGCONT)
    output, handled, _ = shown(client)
    assert 'x' * (16 << 20) in output
    assert handled and len(re.findall(r'handled \d', output)) == handled
    assert program.exit_code() == 0


def test_lock_that_was_left_behind(debuggee, adapter):
    """By an exception between ptvsd's acquiring and what releases it: the same thread's next message frees it."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    frame = client.top(client.wait_stopped('breakpoint').thread)['id']
    client.evaluate("import sys\nhere = [m for m in list(sys.modules.values()) if hasattr(m, '_SendLockCtx')][0]", frame)
    client.evaluate('here._SendLockCtx.__enter__()', frame)
    assert client.evaluate('here.send_lock.locked()', frame)['result'] == 'False'
