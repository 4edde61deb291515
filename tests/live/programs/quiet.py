# Does nearly nothing, quietly, so that a spinning debug server shows in the CPU time of the process.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
beats = 0
while not os.access('stop', os.F_OK):
    time.sleep(0.05)
    beats += 1  # line: beat
print('stopped')
