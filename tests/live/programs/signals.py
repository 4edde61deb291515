# Prints, one line after the other or much at once; a signal's handler does what it is told, in the middle of that.
import os
import signal
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))


class Interrupt(EnvironmentError):  # as TimeoutError is
    pass


def print_more(number, frame):
    global handled, printing
    if not printing:
        printing = True
        handled += 1
        print('handled %d' % handled)
        printing = False


def interrupt(number, frame):
    global handled, armed
    if armed:
        handled += 1
        armed = False
        raise Interrupt()


armed = printing = False
handled = caught = 0
wanted = 200
signal.signal(signal.SIGUSR1, print_more)
signal.signal(signal.SIGUSR2, interrupt)
print('READY')
while not os.access('go', os.F_OK):
    time.sleep(0.02)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # which never waits: Python 3 forbids to print while it prints
if os.access('much', os.F_OK):
    print('a line')
    while not os.access('now', os.F_OK):
        time.sleep(0.002)
    sys.stdout.write(u'x' * (16 << 20))
    wanted = 0
end = time.time() + 60
while handled < wanted and time.time() < end:
    try:
        while handled < wanted and time.time() < end:
            armed = True
            print('a line')
    except Interrupt:
        caught += 1
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
print('%d handled, %d caught' % (handled, caught))
time.sleep(0.3)
