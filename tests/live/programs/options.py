# Calls into the standard library, and a SystemExit that means success.
import colorsys
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')


def leave():
    try:
        raise SystemExit(0)  # line: exit
    except SystemExit:
        pass


def work():
    hue = colorsys.rgb_to_hsv(0.1, 0.2, 0.3)  # line: call
    leave()  # line: leave
    return hue


while not os.access('stop', os.F_OK):
    work()
    time.sleep(0.02)
print('stopped')
