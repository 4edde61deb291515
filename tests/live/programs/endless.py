# Works until it is interrupted, in the way the second argument says.
import os
import signal
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
how = sys.argv[2]
turns = 0


def work():
    global turns
    turns += 1  # line: work


def fail():
    try:
        raise ValueError('once more')  # line: raise
    except ValueError:
        pass


def handle(number, frame):
    print('handled %d' % number)
    sys.exit(6)


def other():
    while True:
        time.sleep(0.02)  # line: other


def stuck():
    threading.Event().wait()


if how == 'handler':
    signal.signal(signal.SIGINT, handle)
if how in ('other', 'stuck'):
    thread = threading.Thread(target=other if how == 'other' else stuck, name=how)
    thread.daemon = True
    thread.start()
while True:
    try:
        if not turns:
            print('READY')  # from here on an interrupt is caught
        while True:
            work()
            if how == 'fails':
                fail()
            if how == 'naps':
                sys.stdout.write('napping\n'), time.sleep(2.4)  # one line: nothing is traced between
            elif how == 'sleeps':
                sys.stdout.write('sleeping\n'), time.sleep(8)
            elif how != 'busy':
                time.sleep(0.02)
    except KeyboardInterrupt:
        print('interrupted')
        if how == 'ignore':
            continue
        sys.exit(5)
