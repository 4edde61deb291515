import os
import sys

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def spin():
    turns = 0
    print('spinning')
    while not os.access('stop', os.F_OK):
        turns += 1
    return turns


spin()
print('stopped')
