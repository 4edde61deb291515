# Lives on in a handler of atexit that runs after ptvsd's own, which detaches; another one runs before that.
import atexit
import os
import sys
import time

import ptvsd


def linger():
    print('lingering')
    while not os.access('done', os.F_OK):
        time.sleep(0.01)
    print('done')


def print_count(count):
    count += 1
    print('count %d' % count)  # line: leave


atexit.register(linger)
ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
atexit.register(lambda: print_count(2))
print('READY')
while not os.access('end', os.F_OK):
    time.sleep(0.01)
