# Prints what is no UTF-8, on Python 2, and goes on.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
while not os.access('go', os.F_OK):
    time.sleep(0.05)
sys.stdout.write(b'\xff\n')
while not os.access('stop', os.F_OK):
    time.sleep(0.05)
print('stopped')
