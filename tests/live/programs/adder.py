# Its globals grow while they are shown, as when another thread runs beside the one that stops.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


class Adder(object):
    def __repr__(self):
        globals()['added_%d' % len(globals())] = self
        return 'Adder'


while not os.access('stop', os.F_OK):
    if os.access('grow', os.F_OK):
        adder = Adder()
        print('tick')  # line: grown
    time.sleep(0.01)
