"""A program prints, which ptvsd sends, when a signal comes. The handler may print, too, or raise an exception: what
ptvsd itself makes of that is a program that waits for itself for ever, or that never gets the exception."""

import re
import signal
import threading
import time


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


def test_handler_that_prints(debuggee, adapter):
    program, client = debuggee('signals.py'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_output('a line\n')  # the drop guard is in
    with Kicks(program, signal.SIGUSR1):
        client.wait_output(' caught', timeout=60)
    handled = int(re.search(r'(\d+) handled, ', client.output()).group(1))
    assert len(re.findall(r'handled \d', client.output())) == handled
    assert program.exit_code() == 0


def test_handler_that_raises(debuggee, adapter):
    """Each exception is the program's, and leaves no half message behind: the session goes on. (What is raised inside a
    destructor is ignored by Python itself.)"""
    program, client = debuggee('signals.py'), adapter()
    client.attach(program)
    program.tell('go')
    client.wait_output('a line\n')  # the drop guard is in
    with Kicks(program, signal.SIGUSR2):
        client.wait_output(' caught', timeout=60)
    assert int(re.search(r'200 handled, (\d+) caught', client.output()).group(1)) >= 195
    assert program.exit_code() == 0


def test_lock_that_was_left_behind(debuggee, adapter):
    """By an exception between ptvsd's acquiring and what releases it: the same thread's next message frees it."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    frame = client.top(client.wait_stopped('breakpoint').thread)['id']
    client.evaluate("import sys\nhere = [m for m in list(sys.modules.values()) if hasattr(m, '_SendLockCtx')][0]", frame)
    client.evaluate('here._SendLockCtx.__enter__()', frame)
    assert client.evaluate('here.send_lock.locked()', frame)['result'] == 'False'
