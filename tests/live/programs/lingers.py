# Lives on in a handler of atexit that runs after ptvsd's own, which detaches.
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


atexit.register(linger)
ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
while not os.access('end', os.F_OK):
    time.sleep(0.01)
