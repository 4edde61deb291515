# Calls a function again and again and says so, until a file named `stop` appears; then exits with 7.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')


def work(number):
    doubled = number * 2  # line: work
    text = 'item %d' % doubled  # line: text
    return text  # line: return


count = 0
while not os.access('stop', os.F_OK):
    made = work(count)  # line: call
    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
sys.exit(7)
