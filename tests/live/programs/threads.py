# Three threads pass one line five times each.
import sys
import threading
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
passed = []


def worker(number):
    for turn in range(5):
        passed.append((number, turn))  # line: worker


ptvsd.wait_for_attach()
workers = [threading.Thread(target=worker, args=(n,), name='worker-%d' % n) for n in range(3)]
for thread in workers:
    thread.start()
for thread in workers:
    thread.join()
print('passed %d' % len(passed))
time.sleep(0.3)  # so that ptvsd can tell that the threads are gone
