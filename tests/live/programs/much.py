# Prints 6,000 lines when told to, and ends.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
while not os.access('go', os.F_OK):
    time.sleep(0.02)
for number in range(6000):
    print('line %d' % number)
print('END')
time.sleep(0.3)
