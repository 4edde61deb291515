# What loop.py does, under a ptvsd that was given a certificate; the key is in the same file.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])), certfile=sys.argv[2],
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')


def work(number):
    text = 'item %d' % number  # line: work
    return text  # line: return


count = 0
while not os.access('stop', os.F_OK):
    work(count)
    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
sys.exit(7)
