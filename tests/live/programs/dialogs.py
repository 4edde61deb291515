# Two files of the same name; each loop shows both.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])),
                    redirect_output='PRINTS_UNSEEN' not in os.environ)
print('READY')
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'one'))
import dialog as first

del sys.modules['dialog']
sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'two')
import dialog as second

count = 0
while not os.access('stop', os.F_OK):
    shown = first.show(count), second.show(count)  # line: call
    print('tick %d' % count)
    count += 1
    time.sleep(0.02)
