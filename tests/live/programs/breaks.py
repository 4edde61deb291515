# Asks for a stop itself and tells whether it is attached.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])))
print('READY')
while not os.access('break', os.F_OK) or not ptvsd.is_attached():
    time.sleep(0.02)
    print('tick')
print('attached %s' % ptvsd.is_attached())
ptvsd.break_into_debugger()
after = 1  # line: after
print('on')
while not os.access('stop', os.F_OK):
    time.sleep(0.02)
    print('attached %s' % ptvsd.is_attached())
