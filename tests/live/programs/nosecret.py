import os
import sys
import time

import ptvsd

ptvsd.enable_attach(None, address=('127.0.0.1', int(sys.argv[1])))
print('READY')
count = 0
while not os.access('stop', os.F_OK):
    count += 1  # line: count
    time.sleep(0.02)
