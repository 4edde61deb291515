# Threads that run until told to stop, each counting; the main thread counts too.
import os
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
counts = [0, 0, 0]


def spin(number):
    while not os.access('stop', os.F_OK):
        counts[number] += 1  # line: spin
        time.sleep(0.01)


workers = [threading.Thread(target=spin, args=(n,), name='spinner-%d' % n) for n in (1, 2)]
for thread in workers:
    thread.start()
while not os.access('stop', os.F_OK):
    counts[0] += 1  # line: main
    print('counts %d %d %d' % tuple(counts))
    time.sleep(0.02)
