import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def doze():
    naps = 0
    print('dozing')
    while not os.access('stop', os.F_OK):
        time.sleep(0.4)  # line: sleep
        naps += 1
    return naps


doze()
print('stopped')
