# Runs a loop until a file named `stop` appears. ptvsd counts a return too many in each turn, as on PyPy by itself when its
# garbage collection calls back.
import os
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def spin():
    print('spinning')
    turns = 0
    while not os.access('stop', os.F_OK):
        sys.gettrace().__self__.pop_frame()
        turns += 1


spin()
